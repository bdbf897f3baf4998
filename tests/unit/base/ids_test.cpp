// SPDX-License-Identifier: Apache-2.0
#include "base/ids.hpp"

#include <gtest/gtest.h>

#include <set>
#include <type_traits>
#include <unordered_set>
#include <vector>

namespace quay {
namespace {

TEST(IdsTest, ARandomUuidIsAVersion4UuidInLowerCase) {  // RFC 9562 section 5.4
  for (int i = 0; i < 1000; ++i) {
    const std::string uuid = random_uuid();
    ASSERT_TRUE(is_uuid(uuid)) << uuid;
    EXPECT_EQ(uuid[14], '4') << uuid;
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos) << uuid;
    EXPECT_EQ(uuid.find_first_of("ABCDEF"), std::string::npos) << uuid;
  }
}

TEST(IdsTest, RandomUuidsDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    seen.insert(random_uuid());
  }
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(IdsTest, OnlyTheSpellingOf36CharactersIsAUuid) {
  const std::string uuid = "00112233-4455-6677-8899-aabbccddeeff";
  EXPECT_TRUE(is_uuid(uuid));
  EXPECT_TRUE(is_uuid("00112233-4455-6677-8899-AABBCCDDEEFF"));
  const std::vector<std::string> all_wrong = {std::string(),
                                              uuid.substr(1),
                                              uuid + "0",
                                              "{" + uuid.substr(2) + "}",
                                              std::string(36, '0'),
                                              std::string(36, '-'),
                                              "g" + uuid.substr(1),
                                              "/" + uuid.substr(1),
                                              std::string("\0", 1) + uuid.substr(1),
                                              "00112233x4455-6677-8899-aabbccddeeff",
                                              uuid + "\n",
                                              "../" + uuid.substr(3),
                                              "\xc3" + uuid.substr(1)};
  for (const std::string& wrong : all_wrong) {
    EXPECT_FALSE(is_uuid(wrong)) << wrong;
  }
}

TEST(IdsTest, AVisitIsNotAJobEvenWhenSpelledAlike) {
  static_assert(!std::is_same_v<VisitId, JobId>);
  static_assert(!std::is_convertible_v<VisitId, JobId>);
  EXPECT_EQ(VisitId{"a"}, VisitId{"a"});
  EXPECT_LT(VisitId{"a"}, VisitId{"b"});
}

TEST(IdsTest, IdsCanBeKeysOfAHashTable) {
  const std::unordered_set<CaptureId> ids{CaptureId{"a"}, CaptureId{"b"}, CaptureId{"a"}};
  EXPECT_EQ(ids.size(), 2U);
  EXPECT_TRUE(ids.contains(CaptureId{"b"}));
}

TEST(IdsTest, AnIdKnowsWhenItIsEmpty) {
  EXPECT_TRUE(DeviceId{}.empty());
  EXPECT_FALSE(DeviceId{"x"}.empty());
}

}  // namespace
}  // namespace quay
