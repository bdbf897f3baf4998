// SPDX-License-Identifier: Apache-2.0
// The progress of a scan for people: one line that redraws itself on a terminal, one line a finished page elsewhere,
// nothing for programs.
#pragma once

#include <cstdint>
#include <string>

#include "ctl/scan_progress.hpp"
#include "ctl/session.hpp"

namespace quay::ctl {

/// "[########------------]  40 %  page 2, reading  (1 safe)", cut to `columns` characters.
std::string bar_text(Language language, const ScanProgress& progress, std::size_t columns);

/// Draws on standard error. Leaves the line clean when it goes.
class ProgressBar {
 public:
  explicit ProgressBar(const Session& session);
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(const ScanProgress& progress);
  void clear();

 private:
  enum class Style : std::uint8_t { silent, lines, bar };

  const Session& session_;
  Style style_;
  std::string shown_;
  std::size_t pages_said_ = 0;
};

}  // namespace quay::ctl
