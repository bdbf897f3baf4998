// SPDX-License-Identifier: Apache-2.0
// Options as real devices list them (fujitsu fi-7260, brother ADS-1600W, epson WF-3520, a flatbed without a word about
// sources): constraints, sources, capabilities, refusals. What needs a live backend is in scanner_worker_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "devices/scanner/describe.hpp"
#include "devices/scanner/settings.hpp"

namespace quay::scanner {
namespace {

using protocol::ScanSource;
using testing::ElementsAre;

Option number(const char* name, Constraint constraint, SANE_Unit unit = SANE_UNIT_MM) {
  Option option{1, name, OptionType::fixed, unit, sizeof(SANE_Word), true, true, {}};
  option.constraint = std::move(constraint);
  return option;
}

Option texts(const char* name, TextList values) {
  Option option{1, name, OptionType::text, SANE_UNIT_NONE, 64, true, true, {}};
  option.constraint = std::move(values);
  return option;
}

Option flag(const char* name) {
  return {1, name, OptionType::boolean, SANE_UNIT_NONE, sizeof(SANE_Word), true, true, {}};
}

TEST(Constraints, RangesAreClampedAndStepped) {
  const Constraint fujitsu_width = NumberRange{0, 224.846, 0.0211639};
  EXPECT_NEAR(nearest_allowed(fujitsu_width, 210), 210, 0.011);
  EXPECT_NEAR(nearest_allowed(fujitsu_width, 300), 224.846, 0.022);
  EXPECT_LE(nearest_allowed(fujitsu_width, 300), 224.846 + 1e-9);
  EXPECT_DOUBLE_EQ(nearest_allowed(NumberRange{50, 600, 1}, 20), 50);
  EXPECT_DOUBLE_EQ(nearest_allowed(NumberRange{0, 215.9, 0}, 210.123), 210.123);
}

TEST(Constraints, ListsGiveTheNearestByRatioAndTheLargerOfTwo) {
  EXPECT_DOUBLE_EQ(nearest_allowed(NumberList{75, 100, 200, 300, 600}, 300), 300);
  EXPECT_DOUBLE_EQ(nearest_allowed(NumberList{200, 400}, 300), 400);
  EXPECT_DOUBLE_EQ(nearest_allowed(NumberList{100, 300}, 200), 300);
  EXPECT_DOUBLE_EQ(nearest_allowed(NumberList{150, 600}, 300), 600) << "equally far: the larger";
  EXPECT_DOUBLE_EQ(nearest_allowed(NumberList{200}, 1200), 200);
}

TEST(Constraints, NoConstraintTakesAnything) {
  EXPECT_DOUBLE_EQ(nearest_allowed({}, 123.4), 123.4);
  EXPECT_FALSE(bounds_of({}));
  EXPECT_DOUBLE_EQ(bounds_of(NumberList{300, 75, 600})->min, 75);
  EXPECT_DOUBLE_EQ(bounds_of(NumberList{300, 75, 600})->max, 600);
}

TEST(Sources, ComeFromTheSourceOption) {
  EXPECT_THAT(sources_of({texts("source", {"Flatbed", "ADF Front", "ADF Back", "ADF Duplex"})}),
              ElementsAre(ScanSource::flatbed, ScanSource::adf, ScanSource::adf_duplex));
  EXPECT_THAT(sources_of({texts("source", {"Flatbed", "Transparency Adapter"})}), ElementsAre(ScanSource::flatbed));
}

TEST(Sources, TakeASeparateSidesOptionIntoAccount) {
  const Option source = texts("source", {"Flatbed", "Automatic Document Feeder"});
  EXPECT_THAT(sources_of({source, texts("adf-mode", {"Simplex", "Duplex"})}),
              ElementsAre(ScanSource::flatbed, ScanSource::adf, ScanSource::adf_duplex));
  EXPECT_THAT(sources_of({source, flag("duplex")}),
              ElementsAre(ScanSource::flatbed, ScanSource::adf, ScanSource::adf_duplex));
  EXPECT_THAT(sources_of({source}), ElementsAre(ScanSource::flatbed, ScanSource::adf));
}

TEST(Sources, ADeviceWithoutAWordAboutItIsAFlatbed) {
  EXPECT_THAT(sources_of({}), ElementsAre(ScanSource::flatbed));
  EXPECT_THAT(sources_of({texts("source", {"Strange", "Words"})}), ElementsAre(ScanSource::flatbed));
}

TEST(Sources, ADeviceThatOnlySensesPaperIsAFeeder) {
  EXPECT_THAT(sources_of({flag("page-loaded")}), ElementsAre(ScanSource::adf));
  EXPECT_THAT(sources_of({flag("duplex")}), ElementsAre(ScanSource::adf, ScanSource::adf_duplex));
}

TEST(SourcesToTry, AutomaticAsksTheFeederFirstUnlessTheSensorSaysItIsEmpty) {
  const std::vector all{ScanSource::flatbed, ScanSource::adf, ScanSource::adf_duplex};
  EXPECT_THAT(*sources_to_try(ScanSource::automatic, all, std::nullopt),
              ElementsAre(ScanSource::adf, ScanSource::flatbed));
  EXPECT_THAT(*sources_to_try(ScanSource::automatic, all, true), ElementsAre(ScanSource::adf, ScanSource::flatbed));
  EXPECT_THAT(*sources_to_try(ScanSource::automatic, all, false), ElementsAre(ScanSource::flatbed));
  EXPECT_THAT(*sources_to_try(ScanSource::automatic, {ScanSource::adf}, false), ElementsAre(ScanSource::adf));
  EXPECT_THAT(*sources_to_try(ScanSource::automatic, {ScanSource::flatbed}, std::nullopt),
              ElementsAre(ScanSource::flatbed));
}

TEST(SourcesToTry, ASourceTheDeviceLacksIsRefused) {
  const auto refused = sources_to_try(ScanSource::adf_duplex, {ScanSource::flatbed, ScanSource::adf}, std::nullopt);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::device_unsupported);
  EXPECT_THAT(refused.error().detail, testing::HasSubstr("adf_duplex"));
}

TEST(CheckSettings, RefusesWhatNoScannerCanMean) {
  protocol::ScanSettings settings;
  EXPECT_TRUE(check_settings(settings));
  settings.width_mm = settings.height_mm = 0;
  EXPECT_TRUE(check_settings(settings)) << "0 means all there is";
  for (const int dpi : {0, -300, 100'000}) {
    protocol::ScanSettings bad = settings;
    bad.resolution_dpi = dpi;
    EXPECT_EQ(check_settings(bad).error().code, Errc::device_invalid_setting) << dpi;
  }
  for (const double length : {-1.0, 1e9, std::numeric_limits<double>::quiet_NaN()}) {
    protocol::ScanSettings bad = settings;
    bad.height_mm = length;
    EXPECT_EQ(check_settings(bad).error().code, Errc::device_invalid_setting) << length;
  }
}

TEST(Capabilities, ListsAreSortedAndBounded) {
  protocol::ScannerCapabilities capabilities;
  add_resolutions(number("resolution", NumberList{600, 100, 300}, SANE_UNIT_DPI), capabilities);
  EXPECT_THAT(capabilities.resolutions_dpi, ElementsAre(100, 300, 600));
  EXPECT_EQ(capabilities.min_resolution_dpi, 100);
  EXPECT_EQ(capabilities.max_resolution_dpi, 600);
}

TEST(Capabilities, ARangeHasNoList) {
  protocol::ScannerCapabilities capabilities;
  add_resolutions(number("resolution", NumberRange{50, 600, 1}, SANE_UNIT_DPI), capabilities);
  EXPECT_THAT(capabilities.resolutions_dpi, testing::IsEmpty());
  EXPECT_EQ(capabilities.min_resolution_dpi, 50);
  EXPECT_EQ(capabilities.max_resolution_dpi, 600);
}

TEST(Descriptors, BecomeValues) {
  const SANE_Word list[] = {3, SANE_FIX(75), SANE_FIX(150), SANE_FIX(300)};
  SANE_Option_Descriptor descriptor{};
  descriptor.name = "resolution";
  descriptor.type = SANE_TYPE_FIXED;
  descriptor.unit = SANE_UNIT_DPI;
  descriptor.size = sizeof(SANE_Word);
  descriptor.cap = SANE_CAP_SOFT_SELECT | SANE_CAP_SOFT_DETECT;
  descriptor.constraint_type = SANE_CONSTRAINT_WORD_LIST;
  descriptor.constraint.word_list = list;
  const Option option = to_option(descriptor, 7);
  EXPECT_EQ(option.index, 7);
  EXPECT_TRUE(option.settable);
  EXPECT_TRUE(option.readable);
  EXPECT_THAT(std::get<NumberList>(option.constraint), ElementsAre(75, 150, 300));
  descriptor.cap |= SANE_CAP_INACTIVE;
  EXPECT_FALSE(to_option(descriptor, 7).settable);
  descriptor.name = nullptr;
  descriptor.constraint.word_list = nullptr;
  EXPECT_THAT(std::get<NumberList>(to_option(descriptor, 7).constraint), testing::IsEmpty()) << "a sloppy backend";
}

}  // namespace
}  // namespace quay::scanner
