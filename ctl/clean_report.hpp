// SPDX-License-Identifier: Apache-2.0
// What quayctl clean tells about a page, as JSON.
#pragma once

#include <string>

#include "clients/cpp/client.hpp"
#include "imaging/page.hpp"

namespace quay::ctl {

struct InputFile {
  std::string name;
  std::size_t bytes = 0;
  int page = 0;  ///< within the file, from 0
};

/// input, angle_deg, quad_px, transform, blank, codes, output {.. layers}, steps, flags.
protocol::json::object page_report(const InputFile& file, const imaging::CleanPage& page,
                                   const imaging::EncodedPage& encoded);

}  // namespace quay::ctl
