// SPDX-License-Identifier: Apache-2.0
// Makes paper white, row by row, and leaves ink the colour it has.
#pragma once

#include <array>
#include <vector>

#include "imaging/cleanup/paper.hpp"
#include "imaging/cleanup/sample.hpp"

namespace quay::imaging {

/// What rows look like, and how white paper becomes.
struct WhitenPlan {
  std::int32_t width = 0;
  std::size_t channels = 3;  ///< 1 or 3
  bool keep_pale = false;    ///< what is printed on the paper in pale colours stays
};

/// Divides rows by their paper's colour and lifts what is left of it to white. Rows must come from top to bottom.
class Whitener {
 public:
  /// Paper, to_input: borrowed.
  Whitener(const PaperMap& paper, const Mapping& to_input, const WhitenPlan& plan);

  /// Row y of the output, in place.
  void whiten(std::int32_t y, std::uint8_t* row);

 private:
  using Gain = std::array<int, 3>;  ///< white over paper, in 4096ths

  /// Between two knots in a band of rows: every byte from here on is paper, whatever the gain.
  struct Segment {
    std::array<std::uint8_t, 3> white;
    std::array<std::uint8_t, kKnot * 3> row;  ///< the same, for each byte of a row
  };

  void gains_along(std::int32_t y, std::vector<Gain>& out) const;
  void enter_band(std::int32_t band);
  Gain gain_at(std::size_t knot, std::int32_t row_of_band) const;
  template <std::size_t kChannels>
  void whiten_row(std::int32_t row_of_band, std::uint8_t* row);
  template <std::size_t kChannels>
  void whiten_segment(std::size_t knot, std::int32_t row_of_band, std::int32_t count, std::uint8_t* pixel) const;

  const PaperMap& paper_;
  const Mapping& to_input_;
  std::int32_t width_;
  std::size_t channels_;
  int white_;  ///< share of the paper, of 255, from which on it is bare
  std::int32_t band_ = -1;
  std::vector<Gain> top_, bottom_;  ///< of the band, at each knot
  std::vector<Segment> segments_;
  std::array<std::uint8_t, 512> curve_;       ///< from shares of the paper to levels
  std::array<std::uint8_t, 512> pale_curve_;  ///< the same for places that have a hue
};

}  // namespace quay::imaging
