// SPDX-License-Identifier: Apache-2.0
// Whatever is given as a page of ours: it is refused, or a page that can be written and read again unchanged.
#include "imaging/codec/pdf.hpp"
#include "tests/fuzz/require.hpp"

using namespace quay;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto page = imaging::read_pdf_page({data, size});
  if (!page) {
    const Errc code = page.error().code;
    require(code == Errc::image_unreadable || code == Errc::image_unsupported, "a refusal says what is wrong");
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
