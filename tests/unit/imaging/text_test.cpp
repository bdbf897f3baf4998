// SPDX-License-Identifier: Apache-2.0
// The text layer, read back by poppler, mupdf and qpdf; and tesseract on pages whose text is known.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

#include "imaging/codec/decode.hpp"
#include "imaging/codec/text_layer.hpp"
#include "imaging/pipeline.hpp"
#include "imaging/recognise/text.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen((command + " 2>/dev/null").c_str(), "r"), ::pclose);
  std::string text;
  std::array<char, 4096> part{};
  while (const std::size_t count = std::fread(part.data(), 1, part.size(), pipe.get())) {
    text.append(part.data(), count);
  }
  return text;
}

/// 25 pixels a letter, 50 high.
TextWord word(const std::string& text, double x, double y, bool last = false) {
  const auto letters = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return {text, {x, y}, {x + 25 * static_cast<double>(letters), y}, 50, last, 95};
}

/// Every letter of Vietnamese with every tone, large and small, in words.
std::vector<std::string> alphabet() {
  return {"àáảãạ", "ăằắẳẵặ", "âầấẩẫậ", "èéẻẽẹ",  "êềếểễệ", "ìíỉĩị",  "òóỏõọ",  "ôồốổỗộ", "ơờớởỡợ",
          "ùúủũụ", "ưừứửữự", "ỳýỷỹỵ",  "đĐ",     "ÀÁẢÃẠ",  "ĂẰẮẲẴẶ", "ÂẦẤẨẪẬ", "ÈÉẺẼẸ",  "ÊỀẾỂỄỆ",
          "ÌÍỈĨỊ", "ÒÓỎÕỌ",  "ÔỒỐỔỖỘ", "ƠỜỚỞỠỢ", "ÙÚỦŨỤ",  "ƯỪỨỬỮỰ", "ỲÝỶỸỴ"};
}

PdfPage blank_page() {
  Image paper = testing::flat({1240, 1754}, {255, 255, 255}, {150});
  const auto page = clean(paper.view(), {.keep_geometry = true});
  return *read_pdf_page(encode(*page, *profile_named("hoso"))->bytes);
}

std::string written(const PdfPage& page) { return testing::temporary_file(*write_pdf({&page, 1}), "text.pdf"); }

TEST(TextLayer, EveryVietnameseLetterIsCopiedAsItIs) {
  PdfPage page = blank_page();
  TextLayer layer{{1240, 1754}, {}};
  double y = 100;
  for (const std::string& text : alphabet()) {
    layer.words.push_back(word(text, 100, y, true));
    y += 60;
  }
  ASSERT_TRUE(add_text_layer(page, layer));
  const std::string path = written(page);
  const std::string poppler = output_of("pdftotext -enc UTF-8 " + path + " -");
  const std::string mupdf = output_of("mutool draw -q -F txt " + path);
  for (const std::string& text : alphabet()) {
    EXPECT_NE(poppler.find(text), std::string::npos) << text;
    EXPECT_NE(mupdf.find(text), std::string::npos) << text;
  }
}

TEST(TextLayer, WordsKeepTheirPlaceAndTheSpaceBetweenThem) {
  PdfPage page = blank_page();
  const TextLayer layer{{1240, 1754}, {word("Cộng", 200, 300), word("hòa", 320, 300), word("Việt", 396, 300, true)}};
  ASSERT_TRUE(add_text_layer(page, layer));
  const std::string path = written(page);
  EXPECT_NE(output_of("pdftotext -enc UTF-8 " + path + " -").find("Cộng hòa Việt"), std::string::npos);
  const std::string boxes = output_of("pdftotext -bbox -enc UTF-8 " + path + " -");
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
  const std::size_t at = boxes.rfind("<word", boxes.find(">hòa<"));
  ASSERT_NE(at, std::string::npos) << boxes;
  ASSERT_EQ(std::sscanf(boxes.c_str() + at, "<word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\"", &left, &top,
                        &right, &bottom),
            4);
  EXPECT_NEAR(left, 320 * 72 / 150.0, 0.6);
  EXPECT_NEAR(right, (320 + 3 * 25) * 72 / 150.0, 5  // gives way to the space before "Việt"
  );
  EXPECT_LT(top, 290 * 72 / 150.0);
  EXPECT_GT(bottom, 300 * 72 / 150.0);
}

TEST(TextLayer, IsDrawnByNobodyAndTheFileIsSound) {
  PdfPage page = blank_page();
  const std::string bare = written(page);
  const std::string before = output_of("pdftoppm -r 50 -gray " + bare + " | sha256sum");
  ASSERT_TRUE(add_text_layer(page, {{1240, 1754}, {word("Nguyễn", 200, 300, true)}}));
  const std::string path = written(page);
  EXPECT_EQ(output_of("pdftoppm -r 50 -gray " + path + " | sha256sum"), before);
  EXPECT_EQ(testing::run("qpdf --check " + path), 0);
  EXPECT_EQ(output_of("mutool draw -q -o /dev/null " + path + " 2>&1"), "");
  const std::string fonts = output_of("pdffonts " + path);
  EXPECT_NE(fonts.find("CID TrueType"), std::string::npos) << fonts;
  EXPECT_NE(fonts.find("yes yes yes"), std::string::npos) << fonts;  // embedded, subset, with its meaning
}

TEST(TextLayer, SurvivesTheWayBackAndBindingButIsNotAddedTwice) {
  PdfPage page = blank_page();
  ASSERT_TRUE(add_text_layer(page, {{1240, 1754}, {word("Nguyễn", 200, 300, true)}}));
  const auto single = *write_pdf({&page, 1});
  auto back = read_pdf_page(single);
  ASSERT_TRUE(back);
  EXPECT_EQ(*write_pdf({&*back, 1}), single);
  const Status again = add_text_layer(*back, {{1240, 1754}, {word("x", 1, 1)}});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::image_unsupported);
  const std::vector<BoundPage> twice{BoundPage{single}, BoundPage{single}};
  const std::string path = testing::temporary_file(*assemble(twice), "two.pdf");
  EXPECT_EQ(testing::run("qpdf --check " + path), 0);
  EXPECT_NE(output_of("pdftotext -f 2 -enc UTF-8 " + path + " -").find("Nguyễn"), std::string::npos);
}

TEST(TextLayer, LeavesOutWhatIsNoText) {
  PdfPage page = blank_page();
  const TextLayer layer{{1240, 1754}, {word("\xC3(", 10, 50), word("", 10, 90), word("tốt", 10, 150, true)}};
  ASSERT_TRUE(add_text_layer(page, layer));
  EXPECT_EQ(output_of("pdftotext -enc UTF-8 " + written(page) + " -").substr(0, 6), "tốt\n");
  PdfPage none = blank_page();
  const std::size_t objects = none.objects.size();
  ASSERT_TRUE(add_text_layer(none, {{1240, 1754}, {}}));
  EXPECT_EQ(none.objects.size(), objects);
}

std::vector<std::uint8_t> vietnamese() {
  for (const std::string& place : language_data_places("vie")) {
    std::ifstream file(place, std::ios::binary);
    if (file.good()) {
      return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
  }
  ADD_FAILURE() << "tesseract-ocr-vie is not installed";
  return {};
}

/// Share of the truth's words that stand in `text`.
double words_found(const std::string& truth, const std::string& text) {
  std::istringstream words(truth);
  std::string one;
  int all = 0;
  int found = 0;
  while (words >> one) {
    ++all;
    found += text.find(one) != std::string::npos ? 1 : 0;
  }
  return static_cast<double>(found) / std::max(all, 1);
}

TEST(TextReader, ReadsASkewedLetterIntoASearchablePdf) {
  auto reader = TextReader::load(vietnamese(), "vie");
  ASSERT_TRUE(reader);
  const auto source = decode(testing::corpus_file("s02_letter_skew.jpg"));
  const auto page = clean(source->view(), profile_named("hoso")->clean);
  const auto text = reader->read(page->image.view());
  ASSERT_TRUE(text);
  const auto plain = *encode(*page, *profile_named("hoso"));
  PdfPage pdf = *read_pdf_page(plain.bytes);
  ASSERT_TRUE(add_text_layer(pdf, *text));
  const auto bytes = *write_pdf({&pdf, 1});
  EXPECT_LT(bytes.size() - plain.bytes.size(), 10U * 1024);
  const auto truth = testing::corpus_file("gt/s02_letter_skew.txt");
  const std::string found = output_of("pdftotext -enc UTF-8 " + testing::temporary_file(bytes, "letter.pdf") + " -");
  EXPECT_GT(words_found({truth.begin(), truth.end()}, found), 0.97);
}

TEST(TextReader, FindsNoWordsOnABlankPageAndStopsWhenAsked) {
  auto reader = TextReader::load(vietnamese(), "vie");
  ASSERT_TRUE(reader);
  const auto none = reader->read(testing::flat({800, 800}, {255, 255, 255}).view());
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->words.empty());
  const auto stopped = reader->read(testing::page_with_lines({800, 800}, 0).view(), [] { return true; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Errc::text_failed);
}

TEST(TextReader, RefusesWhatIsNoLanguageAndWhatIsTooLarge) {
  const auto nothing = TextReader::load({}, "xx");
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, Errc::text_language_missing);
  const std::vector<std::uint8_t> rubbish(4096, 0x41);
  EXPECT_FALSE(TextReader::load(rubbish, "xx"));
  EXPECT_TRUE(language_data_places("../../etc/passwd").empty());
  EXPECT_TRUE(language_data_places("").empty());
  auto reader = TextReader::load(vietnamese(), "vie");
  ASSERT_TRUE(reader);
  const auto large = reader->read(Image(PixelFormat::gray, {6000, 6000}, {600}).view());
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, Errc::image_too_large);
}

}  // namespace
}  // namespace quay::imaging
