// SPDX-License-Identifier: Apache-2.0
// The seam of imaging, the same for the worker under quayd and for `quayctl clean`: preview first, then clean
// (page -> page), then encode (page -> bytes), then assemble (pages -> document). Values in, values out; no files.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/image.hpp"
#include "base/result.hpp"
#include "imaging/page.hpp"
#include "imaging/profile.hpp"
#include "imaging/witness.hpp"

namespace quay::imaging {

inline constexpr std::size_t kPreviewBytes = 40 * 1024;

/// A JPEG of at most kPreviewBytes and `longest_px` on its longer side.
/// Errors: image_unreadable for an inconsistent view, image_too_large, image_encode_failed.
Result<Preview> make_preview(const ImageView& image, std::int32_t longest_px = 900);

/// Cleans one page. Image: any format and stride, borrowed. The result never lacks ink that the input had, and a blank
/// page stays a page. `witness` sees what the page looks like between the steps.
/// Errors: image_unreadable for an inconsistent view, image_too_large.
Result<CleanPage> clean(const ImageView& image, const CleanSettings& settings, const Witness& witness = {});

/// The picture as one page of the profile's subject. Errors: as clean(); card_not_found,
/// signature_not_found for profiles of those.
Result<CleanPage> make_page(const ImageView& image, const Profile& profile, const Witness& witness = {});

/// The same, but papers that lie apart on one glass become a page each, the upper ones first, with the flag "split";
/// all of them are in pixels of the whole picture. What is not surely several papers stays one page.
Result<std::vector<CleanPage>> make_pages(const ImageView& image, const Profile& profile, const Witness& witness = {});

/// How many pages make_pages() makes of the picture: 1, or as many as papers surely lie apart on the glass.
std::int32_t count_papers(const ImageView& image, const Profile& profile);

/// One of several papers on a glass: its own picture, with a strip of bare bed around, and where that lies.
struct PaperCut {
  Image picture;
  PixelBox place;  ///< in pixels of the whole picture
};

/// The paper that becomes page `number`, from 1, of make_pages(). Errors: image_unreadable for an inconsistent view,
/// image_too_large, request_bad_argument when there is no such paper.
Result<PaperCut> cut_paper(const ImageView& image, const Profile& profile, std::int32_t number);

/// The page as a single-page PDF/A-2b or a picture file, as `profile` says, in at most profile.max_bytes where that
/// leaves it legible (else over_budget is set). Deterministic. A witness has the page taken apart once more for it.
/// Errors: image_encode_failed.
Result<EncodedPage> encode(const CleanPage& page, const Profile& profile, const Witness& witness = {});

/// A single-page PDF or TIFF made by encode(), borrowed, and how far clockwise a PDF is turned: a multiple of 90
/// degrees.
struct BoundPage {
  std::span<const std::uint8_t> document;
  std::int32_t rotate_deg = 0;
};

/// Binds single-page PDFs into one PDF/A-2b document, or TIFFs (never turned) into one TIFF, in the order given,
/// without coding them again. Errors: document_empty, image_unsupported (not made by encode), image_unreadable
/// (damaged).
Result<std::vector<std::uint8_t>> assemble(std::span<const BoundPage> pages);

}  // namespace quay::imaging
