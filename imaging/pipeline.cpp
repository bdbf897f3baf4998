// SPDX-License-Identifier: Apache-2.0
// From a cleaned page to bytes, and a preview; imaging/clean.cpp makes the cleaned page.
#include "imaging/pipeline.hpp"

#include <algorithm>

#include "imaging/codec/decode.hpp"
#include "imaging/codec/jpeg.hpp"
#include "imaging/codec/limits.hpp"
#include "imaging/codec/pdf.hpp"
#include "imaging/codec/picture_files.hpp"
#include "imaging/cpu_clock.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/encode.hpp"

namespace quay::imaging {

Result<Preview> make_preview(const ImageView& image, std::int32_t longest_px) {
  if (const Status fits = check_view(image); !fits) {
    return failure(fits.error());
  }
  const Image source = to_bytes(image);
  const std::int32_t longest = std::max(image.size.width, image.size.height);
  std::int32_t factor = std::max(1, (longest + longest_px - 1) / std::max(longest_px, 1));
  for (int quality = 60;; quality -= 15) {
    if (quality < 30) {
      quality = 60;
      ++factor;
    }
    const Image small = reduce(source.view(), factor);
    auto bytes = encode_jpeg(small.view(), {.quality = quality});
    if (!bytes) {
      return failure(bytes.error());
    }
    if (bytes->size() <= kPreviewBytes || factor >= longest) {
      return Preview{std::move(*bytes), small.size()};
    }
  }
}

Result<EncodedPage> encode(const CleanPage& page, const Profile& profile, const Witness& witness) {
  Detail kept;
  auto encoded = encode_within(page, profile, &kept);
  if (encoded && witness) {
    if (const Status shown = show_encoding(page, profile, kept, witness); !shown) {
      return failure(shown.error());
    }
  }
  return encoded;
}

Result<std::vector<std::uint8_t>> assemble(std::span<const BoundPage> pages) {
  if (!pages.empty() && sniff(pages.front().document) == FileKind::tiff) {
    std::vector<std::span<const std::uint8_t>> files;
    std::transform(pages.begin(), pages.end(), std::back_inserter(files),
                   [](const BoundPage& page) { return page.document; });
    return bind_tiff(files);
  }
  std::vector<PdfPage> bound;
  for (const BoundPage& part : pages) {
    auto page = read_pdf_page(part.document);
    if (!page) {
      return failure(page.error());
    }
    if (Status turned = turn_pdf_page(*page, part.rotate_deg); !turned) {
      return failure(turned.error());
    }
    bound.push_back(std::move(*page));
  }
  return write_pdf(bound);
}

}  // namespace quay::imaging
