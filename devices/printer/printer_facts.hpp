// SPDX-License-Identifier: Apache-2.0
// What a printer says of itself (Get-Printer-Attributes), as plain values.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "devices/printer/ipp_message.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::printer {

/// Hundredths of a millimetre, as IPP counts paper.
struct MediaSize {
  std::string name;
  int width = 0;
  int length = 0;

  bool operator==(const MediaSize&) const = default;
};

/// Any size between the two.
struct MediaRange {
  int least_width = 0, most_width = 0;
  int least_length = 0, most_length = 0;
};

struct PrinterFacts {
  std::string make_and_model;
  std::string serial;
  bool stopped = false;  ///< printer-state
  bool accepting = true;
  std::string state_message;
  std::vector<std::string> reasons;  ///< without "none"
  std::vector<std::string> formats;
  std::vector<MediaSize> media;
  std::vector<MediaRange> ranges;
  std::vector<MediaSize> media_ready;
  std::vector<std::string> sides;
  std::vector<std::string> raster_types;  ///< pwg-raster-document-type-supported
  std::vector<std::string> urf;           ///< urf-supported
  std::string sheet_back = "normal";
  int raster_dpi = 300;
  int most_copies = 1;
  bool color = false;
  bool creates_jobs = true;  ///< Create-Job and Send-Document; else Print-Job alone
  bool takes_media_col = false;
  bool takes_no_scaling = false;
  std::string device_uri;  ///< of a queue: where it prints
};

/// Names of the attributes that are read.
const std::vector<std::string>& wanted_attributes();

PrinterFacts facts_of(const IppMessage& answer);

/// The size that is called so, if its name is one of PWG 5101.1.
Result<MediaSize> size_named(const std::string& name);

}  // namespace quay::printer
