// SPDX-License-Identifier: Apache-2.0
// The promise under fire: whenever quayd, its workers or the power go, no acknowledged page is lost, doubled, half or
// another sheet's. ctest runs a share of the moments; `./dev faults` as many as asked for, and writes the figures down.
#include <cstdlib>
#include <fstream>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/faults/trial.hpp"

namespace quay::faults {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

const Control& control() {
  static const Control the_one = measure();
  return the_one;
}

void write_down(const std::string& what, std::uint64_t trials, const Broken& broken) {
  const std::string line = fmt::format("| {} | {} | {} |\n", what, trials, broken.text());
  std::printf("%s", line.c_str());
  if (const char* file = std::getenv("QUAY_FAULTS_RESULTS")) {
    std::ofstream(file, std::ios::app) << line;
  }
}

class KillAtAnyMoment : public testing::TestWithParam<Victim> {};

TEST_P(KillAtAnyMoment, LosesNothingThatWasAcknowledged) {
  const std::uint64_t trials = setting("QUAY_FAULTS_KILLS", 4);
  std::mt19937 chance(static_cast<std::mt19937::result_type>(setting("QUAY_FAULTS_SEED", 1)));
  Broken total;
  for (std::uint64_t trial = 0; trial < trials; ++trial) {
    const auto longest = setting("QUAY_FAULTS_WITHIN_MS", static_cast<std::uint64_t>(control().duration.count()));
    const Milliseconds moment(
        static_cast<Milliseconds::rep>(std::uniform_int_distribution(std::uint64_t{0}, longest)(chance)));
    const Broken broken = kill_at(GetParam(), moment, control());
    EXPECT_TRUE(broken.none()) << name_of(GetParam()) << " killed after " << moment.count() << " ms: " << broken.text()
                               << "\n"
                               << broken.story;
    total += broken;
  }
  write_down(fmt::format("SIGKILL of {} at a random moment", name_of(GetParam())), trials, total);
}

INSTANTIATE_TEST_SUITE_P(Victims, KillAtAnyMoment, testing::ValuesIn(kVictims), [](const auto& row) {
  return std::string(name_of(row.param)).substr(row.param == Victim::scanner || row.param == Victim::imaging ? 5 : 0);
});

/// About `trials` changes of the disk, spread evenly; 0: every one. Several programs can share the work.
void walk_changes(const std::string& what, std::optional<Unsynced> power, std::uint64_t trials) {
  ASSERT_GT(control().disk_changes, 200U) << "the changes are not seen";
  const std::uint64_t share = setting("QUAY_FAULTS_SHARE", 0);
  const std::uint64_t shares = setting("QUAY_FAULTS_SHARES", 1);
  const std::uint64_t sparse = trials == 0 ? 1 : std::max<std::uint64_t>(1, control().disk_changes / trials);
  const std::uint64_t step = sparse * shares;
  Broken total;
  std::uint64_t done = 0;
  for (std::uint64_t change = 1 + share * sparse + setting("QUAY_FAULTS_SEED", 1) % sparse;
       change <= control().disk_changes; change += step, ++done) {
    const Broken broken = die_at_change({change, power}, control());
    EXPECT_TRUE(broken.none()) << what << " before change " << change << ": " << broken.text();
    total += broken;
  }
  const std::string part = shares > 1 ? fmt::format(", part {} of {}", share + 1, shares) : "";
  write_down(what + fmt::format(" ({} changes a scan{})", control().disk_changes, part), done, total);
}

TEST(KillBeforeAnyDiskChange, LosesNothingThatWasAcknowledged) {
  walk_changes("SIGKILL of quayd before a change of the disk", std::nullopt, setting("QUAY_FAULTS_CHANGES", 6));
}

TEST(PowerCut, LosesNothingWhenAllThatWasNotSyncedGoes) {
  walk_changes("power cut, all unsynced writes lost", Unsynced::lost, setting("QUAY_FAULTS_CUTS", 6));
}

TEST(PowerCut, LosesNothingWhenSomeOfWhatWasNotSyncedGoes) {
  walk_changes("power cut, unsynced writes lost by chance", Unsynced::by_chance, setting("QUAY_FAULTS_CUTS", 6));
}

TEST(PowerCut, IsSeenToLosePagesWhenTheDiskLies) {
  const Death death{control().disk_changes * 9 / 10, Unsynced::lost, "/spool/"};
  const Broken broken = die_at_change(death, control());
  EXPECT_GT(broken.lost + broken.half + broken.unfinished, 0) << "these tests could not fail";
}

}  // namespace
}  // namespace quay::faults
