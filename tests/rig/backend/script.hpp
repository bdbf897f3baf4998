// SPDX-License-Identifier: Apache-2.0
// What the quaytest backend is told: its paper, its speed and what goes wrong where. Read again at every sane_start,
// so that a test can switch faults between scans. The words are listed in ../README.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sane/sane.h>

#include "base/result.hpp"

namespace quay::rig {

/// The call of the SANE API in which a fault strikes. `cancel` rules what sane_read says after sane_cancel, except
/// for hangs and crashes, which strike in sane_cancel itself.
enum class Place : std::uint8_t { get_devices, open, start, read, cancel, close };

enum class Action : std::uint8_t { status, hang, segv, abort, sigpipe, unplug };

struct ScriptedFault {
  Place place = Place::read;
  Action action = Action::status;
  SANE_Status status = SANE_STATUS_GOOD;
  int page = 0;           ///< page since the first sane_start of the batch, from 1; 0 = every page
  std::size_t bytes = 0;  ///< for read: strikes when so many bytes of the page were handed out
};

struct Script {
  std::filesystem::path file;   ///< where it was read from
  std::filesystem::path state;  ///< sheets, plug and button; "<file>.state" unless told
  std::filesystem::path trace;  ///< a line for each call of note; empty = none
  std::vector<std::filesystem::path> pages;
  int sheets = 3;
  int devices = 1;
  std::string usb_name;  ///< "libusb:001:004": the one device is called so, as drivers call those on USB
  double pages_per_minute = 0;
  double warm_up_seconds = 0;  ///< how long the first sane_start after sane_open blocks
  int line_delay_us = 0;
  int row_padding = 0;  ///< bytes_per_line exceeds the pixels by so many bytes
  int read_limit = 0;   ///< most bytes one sane_read hands out; 0 = no limit
  bool lines_unknown = false;
  std::vector<int> resolutions{75, 150, 300, 600};  ///< empty = a range 50..1200
  std::vector<ScriptedFault> faults;
};

/// $QUAY_QUAYTEST_SCRIPT, else quaytest.conf in the first folder of $SANE_CONFIG_DIR that has one.
/// Errors: config_invalid with file, line and what was expected; file_unreadable.
Result<Script> read_script();

/// Errors: config_invalid with the number of the line.
Result<Script> parse_script(std::string_view text);

/// "SANE_STATUS_" and this is the constant's name. Works for the two values newer than sane.h, too.
std::string_view status_name(int status);

}  // namespace quay::rig
