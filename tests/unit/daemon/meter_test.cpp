// SPDX-License-Identifier: Apache-2.0
// The text of the metrics, byte for byte, and what keeps a family from growing without end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "daemon/core/meter.hpp"

namespace quay::daemon::core {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(MetricTable, NamesFollowTheConventionsOfPrometheus) {
  std::set<std::string_view> names;
  for (const MetricRow& row : metric_table()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(row.name.starts_with("quay_")) << row.name << ": beside node_exporter's own in one file";
    EXPECT_EQ(row.name.ends_with("_total"), row.kind == MetricKind::counter) << row.name;
    EXPECT_EQ(row.bounds.empty(), row.kind != MetricKind::histogram) << row.name;
    EXPECT_TRUE(std::is_sorted(row.bounds.begin(), row.bounds.end())) << row.name;
    EXPECT_TRUE(row.help.ends_with('.')) << row.name;
    if (row.kind == MetricKind::histogram) {
      EXPECT_TRUE(row.name.ends_with("_seconds")) << row.name;
    }
  }
}

TEST(Meter, WritesHelpTypeAndSeriesInTheOrderOfTheTable) {
  Meter meter;
  meter.set(Metric::visits_open, {}, 2);
  meter.add(Metric::jobs, {"scan", "failed"});
  meter.add(Metric::jobs, {"scan", "done"}, 3);
  EXPECT_THAT(meter.text(), HasSubstr("# HELP quay_jobs_total Jobs that are over.\n"
                                      "# TYPE quay_jobs_total counter\n"
                                      "quay_jobs_total{kind=\"scan\",state=\"done\"} 3\n"
                                      "quay_jobs_total{kind=\"scan\",state=\"failed\"} 1\n"));
  EXPECT_THAT(meter.text(), HasSubstr("# TYPE quay_visits_open gauge\nquay_visits_open 2\n"));
  EXPECT_LT(meter.text().find("quay_jobs_total"), meter.text().find("quay_visits_open"));
  EXPECT_TRUE(meter.text().ends_with('\n'));
}

TEST(Meter, AFamilyThatSaysNothingYetIsLeftOutAndACounterWithoutLabelsBeginsWithZero) {
  const Meter meter;
  EXPECT_THAT(meter.text(), Not(HasSubstr("quay_jobs_total")));
  EXPECT_THAT(meter.text(), Not(HasSubstr("quay_visits_open ")));
  EXPECT_THAT(meter.text(), HasSubstr("\nquay_visits_opened_total 0\n"));
  EXPECT_THAT(meter.text(), HasSubstr("\nquay_command_duration_seconds_count 0\n"));
}

TEST(Meter, EscapesWhatWouldEndALabelOrALine) {
  Meter meter;
  meter.add(Metric::events, {"a\\b\"c\nd"});
  EXPECT_THAT(meter.text(), HasSubstr("quay_events_total{topic=\"a\\\\b\\\"c\\nd\"} 1\n"));
}

TEST(Meter, AHistogramCountsUpToEachBoundIncludedAndAllInTheLast) {
  Meter meter;
  for (const double seconds : {0.001, 0.0011, 3.0, 99.0}) {
    meter.observe(Metric::command_seconds, {}, seconds);
  }
  const std::string text = meter.text();
  EXPECT_THAT(text, HasSubstr("quay_command_duration_seconds_bucket{le=\"0.001\"} 1\n"
                              "quay_command_duration_seconds_bucket{le=\"0.0025\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("quay_command_duration_seconds_bucket{le=\"2.5\"} 2\n"
                              "quay_command_duration_seconds_bucket{le=\"10\"} 3\n"
                              "quay_command_duration_seconds_bucket{le=\"+Inf\"} 4\n"
                              "quay_command_duration_seconds_sum 102.0021\n"
                              "quay_command_duration_seconds_count 4\n"));
}

TEST(Meter, AHistogramWithLabelsKeepsThemBesideTheBound) {
  Meter meter;
  meter.observe(Metric::page_ready_seconds, {"scanner"}, 1);
  EXPECT_THAT(meter.text(), HasSubstr("quay_page_ready_seconds_bucket{source=\"scanner\",le=\"1\"} 1\n"));
  EXPECT_THAT(meter.text(), HasSubstr("quay_page_ready_seconds_count{source=\"scanner\"} 1\n"));
}

TEST(Meter, WhateverItIsFedAFamilyStaysSmall) {
  Meter meter;
  for (std::size_t i = 0; i < 2 * kMostSeries; ++i) {
    meter.add(Metric::events, {"topic" + std::to_string(i)});
  }
  meter.add(Metric::events, {"topic0"});
  const std::string text = meter.text();
  EXPECT_THAT(text, HasSubstr("quay_events_total{topic=\"other\"} 300\n"));
  EXPECT_THAT(text, HasSubstr("quay_events_total{topic=\"topic0\"} 2\n")) << "what was known stays known";
  std::size_t lines = 0;
  for (std::size_t at = text.find("quay_events_total{"); at != std::string::npos;
       at = text.find("quay_events_total{", at + 1)) {
    ++lines;
  }
  EXPECT_EQ(lines, kMostSeries + 1);
}

TEST(Meter, AGaugeOfWhatIsGoneGoesToo) {
  Meter meter;
  meter.set(Metric::device_status, {"scanner-1", "scanner", "ready"}, 1);
  meter.clear(Metric::device_status);
  meter.set(Metric::device_status, {"scanner-2", "scanner", "ready"}, 1);
  EXPECT_THAT(meter.text(), Not(HasSubstr("scanner-1")));
}

TEST(Meter, ACounterNeverGoesBackAndAMetricIsOnlyFedAsItIs) {
  Meter meter;
  meter.add(Metric::pages_discarded, {}, 2);
  meter.add(Metric::pages_discarded, {}, -1);
  EXPECT_THAT(meter.text(), HasSubstr("quay_pages_discarded_total 2\n"));
  EXPECT_THROW(meter.add(Metric::jobs, {"scan"}), std::logic_error) << "a label is missing";
  EXPECT_THROW(meter.set(Metric::pages_discarded, {}, 1), std::logic_error) << "a counter is no gauge";
}

}  // namespace
}  // namespace quay::daemon::core
