// SPDX-License-Identifier: Apache-2.0
// One camera: says what it can do, takes pictures, shows what its lens sees. Holds its session between requests and
// opens it anew when the camera slept, was off or was torn away. A phone's session is never opened anew in silence: it
// may be another citizen's.
#pragma once

#include <memory>
#include <string>

#include "base/log.hpp"
#include "devices/camera/session.hpp"
#include "devices/camera/shutter.hpp"
#include "devices/worker/device.hpp"

namespace quay::camera {

class CameraDevice final : public worker::Device {
 public:
  CameraDevice(Address address, const Log& log)
      : address_(std::move(address)), log_(log), kept_{{}, {}, BorrowedSettings(log)} {}

  /// For so long a picture may come that nobody waits for: its shutter went before this process began.
  void expect_late_picture(Milliseconds span) { kept_.late.expect_one(deadline_in(span)); }

  worker::Outcome carry_out(const worker::frames::ToWorker& request, std::vector<UniqueFd> descriptors,
                            worker::Job& job) override;

 private:
  /// The open session, of which the camera has just given a sign of life, or a new one.
  Result<Session*> session(worker::Job& job);
  Status open(worker::Job& job);
  /// Takes in what a phone told meanwhile; what a camera told between two jobs belongs to nobody.
  Status hear_news();
  Status send_condition(worker::Job& job);
  bool says_loss(const worker::Job& job);
  void leave_as_found(worker::Job& job);

  worker::Outcome serve(const worker::frames::ToWorker& request, worker::Job& job);
  Status describe(worker::Job& job);
  Status look(worker::Job& job);
  worker::Outcome capture(const worker::frames::Capture& order, worker::Job& job);
  Status live_view(const worker::frames::LiveView& order, worker::Job& job);

  Address address_;
  const Log& log_;
  std::unique_ptr<Session> session_;
  Keepsakes kept_;
  bool loss_told_ = false;  ///< quayd knows that the phone of session_ may be another's now
  bool torn_ = false;       ///< session_ is of no use any more; closing it can take seconds, so the answer goes first
};

}  // namespace quay::camera
