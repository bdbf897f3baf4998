// SPDX-License-Identifier: Apache-2.0
#include "imaging/codec/heic.hpp"

#include <libheif/heif.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "base/freed.hpp"
#include "imaging/codec/jpeg.hpp"
#include "imaging/codec/limits.hpp"

namespace quay::imaging {
namespace {

using Context = std::unique_ptr<heif_context, Freed<heif_context_free>>;
using Handle = std::unique_ptr<heif_image_handle, Freed<heif_image_handle_release>>;
using Picture = std::unique_ptr<heif_image, Freed<heif_image_release>>;
using Options = std::unique_ptr<heif_decoding_options, Freed<heif_decoding_options_free>>;

/// ISO/IEC 23008-12 annex B.4; mif1 says only "a picture", the coding is seen on reading.
constexpr std::array<std::string_view, 5> kBrands{"heic", "heix", "heim", "heis", "mif1"};
constexpr std::size_t kBrandAt = 8;

tl::unexpected<Error> refusal(const heif_error& error, const char* operation) {
  Errc code = Errc::image_unreadable;
  if (error.subcode == heif_suberror_Security_limit_exceeded) {
    code = Errc::image_too_large;
  } else if (error.code == heif_error_Unsupported_feature || error.code == heif_error_Unsupported_filetype) {
    code = Errc::image_unsupported;
  }
  return failure(code, operation, error.message != nullptr ? error.message : "");
}

Dpi density_of(const heif_image_handle* handle) {
  heif_item_id id = 0;
  if (heif_image_handle_get_list_of_metadata_block_IDs(handle, "Exif", &id, 1) != 1) {
    return {};
  }
  std::vector<std::uint8_t> block(heif_image_handle_get_metadata_size(handle, id));
  constexpr std::size_t kOffset = 4;  // of the TIFF header behind this number, ISO/IEC 23008-12 annex A.2.1
  if (block.size() <= kOffset || heif_image_handle_get_metadata(handle, id, block.data()).code != heif_error_Ok) {
    return {};
  }
  const std::size_t at = kOffset + (std::size_t{block[0]} << 24 | std::size_t{block[1]} << 16 |
                                    std::size_t{block[2]} << 8 | std::size_t{block[3]});
  return at < block.size() ? plausible_dpi(read_exif(std::span(block).subspan(at)).dpi) : Dpi{};
}

/// One row of `rgba` laid over white.
void lay_over_white(std::span<const std::uint8_t> rgba, std::uint8_t* to) {
  for (std::size_t i = 0; i + 3 < rgba.size(); i += 4) {
    const unsigned alpha = rgba[i + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      *to++ = static_cast<std::uint8_t>((rgba[i + c] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
  }
}

Result<Picture> decode_primary(const heif_image_handle* handle, bool alpha) {
  const Options options(heif_decoding_options_alloc());
  options->convert_hdr_to_8bit = 1;
  options->strict_decoding = 1;  // else damage is painted over in grey
  heif_image* raw = nullptr;
  const heif_error decoded =
      heif_decode_image(handle, &raw, heif_colorspace_RGB,
                        alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, options.get());
  Picture picture(raw);
  return decoded.code == heif_error_Ok ? Result<Picture>(std::move(picture)) : refusal(decoded, "heic.decode");
}

Result<Image> copied(const heif_image* picture, bool alpha, Dpi dpi) {
  const std::int32_t width = heif_image_get_width(picture, heif_channel_interleaved);
  const std::int32_t height = heif_image_get_height(picture, heif_channel_interleaved);
  if (const Status fits = check_size(width, height); !fits) {
    return failure(fits.error());
  }
  int stride = 0;
  const std::uint8_t* from = heif_image_get_plane_readonly(picture, heif_channel_interleaved, &stride);
  if (from == nullptr) {
    return failure(Errc::image_unreadable, "heic.decode", "no pixels");
  }
  Image out(PixelFormat::rgb, {width, height}, dpi);
  const std::size_t row_bytes = static_cast<std::size_t>(width) * (alpha ? 4 : 3);
  for (std::int32_t y = 0; y < height; ++y, from += stride) {
    const std::span row(from, row_bytes);
    if (alpha) {
      lay_over_white(row, out.row(y));
    } else {
      std::copy(row.begin(), row.end(), out.row(y));
    }
  }
  return out;
}

}  // namespace

bool is_heic(std::span<const std::uint8_t> file) {
  if (file.size() < kBrandAt + 4 || std::memcmp(file.data() + 4, "ftyp", 4) != 0) {
    return false;
  }
  const std::string_view brand(reinterpret_cast<const char*>(file.data()) + kBrandAt, 4);
  return std::find(kBrands.begin(), kBrands.end(), brand) != kBrands.end();
}

Result<Image> decode_heic(std::span<const std::uint8_t> file) {
  const Context context(heif_context_alloc());
  heif_context_set_maximum_image_size_limit(context.get(), kMaxSide);
  heif_context_set_max_decoding_threads(context.get(), 0);
  const heif_error read = heif_context_read_from_memory_without_copy(context.get(), file.data(), file.size(), nullptr);
  if (read.code != heif_error_Ok) {
    return refusal(read, "heic.read");
  }
  heif_image_handle* raw = nullptr;
  const heif_error found = heif_context_get_primary_image_handle(context.get(), &raw);
  const Handle handle(raw);
  if (found.code != heif_error_Ok) {
    return refusal(found, "heic.primary");
  }
  const Status fits = check_size(heif_image_handle_get_width(raw), heif_image_handle_get_height(raw));
  if (!fits) {
    return failure(fits.error());
  }
  const bool alpha = heif_image_handle_has_alpha_channel(raw) != 0;
  const auto picture = decode_primary(raw, alpha);
  return picture ? copied(picture->get(), alpha, density_of(raw)) : failure(picture.error());
}

}  // namespace quay::imaging
