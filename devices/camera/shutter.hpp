// SPDX-License-Identifier: Apache-2.0
// From the wish for pictures to the pictures: settings, shutter, the wait for the file, download, and the deletion of
// the camera's own copy once it is safe here. Waits are its own: libgphoto2's capture call waits without limit.
#pragma once

#include "base/log.hpp"
#include "devices/camera/session.hpp"
#include "devices/worker/device.hpp"

namespace quay::camera {

class Shutter {
 public:
  /// Borrows all three. `session` asks `job` whether it is still wanted.
  Shutter(Session& session, worker::Job& job, const Log& log) : session_(session), job_(job), log_(log) {}

  worker::Outcome take(const worker::frames::Capture& order);

 private:
  Status prepare(const protocol::CameraSettings& settings);
  Status forget_old_news();
  Result<FilePath> next_file(protocol::CameraTrigger trigger, std::int32_t page);
  Result<FilePath> wait_for_file(protocol::CameraTrigger trigger, std::int32_t page);
  Status deliver(const FilePath& file, std::int32_t page);
  void forget(const FilePath& file, std::int32_t page);

  Session& session_;
  worker::Job& job_;
  const Log& log_;
};

}  // namespace quay::camera
