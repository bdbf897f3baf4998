// SPDX-License-Identifier: Apache-2.0
// The table of output profiles.
#include "imaging/profile.hpp"

#include <array>

namespace quay::imaging {
namespace {

constexpr CleanSettings kAll{};
constexpr CleanSettings kNoWhitening{.whiten = false};
constexpr CleanSettings kStrokes{.deskew = false, .orient = false, .read_codes = false};
constexpr CleanSettings kPerson{.whiten = false, .read_codes = false};
constexpr CleanSettings kUntouched{
    .keep_geometry = true, .deskew = false, .orient = false, .crop = false, .whiten = false};

constexpr std::array<Profile, 9> kProfiles{{
    {.name = "hoso", .clean = kAll, .jpeg_quality = 75},
    {.name = "photo", .clean = kNoWhitening, .jpeg_quality = 85, .layered = false},
    {.name = "card",
     .subject = Subject::cards,
     .clean = kNoWhitening,
     .jpeg_quality = 80,
     .chroma_full = true,
     .layered = false},
    {.name = "card-sides",
     .part_cards = true,
     .clean = kNoWhitening,
     .jpeg_quality = 80,
     .chroma_full = true,
     .layered = false},
    {.name = "signature", .subject = Subject::signature, .clean = kStrokes, .jpeg_quality = 85, .layered = false},
    {.name = "portrait",
     .subject = Subject::portrait,
     .print = {{30}, {40}},
     .clean = kPerson,
     .jpeg_quality = 92,
     .chroma_full = true,
     .layered = false},
    {.name = "portrait-4x6",
     .subject = Subject::portrait,
     .print = {{40}, {60}},
     .clean = kPerson,
     .jpeg_quality = 92,
     .chroma_full = true,
     .layered = false},
    {.name = "bitonal", .clean = kAll, .bitonal = true},
    {.name = "original", .clean = kUntouched, .jpeg_quality = 90, .chroma_full = true, .layered = false},
}};

}  // namespace

std::span<const Profile> profiles() { return kProfiles; }

Result<Profile> profile_named(std::string_view name) {
  std::string known;
  for (const Profile& profile : kProfiles) {
    if (profile.name == name) {
      return profile;
    }
    known += known.empty() ? "" : ", ";
    known += profile.name;
  }
  return failure(Errc::request_bad_argument, "profile", "no profile named so; there are: " + known);
}

}  // namespace quay::imaging
