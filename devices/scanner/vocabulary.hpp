// SPDX-License-Identifier: Apache-2.0
// What SANE backends call their sources and modes, and which of those words means what quay's do. SANE fixes the
// option names but not these values: sixty backends, forty spellings. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/client/device.hpp"

namespace quay::scanner {

/// What a source's name means. `other`: transparency units, card slots, back sides alone: never chosen by quay.
enum class SourceMeaning : std::uint8_t { flatbed, feeder, feeder_duplex, automatic, other };

SourceMeaning meaning_of_source(std::string_view name);

/// The name among `names` that means `source` (never ScanSource::automatic), the plainest when several do.
std::optional<std::string> find_source(const std::vector<std::string>& names, protocol::ScanSource source);

/// The value that means "both sides" (or, with `duplex` false, "one side") in an option such as "adf-mode".
std::optional<std::string> find_sides(const std::vector<std::string>& names, bool duplex);

/// The name among `names` that means `mode` exactly: no dithering, 8 bits a sample, the plainest when several do.
std::optional<std::string> find_mode(const std::vector<std::string>& names, protocol::ScanMode mode);

/// `mode` and what to fall back to when the device lacks it, best first. Never loses more than it must: bitonal can be
/// made from gray later, gray from colour.
std::vector<protocol::ScanMode> acceptable_modes(protocol::ScanMode mode);

}  // namespace quay::scanner
