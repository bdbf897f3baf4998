// SPDX-License-Identifier: Apache-2.0
// From the wish for pictures to the pictures: settings, shutter, the wait for the file, download, and the deletion of
// the camera's own copy once it is safe here. Waits are its own: libgphoto2's capture call waits without limit. On a
// phone it changes nothing: it takes what was offered, then waits for the hand that takes pictures.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "devices/camera/session.hpp"
#include "devices/worker/device.hpp"

namespace quay::camera {

class Shutter {
 public:
  /// Borrows all three. `offered`: pictures of a phone that wait to be taken.
  Shutter(worker::Job& job, const Log& log, std::deque<FilePath>& offered) : job_(job), log_(log), offered_(offered) {}

  /// Again after trouble: goes on where it was. `session` asks the job whether it is still wanted.
  worker::Outcome take(Session& session, const worker::frames::Capture& order);

  /// A picture was told of that did not come over: another session may still have it.
  bool owes_a_picture() const { return owed_.has_value(); }

 private:
  Status prepare(const protocol::CameraSettings& settings);
  Status ask_for_jpeg();
  Result<FilePath> next_file(protocol::CameraTrigger trigger);
  Result<FilePath> wait_for_file(protocol::CameraTrigger trigger);
  Status deliver(const FilePath& file);
  Status hand_over(const std::vector<std::uint8_t>& bytes, const std::string& media_type);
  void forget(const FilePath& file);

  Session* session_ = nullptr;  ///< while take() runs
  worker::Job& job_;
  const Log& log_;
  std::deque<FilePath>& offered_;
  std::optional<FilePath> owed_;
  std::int32_t page_ = 1;  ///< the next, or the one that is under way
};

}  // namespace quay::camera
