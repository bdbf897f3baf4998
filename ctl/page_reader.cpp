// SPDX-License-Identifier: Apache-2.0
#include "ctl/page_reader.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

#include "imaging/codec/text_layer.hpp"
#include "imaging/cpu_clock.hpp"

namespace quay::ctl {
namespace {

/// The first place that has the data; empty when none has. TESSDATA_PREFIX, which tesseract's users know, goes first.
std::vector<std::uint8_t> language_data(const std::string& language) {
  std::vector<std::string> places = imaging::language_data_places(language);
  const char* own = std::getenv("TESSDATA_PREFIX");
  if (own != nullptr && !places.empty()) {
    places.insert(places.begin(), std::string(own) + "/" + language + ".traineddata");
  }
  for (const std::string& place : places) {
    std::ifstream file(place, std::ios::binary);
    if (file.good()) {
      return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
  }
  return {};
}

}  // namespace

PageReader::PageReader(const std::string& language, const Session& session)
    : session_(session), wanted_(!language.empty()) {
  if (!wanted_) {
    return;
  }
  auto loaded = imaging::TextReader::load(language_data(language), language);
  if (loaded) {
    reader_ = std::move(*loaded);
  } else {
    notice(loaded.error());
  }
}

void PageReader::read(imaging::CleanPage& page, imaging::EncodedPage& encoded) {
  if (!wanted_ || encoded.media_type != "application/pdf") {
    return;
  }
  if (!reader_) {
    page.flags.emplace_back("text-missing");
    return;
  }
  imaging::StepClock clock(encoded.steps);
  const auto text = reader_->read(page.image.view());
  const Status added = text ? imaging::add_text_layer(encoded, *text) : Status(failure(text.error()));
  clock.lap("text");
  if (!added) {
    notice(added.error());
    page.flags.emplace_back("text-missing");
  }
}

void PageReader::notice(const Error& error) const { session_.remark(fault_text(session_.language, error)); }

}  // namespace quay::ctl
