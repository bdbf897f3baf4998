// SPDX-License-Identifier: Apache-2.0
#include "imaging/detect/sheet.hpp"

#include <gtest/gtest.h>

#include "imaging/detect/reduce.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kFactor = 8;

SheetBox sheet_of(const Image& page, double degrees) {
  return find_sheet(reduce(page.view(), kFactor).view(), kFactor, degrees);
}

TEST(Sheet, IsFoundOnABlackBed) {
  Image page = testing::flat({1400, 1900}, {15, 15, 15});
  testing::draw_box(page, {100, 120}, {1300, 1780}, {245, 245, 240}, 0);
  const SheetBox box = sheet_of(page, 0);
  EXPECT_TRUE(box.strong);
  EXPECT_NEAR(box.left, 100, kFactor);
  EXPECT_NEAR(box.top, 120, kFactor);
  EXPECT_NEAR(box.right, 1300, kFactor);
  EXPECT_NEAR(box.bottom, 1780, kFactor);
}

TEST(Sheet, IsFoundOnAWhiteBedByItsTint) {
  Image page = testing::flat({1400, 1900}, {239, 239, 241});
  testing::draw_box(page, {100, 120}, {1300, 1780}, {242, 241, 236}, 2.5);
  const SheetBox box = sheet_of(page, 2.5);
  EXPECT_TRUE(box.left_found && box.top_found && box.right_found && box.bottom_found);
  EXPECT_NEAR(box.left, 100, 1.5 * kFactor);
  EXPECT_NEAR(box.bottom, 1780, 1.5 * kFactor);
}

TEST(Sheet, FillingThePictureHasNoEdges) {
  const SheetBox box = sheet_of(testing::page_with_lines({1240, 1754}, 0), 0);
  EXPECT_FALSE(box.left_found || box.top_found || box.right_found || box.bottom_found);
  EXPECT_FALSE(box.strong);
}

TEST(Sheet, EdgeBeyondWhichThereIsInkIsNotTaken) {
  Image page = testing::flat({1400, 1900}, {225, 225, 225});
  testing::draw_box(page, {200, -50}, {1500, 2000}, {250, 250, 250}, 0);
  EXPECT_TRUE(sheet_of(page, 0).left_found);
  testing::draw_box(page, {60, 700}, {120, 760}, {20, 20, 120}, 0);
  EXPECT_FALSE(sheet_of(page, 0).left_found);
}

TEST(InkShare, TellsAnEmptySheetFromAWrittenOne) {
  EXPECT_LT(ink_share(reduce(testing::flat({1240, 1754}, {240, 238, 230}).view(), kFactor).view()), kBlankShare);
  EXPECT_GT(ink_share(reduce(testing::page_with_lines({1240, 1754}, 0).view(), kFactor).view()), kBlankShare);
}

TEST(Reduce, AveragesEachBlockAndTheRestAtTheEdge) {
  Image image(PixelFormat::gray, {3, 3}, {});
  const std::vector<std::uint8_t> values{0, 100, 50, 100, 200, 150, 9, 11, 77};
  std::copy(values.begin(), values.end(), image.pixels().begin());
  const Image small = reduce(image.view(), 2);
  EXPECT_EQ(small.size(), (PixelSize{2, 2}));
  EXPECT_EQ(small.row(0)[0], 100);
  EXPECT_EQ(small.row(0)[1], 100);
  EXPECT_EQ(small.row(1)[0], 10);
  EXPECT_EQ(small.row(1)[1], 77);
}

TEST(Reduce, HonoursTheStrideOfABorrowedView) {
  const std::vector<std::uint8_t> bytes{10, 20, 99, 99, 30, 40};  // 2 x 2 in rows of four
  const ImageView view{bytes, {2, 2}, 4, PixelFormat::gray, {}};
  EXPECT_EQ(reduce(view, 2).row(0)[0], 25);
  EXPECT_EQ(to_bytes(view).row(1)[1], 40);
}

}  // namespace
}  // namespace quay::imaging
