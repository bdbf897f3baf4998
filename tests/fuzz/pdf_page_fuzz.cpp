// SPDX-License-Identifier: Apache-2.0
// Whatever is given as a page of ours: it is refused, or a page that can be written and read again unchanged, and bound
// into a document.
#include <array>

#include "imaging/codec/decode.hpp"
#include "imaging/codec/pdf.hpp"
#include "imaging/pipeline.hpp"
#include "tests/fuzz/require.hpp"

using namespace quay;
using fuzz::require;

namespace {

void check_refusal(Errc code) {
  require(code == Errc::image_unreadable || code == Errc::image_unsupported, "a refusal says what is wrong");
}

/// As both pages of a document, the second perhaps turned.
void bind_twice(std::span<const std::uint8_t> file, bool is_page, std::int32_t turn_deg) {
  const std::array pages{imaging::BoundPage{file, 0}, imaging::BoundPage{file, turn_deg}};
  const auto bound = imaging::assemble(pages);
  if (!bound) {
    check_refusal(bound.error().code);
  } else if (!is_page) {
    require(imaging::sniff(*bound) == imaging::FileKind::tiff, "what is no page is not bound");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto page = imaging::read_pdf_page({data, size});
  bind_twice({data, size}, page.has_value(), 0);
  bind_twice({data, size}, page.has_value(), 90);
  if (!page) {
    check_refusal(page.error().code);
    return 0;
  }
  const auto written = imaging::write_pdf({&*page, 1});
  require(static_cast<bool>(written), "a page that was read can be written");
  const auto again = imaging::read_pdf_page(*written);
  require(again && again->objects.size() == page->objects.size(), "and read again");
  for (std::size_t i = 0; i < page->objects.size(); ++i) {
    require(again->objects[i].bytes == page->objects[i].bytes, "with the same streams");
  }
  return 0;
}
