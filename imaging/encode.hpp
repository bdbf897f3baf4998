// SPDX-License-Identifier: Apache-2.0
// A clean page as bytes with a chosen amount of detail: what encode() does once, and the search for a byte budget
// often.
#pragma once

#include <span>

#include "imaging/page.hpp"
#include "imaging/profile.hpp"
#include "imaging/witness.hpp"

namespace quay::imaging {

/// How much of a page is kept.
struct Detail {
  Dpi dpi;             ///< at most the page's
  int quality = 60;    ///< of lossy layers, 1..100
  bool shades = true;  ///< a seal keeps its shades; else it has one colour
};

/// What a profile keeps when nothing limits it.
Detail full_detail(const CleanPage& page, const Profile& profile);

/// The page as `profile` says, `detail` of it. When `shown` is given, it becomes what a reader will see.
/// Errors: image_encode_failed.
Result<EncodedPage> encode_at(const CleanPage& page, const Profile& profile, const Detail& detail, Image* shown);

/// The page in at most profile.max_bytes with as much detail as fits: of the finest resolution at which it fits, the
/// best quality. Where not even the least legible detail fits, that is the result, with over_budget set.
/// `kept`, when given, becomes the detail that was chosen. Errors: image_encode_failed.
Result<EncodedPage> encode_within(const CleanPage& page, const Profile& profile, Detail* kept = nullptr);

/// Whether the page becomes layers of different colours, rather than one picture or one mask.
bool takes_apart(const CleanPage& page, const Profile& profile);

/// Shows what encode_at() makes of the page at `detail`: mask, layers, and the result as a reader sees it.
/// Errors: image_encode_failed.
Status show_encoding(const CleanPage& page, const Profile& profile, const Detail& detail, const Witness& witness);

/// Shares `max_bytes` among pages that take `sizes` now and cannot take less than `floors` (0: not known): the limit
/// that every page must keep to, so that the large ones give way first. 0 when even the floors are too much.
std::size_t fair_limit(std::span<const std::size_t> sizes, std::span<const std::size_t> floors, std::size_t max_bytes);

}  // namespace quay::imaging
