// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/scanner/scanner_model.hpp"

#include <gmock/gmock.h>

namespace quay::rig {
namespace {

class Scanner : public testing::Test {
 protected:
  static ScanSettings feeder(bool duplex = false) { return {true, duplex, {300, PixelFormat::rgb, {0, 0, 10, 10}}}; }

  std::string create(const ScanSettings& settings) {
    const auto outcome = model_.create_job(settings);
    return std::holds_alternative<JobId>(outcome) ? std::get<JobId>(outcome).value : std::string{};
  }

  int refusal_of_job(const ScanSettings& settings) {
    const auto outcome = model_.create_job(settings);
    return std::holds_alternative<Refusal>(outcome) ? std::get<Refusal>(outcome).http_status : 201;
  }

  /// The picture's number, or minus the HTTP status.
  int next(const std::string& job) {
    const auto outcome = model_.next_page(job);
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
      return -refusal->http_status;
    }
    model_.finish_page(PageEnd::delivered);
    return static_cast<int>(std::get<PageOrder>(outcome).picture);
  }

  void set_fault(const char* text) { model_.set_fault(parse_fault(text).value()); }

  ScannerModel model_{{.sheets = 3}, [](const std::string&) {}};
};

TEST_F(Scanner, FeedsEverySheetOnceAndThenIsEmpty) {
  const std::string job = create(feeder());
  EXPECT_EQ(next(job), 0);
  EXPECT_EQ(next(job), 1);
  EXPECT_EQ(next(job), 2);
  EXPECT_EQ(next(job), -404);
  EXPECT_EQ(model_.status().adf_state, "ScannerAdfEmpty");
  EXPECT_EQ(model_.status().state, "Idle");
  EXPECT_EQ(refusal_of_job(feeder()), 409);
}

TEST_F(Scanner, ScansBothSidesOfASheetInTurn) {
  const std::string job = create(feeder(true));
  for (int picture = 0; picture < 6; ++picture) {
    EXPECT_EQ(next(job), picture);
  }
  EXPECT_EQ(next(job), -404);
}

TEST_F(Scanner, GivesThePageOnTheGlassOnceAJob) {
  model_.place(4);
  const std::string job = create({false, false, {}});
  EXPECT_EQ(next(job), 4);
  EXPECT_EQ(next(job), -404);
  EXPECT_EQ(model_.status_line().substr(0, 8), "sheets=3");
}

TEST_F(Scanner, ReloadingStartsWithTheFirstPictureAgain) {
  next(create(feeder()));
  model_.load(2);
  const std::string job = create(feeder());
  EXPECT_EQ(next(job), 0);
  EXPECT_EQ(next(job), 1);
  EXPECT_EQ(next(job), -404);
}

TEST_F(Scanner, ReloadingBetweenTheSidesOfASheetForgetsTheBackSide) {
  const std::string job = create(feeder(true));
  EXPECT_EQ(next(job), 0);
  model_.load(1);
  EXPECT_EQ(next(job), 0);
  EXPECT_EQ(next(job), 1);
  EXPECT_EQ(next(job), -404);
}

TEST_F(Scanner, AJobThatAsksWhileAPageIsOnItsWayIsBusyAndAnIdleOneIsReplaced) {
  const std::string first = create(feeder());
  ASSERT_TRUE(std::holds_alternative<PageOrder>(model_.next_page(first)));
  EXPECT_EQ(refusal_of_job(feeder()), 503);
  model_.finish_page(PageEnd::delivered);
  EXPECT_EQ(refusal_of_job(feeder()), 201);
  EXPECT_EQ(next(first), -404);
}

TEST_F(Scanner, ABrokenPageAbortsTheJob) {
  const std::string job = create(feeder());
  ASSERT_TRUE(std::holds_alternative<PageOrder>(model_.next_page(job)));
  model_.finish_page(PageEnd::broken);
  EXPECT_EQ(model_.status().state, "Idle");
  EXPECT_EQ(model_.status().jobs.at(0).state, "Aborted");
  EXPECT_EQ(next(job), -404);
}

TEST_F(Scanner, AJamStaysUntilItIsHealedAndKeepsTheSheet) {
  set_fault("jam page=2");
  const std::string job = create(feeder());
  EXPECT_EQ(next(job), 0);
  EXPECT_EQ(next(job), -409);
  EXPECT_EQ(model_.status().adf_state, "ScannerAdfJam");
  EXPECT_EQ(refusal_of_job(feeder()), 409);
  set_fault("none");
  EXPECT_EQ(model_.status().adf_state, "ScannerAdfLoaded");
  EXPECT_EQ(next(create(feeder())), 1);
}

TEST_F(Scanner, FeederTroubleDoesNotStopTheGlass) {
  set_fault("jam");
  EXPECT_EQ(next(create({false, false, {}})), 0);
}

TEST_F(Scanner, ALostJobSaysNotFoundWhileSheetsAreLoaded) {
  set_fault("lost-pages page=2");
  const std::string job = create(feeder());
  EXPECT_EQ(next(job), 0);
  EXPECT_EQ(next(job), -404);
  EXPECT_EQ(model_.status().adf_state, "ScannerAdfLoaded");
}

TEST_F(Scanner, AFaultWithTimesHealsItself) {
  set_fault("post-503 times=2");
  EXPECT_EQ(refusal_of_job(feeder()), 503);
  EXPECT_EQ(refusal_of_job(feeder()), 503);
  EXPECT_EQ(refusal_of_job(feeder()), 201);
}

TEST_F(Scanner, BusyForSecondsTakesNoSheet) {
  set_fault("next-503 page=1 seconds=600");
  const std::string job = create(feeder());
  EXPECT_EQ(next(job), -503);
  EXPECT_EQ(next(job), -503);
  set_fault("none");
  EXPECT_EQ(next(job), 0);
}

TEST_F(Scanner, PacedPagesPassOneAfterTheOther) {
  model_.set_pages_per_minute(60);
  const std::string job = create(feeder());
  const auto first = std::get<PageOrder>(model_.next_page(job));
  model_.finish_page(PageEnd::delivered);
  const auto second = std::get<PageOrder>(model_.next_page(job));
  EXPECT_EQ(first.page_time, std::chrono::seconds(1));
  EXPECT_EQ(second.scan_start - first.scan_start, std::chrono::seconds(1));
}

TEST_F(Scanner, ADeletedJobIsCancelledAndAForeignOneUnknown) {
  const std::string job = create(feeder());
  EXPECT_FALSE(model_.delete_job("other"));
  EXPECT_TRUE(model_.delete_job(job));
  EXPECT_EQ(next(job), -404);
  EXPECT_EQ(model_.status().jobs.at(0).state, "Canceled");
}

}  // namespace
}  // namespace quay::rig
