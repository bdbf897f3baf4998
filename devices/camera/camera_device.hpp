// SPDX-License-Identifier: Apache-2.0
// One camera: says what it can do, takes pictures, shows what its lens sees. Holds its session between requests and
// opens it anew when the camera slept, was off or was torn away.
#pragma once

#include <memory>
#include <string>

#include "base/log.hpp"
#include "devices/camera/session.hpp"
#include "devices/worker/device.hpp"

namespace quay::camera {

class CameraDevice final : public worker::Device {
 public:
  CameraDevice(Address address, const Log& log) : address_(std::move(address)), log_(log) {}

  worker::Outcome carry_out(const worker::frames::ToWorker& request, std::vector<UniqueFd> descriptors,
                            worker::Job& job) override;

 private:
  /// The open session, opened if need be.
  Result<Session*> session(worker::Job& job);

  worker::Outcome describe(worker::Job& job);
  worker::Outcome capture(const worker::frames::Capture& order, worker::Job& job);
  worker::Outcome live_view(const worker::frames::LiveView& order, worker::Job& job);

  Address address_;
  const Log& log_;
  std::unique_ptr<Session> session_;
  bool torn_ = false;  ///< session_ is of no use any more; closing it can take seconds, so the answer goes first
};

}  // namespace quay::camera
