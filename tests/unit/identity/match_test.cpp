// SPDX-License-Identifier: Apache-2.0
#include "identity/match.hpp"

#include <gmock/gmock.h>

namespace quay::identity {
namespace {

const Facts kCode{"001190012345", "Nguyễn Thị Quầy", true, Date{1990, 5, 12}, {}};
const Facts kZone{"001190012345", "NGUYEN<<THI<QUAY", true, Date{1990, 5, 12}, Date{2030, 5, 12}};

TEST(CardMatch, ComparesWhatBothSay) {
  EXPECT_EQ(compare(kCode, kZone), (Matches{Match::agrees, Match::agrees, Match::agrees, Match::unknown}));
}

TEST(CardMatch, IsRaisedByEveryAlteredField) {
  Facts altered = kZone;
  altered.number.back() = '6';
  EXPECT_EQ(compare(kCode, altered).number, Match::differs);
  altered = kZone;
  altered.name = "NGUYEN<<THI<QUY";
  EXPECT_EQ(compare(kCode, altered).name, Match::differs);
  altered = kZone;
  altered.birth = Date{1990, 5, 13};
  EXPECT_EQ(compare(kCode, altered).birth, Match::differs);
  altered = kZone;
  altered.expiry = Date{2031, 5, 12};
  EXPECT_EQ(compare(kZone, altered).expiry, Match::differs);
}

TEST(CardMatch, OfANameThatWasCutLooksAtItsBeginning) {
  Facts cut = kZone;
  cut.name = "NGUYEN THI QU";
  cut.name_is_whole = false;
  EXPECT_EQ(compare(kCode, cut).name, Match::agrees);
  cut.name = "NGUYEN THI QUE";
  EXPECT_EQ(compare(kCode, cut).name, Match::differs);
}

TEST(CardMatch, WithASilentPlaceIsUnknown) { EXPECT_EQ(compare(kCode, {}), Matches{}); }

}  // namespace
}  // namespace quay::identity
