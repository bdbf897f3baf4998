// SPDX-License-Identifier: Apache-2.0
#include "identity/name.hpp"

#include <gmock/gmock.h>

namespace quay::identity {
namespace {

// "Nguyễn Thị Ngọc Ậu" with every accent as a character of its own, marks in the canonical order of NFD.
const std::string kDecomposed = "Nguye\u0302\u0303n Thi\u0323 Ngo\u0323c A\u0323\u0302u";

TEST(VietnameseName, IsComposedWhateverTheOrderOfItsAccents) {
  EXPECT_EQ(to_nfc(kDecomposed), "Nguyễn Thị Ngọc Ậu");
  EXPECT_EQ(to_nfc("A\u0302\u0323u"), "Ậu");
  EXPECT_EQ(to_nfc("u\u031B\u0301"), "ứ");
  EXPECT_EQ(to_nfc("Nguyễn Thị Ngọc Ậu"), "Nguyễn Thị Ngọc Ậu");
}

TEST(VietnameseName, KeepsWhatItDoesNotKnow) {
  EXPECT_EQ(to_nfc("n\u0303 中 \xF0\x9F\x98\x80"), "n\u0303 中 \xF0\x9F\x98\x80");
  EXPECT_EQ(to_nfc("a\u0301\u0301"), "á\u0301") << "one letter has one tone";
  EXPECT_EQ(to_nfc("b\xFFz"), "b\xFFz");
  EXPECT_EQ(to_nfc(""), "");
}

TEST(VietnameseName, IsFoldedToWhatAZoneSpells) {
  EXPECT_EQ(fold_name("Nguyễn Thị Quầy"), "NGUYEN THI QUAY");
  EXPECT_EQ(fold_name(kDecomposed), "NGUYEN THI NGOC AU");
  EXPECT_EQ(fold_name("NGUYEN<<THI<QUAY<<<<<<"), "NGUYEN THI QUAY");
  EXPECT_EQ(fold_name("a\u0301\u0301b"), "AB");
  EXPECT_EQ(fold_name("b\xFFz"), "");
  EXPECT_EQ(fold_name("  đặng \u00A0 văn  Đỡ "), "DANG VAN DO");
}

TEST(VietnameseName, OfEveryLetterHasAZoneSpelling) {
  const std::string letters =
      "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
      "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ";
  for (const char c : fold_name(letters)) {
    EXPECT_TRUE(c >= 'A' && c <= 'Z') << c;
  }
}

}  // namespace
}  // namespace quay::identity
