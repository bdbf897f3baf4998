// SPDX-License-Identifier: Apache-2.0
// Pictures for the tests of imaging: drawn ones with known truth, and the corpus pages with theirs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/image.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging::testing {

struct Rgb {
  std::uint8_t r = 0, g = 0, b = 0;
};

/// One colour all over.
Image flat(PixelSize size, Rgb colour, Dpi dpi = {300});

/// Fills the upright rectangle given in sheet pixels, turned clockwise by `degrees` about the picture's centre;
/// edges are smooth.
void draw_box(Image& image, Point from, Point to, Rgb colour, double degrees);

/// White A4-like page with dark lines of words, turned clockwise by `degrees`.
Image page_with_lines(PixelSize size, double degrees, Dpi dpi = {150});

Rgb pixel(const Image& image, std::int32_t x, std::int32_t y);

/// A corpus page by its file name.
std::vector<std::uint8_t> corpus_file(const std::string& name);

/// Runs a shell command, output discarded; its exit status.
int run(const std::string& command);

/// Writes bytes to a fresh file under the test's temporary directory and gives its path.
std::string temporary_file(const std::vector<std::uint8_t>& bytes, const std::string& name);

}  // namespace quay::imaging::testing
