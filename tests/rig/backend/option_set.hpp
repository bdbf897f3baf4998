// SPDX-License-Identifier: Apache-2.0
// The options of the quaytest backend: SANE descriptors and their values (SANE standard 1.06, section 4.3.5 ff.).
// Knows nothing of paper or faults.
#pragma once

#include <array>
#include <string>
#include <vector>

#include <sane/sane.h>

namespace quay::rig {

enum class Option : SANE_Int {
  count,
  standard_group,
  source,
  mode,
  resolution,
  geometry_group,
  tl_x,
  tl_y,
  br_x,
  br_y,
  sensors_group,
  page_loaded,
  scan_button,
  count_
};

inline constexpr const char* kFlatbed = "Flatbed";
inline constexpr const char* kAdf = "ADF";
inline constexpr const char* kAdfDuplex = "ADF Duplex";

class OptionSet {
 public:
  /// `resolutions` empty means a range of 50..1200 dpi.
  OptionSet(const std::vector<int>& resolutions, double bed_width_mm, double bed_height_mm);
  OptionSet(const OptionSet&) = delete;
  OptionSet& operator=(const OptionSet&) = delete;

  /// Null for a number that is none of the options.
  const SANE_Option_Descriptor* descriptor(SANE_Int number) const;

  /// Copies the value to `value`, which holds descriptor.size bytes. INVAL for groups. The sensors are not kept here.
  SANE_Status get(Option option, void* value) const;

  /// Takes the nearest value that can be had, writes it back and says so in `info` (SANE_INFO_INEXACT). INVAL for what
  /// cannot be set.
  SANE_Status set(Option option, void* value, SANE_Int& info);

  const std::string& source() const { return source_; }
  const std::string& mode() const { return mode_; }
  int resolution() const { return resolution_; }
  double millimetres(Option corner) const;

 private:
  void describe_standard();
  void describe_corner(Option corner, const char* name, const char* title, const SANE_Range& range);
  void describe_sensor(Option sensor, const char* name, const char* title, SANE_Int capabilities);
  SANE_Option_Descriptor& at(Option option) { return descriptors_[static_cast<std::size_t>(option)]; }
  SANE_Word& corner_value(Option corner) { return corners_[corner_index(corner)]; }
  static std::size_t corner_index(Option corner) {
    return static_cast<std::size_t>(corner) - static_cast<std::size_t>(Option::tl_x);
  }

  std::array<SANE_Option_Descriptor, static_cast<std::size_t>(Option::count_)> descriptors_{};
  std::array<SANE_String_Const, 4> sources_{kFlatbed, kAdf, kAdfDuplex, nullptr};
  std::array<SANE_String_Const, 4> modes_{"Lineart", "Gray", "Color", nullptr};
  std::vector<SANE_Word> resolutions_;
  SANE_Range resolution_range_{50, 1200, 1};
  SANE_Range width_range_;
  SANE_Range height_range_;
  std::string source_ = kFlatbed;
  std::string mode_ = "Color";
  int resolution_ = 300;
  std::array<SANE_Word, 4> corners_{};
};

}  // namespace quay::rig
