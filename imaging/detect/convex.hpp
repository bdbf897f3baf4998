// SPDX-License-Identifier: Apache-2.0
// The smallest rectangle, at any angle, around a set of points.
#pragma once

#include <vector>

#include "imaging/geometry.hpp"

namespace quay::imaging {

/// Corners clockwise as seen on the page. `points` is reordered; at least three that are not in line, or four equal
/// corners come back.
Quad smallest_rectangle(std::vector<Point> points);

}  // namespace quay::imaging
