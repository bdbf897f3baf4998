// SPDX-License-Identifier: Apache-2.0
// Every bitmap is read back by jbig2dec, which shares no code with us, and compared pixel by pixel.
#include "imaging/codec/jbig2.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "imaging/codec/jbig2/arithmetic.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

/// What jbig2dec makes of an embedded stream; an empty bitmap when it refuses.
Bitmap decoded(const std::vector<std::uint8_t>& stream) {
  const std::string in = testing::temporary_file(stream, "mask.jb2");
  const std::string out = in + ".pbm";
  std::filesystem::remove(out);
  const bool done = testing::run("jbig2dec -e -t pbm -o " + out + " " + in) == 0;
  std::filesystem::remove(in);
  if (!done) {
    return {};
  }
  std::ifstream file(out, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  std::filesystem::remove(out);
  PixelSize size;
  int head = 0;
  if (std::sscanf(text.c_str(), "P4 %d %d%n", &size.width, &size.height, &head) != 2) {
    return {};
  }
  const auto* pixels = reinterpret_cast<const std::uint8_t*>(text.data()) + head + 1;
  return to_bitmap({{pixels, text.size() - static_cast<std::size_t>(head) - 1},
                    size,
                    packed_row_bytes(PixelFormat::bitonal, size.width),
                    PixelFormat::bitonal,
                    {}});
}

Bitmap noise(PixelSize size, double share, unsigned seed) {
  std::mt19937 random(seed);
  std::bernoulli_distribution ink(share);
  Bitmap out(size);
  for (std::int32_t y = 0; y < size.height; ++y) {
    for (std::int32_t x = 0; x < size.width; ++x) {
      if (ink(random)) {
        out.set(x, y);
      }
    }
  }
  return out;
}

/// Rows of a few kinds of glyphs, each instance with a ragged edge of its own.
Bitmap ragged_text(PixelSize size) {
  std::mt19937 random(5);
  Bitmap out(size);
  for (std::int32_t top = 20; top + 40 < size.height; top += 50) {
    for (std::int32_t left = 20; left + 30 < size.width; left += 32) {
      const auto kind = static_cast<std::int32_t>(random() % 7);
      for (std::int32_t y = 0; y < 24 + kind; ++y) {
        const auto from = left + static_cast<std::int32_t>(random() % 2) + y * kind / 6;
        out.set_run(top + y, from, std::min(from + 4 + kind, left + 26));
      }
      out.set_run(top + 8 + kind, left + 2, left + 20);
    }
  }
  return out;
}

TEST(ArithmeticEncoder, CodesTheSequenceOfTheStandard) {  // ITU-T T.88 section H.2
  const std::vector<std::uint8_t> plain{0x00, 0x02, 0x00, 0x51, 0x00, 0x00, 0x00, 0xC0, 0x03, 0x52, 0x87,
                                        0x2A, 0xAA, 0xAA, 0xAA, 0xAA, 0x82, 0xC0, 0x20, 0x00, 0xFC, 0xD7,
                                        0x9E, 0xF6, 0xBF, 0x7F, 0xED, 0x90, 0x4F, 0x46, 0xA3, 0xBF};
  const std::vector<std::uint8_t> coded{0x84, 0xC7, 0x3B, 0xFC, 0xE1, 0xA1, 0x43, 0x04, 0x02, 0x20,
                                        0x00, 0x00, 0x41, 0x0D, 0xBB, 0x86, 0xF4, 0x31, 0x7F, 0xFF,
                                        0x88, 0xFF, 0x37, 0x47, 0x1A, 0xDB, 0x6A, 0xDF, 0xFF, 0xAC};
  jbig2::ArithmeticEncoder coder;
  jbig2::Context context = 0;
  for (const std::uint8_t byte : plain) {
    for (int i = 7; i >= 0; --i) {
      coder.encode(context, byte >> i & 1U);
    }
  }
  EXPECT_EQ(coder.finish(), coded);
}

TEST(ArithmeticEncoder, CodesARunAsItsBitsOneByOne) {
  for (const std::uint32_t count : {1U, 7U, 1000U, 100'000U}) {
    jbig2::ArithmeticEncoder single, run;
    jbig2::Context single_context = 0, run_context = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      single.encode(single_context, 0);
    }
    run.encode_run(run_context, 0, count);
    EXPECT_EQ(single_context, run_context);
    EXPECT_EQ(single.finish(), run.finish()) << count;
  }
}

class AnyBitmap : public ::testing::TestWithParam<PixelSize> {};

TEST_P(AnyBitmap, ComesBackPixelForPixel) {
  const PixelSize size = GetParam();
  for (const double share : {0.0, 0.02, 0.3, 1.0}) {
    const Bitmap mask = noise(size, share, 11);
    for (const Jbig2Mode mode : {Jbig2Mode::generic, Jbig2Mode::best}) {
      EXPECT_EQ(decoded(encode_jbig2(mask, mode)), mask) << share;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, AnyBitmap,
                         ::testing::Values(PixelSize{1, 1}, PixelSize{1, 50}, PixelSize{50, 1}, PixelSize{63, 9},
                                           PixelSize{64, 9}, PixelSize{65, 9}, PixelSize{130, 200},
                                           PixelSize{700, 300}));

TEST(Jbig2, TextComesBackPixelForPixelAndMuchSmallerThanOneRegion) {
  const Bitmap mask = ragged_text({1000, 800});
  const auto best = encode_jbig2(mask);
  const auto generic = encode_jbig2(mask, Jbig2Mode::generic);
  EXPECT_EQ(decoded(best), mask);
  EXPECT_EQ(decoded(generic), mask);
  EXPECT_LT(best.size() * 4, generic.size() * 3);
}

TEST(Jbig2, GlyphsThatDifferInOnePixelStayDifferent) {
  Bitmap mask({600, 60});
  for (std::int32_t left = 10; left + 40 < 600; left += 40) {
    for (std::int32_t y = 10; y < 40; ++y) {
      mask.set_run(y, left, left + 20);
    }
    mask.set(left + 20, 10 + left / 40);  // a dent at another place each time
  }
  EXPECT_EQ(decoded(encode_jbig2(mask)), mask);
}

TEST(Jbig2, ManyMarksAndLargeOnesTogetherComeBack) {
  Bitmap mask = ragged_text({900, 900});
  for (std::int32_t y = 5; y < 890; ++y) {
    mask.set_run(y, 5, 8);  // too long for a glyph
  }
  mask.set_run(5, 5, 880);
  EXPECT_EQ(decoded(encode_jbig2(mask)), mask);
}

TEST(Jbig2, APageOfSpecksIsStillExact) {
  const Bitmap mask = noise({1500, 1500}, 0.03, 3);
  EXPECT_EQ(decoded(encode_jbig2(mask)), mask);
}

TEST(Jbig2, IsTheSameBytesEachTime) {
  const Bitmap mask = ragged_text({640, 480});
  EXPECT_EQ(encode_jbig2(mask), encode_jbig2(mask));
}

TEST(Bitmap, IsWhatTheBitonalViewShowsWithoutItsPadding) {
  const std::vector<std::uint8_t> bytes{0b10110111, 0xFF, 0b01011111, 0xFF};
  const ImageView view{bytes, {11, 2}, 2, PixelFormat::bitonal, {}};
  const Bitmap bitmap = to_bitmap(view);
  EXPECT_EQ(bitmap.count(), 6 + 3 + 6 + 3);
  EXPECT_TRUE(bitmap.get(0, 0));
  EXPECT_FALSE(bitmap.get(1, 0));
  const Image back = to_image(bitmap, {});
  EXPECT_EQ(back.row(1)[0], 0b01011111);
  EXPECT_EQ(back.row(1)[1], 0b11100000);
}

}  // namespace
}  // namespace quay::imaging
