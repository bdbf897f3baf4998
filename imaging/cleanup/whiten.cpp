// SPDX-License-Identifier: Apache-2.0
// Most of a page is bare paper: a test of 16 pixels at once finds it, and only the rest is looked at pixel by pixel.
#include "imaging/cleanup/whiten.hpp"

#include <algorithm>
#include <cstring>

#include "imaging/simd.hpp"

namespace quay::imaging {
namespace {

constexpr int kGainBits = 12;
constexpr std::int32_t kBand = 16;  // rows between two looks at the paper

/// After division by the paper, everything above white is paper; below keep nothing changes.
constexpr int kKeep = 190, kKeepPale = 232;
constexpr int kWhite = 240, kWhitePale = 250;

std::array<std::uint8_t, 512> white_curve(int keep, int white) {
  std::array<std::uint8_t, 512> curve{};
  for (int v = 0; v < 512; ++v) {
    const int lifted = v <= keep ? v : keep + (v - keep) * (255 - keep) / (white - keep);
    curve[static_cast<std::size_t>(v)] = static_cast<std::uint8_t>(std::min(lifted, 255));
  }
  return curve;
}

/// Pale print has a hue, of at least so much spread between the channels; what shines through from behind has less.
constexpr int kPaleHue = 9;

/// How far a pixel is paper, 0..256, by its least channel as a share of the paper's (255: all of it). Ink is not made
/// brighter with its paper: a seal would change its colour.
constexpr int kSurelyInk = 100;
constexpr int kSurelyPaper = 200;
int paper_share(int least) { return std::clamp((least - kSurelyInk) * 256 / (kSurelyPaper - kSurelyInk), 0, 256); }

/// How far a pixel has a hue of its own, 0..256, by the spread of its channels as shares of the paper's.
constexpr int kSurelyBlack = 16;
constexpr int kSurelyHue = 34;
int hue_share(int spread) { return std::clamp((spread - kSurelyBlack) * 256 / (kSurelyHue - kSurelyBlack), 0, 256); }

/// The level that ink keeps. In deep shadow it is lifted, half way between the gain of its channel and the least of
/// all: a seal keeps the hue that it was seen in, and blue ink under a warm lamp is still told from black.
int ink_level(int value, int gain, int least_gain) {
  return std::max(value, (value * (gain + least_gain) >> (kGainBits + 1)) * 5 / 8);
}

/// Ink of one pixel: black ink is neutral, whatever the lamp's tint.
template <std::size_t kChannels>
std::array<int, kChannels> ink_of(const std::uint8_t* pixel, const std::array<int, kChannels>& gains, int spread) {
  const int least_gain = *std::min_element(gains.begin(), gains.end());
  std::array<int, kChannels> out{};
  for (std::size_t c = 0; c < kChannels; ++c) {
    out[c] = ink_level(pixel[c], gains[c], least_gain);
  }
  if constexpr (kChannels == 3) {
    const int neutral = (5 * out[0] + 9 * out[1] + 2 * out[2]) >> 4, share = hue_share(spread);
    for (int& level : out) {
      level = std::min(neutral + ((level - neutral) * share >> 8), 511);
    }
  }
  return out;
}

/// Whether a whole segment of a row is at least `white`.
template <std::size_t kChannels>
bool is_bare(const std::uint8_t* pixel, const std::uint8_t* white) {
  bool bare = true;
  for (std::size_t i = 0; i < kChannels && bare; ++i) {
    bare = all_at_least(load<U8x16>(pixel + i * kKnot), load<U8x16>(white + i * kKnot));
  }
  return bare;
}

}  // namespace

Whitener::Whitener(const PaperMap& paper, const Mapping& to_input, const WhitenPlan& plan)
    : paper_(paper),
      to_input_(to_input),
      width_(plan.width),
      channels_(plan.channels),
      white_(plan.keep_pale ? kWhitePale : kWhite),
      curve_(white_curve(kKeep, kWhite)),
      pale_curve_(plan.keep_pale ? white_curve(kKeepPale, kWhitePale) : curve_) {}

void Whitener::gains_along(std::int32_t y, std::vector<Gain>& out) const {
  out.clear();
  for (std::int32_t x = 0; x < width_ + kKnot; x += kKnot) {
    const Point from = to_input_.apply({static_cast<double>(x), static_cast<double>(y)});
    const auto colour = paper_.at(from.x, from.y);
    Gain& gain = out.emplace_back();
    for (std::size_t c = 0; c < 3; ++c) {
      gain[c] = static_cast<int>(255.0F * (1 << kGainBits) / colour[c]);
    }
  }
}

void Whitener::enter_band(std::int32_t band) {
  if (band == band_ + 1 && band_ >= 0) {
    top_.swap(bottom_);
  } else {
    gains_along(band * kBand, top_);
  }
  gains_along((band + 1) * kBand, bottom_);
  band_ = band;
  segments_.resize(top_.size() - 1);
  for (std::size_t knot = 0; knot < segments_.size(); ++knot) {
    Segment& segment = segments_[knot];
    for (std::size_t c = 0; c < 3; ++c) {
      const int least = std::min({top_[knot][c], top_[knot + 1][c], bottom_[knot][c], bottom_[knot + 1][c]});
      segment.white[c] = static_cast<std::uint8_t>(std::min(255, ((white_ << kGainBits) + least - 1) / least));
    }
    for (std::size_t i = 0; i < kKnot * channels_; ++i) {
      segment.row[i] = segment.white[i % channels_];
    }
  }
}

Whitener::Gain Whitener::gain_at(std::size_t knot, std::int32_t row_of_band) const {
  Gain out{};
  for (std::size_t c = 0; c < 3; ++c) {
    out[c] = top_[knot][c] + (bottom_[knot][c] - top_[knot][c]) * row_of_band / kBand;
  }
  return out;
}

template <std::size_t kChannels>
void Whitener::whiten_segment(std::size_t knot, std::int32_t row_of_band, std::int32_t count,
                              std::uint8_t* pixel) const {
  const auto& white = segments_[knot].white;
  const Gain left = gain_at(knot, row_of_band), right = gain_at(knot + 1, row_of_band);
  for (std::int32_t x = 0; x < count; ++x, pixel += kChannels) {
    bool paper = true;
    for (std::size_t c = 0; c < kChannels; ++c) {
      paper = paper && pixel[c] >= white[c];
    }
    if (paper) {
      std::memset(pixel, 255, kChannels);
      continue;
    }
    std::array<int, kChannels> lifted{}, gains{};
    for (std::size_t c = 0; c < kChannels; ++c) {
      gains[c] = left[c] + (right[c] - left[c]) * x / kKnot;
      lifted[c] = std::min(pixel[c] * gains[c] >> kGainBits, 511);
    }
    const auto [least, most] = std::minmax_element(lifted.begin(), lifted.end());
    const int share = paper_share(*least);
    const auto& curve = *most - *least < kPaleHue ? curve_ : pale_curve_;
    if (share == 256) {
      for (std::size_t c = 0; c < kChannels; ++c) {
        pixel[c] = curve[static_cast<std::uint32_t>(lifted[c])];
      }
      continue;
    }
    const auto ink = ink_of<kChannels>(pixel, gains, *most - *least);
    for (std::size_t c = 0; c < kChannels; ++c) {
      pixel[c] = curve[static_cast<std::uint32_t>(ink[c] + ((lifted[c] - ink[c]) * share >> 8))];
    }
  }
}

template <std::size_t kChannels>
void Whitener::whiten_row(std::int32_t row_of_band, std::uint8_t* row) {
  for (std::size_t knot = 0; knot < segments_.size(); ++knot) {
    const std::int32_t count = std::min(kKnot, width_ - static_cast<std::int32_t>(knot) * kKnot);
    std::uint8_t* pixel = row + knot * kKnot * kChannels;
    if (count == kKnot && is_bare<kChannels>(pixel, segments_[knot].row.data())) {
      std::memset(pixel, 255, kKnot * kChannels);
    } else {
      whiten_segment<kChannels>(knot, row_of_band, count, pixel);
    }
  }
}

void Whitener::whiten(std::int32_t y, std::uint8_t* row) {
  if (y / kBand != band_) {
    enter_band(y / kBand);
  }
  channels_ == 3 ? whiten_row<3>(y % kBand, row) : whiten_row<1>(y % kBand, row);
}

}  // namespace quay::imaging
