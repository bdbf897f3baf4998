// SPDX-License-Identifier: Apache-2.0
// One scanner behind the worker harness. The device is opened for each request and closed after it: a fresh start
// cures errors that stick (a jam removed, a cover closed) and leaves the scanner free for others.
#pragma once

#include <string>

#include "base/log.hpp"
#include "devices/scanner/canceller.hpp"
#include "devices/worker/device.hpp"

namespace quay::scanner {

class ScannerDevice final : public worker::Device {
 public:
  /// `sane_name` is what SANE calls the device. Borrows `log`.
  ScannerDevice(std::string sane_name, const Log& log) : sane_name_(std::move(sane_name)), log_(log) {}

  /// sane_init, once for the life of the process. sane_exit is never called: backends crash and hang in it.
  Status prepare() override;
  worker::Outcome carry_out(const worker::frames::ToWorker& request, std::vector<UniqueFd> descriptors,
                            worker::Job& job) override;
  void cancel() noexcept override { canceller_.request(); }

 private:
  worker::Outcome describe(worker::Job& job);
  worker::Outcome scan(const worker::frames::Scan& order, worker::Job& job);
  worker::Outcome scan_once(const worker::frames::Scan& order, worker::Job& job);
  worker::Outcome scan_from(const worker::frames::Scan& order, std::size_t turn, std::size_t& sources,
                            worker::Job& job);
  protocol::DeviceIdentity identity() const;

  std::string sane_name_;
  const Log& log_;
  Canceller canceller_;
};

}  // namespace quay::scanner
