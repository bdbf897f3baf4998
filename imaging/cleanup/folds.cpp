// SPDX-License-Identifier: Apache-2.0
// Bare levels of each line in a strip of both margins show where valleys are, at next to no cost; only where two agree
// are the blocks between them looked at. Fold is what most of the blocks have in common.
#include "imaging/cleanup/folds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

namespace quay::imaging {
namespace {

constexpr double kLeastDpi = 100;
constexpr double kMarginMm = 2, kStripMm = 5;  // the strip of a margin that is looked at
constexpr double kNarrowestMm = 0.7, kWidestMm = 14;
constexpr double kSlope = 0.02;  // against the page's edges
constexpr int kBare = 250;       // from here on a place is no valley
constexpr int kShallowest = 12;  // levels
constexpr int kDeepest = 150;
constexpr int kHue = 24;  // of a valley's median
constexpr int kBlocks = 12;
constexpr int kLeastBlocks = 10;       // that must show the valley
constexpr int kNearCommon = 16;        // levels that a block may differ from the others
constexpr std::size_t kMostFolds = 3;  // more of them are ruled lines
constexpr std::int32_t kStep = 4;

/// The page with the fold's direction lying across: `line` counts from edge to edge beside the fold, `along` on it.
class Frame {
 public:
  Frame(Image& page, bool across) : page_(page), across_(across), channels_(packed_row_bytes(page.format(), 1)) {}

  std::int32_t lines() const { return across_ ? page_.size().height : page_.size().width; }
  std::int32_t length() const { return across_ ? page_.size().width : page_.size().height; }
  std::size_t channels() const { return channels_; }
  std::int32_t pixels(double mm) const {
    return static_cast<std::int32_t>(std::lround(mm / kMillimetresPerInch * page_.dpi().value));
  }
  std::uint8_t* pixel(std::int32_t line, std::int32_t along) {
    return page_.row(across_ ? line : along) + static_cast<std::size_t>(across_ ? along : line) * channels_;
  }

 private:
  Image& page_;
  bool across_;
  std::size_t channels_;
};

/// Bare level and hue of a line in a strip: of its brightest tenth, so that letters do not count.
struct Level {
  int bare = 255, hue = 0;
};

Level level_of(Frame& frame, std::int32_t line, std::int32_t begin, std::int32_t end) {
  std::array<std::pair<int, int>, 64> seen{};
  std::size_t count = 0;
  const std::int32_t step = std::max(kStep, (end - begin) / 60);
  for (std::int32_t along = begin; along < end && count < seen.size(); along += step) {
    const std::uint8_t* pixel = frame.pixel(line, along);
    const auto [least, most] = std::minmax_element(pixel, pixel + frame.channels());
    seen[count++] = {*least, *most - *least};
  }
  if (count == 0) {
    return {};
  }
  const std::size_t at = count - 1 - count / 10;
  std::nth_element(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(at),
                   seen.begin() + static_cast<std::ptrdiff_t>(count));
  return {seen[at].first, seen[at].second};
}

/// A valley of a strip's levels: lines [begin, end), lowest at `middle`.
struct Valley {
  std::int32_t begin = 0, end = 0, middle = 0;
  int depth = 0;
};

std::vector<Valley> valleys(Frame& frame, std::int32_t begin, std::int32_t end) {
  std::vector<Valley> out;
  Valley open;
  int hue = 0, bare = 255;
  const auto close = [&](std::int32_t line) {
    const std::int32_t width = line - open.begin;
    if (bare < kBare && width >= frame.pixels(kNarrowestMm) && width <= frame.pixels(kWidestMm) &&
        open.depth >= kShallowest && open.depth <= kDeepest && hue <= kHue) {
      open.end = line;
      out.push_back(open);
    }
    open = {line + 1, 0, line + 1, 0};
    bare = 255;
    hue = 0;
  };
  for (std::int32_t line = 0; line < frame.lines(); ++line) {
    const Level level = level_of(frame, line, begin, end);
    if (level.bare >= kBare) {
      close(line);
    } else if (level.bare < bare) {
      bare = level.bare;
      hue = level.hue;
      open.middle = line;
      open.depth = 255 - bare;
    }
  }
  return out;
}

/// A fold from the one margin to the other.
struct Fold {
  double at_first, at_last;    ///< line of its middle at both ends of the page
  std::int32_t before, after;  ///< lines that it reaches
  int depth;
};

/// Levels of a fold by line, in the middle of each block, and what the blocks have in common.
struct Profile {
  std::array<std::vector<int>, kBlocks> blocks;
  std::vector<int> common;
};

class Folds {
 public:
  explicit Folds(Frame frame) : frame_(frame) {}

  std::size_t even() {
    const std::vector<Fold> folds = candidates();
    if (folds.size() > kMostFolds) {
      return 0;
    }
    std::size_t evened = 0;
    for (const Fold& fold : folds) {
      if (const std::optional<Profile> profile = profile_of(fold)) {
        divide(fold, *profile);
        ++evened;
      }
    }
    return evened;
  }

 private:
  /// Valleys of both margins that may be the two ends of one.
  std::vector<Fold> candidates() {
    const std::int32_t margin = frame_.pixels(kMarginMm), strip = frame_.pixels(kStripMm), length = frame_.length();
    std::vector<Fold> out;
    if (length < 4 * (margin + strip) || frame_.lines() < strip) {
      return out;
    }
    const std::vector<Valley> first = valleys(frame_, margin, margin + strip);
    if (first.empty() || first.size() > 2 * kMostFolds) {
      return out;
    }
    for (const Valley& other : valleys(frame_, length - margin - strip, length - margin)) {
      for (const Valley& one : first) {
        if (std::abs(one.middle - other.middle) <= kSlope * length) {
          out.push_back(between(one, other));
        }
      }
    }
    return out;
  }

  Fold between(const Valley& one, const Valley& other) const {
    constexpr std::int32_t kBeside = 6;
    return {static_cast<double>(one.middle), static_cast<double>(other.middle),
            std::max(one.middle - one.begin, other.middle - other.begin) + kBeside,
            std::max(one.end - one.middle, other.end - other.middle) + kBeside, std::min(one.depth, other.depth)};
  }

  std::int32_t middle_at(const Fold& fold, std::int32_t along) const {
    return static_cast<std::int32_t>(
        std::lround(fold.at_first + (fold.at_last - fold.at_first) * along / std::max(1, frame_.length() - 1)));
  }

  int bare_at(const Fold& fold, int block, std::int32_t line) {
    const std::int32_t begin = frame_.length() * block / kBlocks, end = frame_.length() * (block + 1) / kBlocks;
    const std::int32_t at = middle_at(fold, (begin + end) / 2) + line;
    return at < 0 || at >= frame_.lines() ? 255 : level_of(frame_, at, begin, end).bare;
  }

  std::optional<Profile> profile_of(const Fold& fold) {
    Profile out;
    int showing = 0;
    for (int block = 0; block < kBlocks; ++block) {
      auto& levels = out.blocks[static_cast<std::size_t>(block)];
      for (std::int32_t line = -fold.before; line <= fold.after; ++line) {
        levels.push_back(bare_at(fold, block, line));
      }
      showing += 255 - *std::min_element(levels.begin(), levels.end()) >= fold.depth / 2 ? 1 : 0;
    }
    if (showing < kLeastBlocks) {
      return std::nullopt;
    }
    for (std::size_t i = 0; i < out.blocks[0].size(); ++i) {
      std::array<int, kBlocks> levels{};
      for (std::size_t block = 0; block < levels.size(); ++block) {
        levels[block] = out.blocks[block][i];
      }
      std::nth_element(levels.begin(), levels.begin() + kBlocks / 2, levels.end());
      out.common.push_back(std::max(levels[kBlocks / 2], 255 - kDeepest));
    }
    const bool ends = out.common.front() >= kBare - kShallowest && out.common.back() >= kBare - kShallowest;
    return ends ? std::optional(out) : std::nullopt;
  }

  /// What a block's paper is there: its own level where that is fold and not print.
  static int level(const Profile& profile, std::size_t block, std::size_t i) {
    const int own = profile.blocks[block][i], common = profile.common[i];
    return own >= common - kNearCommon ? own : common;
  }

  void divide(const Fold& fold, const Profile& profile) {
    const double block_length = static_cast<double>(frame_.length()) / kBlocks;
    for (std::int32_t along = 0; along < frame_.length(); ++along) {
      const double at = std::clamp(along / block_length - 0.5, 0.0, kBlocks - 1.0);
      const auto block = static_cast<std::size_t>(at), next = std::min<std::size_t>(block + 1, kBlocks - 1);
      const double share = at - static_cast<double>(block);
      const std::int32_t middle = middle_at(fold, along);
      for (std::size_t i = 0; i < profile.common.size(); ++i) {
        const std::int32_t line = middle - fold.before + static_cast<std::int32_t>(i);
        if (line < 0 || line >= frame_.lines()) {
          continue;
        }
        const double paper = level(profile, block, i) * (1 - share) + level(profile, next, i) * share;
        std::uint8_t* pixel = frame_.pixel(line, along);
        for (std::size_t c = 0; c < frame_.channels(); ++c) {
          pixel[c] = static_cast<std::uint8_t>(std::min(255.0, pixel[c] * 255 / paper + 0.5));
        }
      }
    }
  }

  Frame frame_;
};

}  // namespace

std::size_t even_folds(Image& page) {
  if (page.dpi().value < kLeastDpi) {
    return 0;
  }
  return Folds(Frame(page, true)).even() + Folds(Frame(page, false)).even();
}

}  // namespace quay::imaging
