// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/found_scanners.hpp"

#include <sane/sane.h>

#include "devices/scanner/sane_error.hpp"
#include "devices/scanner/sane_text.hpp"

namespace quay::scanner {

Result<std::vector<protocol::worker::FoundScanner>> find_scanners() {
  const SANE_Device** list = nullptr;
  if (const Status status = sane_status(::sane_get_devices(&list, SANE_FALSE), "sane_get_devices"); !status) {
    return failure(status.error());
  }
  std::vector<protocol::worker::FoundScanner> found;
  for (; list != nullptr && *list != nullptr; ++list) {
    const SANE_Device& device = **list;
    found.push_back(
        {{}, sane_text(device.name), sane_text(device.vendor), sane_text(device.model), sane_text(device.type)});
  }
  return found;
}

}  // namespace quay::scanner
