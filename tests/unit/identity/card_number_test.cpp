// SPDX-License-Identifier: Apache-2.0
#include "identity/card_number.hpp"

#include <gtest/gtest.h>

#include "identity/sex.hpp"

namespace quay::identity {
namespace {

TEST(CardNumber, EndsInWhatOpensTheChip) {
  EXPECT_EQ(can_of("001190012345"), "012345");
  EXPECT_EQ(document_number_of("001190012345"), "190012345");
  EXPECT_EQ(can_of("345"), "345");
}

TEST(CardNumber, IsDigitsAndNothingElse) {
  EXPECT_TRUE(is_digits("001190012345", 12));
  EXPECT_FALSE(is_digits("001190012345", 9));
  EXPECT_FALSE(is_digits("00119001234x", 12));
}

TEST(CheckDigit, IsThatOfIcaosSpecimen) {
  // 9303-3 section 4.9 and the specimen of 9303-5 appendix B.
  EXPECT_EQ(check_digit("520727"), '3');
  EXPECT_EQ(check_digit("AB2134<<<"), '5');
  EXPECT_EQ(check_digit("D23145890"), '7');
  EXPECT_FALSE(check_digit("d23145890"));
}

TEST(Sex, IsOneLetterWhateverTheCardsSpelling) {
  EXPECT_EQ(sex_of("Nữ"), "F");
  EXPECT_EQ(sex_of("NAM"), "M");
  EXPECT_EQ(sex_of("-"), "-");
}

}  // namespace
}  // namespace quay::identity
