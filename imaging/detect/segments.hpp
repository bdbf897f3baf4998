// SPDX-License-Identifier: Apache-2.0
// Straight edges followed from strip to strip, each with its own slope: rules, dotted lines, feet of text lines, edges
// of cards. Things that only happen to lie side by side (a label and the handwriting next to it) stay apart.
#pragma once

#include <vector>

#include "imaging/detect/strips.hpp"

namespace quay::imaging {

/// One straight edge: pixels along the profile for each pixel across, and how exactly that is known.
struct Segment {
  double slope = 0;
  double sigma = 0;  ///< standard deviation of `slope`
};

/// Edges whose slope is near the one that `strips` was made with.
std::vector<Segment> find_segments(const Strips& strips, double slope);

/// An angle that many segments agree on.
struct Consensus {
  double angle_deg = 0;
  double sigma_deg = 90;  ///< standard deviation of the angle; 90: no segments
  double share = 0;       ///< weight of the segments that agree, of all
};

/// `angles` as slopes already turned into degrees.
Consensus agree(const std::vector<Segment>& angles);

}  // namespace quay::imaging
