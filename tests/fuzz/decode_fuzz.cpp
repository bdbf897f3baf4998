// SPDX-License-Identifier: Apache-2.0
// Whatever is called a picture: it is decoded to pixels that agree with their size, or refused with a code of pictures.
#include <algorithm>

#include "base/image.hpp"
#include "imaging/codec/decode.hpp"
#include "tests/fuzz/require.hpp"

using namespace quay;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span file(data, size);
  const int pages = imaging::count_pages(file);
  require((pages == 0) == (imaging::sniff(file) == imaging::FileKind::unknown), "only a picture has pages");
  for (int index = 0; index < std::min(std::max(pages, 1), 2); ++index) {
    const auto image = imaging::decode(file, index);
    if (image) {
      require(image->view().is_consistent(), "size, stride and pixels agree");
      require(image->dpi().value == 0 || (image->dpi().value >= 10 && image->dpi().value <= 10000), "dpi is plausible");
    } else {
      const Errc code = image.error().code;
      require(code == Errc::image_unreadable || code == Errc::image_unsupported || code == Errc::image_too_large,
              "a refusal says what is wrong with the picture");
    }
  }
  return 0;
}
