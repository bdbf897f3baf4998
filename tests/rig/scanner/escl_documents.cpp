// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/scanner/escl_documents.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace quay::rig {
namespace {

constexpr std::array kResolutions = {75, 100, 150, 200, 300, 400, 600};
constexpr std::string_view kNamespaces =
    R"(xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm" xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03")";

std::string resolutions_xml() {
  std::string xml;
  for (const int dpi : kResolutions) {
    xml += fmt::format(
        "<scan:DiscreteResolution><scan:XResolution>{0}</scan:XResolution>"
        "<scan:YResolution>{0}</scan:YResolution></scan:DiscreteResolution>",
        dpi);
  }
  return xml;
}

std::string input_caps_xml(std::string_view name, BedSize bed) {
  return fmt::format(
      "<scan:{0}><scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>{1}</scan:MaxWidth>"
      "<scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>{2}</scan:MaxHeight>"
      "<scan:MaxScanRegions>1</scan:MaxScanRegions><scan:SettingProfiles><scan:SettingProfile>"
      "<scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode><scan:ColorMode>RGB24</scan:ColorMode>"
      "</scan:ColorModes><scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>"
      "<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>"
      "<scan:SupportedResolutions><scan:DiscreteResolutions>{3}</scan:DiscreteResolutions>"
      "</scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles>"
      "<scan:SupportedIntents><scan:Intent>Document</scan:Intent><scan:Intent>TextAndGraphic</scan:Intent>"
      "<scan:Intent>Photo</scan:Intent><scan:Intent>Preview</scan:Intent></scan:SupportedIntents>"
      "<scan:MaxOpticalXResolution>600</scan:MaxOpticalXResolution>"
      "<scan:MaxOpticalYResolution>600</scan:MaxOpticalYResolution></scan:{0}>",
      name, bed.width, bed.height, resolutions_xml());
}

std::string job_xml(const JobFacts& job) {
  return fmt::format(
      "<scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/{0}</pwg:JobUri><pwg:JobUuid>{0}</pwg:JobUuid>"
      "<scan:Age>0</scan:Age><pwg:ImagesCompleted>{1}</pwg:ImagesCompleted>"
      "<pwg:JobState>{2}</pwg:JobState><pwg:JobStateReasons><pwg:JobStateReason>{3}</pwg:JobStateReason>"
      "</pwg:JobStateReasons></scan:JobInfo>",
      job.id, job.images_completed, job.state, job.reason);
}

/// The text of the first element called `name`, whatever its namespace prefix.
std::optional<std::string_view> element(std::string_view xml, std::string_view name) {
  for (std::size_t at = xml.find(name); at != std::string_view::npos; at = xml.find(name, at + 1)) {
    const bool opens = at > 0 && (xml[at - 1] == ':' || xml[at - 1] == '<');
    const std::size_t tag_start = xml.rfind('<', at);
    const std::size_t text_start = at + name.size() + 1;
    if (!opens || tag_start == std::string_view::npos || xml[tag_start + 1] == '/' || text_start > xml.size() ||
        xml[text_start - 1] != '>') {
      continue;
    }
    return xml.substr(text_start, xml.find('<', text_start) - text_start);
  }
  return std::nullopt;
}

std::optional<int> number(std::string_view xml, std::string_view name) {
  const auto text = element(xml, name);
  int value = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc{}) {
    return std::nullopt;
  }
  return value;
}

auto malformed(std::string detail) { return failure(Errc::request_malformed, "rig.scan_settings", std::move(detail)); }

Result<PixelFormat> parse_colour(std::string_view xml) {
  const auto mode = element(xml, "ColorMode");
  if (mode == "RGB24") {
    return PixelFormat::rgb;
  }
  if (mode == "Grayscale8") {
    return PixelFormat::gray;
  }
  return malformed("ColorMode: expected RGB24 or Grayscale8");
}

Result<int> parse_resolution(std::string_view xml) {
  const auto x = number(xml, "XResolution");
  const auto y = number(xml, "YResolution");
  if (!x || x != y || std::find(kResolutions.begin(), kResolutions.end(), *x) == kResolutions.end()) {
    return malformed(
        fmt::format("XResolution, YResolution: expected both the same of {}", fmt::join(kResolutions, " ")));
  }
  return *x;
}

Result<Region> parse_region(std::string_view xml, BedSize bed) {
  if (!element(xml, "Width")) {
    return Region{0, 0, bed.width, bed.height};
  }
  const Region region{number(xml, "XOffset").value_or(0), number(xml, "YOffset").value_or(0),
                      number(xml, "Width").value_or(0), number(xml, "Height").value_or(0)};
  const bool inside = region.x >= 0 && region.y >= 0 && region.width > 0 && region.height > 0 &&
                      region.width <= bed.width - region.x && region.height <= bed.height - region.y;
  if (!inside) {
    return malformed(fmt::format("ScanRegion: expected a window within {} x {}", bed.width, bed.height));
  }
  return region;
}

}  // namespace

std::string capabilities_xml(const TypePlate& plate, BedSize bed) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<scan:ScannerCapabilities {}><pwg:Version>2.63</pwg:Version>"
      "<pwg:MakeAndModel>{}</pwg:MakeAndModel><pwg:SerialNumber>{}</pwg:SerialNumber><scan:UUID>{}</scan:UUID>"
      "<scan:Platen>{}</scan:Platen><scan:Adf>{}{}<scan:FeederCapacity>{}</scan:FeederCapacity>"
      "<scan:AdfOptions><scan:AdfOption>DetectPaperLoaded</scan:AdfOption><scan:AdfOption>Duplex</scan:AdfOption>"
      "</scan:AdfOptions></scan:Adf></scan:ScannerCapabilities>\n",
      kNamespaces, plate.make_and_model, plate.serial_number, plate.uuid, input_caps_xml("PlatenInputCaps", bed),
      input_caps_xml("AdfSimplexInputCaps", bed), input_caps_xml("AdfDuplexInputCaps", bed), plate.feeder_capacity);
}

std::string status_xml(const StatusFacts& facts) {
  std::string jobs;
  for (const JobFacts& job : facts.jobs) {
    jobs += job_xml(job);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<scan:ScannerStatus {}><pwg:Version>2.63</pwg:Version>"
      "<pwg:State>{}</pwg:State><scan:AdfState>{}</scan:AdfState><scan:Jobs>{}</scan:Jobs></scan:ScannerStatus>\n",
      kNamespaces, facts.state, facts.adf_state, jobs);
}

Result<ScanSettings> parse_scan_settings(std::string_view xml, BedSize bed) {
  const auto source = element(xml, "InputSource");
  if (source != "Platen" && source != "Feeder") {
    return malformed("InputSource: expected Platen or Feeder");
  }
  auto colour = parse_colour(xml);
  auto dpi = parse_resolution(xml);
  auto region = parse_region(xml, bed);
  if (!colour || !dpi || !region) {
    return failure(!colour ? colour.error() : !dpi ? dpi.error() : region.error());
  }
  ScanSettings settings;
  settings.feeder = source == "Feeder";
  settings.duplex = settings.feeder && element(xml, "Duplex") == "true";
  settings.picture = {*dpi, *colour, *region};
  return settings;
}

}  // namespace quay::rig
