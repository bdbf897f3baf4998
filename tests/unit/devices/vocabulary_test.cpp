// SPDX-License-Identifier: Apache-2.0
// The words real backends use, collected from their option listings, and what quay takes them for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "devices/scanner/vocabulary.hpp"

namespace quay::scanner {
namespace {

using protocol::ScanMode;
using protocol::ScanSource;
using testing::Optional;
using Names = std::vector<std::string>;

struct Device {
  const char* backend;
  Names sources;
  std::optional<std::string> flatbed;
  std::optional<std::string> adf;
  std::optional<std::string> duplex;
};

const std::optional<std::string> kNone;

const Device kDevices[] = {
    {"airscan", {"Flatbed", "ADF", "ADF Duplex"}, "Flatbed", "ADF", "ADF Duplex"},
    {"fujitsu fi-7260", {"Flatbed", "ADF Front", "ADF Back", "ADF Duplex"}, "Flatbed", "ADF Front", "ADF Duplex"},
    {"fujitsu ScanSnap S1500", {"ADF Front", "ADF Back", "ADF Duplex"}, kNone, "ADF Front", "ADF Duplex"},
    {"fujitsu with card slot",
     {"Flatbed", "ADF Front", "ADF Back", "ADF Duplex", "Card Front", "Card Back", "Card Duplex"},
     "Flatbed",
     "ADF Front",
     "ADF Duplex"},
    {"pixma",
     {"Flatbed", "Automatic Document Feeder", "ADF Duplex"},
     "Flatbed",
     "Automatic Document Feeder",
     "ADF Duplex"},
    {"pixma with film", {"Flatbed", "Negative color film", "Transparency Unit"}, "Flatbed", kNone, kNone},
    {"epson2", {"Flatbed", "Automatic Document Feeder"}, "Flatbed", "Automatic Document Feeder", kNone},
    {"epsonds", {"Flatbed", "ADF Front", "ADF Duplex"}, "Flatbed", "ADF Front", "ADF Duplex"},
    {"brother4",
     {"FlatBed", "Automatic Document Feeder(left aligned)", "Automatic Document Feeder(left aligned,Duplex)",
      "Automatic Document Feeder(centrally aligned)", "Automatic Document Feeder(centrally aligned,Duplex)"},
     "FlatBed",
     "Automatic Document Feeder(left aligned)",
     "Automatic Document Feeder(left aligned,Duplex)"},
    {"hpaio", {"Auto", "Flatbed", "ADF", "Duplex", "Camera"}, "Flatbed", "ADF", "Duplex"},
    {"hp5590", {"Flatbed", "ADF", "ADF Duplex", "TMA Slides", "TMA Negatives"}, "Flatbed", "ADF", "ADF Duplex"},
    {"xerox_mfp", {"Auto", "Flatbed", "ADF Simplex", "ADF Duplex"}, "Flatbed", "ADF Simplex", "ADF Duplex"},
    {"older escl", {"Platen", "Adf", "Adf Duplex"}, "Platen", "Adf", "Adf Duplex"},
    {"avision", {"Normal", "Transparency", "ADF Front", "ADF Back", "ADF Duplex"}, "Normal", "ADF Front", "ADF Duplex"},
    {"genesys", {"Flatbed", "Transparency Adapter"}, "Flatbed", kNone, kNone},
    {"snapscan", {"Flatbed", "Transparency Adapter", "Document Feeder"}, "Flatbed", "Document Feeder", kNone},
    {"kvs40xx", {"adf", "fb"}, "fb", "adf", kNone},
    {"utsushi", {"Document Table", "ADF"}, "Document Table", "ADF", kNone},
    {"back side alone", {"ADF Back Simplex"}, kNone, kNone, kNone},
};

TEST(Vocabulary, FindsTheSourcesOfRealBackends) {
  for (const Device& device : kDevices) {
    SCOPED_TRACE(device.backend);
    EXPECT_EQ(find_source(device.sources, ScanSource::flatbed), device.flatbed);
    EXPECT_EQ(find_source(device.sources, ScanSource::adf), device.adf);
    EXPECT_EQ(find_source(device.sources, ScanSource::adf_duplex), device.duplex);
  }
}

TEST(Vocabulary, TellsTheMeaningsApart) {
  EXPECT_EQ(meaning_of_source("Auto"), SourceMeaning::automatic);
  EXPECT_EQ(meaning_of_source("Automatic"), SourceMeaning::automatic);
  EXPECT_EQ(meaning_of_source("Automatic Document Feeder"), SourceMeaning::feeder);
  EXPECT_EQ(meaning_of_source("ADF Manual Duplex"), SourceMeaning::other);
  EXPECT_EQ(meaning_of_source("Card Duplex"), SourceMeaning::other);
  EXPECT_EQ(meaning_of_source(""), SourceMeaning::other);
}

struct Modes {
  const char* backend;
  Names modes;
  std::optional<std::string> color;
  std::optional<std::string> gray;
  std::optional<std::string> bitonal;
};

const Modes kModes[] = {
    {"airscan", {"Color", "Gray"}, "Color", "Gray", kNone},
    {"fujitsu", {"Lineart", "Halftone", "Gray", "Color"}, "Color", "Gray", "Lineart"},
    {"pixma", {"Color", "Gray", "48 bits color", "16 bits gray", "Lineart"}, "Color", "Gray", "Lineart"},
    {"brother4",
     {"Black & White", "Gray[Error Diffusion]", "True Gray", "24bit Color", "24bit Color[Fast]"},
     "24bit Color",
     "True Gray",
     "Black & White"},
    {"brother5, no other",
     {"24bit Color[Fast]", "Black & White", "True Gray", "Gray[Error Diffusion]"},
     "24bit Color[Fast]",
     "True Gray",
     "Black & White"},
    {"epson2", {"Binary", "Gray", "Color"}, "Color", "Gray", "Binary"},
    {"utsushi", {"Monochrome", "Grayscale", "Color"}, "Color", "Grayscale", "Monochrome"},
    {"hp5590", {"Color", "Color (48 bits)", "Gray", "Lineart"}, "Color", "Gray", "Lineart"},
    {"xerox_mfp",
     {"Black & White - Line Art", "Grayscale - 256 Levels", "Color - 16 Million Colors", "Black & White - Halftone"},
     "Color - 16 Million Colors",
     "Grayscale - 256 Levels",
     "Black & White - Line Art"},
    {"kvs20xx", {"bw", "halftone", "gray", "color"}, "color", "gray", "bw"},
    {"british", {"Colour", "Grey", "Black and White"}, "Colour", "Grey", "Black and White"},
    {"umax", {"Lineart", "Halftone", "Gray", "Color Lineart", "Color Halftone"}, kNone, "Gray", "Lineart"},
};

TEST(Vocabulary, FindsTheModesOfRealBackends) {
  for (const Modes& device : kModes) {
    SCOPED_TRACE(device.backend);
    EXPECT_EQ(find_mode(device.modes, ScanMode::color), device.color);
    EXPECT_EQ(find_mode(device.modes, ScanMode::gray), device.gray);
    EXPECT_EQ(find_mode(device.modes, ScanMode::bitonal), device.bitonal);
  }
}

TEST(Vocabulary, FallsBackToWhatLosesLeast) {
  EXPECT_THAT(acceptable_modes(ScanMode::bitonal),
              testing::ElementsAre(ScanMode::bitonal, ScanMode::gray, ScanMode::color));
  EXPECT_THAT(acceptable_modes(ScanMode::gray),
              testing::ElementsAre(ScanMode::gray, ScanMode::color, ScanMode::bitonal));
  EXPECT_THAT(acceptable_modes(ScanMode::color),
              testing::ElementsAre(ScanMode::color, ScanMode::gray, ScanMode::bitonal));
}

TEST(Vocabulary, FindsTheSidesOptionOfEpson2) {
  EXPECT_THAT(find_sides({"Simplex", "Duplex"}, true), Optional(std::string("Duplex")));
  EXPECT_THAT(find_sides({"Simplex", "Duplex"}, false), Optional(std::string("Simplex")));
  EXPECT_EQ(find_sides({"Normal"}, true), std::nullopt);
}

}  // namespace
}  // namespace quay::scanner
