// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/imaging/pictures.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace quay::imaging::testing {

Image flat(PixelSize size, Rgb colour, Dpi dpi) {
  Image image(PixelFormat::rgb, size, dpi);
  for (std::int32_t y = 0; y < size.height; ++y) {
    std::uint8_t* row = image.row(y);
    for (std::int32_t x = 0; x < size.width; ++x, row += 3) {
      row[0] = colour.r;
      row[1] = colour.g;
      row[2] = colour.b;
    }
  }
  return image;
}

void draw_box(Image& image, Point from, Point to, Rgb colour, double degrees) {
  const Point centre{(image.size().width - 1) / 2.0, (image.size().height - 1) / 2.0};
  const Transform upright = Transform::translation(centre.x, centre.y) * Transform::rotation(-degrees) *
                            Transform::translation(-centre.x, -centre.y);
  const double reach = std::hypot(to.x - from.x, to.y - from.y) / 2 + 2;
  const Point middle = inverse(upright).apply({(from.x + to.x) / 2, (from.y + to.y) / 2});
  const auto least = [](double value) { return std::max(0, static_cast<int>(value)); };
  for (int y = least(middle.y - reach); y < std::min<double>(image.size().height, middle.y + reach); ++y) {
    for (int x = least(middle.x - reach); x < std::min<double>(image.size().width, middle.x + reach); ++x) {
      const Point p = upright.apply({static_cast<double>(x), static_cast<double>(y)});
      const double inside = std::min({p.x - from.x, to.x - p.x, p.y - from.y, to.y - p.y});
      const double cover = std::clamp(inside + 0.5, 0.0, 1.0);
      std::uint8_t* to_pixel = image.row(y) + 3 * x;
      const std::uint8_t ink[3] = {colour.r, colour.g, colour.b};
      for (int c = 0; c < 3; ++c) {
        to_pixel[c] = static_cast<std::uint8_t>(std::lround(to_pixel[c] * (1 - cover) + ink[c] * cover));
      }
    }
  }
}

Image page_with_lines(PixelSize size, double degrees, Dpi dpi) {
  Image image = flat(size, {250, 250, 248}, dpi);
  unsigned seed = 7;
  const auto next = [&seed](unsigned below) { return (seed = seed * 1103515245U + 12345U) / 65536U % below; };
  for (double y = size.height * 0.15; y < size.height * 0.85; y += 26) {
    for (double x = size.width * 0.15; x < size.width * 0.8;) {
      const double word = 20 + next(60);
      draw_box(image, {x, y}, {x + word, y + 9}, {30, 30, 30}, degrees);
      x += word + 10;
    }
  }
  return image;
}

Rgb pixel(const Image& image, std::int32_t x, std::int32_t y) {
  if (image.format() == PixelFormat::gray) {
    const std::uint8_t v = image.row(y)[x];
    return {v, v, v};
  }
  const std::uint8_t* p = image.row(y) + 3 * x;
  return {p[0], p[1], p[2]};
}

std::vector<std::uint8_t> corpus_file(const std::string& name) {
  const char* folder = std::getenv("QUAY_TEST_PAGES");
  std::ifstream file(std::string(folder == nullptr ? "." : folder) + "/" + name, std::ios::binary);
  EXPECT_TRUE(file.good()) << name << " is not in QUAY_TEST_PAGES";
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int run(const std::string& command) {
  const int status = std::system((command + " >/dev/null 2>&1").c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string temporary_file(const std::vector<std::uint8_t>& bytes, const std::string& name) {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  std::string test_name = test->name();
  std::replace(test_name.begin(), test_name.end(), '/', '-');
  const std::string path = ::testing::TempDir() + "quay-" + test_name + "-" + std::to_string(::getpid()) + "-" + name;
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return path;
}

}  // namespace quay::imaging::testing
