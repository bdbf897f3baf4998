// SPDX-License-Identifier: Apache-2.0
// What may be said about the making of one page beside its profile, when it is made anew from the raw page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/json/reader.hpp"

namespace quay::protocol {

struct PageSettings : AllOptional {
  std::int32_t rotate_deg = 0;  ///< clockwise, a multiple of 90; the raw page is turned before it is cleaned
  std::int32_t dpi = 0;         ///< of the page; 0: as the profile says. Never below 200 of a raw page that has more
  std::string format;           ///< pdf or jpeg; empty: as the profile says
  std::uint64_t max_bytes = 0;  ///< of the page's file: detail goes down to meet it as far as it stays legible; 0: none
  std::optional<bool> deskew;   ///< each step by itself; absent: as the profile says
  std::optional<bool> crop;
  std::optional<bool> whiten;
  std::int32_t part = 0;  ///< of several papers on one glass this one, from 1; 0: the whole picture
};

BOOST_DESCRIBE_STRUCT(PageSettings, (), (rotate_deg, dpi, format, max_bytes, deskew, crop, whiten, part))

}  // namespace quay::protocol
