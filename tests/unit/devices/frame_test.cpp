// SPDX-License-Identifier: Apache-2.0
// What frames promise and what becomes of their bytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "devices/scanner/frame_sink.hpp"
#include "devices/scanner/missing_data.hpp"

namespace quay::scanner {
namespace {

using testing::ElementsAre;

SANE_Parameters frame(SANE_Frame format, int pixels, int lines, int bytes_per_line, int depth = 8) {
  return {format, SANE_TRUE, bytes_per_line, pixels, lines, depth};
}

/// A pool of one buffer, which never has to wait.
class Frames : public testing::Test {
 protected:
  worker::BufferLease buffer(std::size_t capacity) {
    auto lease = pool_.acquire(capacity, {[] {}, [] { return true; }});
    EXPECT_TRUE(lease);
    return *std::move(lease);
  }

  /// Hands `bytes` to `sink` in portions of at most `portion`.
  static Status feed(FrameSink& sink, std::vector<std::uint8_t> bytes, std::size_t portion = 1000) {
    std::span<const std::uint8_t> left(bytes);
    while (!left.empty()) {
      const std::span<std::uint8_t> room = sink.room();
      const std::size_t count = std::min({left.size(), room.size(), portion});
      std::copy_n(left.begin(), count, room.begin());
      if (Status taken = sink.take(count); !taken) {
        return taken;
      }
      left = left.subspan(count);
    }
    return {};
  }

  static std::vector<std::uint8_t> counting(std::size_t size) {
    std::vector<std::uint8_t> bytes(size);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
    return bytes;
  }

  worker::BufferPool pool_{1};
};

TEST(FrameLayout, KeepsPaddedRowsAsTheyAre) {
  const auto layout = layout_of(frame(SANE_FRAME_RGB, 10, 5, 32));
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->format, PixelFormat::rgb);
  EXPECT_EQ(layout->page_row_bytes, 32U);
  EXPECT_EQ(layout->page_bytes(5), 160U);
}

TEST(FrameLayout, KnowsEveryFormatThatSane10Has) {
  EXPECT_EQ(layout_of(frame(SANE_FRAME_GRAY, 10, 5, 2, 1))->format, PixelFormat::bitonal);
  EXPECT_EQ(layout_of(frame(SANE_FRAME_GRAY, 10, 5, 10))->format, PixelFormat::gray);
  EXPECT_EQ(layout_of(frame(SANE_FRAME_GRAY, 10, 5, 20, 16))->page_row_bytes, 10U);
  EXPECT_EQ(layout_of(frame(SANE_FRAME_RGB, 10, 5, 60, 16))->page_row_bytes, 30U);
  EXPECT_EQ(layout_of(frame(SANE_FRAME_BLUE, 10, 5, 10))->page_row_bytes, 30U);
  EXPECT_EQ(layout_of(frame(SANE_FRAME_BLUE, 10, 5, 10))->band, 2);
  EXPECT_EQ(layout_of(frame(SANE_FRAME_GRAY, 10, -1, 10))->rows, 0);
}

TEST(FrameLayout, RefusesWhatWasNeverPromised) {
  const auto code = [](const SANE_Parameters& parameters) { return layout_of(parameters).error().code; };
  SANE_Parameters jpeg = frame(SANE_FRAME_GRAY, 10, 5, 10);
  const int jpeg_frame = 0x0B;
  std::memcpy(&jpeg.format, &jpeg_frame, sizeof jpeg_frame);
  EXPECT_EQ(code(jpeg), Errc::device_unsupported);
  EXPECT_EQ(code(frame(SANE_FRAME_GRAY, 10, 5, 15, 12)), Errc::device_unsupported);
  EXPECT_EQ(code(frame(SANE_FRAME_RGB, 10, 5, 4, 1)), Errc::device_unsupported);
  EXPECT_EQ(code(frame(SANE_FRAME_RGB, 10, 5, 29)), Errc::device_io) << "a row shorter than its pixels";
  EXPECT_EQ(code(frame(SANE_FRAME_RGB, 0, 5, 30)), Errc::device_io);
  EXPECT_EQ(code(frame(SANE_FRAME_RGB, -10, 5, 30)), Errc::device_io);
  EXPECT_EQ(code(frame(SANE_FRAME_RGB, 10, 0, 30)), Errc::device_io);
  EXPECT_EQ(code(frame(SANE_FRAME_RGB, 10, -2, 30)), Errc::device_io);
  EXPECT_EQ(code(frame(SANE_FRAME_RGB, 20'000, 20'000, 60'000)), Errc::scan_too_large);
}

TEST_F(Frames, WholeRowsGoStraightIn) {
  worker::BufferLease page = buffer(12);
  FrameSink sink(*layout_of(frame(SANE_FRAME_GRAY, 4, 3, 4)), page);
  ASSERT_TRUE(feed(sink, counting(12), 5));
  EXPECT_EQ(sink.rows(), 3U);
  EXPECT_TRUE(sink.check_complete());
  EXPECT_TRUE(std::ranges::equal(page.bytes().first(12), counting(12)));
}

TEST_F(Frames, AShortPageIsIncomplete) {
  worker::BufferLease page = buffer(12);
  FrameSink sink(*layout_of(frame(SANE_FRAME_GRAY, 4, 3, 4)), page);
  ASSERT_TRUE(feed(sink, counting(11)));
  const Status complete = sink.check_complete();
  ASSERT_FALSE(complete);
  EXPECT_EQ(complete.error().code, Errc::scan_page_incomplete);
  EXPECT_THAT(complete.error().detail, testing::HasSubstr("11 bytes"));
}

TEST_F(Frames, AnEmptyPageIsIncompleteEvenWhenNothingWasPromised) {
  worker::BufferLease page = buffer(12);
  FrameSink sink(*layout_of(frame(SANE_FRAME_GRAY, 4, -1, 4)), page);
  EXPECT_FALSE(sink.check_complete());
}

TEST_F(Frames, APageOfUnknownLengthGrows) {
  worker::BufferLease page = buffer(8);
  FrameSink sink(*layout_of(frame(SANE_FRAME_GRAY, 4, -1, 4)), page);
  ASSERT_TRUE(feed(sink, counting(200), 7));
  EXPECT_EQ(sink.rows(), 50U);
  EXPECT_TRUE(sink.check_complete());
  EXPECT_TRUE(std::ranges::equal(page.bytes().first(200), counting(200)));
}

TEST_F(Frames, APageOfUnknownLengthMustEndOnAWholeRow) {
  worker::BufferLease page = buffer(8);
  FrameSink sink(*layout_of(frame(SANE_FRAME_GRAY, 4, -1, 4)), page);
  ASSERT_TRUE(feed(sink, counting(10)));
  EXPECT_EQ(sink.check_complete().error().code, Errc::scan_page_incomplete);
}

TEST_F(Frames, RowsBeyondThePromiseAreKept) {
  worker::BufferLease page = buffer(8);
  FrameSink sink(*layout_of(frame(SANE_FRAME_GRAY, 4, 2, 4)), page);
  ASSERT_TRUE(feed(sink, counting(16)));
  EXPECT_EQ(sink.rows(), 4U);
  EXPECT_TRUE(sink.check_complete());
  EXPECT_TRUE(std::ranges::equal(page.bytes().first(16), counting(16)));
}

TEST_F(Frames, SixteenBitSamplesKeepTheirUpperByte) {
  worker::BufferLease page = buffer(6);
  FrameSink sink(*layout_of(frame(SANE_FRAME_GRAY, 3, 2, 7, 16)), page);  // one byte of padding a row
  ASSERT_TRUE(feed(sink, {1, 10, 2, 20, 3, 30, 99, 4, 40, 5, 50, 6, 60, 99}, 3));
  EXPECT_TRUE(sink.check_complete());
  EXPECT_THAT(page.bytes().first(6), ElementsAre(10, 20, 30, 40, 50, 60));
}

TEST_F(Frames, ThreeBandsBecomePixels) {
  worker::BufferLease page = buffer(12);
  const std::pair<SANE_Frame, std::uint8_t> bands[] = {
      {SANE_FRAME_GREEN, 2}, {SANE_FRAME_BLUE, 3}, {SANE_FRAME_RED, 1}};
  for (const auto& [format, value] : bands) {
    FrameSink sink(*layout_of(frame(format, 2, 2, 2)), page);
    ASSERT_TRUE(feed(sink, std::vector<std::uint8_t>(4, value)));
    EXPECT_TRUE(sink.check_complete());
  }
  EXPECT_THAT(page.bytes().first(12), ElementsAre(1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3));
}

/// A gray page of these rows, each a value for all 10 pixels but the last two, which are `right`.
Image page_of(const std::vector<int>& rows, std::uint8_t right) {
  Image page(PixelFormat::gray, {10, static_cast<std::int32_t>(rows.size())}, Dpi{300});
  for (std::size_t y = 0; y < rows.size(); ++y) {
    std::uint8_t* row = page.row(static_cast<std::int32_t>(y));
    std::fill_n(row, 8, static_cast<std::uint8_t>(rows[y]));
    std::fill_n(row + 8, 2, right);
  }
  return page;
}

TEST(MissingData, IsTheGreyThatADecoderFillsInAtTheEnd) {
  EXPECT_EQ(filled_rows_at_end(page_of({200, 90, 128, 128, 128}, 128).view()), 3);
  EXPECT_EQ(filled_rows_at_end(page_of({200, 128, 128, 255, 255}, 255).view()), 2) << "padded right and below";
}

TEST(MissingData, IsNotSeenInRealPages) {
  EXPECT_EQ(filled_rows_at_end(page_of({128, 128, 128, 200}, 128).view()), 0) << "grey above the end";
  EXPECT_EQ(filled_rows_at_end(page_of({128, 128, 128, 128}, 127).view()), 0) << "noise";
  EXPECT_EQ(filled_rows_at_end(page_of({255, 255, 255}, 255).view()), 0) << "white paper";
  EXPECT_EQ(filled_rows_at_end(page_of({0, 0, 0}, 0).view()), 0) << "black";
}

}  // namespace
}  // namespace quay::scanner
