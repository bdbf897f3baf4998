// SPDX-License-Identifier: Apache-2.0
// USB as the device of a worker: says what is plugged in whenever that changes, and resets a port when told to.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "devices/usb/usb_list.hpp"
#include "devices/worker/device.hpp"

namespace quay::usb {

class UsbWatcher final : public worker::Device {
 public:
  /// `look`: how often it looks without an event, in case one was lost. Borrows `log`.
  UsbWatcher(Milliseconds look, const Log& log) : look_(look), log_(log) {}
  ~UsbWatcher() override;

  void connect(const worker::Channel& channel) override { channel_ = &channel; }
  Status prepare() override;
  worker::Outcome carry_out(const worker::frames::ToWorker& request, std::vector<UniqueFd> descriptors,
                            worker::Job& job) override;

 private:
  void watch();
  bool tell_changes(udev* context, std::optional<std::vector<UsbDevice>>& told) const;

  Milliseconds look_;
  const Log& log_;
  const worker::Channel* channel_ = nullptr;
  UniqueFd wake_;  ///< an eventfd: the watch ends
  std::thread thread_;
};

}  // namespace quay::usb
