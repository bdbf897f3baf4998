// SPDX-License-Identifier: Apache-2.0
// One open handle of the quaytest backend: takes sheets, scans them at the settings asked for, hands out the bytes
// at the scanner's pace, and suffers what the script says. SANE standard 1.06, section 4.3 and 4.4 (code flow).
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include <sane/sane.h>

#include "base/clock.hpp"
#include "tests/rig/backend/option_set.hpp"
#include "tests/rig/backend/script.hpp"
#include "tests/rig/pictures/page_store.hpp"

namespace quay::rig {

class Device {
 public:
  Device(Script script, std::vector<PaperSide> paper);

  OptionSet& options() { return options_; }
  const Script& script() const { return script_; }

  SANE_Status control(Option option, SANE_Action action, void* value, SANE_Int* info);
  SANE_Parameters parameters() const;
  SANE_Status start();
  /// Up to `capacity` bytes into `data`; blocks as long as a scanner would.
  SANE_Status read(SANE_Byte* data, SANE_Int capacity, SANE_Int& length);
  /// May come from another thread or a signal handler while read() is inside.
  void cancel();

 private:
  struct Geometry {
    PictureSettings settings;
    PixelSize size;
    SANE_Int bytes_per_line = 0;
  };

  Geometry geometry() const;
  SANE_Status feed(std::size_t& picture);
  SANE_Status scan(std::size_t picture);
  SANE_Status warm_up();
  SANE_Status end_of_page(SANE_Status status);
  SANE_Status finish_cancel();
  /// Bytes that have passed the sensor by now, waiting for the first of them; the whole page when nothing limits.
  std::optional<std::size_t> bytes_scanned();
  bool wait_for(Deadline until) const;
  SANE_Status read_sensor(Option option, void* value) const;

  Script script_;
  std::unique_ptr<PageStore> pages_;
  OptionSet options_;
  Geometry scanned_;
  Bytes data_;
  std::size_t sent_ = 0;
  int page_ = 0;
  bool scanning_ = false;
  bool warm_ = false;
  std::optional<std::size_t> back_side_due_;
  Deadline page_start_{};
  std::atomic<bool> cancelled_ = false;
  std::atomic<bool> cancel_strikes_ = false;
};

}  // namespace quay::rig
