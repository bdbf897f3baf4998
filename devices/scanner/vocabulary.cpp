// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/vocabulary.hpp"

#include <algorithm>
#include <initializer_list>

#include "devices/scanner/sane_text.hpp"

namespace quay::scanner {
namespace {

using protocol::ScanMode;
using protocol::ScanSource;

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool is_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

SourceMeaning meaning_of(ScanSource source) {
  switch (source) {
    case ScanSource::automatic: return SourceMeaning::automatic;
    case ScanSource::flatbed: return SourceMeaning::flatbed;
    case ScanSource::adf: return SourceMeaning::feeder;
    case ScanSource::adf_duplex: return SourceMeaning::feeder_duplex;
  }
  return SourceMeaning::other;
}

/// The shortest name wins: "Color" before "Color (48 bits)", "ADF" before "ADF (left aligned)". Ties: the first.
template <class Accept>
std::optional<std::string> plainest(const std::vector<std::string>& names, Accept accept) {
  const std::string* best = nullptr;
  for (const std::string& name : names) {
    if (accept(lower(name)) && (best == nullptr || name.size() < best->size())) {
      best = &name;
    }
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

bool is_dithered(std::string_view name) { return has_any(name, {"halftone", "dither", "diffusion", "screen"}); }
bool is_deep(std::string_view name) { return has_any(name, {"48", "16 bit", "16bit", "deep", "infrared"}); }
bool says_bitonal(std::string_view name) {
  return has_any(name, {"lineart", "line art", "binary", "black & white", "black and white", "monochrome"}) ||
         is_any(name, {"bw", "b/w", "mono", "text"});
}
bool says_color(std::string_view name) { return has_any(name, {"color", "colour", "rgb"}); }
bool says_gray(std::string_view name) { return has_any(name, {"gray", "grey"}); }

bool means_mode(std::string_view name, ScanMode mode) {
  if (is_dithered(name) || is_deep(name)) {
    return false;
  }
  switch (mode) {
    case ScanMode::color: return says_color(name) && !says_bitonal(name);
    case ScanMode::gray: return says_gray(name) && !says_bitonal(name) && !says_color(name);
    case ScanMode::bitonal: return says_bitonal(name) && !says_color(name) && !says_gray(name);
  }
  return false;
}

}  // namespace

SourceMeaning meaning_of_source(std::string_view name) {
  const std::string text = lower(name);
  if (has_any(text,
              {"transparen", "tma", "tpu", "film", "slide", "negative", "positive", "camera", "card", "manual"})) {
    return SourceMeaning::other;
  }
  if (has_any(text, {"duplex", "both sides", "two-sided", "double"})) {
    return SourceMeaning::feeder_duplex;
  }
  if (has_any(text, {"back", "rear"})) {
    return SourceMeaning::other;
  }
  if (has_any(text, {"adf", "feeder", "simplex", "sheetfed"})) {
    return SourceMeaning::feeder;
  }
  if (has_any(text, {"flatbed", "flat bed", "platen", "document table", "glass"}) ||
      is_any(text, {"normal", "reflective", "fb"})) {
    return SourceMeaning::flatbed;
  }
  return is_any(text, {"auto", "automatic"}) ? SourceMeaning::automatic : SourceMeaning::other;
}

std::optional<std::string> find_source(const std::vector<std::string>& names, ScanSource source) {
  return plainest(names, [source](std::string_view name) { return meaning_of_source(name) == meaning_of(source); });
}

std::optional<std::string> find_sides(const std::vector<std::string>& names, bool duplex) {
  return plainest(names, [duplex](std::string_view name) {
    return duplex ? has_any(name, {"duplex", "both"}) : has_any(name, {"simplex", "single", "front"});
  });
}

std::optional<std::string> find_mode(const std::vector<std::string>& names, ScanMode mode) {
  return plainest(names, [mode](std::string_view name) { return means_mode(name, mode); });
}

std::vector<ScanMode> acceptable_modes(ScanMode mode) {
  switch (mode) {
    case ScanMode::color: return {ScanMode::color, ScanMode::gray, ScanMode::bitonal};
    case ScanMode::gray: return {ScanMode::gray, ScanMode::color, ScanMode::bitonal};
    case ScanMode::bitonal: return {ScanMode::bitonal, ScanMode::gray, ScanMode::color};
  }
  return {};
}

}  // namespace quay::scanner
