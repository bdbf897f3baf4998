// SPDX-License-Identifier: Apache-2.0
// What a device is, can do and is asked to do, in the words of SANE (sources, modes, resolution, millimetres) and PTP
// (exposure index, white balance).
// One status model for every kind of device (docs/architecture.md, section 4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/image.hpp"
#include "protocol/client/card.hpp"
#include "protocol/client/printing.hpp"
#include "protocol/json/reader.hpp"

namespace quay::protocol {

enum class DeviceKind : std::uint8_t { scanner, camera, printer, card, other };
BOOST_DESCRIBE_ENUM(DeviceKind, scanner, camera, printer, card, other)

enum class DeviceStatus : std::uint8_t { absent, starting, ready, busy, needs_attention, faulty, quarantined, other };
BOOST_DESCRIBE_ENUM(DeviceStatus, absent, starting, ready, busy, needs_attention, faulty, quarantined, other)

/// Where the paper lies.
enum class ScanSource : std::uint8_t { automatic, flatbed, adf, adf_duplex };
BOOST_DESCRIBE_ENUM(ScanSource, automatic, flatbed, adf, adf_duplex)

enum class ScanMode : std::uint8_t { color, gray, bitonal };
BOOST_DESCRIBE_ENUM(ScanMode, color, gray, bitonal)

/// What the device says of itself.
struct DeviceIdentity : AllOptional {
  std::string maker;
  std::string model;
  std::string serial;
  std::string port_path;  ///< how it is reached: "usb:1-2", "unix:...", "http:..."
};

/// Lengths in millimetres, resolutions in dots per inch. Either a list of resolutions or a range.
struct ScannerCapabilities : AllOptional {
  std::vector<ScanSource> sources;
  std::vector<ScanMode> modes;
  std::vector<std::int32_t> resolutions_dpi;
  std::int32_t min_resolution_dpi = 0;
  std::int32_t max_resolution_dpi = 0;
  double max_width_mm = 0;
  double max_height_mm = 0;
};

/// What is asked of a scanner. A width or height of 0 means the whole bed, or what the feeder measures.
struct ScanSettings : AllOptional {
  ScanSource source = ScanSource::automatic;
  ScanMode mode = ScanMode::color;
  std::int32_t resolution_dpi = 300;
  double width_mm = 210;
  double height_mm = 297;
};

/// A setting that the device rounded or replaced.
struct SettingAdjustment : AllRequired {
  std::string setting;  ///< "resolution_dpi", "width_mm", ...
  std::string asked;
  std::string got;
};

/// What lets a camera take the next picture: quayd tells it, or a hand at the camera's own button.
enum class CameraTrigger : std::uint8_t { command, button };
BOOST_DESCRIBE_ENUM(CameraTrigger, command, button)

/// A setting of a camera that is a number on a dial, or left to the camera: "auto".
struct CameraDial : AllOptional {
  bool automatic = false;  ///< the camera can do it by itself
  std::int32_t least = 0;
  std::int32_t most = 0;
  std::int32_t step = 1;
};

/// What a camera is and can do. Choices are in the camera driver's own words, empty where there is none to make.
struct CameraCapabilities : AllOptional {
  bool capture = false;    ///< takes a picture when told to; else pictures come as a hand takes them on it
  bool live_view = false;  ///< shows what its lens sees
  std::vector<std::string> iso;
  std::vector<std::string> white_balances;
  std::vector<std::string> image_sizes;
  std::optional<CameraDial> focus;     ///< in the camera's own unit; absent: nothing to set
  std::optional<CameraDial> exposure;  ///< in 100 microseconds
  std::int32_t battery_percent = -1;   ///< when it was last looked at; -1: it does not say
  std::int64_t pictures_left = -1;     ///< that fit on its card; the same
};

/// What is asked of a camera. An empty text leaves that setting as it is.
struct CameraSettings : AllOptional {
  CameraTrigger trigger = CameraTrigger::command;
  std::string iso;
  std::string white_balance;
  std::string image_size;
  std::string focus;     ///< "auto", or a number on that dial
  std::string exposure;  ///< the same
};

/// How the pixels of one page lie in memory, and how large they are on paper.
struct PageGeometry : AllOptional {
  std::int32_t width = 0;
  std::int32_t height = 0;
  std::uint64_t stride_bytes = 0;
  PixelFormat format = PixelFormat::rgb;
  std::string media_type;  ///< empty: rows of pixels as said here; image/jpeg, image/heic: the device's own file,
                           ///< stride_bytes 0
  double dpi = 0;
  double width_mm = 0;
  double height_mm = 0;
};

/// What it took to get an answer out of a device since quayd started, rung by rung.
struct DeviceRecovery : AllOptional {
  std::int32_t cancels = 0;  ///< requests that were out of time and asked to stop
  std::int32_t kills = 0;    ///< processes that did not stop and were killed
  std::int32_t resets = 0;   ///< USB ports that were reset because that did not help
};

/// A device as front ends see it. `reasons` holds error codes; an empty list means nothing is wrong.
struct Device : AllOptional {
  std::string id;
  DeviceKind kind = DeviceKind::other;
  std::string name;
  DeviceIdentity identity;
  DeviceStatus status = DeviceStatus::absent;
  std::vector<std::string> reasons;
  bool guest = false;  ///< somebody's own phone: read only, and only for one visit while it is plugged in
  std::optional<ScannerCapabilities> scanner;
  std::optional<CameraCapabilities> camera;
  std::optional<CardReaders> card;
  std::optional<PrinterCapabilities> printer;
  std::optional<DeviceRecovery> recovery{};  ///< absent: it always answered
};

BOOST_DESCRIBE_STRUCT(DeviceIdentity, (), (maker, model, serial, port_path))
BOOST_DESCRIBE_STRUCT(ScannerCapabilities, (),
                      (sources, modes, resolutions_dpi, min_resolution_dpi, max_resolution_dpi, max_width_mm,
                       max_height_mm))
BOOST_DESCRIBE_STRUCT(ScanSettings, (), (source, mode, resolution_dpi, width_mm, height_mm))
BOOST_DESCRIBE_STRUCT(SettingAdjustment, (), (setting, asked, got))
BOOST_DESCRIBE_STRUCT(CameraDial, (), (automatic, least, most, step))
BOOST_DESCRIBE_STRUCT(CameraCapabilities, (),
                      (capture, live_view, iso, white_balances, image_sizes, focus, exposure, battery_percent,
                       pictures_left))
BOOST_DESCRIBE_STRUCT(CameraSettings, (), (trigger, iso, white_balance, image_size, focus, exposure))
BOOST_DESCRIBE_STRUCT(PageGeometry, (), (width, height, stride_bytes, format, media_type, dpi, width_mm, height_mm))
BOOST_DESCRIBE_STRUCT(Device, (),
                      (id, kind, name, identity, status, reasons, guest, scanner, camera, card, printer, recovery))
BOOST_DESCRIBE_STRUCT(DeviceRecovery, (), (cancels, kills, resets))

}  // namespace quay::protocol

namespace quay {
// In the enum's own namespace, where Boost.Describe looks for it.
BOOST_DESCRIBE_ENUM(PixelFormat, bitonal, gray, rgb)
}  // namespace quay
