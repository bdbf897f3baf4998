// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/scanner/escl_documents.hpp"

#include <gmock/gmock.h>

namespace quay::rig {
namespace {

constexpr BedSize kBed{2551, 3567};

std::string settings_xml(const std::string& inner) {
  return "<scan:ScanSettings><pwg:ScanRegions><pwg:ScanRegion><pwg:XOffset>10</pwg:XOffset><pwg:YOffset>20"
         "</pwg:YOffset><pwg:Width>2480</pwg:Width><pwg:Height>3508</pwg:Height></pwg:ScanRegion></pwg:ScanRegions>" +
         inner + "</scan:ScanSettings>";
}

constexpr const char* kFeederColour =
    "<pwg:InputSource>Feeder</pwg:InputSource><scan:ColorMode>RGB24</scan:ColorMode><scan:XResolution>200"
    "</scan:XResolution><scan:YResolution>200</scan:YResolution><scan:Duplex>true</scan:Duplex>";

TEST(EsclDocuments, SettingsCarrySourceColourResolutionAndRegion) {
  const auto settings = parse_scan_settings(settings_xml(kFeederColour), kBed);
  ASSERT_TRUE(settings);
  EXPECT_TRUE(settings->feeder);
  EXPECT_TRUE(settings->duplex);
  EXPECT_EQ(settings->picture.dpi, 200);
  EXPECT_EQ(settings->picture.format, PixelFormat::rgb);
  EXPECT_EQ(settings->picture.region, (Region{10, 20, 2480, 3508}));
}

TEST(EsclDocuments, SettingsWithoutARegionMeanTheWholeBed) {
  const auto settings = parse_scan_settings(kFeederColour, kBed);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->picture.region, (Region{0, 0, kBed.width, kBed.height}));
}

TEST(EsclDocuments, WhatTheScannerCannotDoIsRefusedByTheElementsName) {
  const auto refusal = [](std::string from, const std::string& to) {
    std::string xml = settings_xml(kFeederColour);
    xml.replace(xml.find(from), from.size(), to);
    const auto settings = parse_scan_settings(xml, kBed);
    return settings ? std::string("accepted") : settings.error().detail;
  };
  EXPECT_THAT(refusal("Feeder", "Camera"), testing::HasSubstr("InputSource"));
  EXPECT_THAT(refusal("RGB24", "BlackAndWhite1"), testing::HasSubstr("ColorMode"));
  EXPECT_THAT(refusal("<scan:XResolution>200", "<scan:XResolution>201"), testing::HasSubstr("XResolution"));
  EXPECT_THAT(refusal("2480", "9999"), testing::HasSubstr("ScanRegion"));
  EXPECT_THAT(refusal("3508", "0"), testing::HasSubstr("ScanRegion"));
}

TEST(EsclDocuments, CutOffXmlIsRefused) {
  const std::string whole = settings_xml(kFeederColour);
  const std::string last_needed = "<scan:YResolution>200";
  for (std::size_t length = 0; length < whole.find(last_needed) + last_needed.size(); ++length) {
    EXPECT_FALSE(parse_scan_settings(whole.substr(0, length), kBed)) << length;
  }
}

TEST(EsclDocuments, CapabilitiesNameTheDeviceAndTheSizeOfTheBed) {
  TypePlate plate;
  plate.serial_number = "S-42";
  const std::string xml = capabilities_xml(plate, kBed);
  EXPECT_THAT(xml, testing::HasSubstr("<pwg:SerialNumber>S-42</pwg:SerialNumber>"));
  EXPECT_THAT(xml, testing::HasSubstr("<scan:MaxWidth>2551</scan:MaxWidth>"));
  EXPECT_THAT(xml, testing::HasSubstr("AdfDuplexInputCaps"));
}

TEST(EsclDocuments, StatusListsTheJobWithItsState) {
  const std::string xml = status_xml({"Idle", "ScannerAdfJam", {{"j1", "Aborted", "AbortedBySystem", 2}}});
  EXPECT_THAT(xml, testing::HasSubstr("<scan:AdfState>ScannerAdfJam</scan:AdfState>"));
  EXPECT_THAT(xml, testing::HasSubstr("<pwg:JobState>Aborted</pwg:JobState>"));
  EXPECT_THAT(xml, testing::HasSubstr("<pwg:ImagesCompleted>2</pwg:ImagesCompleted>"));
}

}  // namespace
}  // namespace quay::rig
