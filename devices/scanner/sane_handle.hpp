// SPDX-License-Identifier: Apache-2.0
// An open SANE device: closes itself, never before a cancel from the other thread has returned. Every call of libsane
// that a scan makes goes through here and comes back as a Result.
#pragma once

#include <span>
#include <string>

#include <sane/sane.h>

#include "base/result.hpp"
#include "devices/scanner/canceller.hpp"

namespace quay::scanner {

/// What one sane_read gave.
struct ReadResult {
  std::size_t bytes = 0;
  bool end = false;  ///< SANE_STATUS_EOF
};

/// Thread: device.
class SaneHandle {
 public:
  /// Opens `name` and lets `canceller` reach it; borrows it. When SANE does not know the device, its list is made
  /// anew once: several backends look for devices only then. Errors: device_absent, device_busy, device_access_denied,
  /// device_io, device_no_memory.
  static Result<SaneHandle> open(const std::string& name, Canceller& canceller);

  SaneHandle(SaneHandle&& other) noexcept;
  SaneHandle& operator=(SaneHandle&&) = delete;
  SaneHandle(const SaneHandle&) = delete;
  SaneHandle& operator=(const SaneHandle&) = delete;
  /// sane_close.
  ~SaneHandle();

  SANE_Handle get() const { return handle_; }

  /// Errors: whatever the status says (sane_error.hpp).
  Status start() const;
  Result<SANE_Parameters> parameters() const;
  Result<ReadResult> read(std::span<SANE_Byte> room) const;

  /// Ends the batch: after the last page, after an error, after a cancel.
  void cancel() const;

 private:
  SaneHandle(SANE_Handle handle, Canceller& canceller);

  SANE_Handle handle_;
  Canceller* canceller_;
};

}  // namespace quay::scanner
