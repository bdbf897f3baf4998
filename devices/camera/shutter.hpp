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
#include "devices/camera/borrowed_settings.hpp"
#include "devices/camera/late_picture.hpp"
#include "devices/camera/session.hpp"
#include "devices/worker/device.hpp"

namespace quay::camera {

/// What of a camera outlives a job.
struct Keepsakes {
  std::deque<FilePath> offered;  ///< pictures of a phone, since its session was opened, that wait to be taken
  LatePicture late;
  BorrowedSettings borrowed;
};

class Shutter {
 public:
  /// Borrows all three.
  Shutter(worker::Job& job, const Log& log, Keepsakes& kept) : job_(job), log_(log), kept_(kept) {}

  /// Again after trouble: goes on where it was. `session` asks the job whether it is still wanted.
  worker::Outcome take(Session& session, const worker::frames::Capture& order);

  /// A picture was told of that did not come over: another session may still have it.
  bool owes_a_picture() const { return owed_.has_value(); }

 private:
  Status let_late_picture_pass();
  Status prepare(const protocol::CameraSettings& settings);
  Status ask_for_jpeg();
  Result<FilePath> next_file(protocol::CameraTrigger trigger);
  Result<FilePath> release();
  Result<FilePath> wait_for_file(protocol::CameraTrigger trigger);
  void expect_late_picture(const protocol::CameraSettings& settings, const Status& done);
  Status deliver(const FilePath& file);
  Status hand_over(const std::vector<std::uint8_t>& bytes, const std::string& media_type);
  void forget(const FilePath& file);

  Session* session_ = nullptr;  ///< while take() runs
  worker::Job& job_;
  const Log& log_;
  Keepsakes& kept_;
  std::optional<FilePath> owed_;
  std::optional<Deadline> developed_by_;  ///< while the picture of a shutter that went is not told of
  std::int32_t page_ = 1;                 ///< the next, or the one that is under way
};

}  // namespace quay::camera
