// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/page_choice.hpp"

#include <gmock/gmock.h>

#include "protocol/json/writer.hpp"

namespace quay::daemon::jobs {
namespace {

using protocol::CaptureState;
using testing::ElementsAre;

storage::GenerationRow made(std::int32_t generation, std::int32_t part, CaptureState state = CaptureState::ready,
                            std::uint64_t max_bytes = 0) {
  protocol::PageSettings settings;
  settings.part = part;
  settings.max_bytes = max_bytes;
  storage::GenerationRow row;
  row.generation = generation;
  row.state = state;
  row.settings = boost::json::serialize(protocol::to_json(settings));
  return row;
}

TEST(PageChoice, OfACaptureMadeOnceIsItsPage) {
  EXPECT_EQ(whole_page({}), 1);
  EXPECT_THAT(standing_pages(1, {}), ElementsAre(1));
  EXPECT_EQ(handed_over({}), 1);
}

TEST(PageChoice, IsTheNewestOfTheWholePictureThatIsReadyAndNotMadeToALimit) {
  const std::vector<storage::GenerationRow> later{made(2, 0), made(3, 0), made(4, 0, CaptureState::failed),
                                                  made(5, 0, CaptureState::ready, 9000)};
  EXPECT_EQ(whole_page(later), 3);
  EXPECT_EQ(handed_over(later), 5);
  EXPECT_THAT(standing_pages(1, later), ElementsAre(3));
}

TEST(PageChoice, IsAPageOfEachPaperInTheirOrder) {
  EXPECT_THAT(standing_pages(3, std::vector{made(2, 1), made(3, 2), made(4, 3)}), ElementsAre(2, 3, 4));
  EXPECT_THAT(standing_pages(2, std::vector{made(2, 2), made(3, 1)}), ElementsAre(3, 2));
}

TEST(PageChoice, NamesAPaperThatIsStillBeingMadeSoThatNoneIsLeftOut) {
  EXPECT_THAT(standing_pages(2, std::vector{made(2, 1), made(3, 2, CaptureState::captured)}), ElementsAre(2, 3));
}

TEST(PageChoice, IsTheWholePictureWhenAPaperFailed) {
  EXPECT_THAT(standing_pages(2, std::vector{made(2, 1), made(3, 2, CaptureState::failed)}), ElementsAre(1));
}

/// As an image worker refuses a paper that it does not find.
storage::GenerationRow not_found(std::int32_t generation, std::int32_t part) {
  storage::GenerationRow row = made(generation, part, CaptureState::failed);
  row.error = R"({"code": "request.bad_argument"})";
  return row;
}

TEST(PageChoice, IsNotChangedByAPaperThatWasAskedForAndIsNotThere) {
  EXPECT_THAT(standing_pages(2, std::vector{made(2, 1), made(3, 2), not_found(4, 3)}), ElementsAre(2, 3));
  EXPECT_THAT(standing_pages(2, std::vector{made(2, 1), made(3, 2), made(4, 3)}), ElementsAre(2, 3));
}

TEST(PageChoice, IsTheWholePictureWhenAPaperThatIsThereWasNotFoundAgain) {
  EXPECT_THAT(standing_pages(2, std::vector{made(2, 1), not_found(3, 2)}), ElementsAre(1));
}

TEST(PageChoice, IsTheWholePictureUnlessAllItsPapersWereMade) {
  EXPECT_THAT(standing_pages(3, std::vector{made(2, 1), made(3, 3)}), ElementsAre(1));
  EXPECT_THAT(standing_pages(2, {}), ElementsAre(1));
  EXPECT_THAT(standing_pages(1, std::vector{made(2, 1)}), ElementsAre(1));
}

TEST(PageChoice, OfACaptureThatFailedIsMadeGoodByTheWholePictureOnly) {
  EXPECT_EQ(standing(CaptureState::failed, std::vector{made(2, 0)}), CaptureState::ready);
  EXPECT_EQ(standing(CaptureState::failed, std::vector{made(2, 0, CaptureState::ready, 9000)}), CaptureState::ready);
  EXPECT_EQ(standing(CaptureState::failed, std::vector{made(2, 1)}), CaptureState::failed);
  EXPECT_EQ(standing(CaptureState::failed, std::vector{made(2, 0, CaptureState::failed)}), CaptureState::failed);
}

TEST(PageChoice, OfACaptureWhoseFirstMakingIsStillToComeIsNotReady) {
  EXPECT_EQ(standing(CaptureState::captured, std::vector{made(2, 0), made(3, 1)}), CaptureState::captured);
  EXPECT_EQ(standing(CaptureState::ready, std::vector{made(2, 0, CaptureState::captured)}), CaptureState::ready);
}

TEST(PageChoice, TakesTheNewestOfEachPaperThatIsReady) {
  const std::vector<storage::GenerationRow> later{made(2, 1),
                                                  made(3, 2),
                                                  made(4, 2),
                                                  made(5, 1, CaptureState::failed),
                                                  made(6, 2, CaptureState::ready, 9000),
                                                  made(7, 1, CaptureState::captured)};
  EXPECT_THAT(standing_pages(2, later), ElementsAre(2, 4));
  EXPECT_EQ(whole_page(later), 1);
}

TEST(PageChoice, IsTheWholePictureOnceItWasMadeAnewAfterThePapersAndThePapersOnceOneOfThemWasAfterThat) {
  std::vector<storage::GenerationRow> later{made(2, 1), made(3, 2), made(4, 0)};
  EXPECT_THAT(standing_pages(2, later), ElementsAre(4));
  later.push_back(made(5, 2));
  EXPECT_THAT(standing_pages(2, later), ElementsAre(2, 5));
}

}  // namespace
}  // namespace quay::daemon::jobs
