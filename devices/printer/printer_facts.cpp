// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/printer_facts.hpp"

#include <algorithm>
#include <cstdlib>

#include <cups/pwg.h>

#include "base/text.hpp"

namespace quay::printer {
namespace {

/// A printer gives resolutions in any of two units.
int dpi_at(ipp_attribute_t* attribute, int index) {
  int across = 0;
  ipp_res_t unit = IPP_RES_PER_INCH;
  const int along = ippGetResolution(attribute, index, &across, &unit);
  const int least = std::min(along, across);
  return unit == IPP_RES_PER_CM ? static_cast<int>(least * 2.54) : least;
}

/// The finest that is not finer than 300, else the coarsest there is: text is sharp at 300, and a page of more is
/// large.
int raster_dpi_of(const IppMessage& answer) {
  ipp_attribute_t* attribute =
      ippFindAttribute(answer.get(), "pwg-raster-document-resolution-supported", IPP_TAG_RESOLUTION);
  int best = 0;
  for (int index = 0; attribute != nullptr && index < ippGetCount(attribute); ++index) {
    const int dpi = dpi_at(attribute, index);
    const bool better = best == 0 || (best > 300 ? dpi < best : (dpi <= 300 && dpi > best));
    best = dpi > 0 && better ? dpi : best;
  }
  return best == 0 ? 300 : best;
}

int dimension(ipp_t* size, const char* name, bool least) {
  ipp_attribute_t* attribute = ippFindAttribute(size, name, IPP_TAG_ZERO);
  int upper = 0;
  if (attribute == nullptr) {
    return 0;
  }
  if (ippGetValueTag(attribute) == IPP_TAG_RANGE) {
    const int lower = ippGetRange(attribute, 0, &upper);
    return least ? lower : upper;
  }
  return ippGetInteger(attribute, 0);
}

/// media-size-supported: fixed sizes, and ranges of custom ones.
void read_sizes(const IppMessage& answer, PrinterFacts& facts) {
  ipp_attribute_t* sizes = ippFindAttribute(answer.get(), "media-size-supported", IPP_TAG_BEGIN_COLLECTION);
  for (int index = 0; sizes != nullptr && index < ippGetCount(sizes); ++index) {
    ipp_t* size = ippGetCollection(sizes, index);
    const MediaRange range{dimension(size, "x-dimension", true), dimension(size, "x-dimension", false),
                           dimension(size, "y-dimension", true), dimension(size, "y-dimension", false)};
    if (range.least_width != range.most_width || range.least_length != range.most_length) {
      facts.ranges.push_back(range);
    }
  }
}

std::vector<MediaSize> named_sizes(const std::vector<std::string>& names) {
  std::vector<MediaSize> sizes;
  for (const std::string& name : names) {
    auto size = size_named(name);
    const bool custom = name.starts_with("custom_min_") || name.starts_with("custom_max_");
    if (size && !custom) {
      sizes.push_back(*std::move(size));
    }
  }
  return sizes;
}

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// Of an IEEE 1284 device id "MFG:...;SN:...;".
std::string serial_in(const std::string& device_id) {
  for (const std::string_view key : {"SN:", "SERN:", "SERIALNUMBER:"}) {
    const std::size_t at = device_id.find(key);
    if (at != std::string::npos) {
      const std::size_t start = at + key.size();
      return device_id.substr(start, device_id.find(';', start) - start);
    }
  }
  return {};
}

bool supports(const std::vector<int>& operations, ipp_op_t operation) {
  return std::find(operations.begin(), operations.end(), static_cast<int>(operation)) != operations.end();
}

void read_state(const IppMessage& answer, PrinterFacts& facts) {
  facts.stopped = answer.integer("printer-state") == static_cast<int>(IPP_PSTATE_STOPPED);
  facts.accepting = answer.boolean("printer-is-accepting-jobs").value_or(true);
  facts.state_message = answer.text("printer-state-message");
  facts.reasons = answer.texts("printer-state-reasons");
  std::erase(facts.reasons, "none");
}

}  // namespace

const std::vector<std::string>& wanted_attributes() {
  static const std::vector<std::string> names{"printer-make-and-model",
                                              "printer-device-id",
                                              "printer-state",
                                              "printer-state-message",
                                              "printer-state-reasons",
                                              "printer-is-accepting-jobs",
                                              "document-format-supported",
                                              "media-supported",
                                              "media-ready",
                                              "media-size-supported",
                                              "sides-supported",
                                              "pwg-raster-document-type-supported",
                                              "pwg-raster-document-resolution-supported",
                                              "pwg-raster-document-sheet-back",
                                              "urf-supported",
                                              "copies-supported",
                                              "color-supported",
                                              "operations-supported",
                                              "job-creation-attributes-supported",
                                              "print-scaling-supported",
                                              "device-uri"};
  return names;
}

PrinterFacts facts_of(const IppMessage& answer) {
  PrinterFacts facts;
  read_state(answer, facts);
  facts.make_and_model = answer.text("printer-make-and-model");
  facts.serial = serial_in(answer.text("printer-device-id"));
  facts.formats = answer.texts("document-format-supported");
  facts.media = named_sizes(answer.texts("media-supported"));
  facts.media_ready = named_sizes(answer.texts("media-ready"));
  read_sizes(answer, facts);
  facts.sides = answer.texts("sides-supported");
  facts.raster_types = answer.texts("pwg-raster-document-type-supported");
  facts.urf = answer.texts("urf-supported");
  const std::string back = answer.text("pwg-raster-document-sheet-back");
  facts.sheet_back = back.empty() ? "normal" : back;
  facts.raster_dpi = raster_dpi_of(answer);
  facts.most_copies = std::max(1, answer.most("copies-supported").value_or(1));
  facts.color = answer.boolean("color-supported").value_or(false);
  const std::vector<int> operations = answer.integers("operations-supported");
  facts.creates_jobs = supports(operations, IPP_OP_CREATE_JOB) && supports(operations, IPP_OP_SEND_DOCUMENT);
  facts.takes_media_col = contains(answer.texts("job-creation-attributes-supported"), "media-col");
  facts.takes_no_scaling = contains(answer.texts("print-scaling-supported"), "none");
  facts.device_uri = answer.text("device-uri");
  return facts;
}

Result<MediaSize> size_named(const std::string& name) {
  const pwg_media_t* media = pwgMediaForPWG(name.c_str());
  if (media == nullptr || media->width <= 0 || media->length <= 0) {
    return failure(Errc::device_invalid_setting, "printer.media",
                   std::string(cut_utf8(name, 64)) + " is no size of PWG 5101.1");
  }
  return MediaSize{name, media->width, media->length};
}

}  // namespace quay::printer
