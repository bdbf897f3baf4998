// SPDX-License-Identifier: Apache-2.0
// One open file of the simulated video node: what the kernel's V4L2 would answer to each request, and the thread that
// fills buffers in the camera's place. As uvcvideo behaves, as far as programs can see.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <span>
#include <thread>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "tests/rig/document_camera/document_camera_model.hpp"

namespace quay::rig {

class VideoSession {
 public:
  /// `frames`: an eventfd that counts finished frames, borrowed.
  VideoSession(DocumentCameraModel& camera, int frames) : camera_(camera), frames_(frames) {}
  VideoSession(const VideoSession&) = delete;
  VideoSession& operator=(const VideoSession&) = delete;
  ~VideoSession();

  /// Carries out ioctl `request` on its argument. 0 or an errno; kHangs: it never returns.
  int carry_out(unsigned long request, std::span<std::uint8_t> argument);
  static constexpr int kHangs = -1;

  /// The memory of all buffers; -1 when there is none.
  int memory() const { return memory_.get(); }

 private:
  struct Done {
    std::uint32_t index = 0;
    std::uint32_t bytes = 0;
    bool damaged = false;
  };

  int query_format(std::span<std::uint8_t> argument) const;
  int query_size(std::span<std::uint8_t> argument) const;
  int set_format(std::span<std::uint8_t> argument);
  int request_buffers(std::span<std::uint8_t> argument);
  int query_buffer(std::span<std::uint8_t> argument) const;
  int queue_buffer(std::span<std::uint8_t> argument);
  int take_buffer(std::span<std::uint8_t> argument);
  int start();
  int stop();
  int query_control(std::span<std::uint8_t> argument) const;
  int get_control(std::span<std::uint8_t> argument) const;
  int set_control(std::span<std::uint8_t> argument);
  void pump();
  void fill(const VideoFrame& frame);

  DocumentCameraModel& camera_;
  int frames_;
  VideoOffer format_{VideoCoding::mjpg, {640, 480}};
  UniqueFd memory_;
  std::uint8_t* start_of_memory_ = nullptr;
  std::size_t buffer_bytes_ = 0;
  std::uint32_t buffers_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::uint32_t> queued_;
  std::deque<Done> done_;
  bool streaming_ = false;
  std::uint32_t sequence_ = 0;
  std::thread pump_;
};

}  // namespace quay::rig
