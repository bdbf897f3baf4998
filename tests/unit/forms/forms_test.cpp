// SPDX-License-Identifier: Apache-2.0
// The forms that quay ships, and what is refused of a form or of what is filled in.
#include <cairo.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include <fmt/format.h>

#include "forms/composition.hpp"
#include "forms/form_file.hpp"
#include "forms/rendering.hpp"

namespace quay::forms {
namespace {

constexpr const char* kTemplates = QUAY_FORM_TEMPLATES;

Form shipped(const std::string& name) {
  const auto folder = load_forms(kTemplates);
  const auto& forms = folder->forms;
  const auto found = std::find_if(forms.begin(), forms.end(), [&](const Form& form) { return form.name == name; });
  EXPECT_NE(found, forms.end()) << name;
  return *found;
}

Values receipt(std::size_t papers = 3) {
  Values values{{{"authority", "UBND huyện Mường Khương"},
                 {"unit", "Điểm Bưu điện - Văn hóa xã Tả Thàng"},
                 {"number", "127/TNHS"},
                 {"dossier_code", "000.21.35.H38-261126-0042"},
                 {"place_and_day", "Tả Thàng, ngày 26 tháng 11 năm 2026"},
                 {"applicant", "Nguyễn Thị Bưởi"},
                 {"address", "Thôn Sú Dí Phìn, xã Tả Thàng, huyện Mường Khương, tỉnh Lào Cai"},
                 {"phone", "0214 3 881 234"},
                 {"procedure", "Đăng ký khai sinh kết hợp cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi"},
                 {"copies", "01"},
                 {"term", "05 ngày làm việc"},
                 {"received", "8 giờ 30 phút, ngày 26 tháng 11 năm 2026"},
                 {"due", "16 giờ 00 phút, ngày 03 tháng 12 năm 2026"},
                 {"result_at", "Điểm Bưu điện - Văn hóa xã"},
                 {"clerk", "Lò Văn Ửng"}},
                {}};
  for (std::size_t i = 0; i < papers; ++i) {
    values.lists["papers"].push_back(
        {{"title", fmt::format("Giấy chứng sinh bản số {}", i + 1)}, {"kind", "Bản sao chứng thực"}, {"count", "01"}});
  }
  return values;
}

Composition compose(const Form& form, const Values& values) {
  const Fonts fonts;
  auto composition = Composition::make(form, values, fonts);
  EXPECT_TRUE(composition) << describe(composition.error());
  return std::move(*composition);
}

/// What a program says on its standard output.
std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> piece{};
  for (std::size_t size = 0; (size = fread(piece.data(), 1, piece.size(), pipe)) > 0;) {
    out.append(piece.data(), size);
  }
  EXPECT_EQ(pclose(pipe), 0) << command;
  return out;
}

class PrintedForms : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "formsXXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string pdf_of(const Composition& composition) {
    const auto bytes = to_pdf(composition, "2026-11-26");
    EXPECT_TRUE(bytes) << describe(bytes.error());
    const std::string file = folder_ / "form.pdf";
    std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(bytes->data()), std::ssize(*bytes));
    return file;
  }

  std::filesystem::path folder_;
};

TEST_F(PrintedForms, EveryShippedFormIsReadWithoutAMistake) {
  const auto folder = load_forms(kTemplates);
  ASSERT_TRUE(folder) << describe(folder.error());
  EXPECT_TRUE(folder->faults.empty()) << describe(folder->faults.front());
  EXPECT_EQ(folder->forms.size(), 3U);
}

TEST_F(PrintedForms, TheReceiptSaysInItsPdfWhatWasFilledIn) {
  const std::string file = pdf_of(compose(shipped("receipt-a5"), receipt()));
  const std::string text = output_of("pdftotext -layout " + file + " -");
  for (const char* words : {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
                            "Mã hồ sơ: 000.21.35.H38-261126-0042", "Nguyễn Thị Bưởi", "Giấy chứng sinh bản số 3",
                            "NGƯỜI TIẾP NHẬN HỒ SƠ", "Lò Văn Ửng"}) {
    EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
  }
  EXPECT_EQ(text.find("Email"), std::string::npos) << "a line whose field is empty is left out";
  output_of("qpdf --check " + file);
}

TEST_F(PrintedForms, FontsAreEmbeddedAndThePageHasItsTrueSize) {
  const std::string file = pdf_of(compose(shipped("receipt-a5"), receipt()));
  const std::string fonts = output_of("pdffonts " + file + " | tail -n +3");
  EXPECT_FALSE(fonts.empty());
  for (std::size_t at = 0; at < fonts.size(); at = fonts.find('\n', at) + 1) {
    const std::string line = fonts.substr(at, fonts.find('\n', at) - at);
    EXPECT_NE(line.find("yes yes"), std::string::npos) << line;
    EXPECT_NE(line.find("LiberationSerif"), std::string::npos) << line;
  }
  EXPECT_NE(output_of("pdfinfo " + file).find("419.528 x 595.276 pts"), std::string::npos);
}

TEST_F(PrintedForms, TheSameFormAndDayGiveTheSameBytes) {
  const auto once = to_pdf(compose(shipped("receipt-a5"), receipt()), "2026-11-26");
  const auto again = to_pdf(compose(shipped("receipt-a5"), receipt()), "2026-11-26");
  EXPECT_EQ(*once, *again);
}

TEST_F(PrintedForms, ALongListGoesOnWithItsHeadAndItsPageNumbers) {
  const Composition composition = compose(shipped("receipt-a5"), receipt(40));
  ASSERT_GE(composition.pages(), 2U);
  const std::string file = pdf_of(composition);
  const std::string second = output_of("pdftotext -layout -f 2 -l 2 " + file + " -");
  EXPECT_NE(second.find("Tên giấy tờ"), std::string::npos) << second;
  EXPECT_NE(second.find(fmt::format("Trang 2/{}", composition.pages())), std::string::npos) << second;
  const std::string all = output_of("pdftotext -layout " + file + " -");
  for (int i = 1; i <= 40; ++i) {
    EXPECT_NE(all.find(fmt::format("bản số {} ", i)), std::string::npos) << i;
  }
}

TEST_F(PrintedForms, ARowThatDoesNotFitBelowItsHeadIsRefusedNotDrawnOffThePaper) {
  Form form = shipped("receipt-a5");
  form.paper.height_mm = 80;
  form.blocks.erase(std::remove_if(form.blocks.begin(), form.blocks.end(),
                                   [](const Block& block) { return !std::holds_alternative<Table>(block); }),
                    form.blocks.end());
  const Fonts fonts;
  for (std::size_t words = 1; words < 200; ++words) {
    Values values = receipt(2);
    std::string& title = values.lists["papers"][1]["title"];
    for (std::size_t i = 0; i < words; ++i) {
      title += " giấy tờ";
    }
    const auto composition = Composition::make(form, values, fonts);
    if (!composition) {
      EXPECT_EQ(composition.error().code, title.size() > kLongestValue ? Errc::form_field : Errc::form_invalid);
      continue;
    }
    for (std::size_t page = 0; page < composition->pages(); ++page) {
      const auto image = to_image(*composition, page, Dpi{72});
      const std::int32_t foot = image->size().height - 28 + 3;  // the margin of 10 mm, and a rule's breadth
      for (std::int32_t y = foot; y < image->size().height - 24; ++y) {
        EXPECT_EQ(*std::min_element(image->row(y), image->row(y) + image->size().width), 255) << words << " " << y;
      }
    }
  }
}

TEST_F(PrintedForms, ARollIsCutWhereTheContentEnds) {
  Values values{{{"unit", "Điểm Bưu điện - Văn hóa xã Tả Thàng"},
                 {"dossier_code", "000.21.35.H38-261126-0042"},
                 {"applicant", "Nguyễn Thị Bưởi"},
                 {"procedure", "Đăng ký khai sinh"},
                 {"received", "8:30 26/11/2026"},
                 {"due", "16:00 03/12/2026"}},
                {}};
  const Composition shorter = compose(shipped("slip-80mm"), values);
  values.texts["phone"] = "0214 3 881 234";
  const Composition longer = compose(shipped("slip-80mm"), values);
  EXPECT_EQ(shorter.pages(), 1U);
  EXPECT_GT(longer.height_mm(), shorter.height_mm());
  EXPECT_LT(longer.height_mm(), 130);
}

TEST_F(PrintedForms, TheCodeOfTheDossierIsReadFromThePixels) {
  Values values{{{"dossier_code", "000.21.35.H38-261126-0042"},
                 {"applicant", "Nguyễn Thị Bưởi"},
                 {"procedure", "Đăng ký khai sinh"}},
                {}};
  const auto png = to_png(compose(shipped("file-label"), values), 0, Dpi{203});
  ASSERT_TRUE(png);
  const std::string file = folder_ / "label.png";
  std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(png->data()), std::ssize(*png));
  EXPECT_EQ(output_of("zbarimg -q --raw " + file + " 2>/dev/null"), "000.21.35.H38-261126-0042\n");
}

TEST_F(PrintedForms, PixelsAndPreviewAreThePageInTrueSize) {
  const Composition composition = compose(shipped("receipt-a5"), receipt());
  const auto image = to_image(composition, 0, Dpi{150});
  ASSERT_TRUE(image);
  EXPECT_EQ(image->size(), (PixelSize{874, 1240}));
  std::size_t dark = 0;
  for (std::int32_t y = 0; y < image->size().height; ++y) {
    dark += static_cast<std::size_t>(std::count_if(image->row(y), image->row(y) + image->size().width,
                                                   [](std::uint8_t grey) { return grey < 128; }));
  }
  EXPECT_GT(dark, 20000U);
  EXPECT_LT(dark, 150000U);
  EXPECT_EQ(to_image(composition, 0, Dpi{5000}).error().code, Errc::image_too_large);
}

/// Grey values of a PNG, row by row.
std::vector<int> greys_of(const std::filesystem::path& png) {
  const std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> surface(
      cairo_image_surface_create_from_png(png.c_str()), cairo_surface_destroy);
  const int width = cairo_image_surface_get_width(surface.get()),
            height = cairo_image_surface_get_height(surface.get());
  std::vector<int> greys;
  for (int y = 0; y < height; ++y) {
    const auto* row = cairo_image_surface_get_data(surface.get()) +
                      static_cast<std::ptrdiff_t>(y) * cairo_image_surface_get_stride(surface.get());
    for (int x = 0; x < width; ++x) {
      greys.push_back(row[4 * x + 1]);
    }
  }
  return greys;
}

/// Looked at and approved. A new one is written beside the temporary files when a form was changed on purpose.
TEST_F(PrintedForms, EachLooksAsItDidWhenItWasApproved) {
  for (const char* name : {"receipt-a5", "slip-80mm", "file-label"}) {
    const Form form = shipped(name);
    const Values all = receipt();
    Values values;
    for (const Field& field : form.fields) {
      if (field.list) {
        values.lists[field.name] = all.lists.at(field.name);
      } else if (const auto text = all.texts.find(field.name); text != all.texts.end()) {
        values.texts.insert(*text);
      }
    }
    const auto png = to_png(compose(form, values), 0, Dpi{100});
    const auto file = std::filesystem::path(testing::TempDir()) / (std::string(name) + ".png");
    std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(png->data()), std::ssize(*png));
    const std::vector<int> now = greys_of(file);
    const std::vector<int> approved = greys_of(std::filesystem::path(QUAY_APPROVED_FORMS) / file.filename());
    ASSERT_EQ(now.size(), approved.size()) << file;
    std::size_t other = 0;
    for (std::size_t i = 0; i < now.size(); ++i) {
      other += std::abs(now[i] - approved[i]) > 64 ? 1 : 0;
    }
    EXPECT_LT(other, now.size() / 1000) << "compare " << file;
  }
}

TEST(Filling, AFieldThatIsMissingUnknownOrNoTextIsNamed) {
  const Form form = shipped("receipt-a5");
  const auto complaint = [&](auto change) {
    Values values = receipt();
    change(values);
    const Status status = check(form, values);
    EXPECT_FALSE(status);
    EXPECT_EQ(status.error().code, Errc::form_field);
    return status.error().detail;
  };
  EXPECT_EQ(complaint([](Values& v) { v.texts.erase("due"); }), "due: a value was expected");
  EXPECT_EQ(complaint([](Values& v) { v.texts["due"].clear(); }), "due: a value was expected");
  EXPECT_EQ(complaint([](Values& v) { v.lists.clear(); }), "papers: a value was expected");
  EXPECT_EQ(complaint([](Values& v) { v.texts["colour"] = "red"; }), "colour: the form receipt-a5 has no such field");
  EXPECT_EQ(complaint([](Values& v) { v.lists["papers"][1]["size"] = "A4"; }),
            "papers[1].size: the list has no such column");
  EXPECT_EQ(complaint([](Values& v) { v.texts["phone"] = "\xFF"; }),
            "phone: UTF-8 text without control characters was expected");
  EXPECT_EQ(complaint([](Values& v) { v.texts["phone"] = "1\x1B[2J"; }),
            "phone: UTF-8 text without control characters was expected");
  EXPECT_EQ(complaint([](Values& v) { v.texts["address"] = std::string(2001, 'a'); }),
            "address: at most 2000 bytes were expected");
  EXPECT_EQ(complaint([](Values& v) { v.lists["papers"].resize(201); }), "papers: at most 200 rows were expected");
}

TEST(Filling, BracesInAValueAreNoFields) {
  EXPECT_EQ(filled("Địa chỉ: {address}", {{"address", "{phone} {"}, {"phone", "0214"}}), "Địa chỉ: {phone} {");
}

TEST(FontCheck, AFontWithoutVietnameseIsRefusedByWhatItLacks) {
  const Fonts fonts;
  EXPECT_TRUE(fonts.check("Liberation Serif"));
  EXPECT_TRUE(fonts.check("Liberation Sans"));
  const Status gaps = fonts.check("DejaVu Sans Mono");
  ASSERT_FALSE(gaps);
  EXPECT_EQ(gaps.error().code, Errc::form_font);
  EXPECT_NE(gaps.error().detail.find("lacks"), std::string::npos) << gaps.error().detail;
}

TEST(FontCheck, AnotherFontIsNeverTakenForOneThatIsMissing) {
  const Fonts fonts;
  EXPECT_EQ(fonts.check("Không Có Phông Này").error().code, Errc::form_font);
}

TEST(FontCheck, ASignThatTheFontLacksIsRefusedBeforePaper) {
  Values values = receipt();
  values.texts["applicant"] = "Nguyễn 漢 Bưởi";
  const Fonts fonts;
  const auto composition = Composition::make(shipped("receipt-a5"), values, fonts);
  ASSERT_FALSE(composition);
  EXPECT_EQ(composition.error().code, Errc::form_glyph);
}

TEST(FontCheck, LettersWithMarksApartArePrintedAsOne) {
  Values values = receipt();
  values.texts["applicant"] = "Nguye\xCC\x82\xCC\x83n Thi\xCC\xA3 Bu\xCC\x9Bo\xCC\x9B\xCC\x89i";
  const Fonts fonts;
  EXPECT_TRUE(Composition::make(shipped("receipt-a5"), values, fonts));
}

TEST(FormFile, EveryMistakeIsToldByItsLine) {
  const auto form = parse_form(
      "title_vi = \"a\"\ntitle_en = \"b\"\npaper = \"A6\"\nfont = \"Liberation Sans\"\ncolour = 1\n"
      "[[block]]\ntext = \"{nobody}\"\nrule = 1\n[[block]]\ntext = \"{nobody}\"\n",
      "mine.toml");
  ASSERT_FALSE(form);
  EXPECT_EQ(form.error().code, Errc::form_invalid);
  EXPECT_EQ(form.error().detail,
            "mine.toml:3: paper: found \"A6\" where A4, A5 or roll-80 was expected\n"
            "mine.toml:5: colour: unknown key; known here: title_vi, title_en, paper, font, size_pt, field, block, "
            "width_mm, height_mm, margin_mm\n"
            "mine.toml:6: block[1]: exactly one of text, rule, space_mm, code, column, table was expected");
}

constexpr const char* kHead = "title_vi = \"a\"\ntitle_en = \"b\"\npaper = \"A5\"\nfont = \"Liberation Sans\"\n";

TEST(FormFile, ANameThatNoFieldHasIsToldByTheLineOfItsBlock) {
  const auto form =
      parse_form(std::string(kHead) + "[[block]]\nrule = 1\n[[block]]\ntext = \"{nobody}\"\n", "mine.toml");
  ASSERT_FALSE(form);
  EXPECT_EQ(form.error().detail, "mine.toml:7: block[2]: \"nobody\" is used, but there is no such [[field]]");
}

TEST(FormFile, MarginsThatLeaveNothingOfThePaperAreRefused) {
  for (const char* paper : {"height_mm = 40\nmargin_mm = 25\n", "width_mm = 50\nmargin_mm = 25\n"}) {
    const auto form = parse_form(std::string(kHead) + paper + "[[block]]\nrule = 1\n", "mine.toml");
    ASSERT_FALSE(form) << paper;
    EXPECT_EQ(form.error().detail.substr(0, 23), "mine.toml:6: margin_mm:") << form.error().detail;
  }
}

TEST(FormFile, WhatIsNoTomlIsRefusedByItsLine) {
  const auto form = parse_form("title_vi = \"a\"\n=\n", "mine.toml");
  EXPECT_EQ(form.error().detail.substr(0, 12), "mine.toml:2:");
}

}  // namespace
}  // namespace quay::forms
