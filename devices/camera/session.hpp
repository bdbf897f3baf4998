// SPDX-License-Identifier: Apache-2.0
// One open camera: every call of libgphoto2 that quay makes goes through here and comes back as a Result. Closes
// itself. It is kept open between requests: phones give a computer one session, and a camera that is opened and closed
// for each picture falls asleep in between. Of a citizen's phone it refuses everything that would change it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gphoto2/gphoto2-camera.h>
#include <gphoto2/gphoto2-port-log.h>

#include "base/clock.hpp"
#include "base/freed.hpp"
#include "base/result.hpp"

namespace quay::camera {

/// How the library is asked to open a camera: its name of the model, and the port ("usb:001,004",
/// "ptpip:192.0.2.7", "ptpip:127.0.0.1:PORT:EVENT_PORT").
struct Address {
  std::string model;
  std::string port;
};

/// A file in the camera.
struct FilePath {
  std::string folder;
  std::string name;
};

/// What the camera told of its own accord.
struct CameraNews {
  enum class Kind : std::uint8_t { nothing, file, complete, other };
  Kind kind = Kind::nothing;
  FilePath file;
};

/// A setting that is one of a list of texts (a RADIO or MENU widget).
struct ChoiceSetting {
  std::string current;
  std::vector<std::string> choices;
};

/// What the camera has room for. `folders`: the libgphoto2 folder of each memory that it shows.
struct Storage {
  std::vector<std::string> folders;
  std::optional<std::int64_t> pictures_left;  ///< that still fit; absent when it does not say
};

/// Thread: device.
class Session {
 public:
  /// Asked between the steps of a call that can be given up; true: give it up.
  using Unwanted = std::function<bool()>;

  /// Errors: device_absent, device_busy, device_io, device_timeout, device_access_denied, device_unsupported (no such
  /// model).
  static Result<std::unique_ptr<Session>> open(const Address& address);

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  void set_unwanted(Unwanted unwanted) { unwanted_ = std::move(unwanted); }

  /// The three below ask the camera. Errors: device_io, device_timeout, ... when the session is torn: a setting that
  /// cannot be read is not one that is not there.
  /// Empty when there is no such setting.
  Result<std::string> text_setting(const char* name);
  /// Absent when the camera has no such setting, or no choice in it.
  Result<std::optional<ChoiceSetting>> choice_setting(const char* name);
  /// Errors also: device_invalid_setting, naming the choices; those of the camera.
  Status set_choice(const char* name, const std::string& value);
  /// Sets a switch (a TOGGLE widget). Errors: device_unsupported when it has no such setting.
  Status set_switch(const char* name, bool on);
  /// What the driver says without asking the camera.
  bool has_setting(const char* name) const { return settings_.contains(name); }

  bool can(int operations) const { return (abilities_.operations & operations) != 0; }
  bool is_generic() const;
  /// A citizen's own phone, by what it says of itself.
  bool is_guest() const { return guest_; }
  bool is_apple() const { return apple_; }
  /// Errors: those of the camera; device_unsupported when it shows no memory at all.
  Result<Storage> storage();
  /// Whether the camera still answers. Errors: device_io, device_timeout, device_absent, ...
  Status alive();

  /// Lets the shutter go. What comes of it is told by news(). Errors: device_unsupported when the driver cannot do that
  /// and wait elsewhere; camera_no_focus, camera_store_full, device_busy, ...
  Status trigger();
  /// The same for drivers that know no trigger(): waits inside the library, without limit.
  Result<FilePath> capture();
  /// Waits for the next event. Errors: device_io.
  Result<CameraNews> news(Milliseconds patience);
  /// The pictures that the camera has told of and nobody has heard of yet. Errors: device_io.
  Result<std::vector<FilePath>> news_so_far();
  /// The whole file. Errors: scan_page_incomplete when fewer bytes came than the camera has.
  Result<std::vector<std::uint8_t>> download(const FilePath& file);
  Status remove(const FilePath& file);
  /// What the lens sees, a JPEG. Errors: device_unsupported.
  Result<std::vector<std::uint8_t>> preview();

 private:
  Session();

  Status init(const Address& address);
  Error error(int number, const char* operation);
  static void note_error(GPContext* context, const char* text, void* self);
  static void note_log(GPLogLevel level, const char* domain, const char* text, void* self);
  static GPContextFeedback ask_unwanted(GPContext* context, void* self);

  void read_settings();
  void recognise_guest();
  Status refuse_guest(const char* operation) const;

  using Widget = std::unique_ptr<CameraWidget, Freed<gp_widget_free>>;
  /// Null: there is no such setting.
  Result<Widget> widget(const char* name);
  Status set_value(const char* name, const void* value);

  std::unique_ptr<GPContext, Freed<gp_context_unref>> context_;
  std::unique_ptr<Camera, Freed<gp_camera_unref>> camera_;
  CameraAbilities abilities_{};
  std::set<std::string, std::less<>> settings_;  ///< names of all that the driver has for this camera
  bool guest_ = false;
  bool apple_ = false;
  Unwanted unwanted_;
  std::string said_;    ///< what the driver told of the running call
  std::string logged_;  ///< PTP's words for the last failure, where the driver tells them to its log only
  int log_ = 0;         ///< of the library: our place in it
};

}  // namespace quay::camera
