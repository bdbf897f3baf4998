// SPDX-License-Identifier: Apache-2.0
// The simulated camera as a machine: what its lens sees, what lies on its card, its battery, its settings, a fault.
// Decides what each shot gives; sends nothing itself. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "tests/rig/camera/camera_fault.hpp"
#include "tests/rig/camera/phone.hpp"
#include "tests/rig/pictures/page_store.hpp"

namespace quay::rig {

struct CameraEvent {
  std::uint16_t code = 0;
  std::uint32_t parameter = 0;
};

/// A picture or folder on the card.
struct CardObject {
  std::uint32_t handle = 0;
  std::uint32_t parent = 0;  ///< 0: the root
  std::string name;
  std::shared_ptr<const Bytes> file;  ///< empty: a folder
  PixelSize size;
};

struct CameraOptions {
  std::string maker = "Quay";
  std::string model = "Q-1";
  bool live_view = true;
  int room = 100;  ///< pictures that still fit on the card
  int battery = 80;
  PhoneKind phone = PhoneKind::none;
  bool heic = false;      ///< it keeps pictures as HEIC
  bool raw = false;       ///< it keeps raw files until its quality is set to JPEG
  bool raw_only = false;  ///< the same, and it has no other quality
  int old = 0;            ///< pictures that lie in it from the start
};

class CameraModel {
 public:
  CameraModel(CameraOptions options, std::vector<PaperSide> scenes);

  const CameraOptions& options() const { return options_; }

  // What PTP asks.
  std::vector<CardObject> objects() const;
  std::optional<CardObject> object(std::uint32_t handle) const;
  bool remove(std::uint32_t handle);
  int room() const;
  int battery() const;
  /// What a computer is told of its storages: a PTP response, and the list when that is OK.
  std::uint16_t storages(std::vector<std::uint32_t>& visible) const;
  /// Takes a picture when told to, or says with a PTP response why not. Its events go to `tell`.
  std::uint16_t shoot();
  void start_live_view(bool on);
  bool in_live_view() const;
  /// What the lens sees now, small; every frame differs from the one before. Nothing outside live view.
  std::optional<Bytes> live_frame();
  /// A setting by its PTP property; what was set stays over sessions.
  std::uint32_t setting(std::uint16_t property, std::uint32_t otherwise) const;
  void set(std::uint16_t property, std::uint32_t value);

  // What a hand at the camera does.
  /// The camera's own button: the same as shoot(), without a host that asked.
  void press();
  /// What the lens sees from now on: scene `index` (from 0), then the next with each shot.
  void aim(std::size_t index);
  void set_room(int pictures);
  void set_battery(int percent);
  /// How long the shutter and the writing of a file take.
  void set_pace(Milliseconds pace);
  /// While it holds, pictures are taken and not told of; what was held back is told when it ends.
  void hold(bool on);
  /// What the hand at a phone lets be seen; the computer is told of a storage that is new.
  void set_access(PhoneAccess access);
  void set_fault(const CameraFault& fault);
  void set_tell(std::function<void(CameraEvent)> tell);

  /// The fault when it strikes at `operation`; counts it.
  CameraFaultKind strike(std::uint16_t operation);

  void session_opened();
  /// "pictures=1 taken=3 deleted=2 sessions=1 live=0 frames=0 battery=80 room=98 operations=31 writes=0 iso=400":
  /// operations since the last fault was set; writes: those that change what is on it.
  std::string status_line() const;

 private:
  std::uint32_t keep_picture(bool half);
  bool takes_raw() const;
  void code_scenes();
  CameraFaultKind spend(bool strikes);

  CameraOptions options_;
  std::vector<PaperSide> scenes_;
  mutable std::mutex mutex_;
  std::vector<CardObject> objects_;
  std::vector<std::pair<std::uint16_t, std::uint32_t>> settings_;
  std::function<void(CameraEvent)> tell_;
  std::vector<CameraEvent> held_;  ///< events that are not told yet
  std::optional<Image> view_;      ///< the scene of live view, small
  CameraFault fault_;
  std::size_t scene_ = 0;
  std::uint32_t next_handle_ = 0x10;
  Milliseconds pace_{0};
  int room_ = 0;
  int battery_ = 0;
  int taken_ = 0;
  int deleted_ = 0;
  int sessions_ = 0;
  int frames_ = 0;
  int operations_ = 0;  ///< since the fault was set
  int writes_ = 0;
  PhoneAccess access_ = PhoneAccess::open;
  int matched_ = 0;  ///< those of them that the fault is about
  bool live_ = false;
  bool hold_ = false;
};

}  // namespace quay::rig
