// SPDX-License-Identifier: Apache-2.0
// The documents are checked by programs that share no code with ours: qpdf, mutool, pdfimages, pdfinfo.
#include "imaging/codec/pdf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "imaging/cleanup/turn.hpp"
#include "imaging/codec/decode.hpp"
#include "imaging/pipeline.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

Bytes one_page(double degrees) {
  const Image picture = testing::page_with_lines({620, 877}, degrees, {75});
  const auto profile = profile_named("hoso");
  const auto page = clean(picture.view(), profile->clean);
  return encode(*page, *profile)->bytes;
}

TEST(Pdf, PassesQpdfAndMutool) {
  const std::string path = testing::temporary_file(one_page(0), "a.pdf");
  EXPECT_EQ(testing::run("qpdf --check " + path), 0);
  EXPECT_EQ(testing::run("mutool draw -r 40 -o /dev/null " + path), 0);
}

TEST(Pdf, SaysPartTwoConformanceBAndCarriesAnOutputIntent) {
  const std::string text = text_of(one_page(0));
  EXPECT_THAT(text, ::testing::StartsWith("%PDF-1.7\n%"));
  EXPECT_THAT(text, ::testing::HasSubstr("pdfaid:part=\"2\" pdfaid:conformance=\"B\""));
  EXPECT_THAT(text, ::testing::HasSubstr("/S/GTS_PDFA1"));
  EXPECT_THAT(text, ::testing::HasSubstr("/ID[<"));
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("/Encrypt")));
}

TEST(Pdf, HasThePagesTrueSizeInPoints) {
  const std::string text = text_of(one_page(0));
  EXPECT_NE(text.find("/MediaBox[0 0 595.2 841.92]"), std::string::npos);
}

TEST(Pdf, IsTheSameBytesEachTimeAndAnotherForOtherContent) {
  EXPECT_EQ(one_page(0), one_page(0));
  EXPECT_NE(one_page(0), one_page(1));
}

TEST(Pdf, PagesAreBoundInTheOrderGiven) {
  const Bytes first = one_page(0);
  const Bytes second = one_page(2);
  const std::vector<BoundPage> order{{second}, {first}, {second}};
  const auto bound = assemble(order);
  ASSERT_TRUE(bound);
  const std::string path = testing::temporary_file(*bound, "bound.pdf");
  EXPECT_EQ(testing::run("qpdf --check " + path), 0);
  EXPECT_EQ(testing::run("test \"$(qpdf --show-npages " + path + ")\" = 3"), 0);
  // Every page's objects arrive unchanged.
  const auto a = read_pdf_page(first);
  ASSERT_TRUE(a);
  const std::string text = text_of(*bound);
  EXPECT_NE(text.find(text_of(a->objects.back().bytes)), std::string::npos);
}

TEST(Pdf, BoundFromOnePageIsThatPage) {
  const Bytes page = one_page(0);
  const std::vector<BoundPage> alone{{page}};
  EXPECT_EQ(*assemble(alone), page);
}

/// The first page as mutool paints it at 100 dpi.
Image painted(const Bytes& document, const std::string& name) {
  const std::string path = testing::temporary_file(document, name + ".pdf");
  const std::string picture = path + ".png";
  EXPECT_EQ(testing::run("mutool draw -r 100 -c rgb -o " + picture + " " + path + " 1"), 0);
  std::ifstream file(picture, std::ios::binary);
  auto page = decode(Bytes{std::istreambuf_iterator<char>(file), {}});
  EXPECT_TRUE(page);
  return page ? *std::move(page) : Image{};
}

TEST(Pdf, ATurnedPageIsPaintedAsTheSamePixelsTurned) {
  const Image picture = testing::page_with_lines({600, 800}, 0, {100});
  const auto profile = profile_named("original");
  const Bytes upright = encode(*clean(picture.view(), profile->clean), *profile)->bytes;
  const Image before = painted(upright, "before");
  ASSERT_EQ(before.size(), (PixelSize{600, 800}));
  for (const std::int32_t degrees : {90, 180, 270, -90}) {
    const std::vector<BoundPage> alone{{upright, degrees}};
    const auto bound = assemble(alone);
    ASSERT_TRUE(bound);
    const Image after = painted(*bound, "after" + std::to_string(degrees));
    const Image expected = turned(before.view(), degrees);
    ASSERT_EQ(after.size(), expected.size()) << degrees;
    EXPECT_TRUE(std::ranges::equal(after.pixels(), expected.pixels())) << degrees;
  }
}

TEST(Pdf, ATurnKeepsEveryStreamSaysNoRotateAndPassesQpdf) {
  const Bytes page = one_page(0);
  const std::vector<BoundPage> order{{page, 90}, {page, 0}};
  const auto bound = assemble(order);
  ASSERT_TRUE(bound);
  const std::string text = text_of(*bound);
  EXPECT_EQ(text.find("/Rotate"), std::string::npos);
  EXPECT_NE(text.find("/MediaBox[0 0 841.92 595.2]"), std::string::npos);
  const std::string image = text_of(read_pdf_page(page)->objects.back().bytes);
  const std::size_t first = text.find(image);
  ASSERT_NE(first, std::string::npos);
  EXPECT_NE(text.find(image, first + 1), std::string::npos);
  EXPECT_EQ(testing::run("qpdf --check " + testing::temporary_file(*bound, "turned.pdf")), 0);
}

TEST(Pdf, ATurnByAnotherAngleIsRefused) {
  const Bytes page = one_page(0);
  const std::vector<BoundPage> alone{{page, 45}};
  EXPECT_EQ(assemble(alone).error().code, Errc::image_unsupported);
}

TEST(Pdf, WithoutPagesIsRefused) {
  const auto empty = assemble({});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, Errc::document_empty);
}

TEST(Pdf, FromElsewhereOrBoundAlreadyIsRefused) {
  const Bytes page = one_page(0);
  const std::vector<BoundPage> two{{page}, {page}};
  for (const Bytes& foreign : {Bytes{}, Bytes{'%', 'P', 'D', 'F'}, *assemble(two)}) {
    const auto read = read_pdf_page(foreign);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::image_unsupported);
  }
}

TEST(Pdf, CutOffAnywhereIsRefused) {
  const Bytes page = one_page(0);
  for (std::size_t size = 0; size < page.size() - 6; size += 211) {
    EXPECT_FALSE(read_pdf_page(std::span(page).first(size))) << size;
  }
}

TEST(Pdf, NumbersHaveNoExponentAndNoTrailingZeros) {
  EXPECT_EQ(pdf_number(595.2756), "595.276");
  EXPECT_EQ(pdf_number(10), "10");
  EXPECT_EQ(pdf_number(-0.0001), "0");
  EXPECT_EQ(pdf_number(0.5), "0.5");
}

TEST(SrgbProfile, SaysItsOwnSizeAndClass) {
  const Bytes profile = srgb_profile();
  ASSERT_GT(profile.size(), 128U);
  const std::size_t size = static_cast<std::size_t>(profile[2]) << 8 | profile[3];
  EXPECT_EQ(size, profile.size());
  EXPECT_EQ(std::string(profile.begin() + 36, profile.begin() + 40), "acsp");
  EXPECT_EQ(std::string(profile.begin() + 12, profile.begin() + 20), "mntrRGB ");
}

}  // namespace
}  // namespace quay::imaging
