// SPDX-License-Identifier: Apache-2.0
#include "daemon/core/page_turn.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace quay::daemon::core {

using protocol::PageTurn;

namespace {

/// Mean difference of two frames above which something moves. Noise gives 0.3, a sheet that is pushed by 1 % gives 1.5.
constexpr double kMotion = 0.9;
/// How alike two sights of one sheet are at least, wherever it lies: measured 0.94, and 0.78 for one form filled in
/// twice.
constexpr double kSameSheet = 0.88;
constexpr Milliseconds kStillFor{500};
constexpr int kStillSights = 3;
/// Where a view gives few frames, so long is enough.
constexpr Milliseconds kSurelyStillFor{2'000};
/// Sights further apart are no two of one view, unless those before were as far apart.
constexpr Milliseconds kMemory{1'000};

constexpr std::size_t kStates = 5;
constexpr std::size_t kEvents = static_cast<std::size_t>(SheetEvent::count_);

// clang-format off
/// Rows: off, empty, moving, settling, taken. Columns: absent, moved, poor, good, steady, known.
constexpr std::array<std::array<PageTurn, kEvents>, kStates> kTable{{
    {PageTurn::off,   PageTurn::off,    PageTurn::off,      PageTurn::off,      PageTurn::off,      PageTurn::off},
    {PageTurn::empty, PageTurn::moving, PageTurn::settling, PageTurn::settling, PageTurn::settling, PageTurn::taken},
    {PageTurn::empty, PageTurn::moving, PageTurn::settling, PageTurn::settling, PageTurn::settling, PageTurn::taken},
    {PageTurn::empty, PageTurn::moving, PageTurn::settling, PageTurn::settling, PageTurn::taken,    PageTurn::taken},
    {PageTurn::empty, PageTurn::moving, PageTurn::settling, PageTurn::settling, PageTurn::settling, PageTurn::taken},
}};
// clang-format on

double mean_of(std::string_view look) {
  double sum = 0;
  for (const char c : look) {
    sum += static_cast<unsigned char>(c);
  }
  return sum / static_cast<double>(std::max<std::size_t>(look.size(), 1));
}

double value_at(std::string_view look, std::size_t index) { return static_cast<unsigned char>(look[index]); }

}  // namespace

PageTurn step(PageTurn state, SheetEvent event) {
  return kTable.at(static_cast<std::size_t>(state)).at(static_cast<std::size_t>(event));
}

double likeness(std::string_view a, std::string_view b) {
  if (a.size() != b.size() || a.empty()) {
    return 0;
  }
  const double mean_a = mean_of(a);
  const double mean_b = mean_of(b);
  double both = 0;
  double alone_a = 1e-9;
  double alone_b = 1e-9;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = value_at(a, i) - mean_a;
    const double y = value_at(b, i) - mean_b;
    both += x * y;
    alone_a += x * x;
    alone_b += y * y;
  }
  return both / std::sqrt(alone_a * alone_b);
}

double motion(std::string_view a, std::string_view b) {
  if (a.size() != b.size() || a.empty()) {
    return 255;
  }
  const double gain = std::max(mean_of(a), 1.0) / std::max(mean_of(b), 1.0);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += std::abs(value_at(a, i) - gain * value_at(b, i));
  }
  return sum / static_cast<double>(a.size());
}

SheetEvent PageWatch::judge(const Sight& sight, SteadyClock::time_point now) {
  const SteadyClock::duration gap = last_ ? now - last_at_ : SteadyClock::duration{};
  const bool fresh = !last_ || gap > std::max<SteadyClock::duration>(kMemory, 2 * std::exchange(gap_, gap));
  const bool still = !fresh && motion(last_->look, sight.look) < kMotion;
  if (!still) {
    still_since_ = now;
    still_sights_ = 0;
  }
  ++still_sights_;
  if (sight.sheet.empty()) {
    return still ? SheetEvent::absent : SheetEvent::moved;
  }
  if (!still) {
    return SheetEvent::moved;
  }
  if (likeness(taken_, sight.sheet) >= kSameSheet) {
    return SheetEvent::known;
  }
  if (!sight.good) {
    return SheetEvent::poor;
  }
  const SteadyClock::duration still_for = now - *still_since_;
  const bool long_enough = still_for >= kSurelyStillFor || (still_for >= kStillFor && still_sights_ > kStillSights);
  return long_enough ? SheetEvent::steady : SheetEvent::good;
}

bool PageWatch::see(const Sight& sight, SteadyClock::time_point now) {
  const SheetEvent event = judge(sight, now);
  const PageTurn before = std::exchange(state_, step(state_, event));
  last_ = sight;
  last_at_ = now;
  const bool capture = before == PageTurn::settling && state_ == PageTurn::taken && event == SheetEvent::steady;
  if (capture) {
    note_taken();
  }
  return capture;
}

}  // namespace quay::daemon::core
