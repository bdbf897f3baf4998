// SPDX-License-Identifier: Apache-2.0
// The few settings of quay.toml that decide what a counter needs. Whether the file is right is quayd's to say.
#pragma once

#include <cstdint>
#include <string>

#include "ctl/doctor/machine.hpp"

namespace quay::ctl::doctor {

struct Configured {
  std::string state_directory = "/var/lib/quay";
  std::int64_t keep_free_mib = 256;
  bool scanners = false;
  bool cameras = false;
  bool document_cameras = false;
  bool printers = false;
  bool queues = false;  ///< of the local print service
  bool chip = false;
};

/// From /etc/quay/quay.toml; defaults when it cannot be read.
Configured configured(const Machine& machine);

}  // namespace quay::ctl::doctor
