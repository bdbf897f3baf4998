// SPDX-License-Identifier: Apache-2.0
// The simulated document camera as a machine: what lies on the desk, which pictures it offers, its dials, a fault.
// Gives frames; knows nothing of system calls. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "tests/rig/document_camera/desk.hpp"
#include "tests/rig/document_camera/video_fault.hpp"
#include "tests/rig/pictures/page_store.hpp"

namespace quay::rig {

enum class VideoCoding : std::uint8_t { mjpg, yuyv };

struct VideoOffer {
  VideoCoding coding = VideoCoding::mjpg;
  PixelSize size;
};

struct DocumentCameraOptions {
  std::string card = "Quay Document Camera";
  std::vector<VideoOffer> offers{{VideoCoding::mjpg, {1280, 720}},  {VideoCoding::mjpg, {2048, 1536}},
                                 {VideoCoding::mjpg, {1920, 1080}}, {VideoCoding::mjpg, {640, 480}},
                                 {VideoCoding::yuyv, {1280, 720}},  {VideoCoding::yuyv, {640, 480}}};
  bool dials = true;    ///< focus and exposure can be set
  bool tables = false;  ///< its frames carry Huffman tables; most cameras leave them out
  int frames_per_second = 30;
};

/// A frame as it crosses the cable.
struct VideoFrame {
  std::shared_ptr<const Bytes> bytes;
  bool damaged = false;
};

class DocumentCameraModel {
 public:
  DocumentCameraModel(DocumentCameraOptions options, std::vector<PaperSide> sheets);

  const DocumentCameraOptions& options() const { return options_; }

  /// The frame number `number` (from 0) of a stream. Empty bytes: none comes. Errors: image_unreadable,
  /// image_encode_failed.
  Result<VideoFrame> frame(const VideoOffer& offer, int number);

  /// Draws what the next stream of that offer gives, of large pictures its first frame: a busy machine must not make
  /// the camera slow.
  void warm_up(const VideoOffer& offer);

  // What a program sets.
  std::int32_t control(std::uint32_t id, std::int32_t otherwise) const;
  void set_control(std::uint32_t id, std::int32_t value);
  /// One file may have the buffers. False: another has.
  bool own(const void* session);
  void disown(const void* session);
  /// The cable was pulled: who had the buffers has nothing any more.
  void lose_owner();
  /// The cable is out, until the fault is healed.
  void pull();
  bool gone() const;
  void stream_started(PixelSize size);
  void stream_stopped();

  // What a hand at the camera does.
  Desk desk() const;
  void set_desk(const Desk& desk);
  std::size_t sheets() const { return sheets_.size(); }
  /// The desk trembles: every frame shows it elsewhere.
  void set_wobble(bool on);
  VideoFault fault() const;
  void set_fault(const VideoFault& fault);

  /// "frames=12 streams=1 streaming=0 size=2048x1536 hertz=1 focus=-1 exposure=-1"
  std::string status_line() const;

 private:
  using FrameKey = std::tuple<Desk, VideoCoding, std::int32_t, std::int32_t, std::uint32_t>;

  Desk seen(int number) const;
  Result<std::shared_ptr<const Bytes>> coded(const Desk& desk, const VideoOffer& offer, std::uint32_t grain);
  Result<std::shared_ptr<const Bytes>> draw(const Desk& desk, const VideoOffer& offer, std::uint32_t grain);
  Result<std::shared_ptr<const Image>> page(std::size_t sheet);

  DocumentCameraOptions options_;
  std::vector<PaperSide> sheets_;
  mutable std::mutex mutex_;
  std::map<FrameKey, std::shared_ptr<const Bytes>> drawn_;
  std::map<std::size_t, std::shared_ptr<const Image>> pages_;  ///< decoded
  std::map<std::uint32_t, std::int32_t> controls_;
  Desk desk_;
  VideoFault fault_;
  bool wobble_ = false;
  bool gone_ = false;
  const void* owner_ = nullptr;
  PixelSize size_;
  int frames_ = 0;
  int streams_ = 0;
  int streaming_ = 0;
};

}  // namespace quay::rig
