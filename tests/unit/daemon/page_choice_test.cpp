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
  EXPECT_THAT(standing_pages({}), ElementsAre(1));
}

TEST(PageChoice, IsTheNewestOfTheWholePictureThatIsReadyAndNotMadeToALimit) {
  const std::vector<storage::GenerationRow> later{made(2, 0), made(3, 0), made(4, 0, CaptureState::failed),
                                                  made(5, 0, CaptureState::ready, 9000)};
  EXPECT_EQ(whole_page(later), 3);
  EXPECT_THAT(standing_pages(later), ElementsAre(3));
}

TEST(PageChoice, IsAPageOfEachPaperInTheirOrder) {
  EXPECT_THAT(standing_pages(std::vector{made(2, 1), made(3, 2), made(4, 3)}), ElementsAre(2, 3, 4));
  EXPECT_THAT(standing_pages(std::vector{made(2, 2), made(3, 1)}), ElementsAre(3, 2));
}

TEST(PageChoice, NamesAPaperThatIsStillBeingMadeSoThatNoneIsLeftOut) {
  EXPECT_THAT(standing_pages(std::vector{made(2, 1), made(3, 2, CaptureState::captured)}), ElementsAre(2, 3));
}

TEST(PageChoice, IsTheWholePictureWhenAPaperFailed) {
  EXPECT_THAT(standing_pages(std::vector{made(2, 1), made(3, 2, CaptureState::failed)}), ElementsAre(1));
}

TEST(PageChoice, IsNotChangedByAPaperThatWasAskedForAndIsNotThere) {
  storage::GenerationRow nothing = made(4, 3, CaptureState::failed);
  nothing.error = R"({"code": "request.bad_argument"})";
  EXPECT_THAT(standing_pages(std::vector{made(2, 1), made(3, 2), nothing}), ElementsAre(2, 3));
}

TEST(PageChoice, TakesTheNewestOfEachPaperThatIsReady) {
  const std::vector<storage::GenerationRow> later{made(2, 1),
                                                  made(3, 2),
                                                  made(4, 2),
                                                  made(5, 1, CaptureState::failed),
                                                  made(6, 2, CaptureState::ready, 9000),
                                                  made(7, 1, CaptureState::captured)};
  EXPECT_THAT(standing_pages(later), ElementsAre(2, 4));
  EXPECT_EQ(whole_page(later), 1);
}

TEST(PageChoice, IsTheWholePictureOnceItWasMadeAnewAfterThePapersAndThePapersOnceOneOfThemWasAfterThat) {
  std::vector<storage::GenerationRow> later{made(2, 1), made(3, 2), made(4, 0)};
  EXPECT_THAT(standing_pages(later), ElementsAre(4));
  later.push_back(made(5, 2));
  EXPECT_THAT(standing_pages(later), ElementsAre(2, 5));
}

}  // namespace
}  // namespace quay::daemon::jobs
