// SPDX-License-Identifier: Apache-2.0
// quayctl clean: picture files into one clean document, without quayd, by the same imaging code that quayd's workers
// run. One page is in memory at a time; the output appears whole or not at all.
#pragma once

#include <string>
#include <vector>

#include "ctl/session.hpp"

namespace quay::ctl {

struct CleanOptions {
  std::vector<std::string> inputs;  ///< picture files, or folders of them (taken in the order of their names)
  std::string output;               ///< .pdf or .tif; .jpg, .webp or .png for a single page
  std::string profile = "hoso";
  std::string json_path;           ///< where the report goes; empty: none
  double dpi = 0;                  ///< 0: as the input, at most 300
  std::size_t max_bytes = 0;       ///< of a page; 0: no limit
  std::size_t max_file_bytes = 0;  ///< of the whole output; 0: no limit
  bool keep_geometry = false;
  std::string explain_path;   ///< folder that receives a picture of every step; empty: none
  std::string text_language;  ///< read each page into an invisible text layer (PDF only); empty: do not
};

/// Returns the exit code; faults are said through `session`.
int run_clean(const CleanOptions& options, const Session& session);

}  // namespace quay::ctl
