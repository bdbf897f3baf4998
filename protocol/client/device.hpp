// SPDX-License-Identifier: Apache-2.0
// What a device is, can do and is asked to do, in the words of SANE (sources, modes, resolution, millimetres).
// One status model for every kind of device (docs/architecture.md, section 4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/image.hpp"
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

/// How the pixels of one page lie in memory, and how large they are on paper.
struct PageGeometry : AllOptional {
  std::int32_t width = 0;
  std::int32_t height = 0;
  std::uint64_t stride_bytes = 0;
  PixelFormat format = PixelFormat::rgb;
  double dpi = 0;
  double width_mm = 0;
  double height_mm = 0;
};

/// A device as front ends see it. `reasons` holds error codes; an empty list means nothing is wrong.
struct Device : AllOptional {
  std::string id;
  DeviceKind kind = DeviceKind::other;
  std::string name;
  DeviceIdentity identity;
  DeviceStatus status = DeviceStatus::absent;
  std::vector<std::string> reasons;
  std::optional<ScannerCapabilities> scanner;
};

BOOST_DESCRIBE_STRUCT(DeviceIdentity, (), (maker, model, serial, port_path))
BOOST_DESCRIBE_STRUCT(ScannerCapabilities, (),
                      (sources, modes, resolutions_dpi, min_resolution_dpi, max_resolution_dpi, max_width_mm,
                       max_height_mm))
BOOST_DESCRIBE_STRUCT(ScanSettings, (), (source, mode, resolution_dpi, width_mm, height_mm))
BOOST_DESCRIBE_STRUCT(SettingAdjustment, (), (setting, asked, got))
BOOST_DESCRIBE_STRUCT(PageGeometry, (), (width, height, stride_bytes, format, dpi, width_mm, height_mm))
BOOST_DESCRIBE_STRUCT(Device, (), (id, kind, name, identity, status, reasons, scanner))

}  // namespace quay::protocol

namespace quay {
// In the enum's own namespace, where Boost.Describe looks for it.
BOOST_DESCRIBE_ENUM(PixelFormat, bitonal, gray, rgb)
}  // namespace quay
