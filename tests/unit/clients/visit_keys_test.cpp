// SPDX-License-Identifier: Apache-2.0
// Which key goes with which command.
#include "clients/cpp/visit_keys.hpp"

#include <gtest/gtest.h>

namespace quay::client {
namespace {

TEST(VisitKeys, ACommandThatNamesAVisitGetsTheKeyOfThatVisit) {
  VisitKeys keys;
  keys.learn({{"visit", "v1"}, {"visit_key", "k1"}});
  keys.learn({{"visit", "v2"}, {"visit_key", "k2"}});
  EXPECT_EQ(keys.key_for({{"visit", "v1"}}), "k1");
  EXPECT_EQ(keys.key_for({{"visit", "v2"}}), "k2");
  EXPECT_EQ(keys.key_for({{"visit", "v3"}}), std::nullopt) << "never the key of another visit";
}

TEST(VisitKeys, ACommandAboutAPageGetsTheKeyOfTheVisitSpokenOfLast) {
  VisitKeys keys;
  EXPECT_EQ(keys.key_for({{"capture", "c"}}), std::nullopt);
  keys.keep("v1", "k1");
  keys.keep("v2", "k2");
  EXPECT_EQ(keys.key_for({{"capture", "c"}}), "k2");
  keys.key_for({{"visit", "v1"}});
  for (const char* about : {"capture", "document", "job", "id"}) {
    EXPECT_EQ(keys.key_for({{about, "x"}}), "k1") << about;
  }
  keys.use("v2");
  EXPECT_EQ(keys.current_key(), "k2");
}

TEST(VisitKeys, ACommandThatConcernsNoVisitCarriesNoKey) {
  VisitKeys keys;
  keys.keep("v1", "k1");
  EXPECT_EQ(keys.key_for({}), std::nullopt);
  EXPECT_EQ(keys.key_for({{"device", "d"}}), std::nullopt);
}

TEST(VisitKeys, ANewKeyReplacesTheOldOne) {
  VisitKeys keys;
  keys.keep("v1", "k1");
  keys.learn({{"visit", "v1"}, {"visit_key", "k2"}});
  keys.learn({{"visit", "v1"}, {"state", "closed"}});
  EXPECT_EQ(keys.key_of("v1"), "k2");
}

}  // namespace
}  // namespace quay::client
