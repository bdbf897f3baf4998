// SPDX-License-Identifier: Apache-2.0
// Whatever lies on a glass or before a lens: every profile makes its pages of it or says that its subject is not there,
// a live view says what it sees, and a preview stays within its bytes.
#include "imaging/live_frame.hpp"
#include "imaging/pipeline.hpp"
#include "tests/fuzz/any_picture.hpp"
#include "tests/fuzz/require.hpp"

using namespace quay;
using fuzz::require;

namespace {

/// Any picture is a page; the other subjects may not be in it.
bool is_refusal_of(imaging::Subject subject, Errc code) {
  switch (subject) {
    case imaging::Subject::page: return false;
    case imaging::Subject::cards: return code == Errc::card_not_found;
    case imaging::Subject::signature: return code == Errc::signature_not_found;
    case imaging::Subject::portrait: return code >= Errc::portrait_no_face && code <= Errc::portrait_exposure;
  }
  return false;
}

void make(const ImageView& picture, imaging::Profile profile) {
  profile.clean.read_codes = false;  // clean_fuzz reads them
  const auto pages = imaging::make_pages(picture, profile);
  if (!pages) {
    require(is_refusal_of(profile.subject, pages.error().code), "a refusal says what is not there");
    return;
  }
  require(!pages->empty(), "something is a page at least");
  for (const imaging::CleanPage& page : *pages) {
    require(page.image.view().is_consistent(), "size, stride and pixels agree");
    require(imaging::encode(page, profile).has_value(), "a page becomes a file");
  }
}

void look(const ImageView& picture) {
  const auto facts = imaging::look_at_frame(picture);
  require(facts.has_value() == (picture.format != PixelFormat::bitonal), "any frame of a camera is looked at");
  if (facts) {
    const std::size_t side = imaging::kLookSide;
    require(facts->look.size() == side * side, "a frame has its look");
    require(facts->sheet_look.size() == (facts->sheet ? side * side : 0), "so has a sheet");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < fuzz::AnyPicture::kHead) {
    return 0;
  }
  const fuzz::AnyPicture picture(data, size);
  const auto profiles = imaging::profiles();
  const std::size_t choice = data[7] % (profiles.size() + 1);
  if (choice < profiles.size()) {
    make(picture.view, profiles[choice]);
    return 0;
  }
  look(picture.view);
  const auto preview = imaging::make_preview(picture.view);
  require(preview && preview->bytes.size() <= imaging::kPreviewBytes, "a preview stays within its bytes");
  return 0;
}
