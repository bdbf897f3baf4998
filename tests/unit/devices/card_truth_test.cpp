// SPDX-License-Identifier: Apache-2.0
// What quay-card says of the truth of cards: false ones with the reason, and nobody's for one answer that came wrong.
#include <gmock/gmock.h>

#include <fmt/format.h>

#include "tests/unit/devices/card_setup.hpp"

namespace quay::test {
namespace {

using testing::AnyOf;

struct FalseCard {
  std::string name;
  std::vector<std::string> arguments;
  std::string truth;
  CardSetup::Trust trust = CardSetup::Trust::installed;
};

class FalseCards : public testing::TestWithParam<FalseCard> {};

TEST_P(FalseCards, AreToldWithTheReason) {
  CardSetup setup(GetParam().arguments);
  const Answers answers = setup.worker(GetParam().trust)->ask(identity_only());
  ASSERT_EQ(answers.code(), "");
  EXPECT_EQ(truth_of(answers), GetParam().truth);
}

INSTANTIATE_TEST_SUITE_P(
    CardWorker, FalseCards,
    testing::Values(
        FalseCard{"Clone", {"--clone"}, "invalid chip_copied"},
        FalseCard{"CloneByActiveAuthentication", {"--clone", "--no-chip-authentication"}, "invalid chip_copied"},
        FalseCard{"CloneByRsa", {"--clone", "--active", "rsa", "--no-chip-authentication"}, "invalid chip_copied"},
        FalseCard{"CloneByChipAuthentication", {"--clone", "--active", "none"}, "invalid chip_copied"},
        FalseCard{"CloneThatHidesWhatWouldProveIt", {"--clone", "--withhold", "14,15"}, "invalid chip_copied"},
        FalseCard{"CloneThatHidesItsOnlyKey",
                  {"--clone", "--no-chip-authentication", "--withhold", "15"},
                  "invalid chip_copied"},
        FalseCard{
            "CloneThatHidesItsProtocols", {"--clone", "--active", "none", "--withhold", "14"}, "invalid chip_copied"},
        FalseCard{"ForgedHash", {"--forged"}, "invalid data_changed"},
        FalseCard{"ExpiredSigner", {"--signer", "expired"}, "signer_unknown signer_expired"},
        FalseCard{"RevokedSigner", {"--signer", "revoked"}, "invalid signer_revoked"},
        FalseCard{"StrangeSigner", {"--signer", "stranger"}, "signer_unknown signer_without_root"},
        FalseCard{"NoRootInstalled", {}, "signer_unknown signer_without_root", CardSetup::Trust::none},
        FalseCard{"NothingProvesTheChip", {"--active", "none", "--no-chip-authentication"}, "valid chip_not_proven"},
        FalseCard{"NothingThatIsKnownProvesTheChip",
                  {"--active", "ed25519", "--no-chip-authentication"},
                  "valid chip_not_proven"}),
    [](const auto& one) { return one.param.name; });

TEST(CardWorker, IsNotCalledACopyForOneAnswerThatCameWrong) {
  CardSetup setup;
  const auto worker = setup.worker();
  frames::ReadCard order = identity_only();
  ASSERT_EQ(truth_of(worker->ask(order)), "valid");
  for (const char* fault : {"garble", "status"}) {
    int struck = setup.status("struck");
    for (int at = 1; !HasFailure(); ++at) {
      setup.tell(fmt::format("fault {} at={}", fault, at));
      order.request += 1;
      EXPECT_THAT(truth_of(worker->ask(order)), AnyOf("", "valid")) << fault << " at command " << at;
      if (setup.status("struck") == struck) {
        EXPECT_GT(at, 20) << "the reading was over before";
        break;
      }
      ++struck;
    }
  }
}

}  // namespace
}  // namespace quay::test
