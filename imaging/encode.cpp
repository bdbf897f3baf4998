// SPDX-License-Identifier: Apache-2.0
// Which codec makes a page, by profile and format; layers are taken apart at the resolution they are coded in.
#include "imaging/encode.hpp"

#include <algorithm>

#include "imaging/codec/jpeg.hpp"
#include "imaging/codec/layered_pdf.hpp"
#include "imaging/codec/pdf.hpp"
#include "imaging/codec/picture_files.hpp"
#include "imaging/cpu_clock.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/layers/ink.hpp"
#include "imaging/scale.hpp"

namespace quay::imaging {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr int kLayerQuality = 60;  // photos beside exact text need less than a whole page

bool is_bitonal(const CleanPage& page, const Profile& profile) {
  return profile.bitonal || profile.format == OutputFormat::tiff || page.image.format() == PixelFormat::bitonal;
}

bool is_layered(const CleanPage& page, const Profile& profile) {
  return profile.format == OutputFormat::pdf && ((profile.layered && page.whitened) || is_bitonal(page, profile));
}

/// The true size, or what PDF/A still allows of it (ISO 19005-2 section 6.1.13): only a wrong resolution asks for more.
PaperSize allowed(const PaperSize& paper) {
  constexpr double kMostPoints = 14400;
  const double share = kMostPoints / std::max({to_points(paper.width), to_points(paper.height), kMostPoints});
  return {Millimetres{paper.width.value * share}, Millimetres{paper.height.value * share}};
}

/// One encoding under way.
struct Work {
  const CleanPage& page;
  const Profile& profile;
  Detail detail;
  Image* shown;
  EncodedPage out;
  StepClock clock;

  Work(const CleanPage& p, const Profile& f, const Detail& d, Image* s)
      : page(p), profile(f), detail(d), shown(s), clock(out.steps) {
    out.paper = allowed(p.paper);
  }

  void says(std::string media_type, PixelSize size, Dpi dpi) {
    out.media_type = std::move(media_type);
    out.size = size;
    out.dpi = dpi;
  }
};

/// All ink of a page in one bitmap. A bitonal page gets coarser by way of gray.
Bitmap all_ink(const CleanPage& page, Dpi dpi) {
  const bool same = dpi >= page.image.dpi();
  if (page.image.format() == PixelFormat::bitonal) {
    return same ? to_bitmap(page.image.view())
                : to_bitmap(to_bitonal(shrink(to_bytes(page.image.view()).view(), dpi).view()).view());
  }
  return same ? ink_mask(darkness_of(page.image.view())) : ink_mask(darkness_of(shrink(page.image.view(), dpi).view()));
}

Dpi dpi_of(const CleanPage& page, PixelSize size) {
  return Dpi{page.image.dpi().value * size.width / page.image.size().width};
}

Status finish_pdf(Work& work, const PdfPage& pdf, PixelSize size, Dpi dpi) {
  auto bytes = write_pdf({&pdf, 1});
  if (!bytes) {
    return failure(bytes.error());
  }
  work.says("application/pdf", size, dpi);
  work.out.bytes = std::move(*bytes);
  work.clock.lap("pdf");
  return {};
}

Status encode_layers(Work& work) {
  const bool bitonal = is_bitonal(work.page, work.profile);
  const bool same = bitonal || work.detail.dpi >= work.page.image.dpi();
  const Image smaller = same ? Image{} : shrink(work.page.image.view(), work.detail.dpi);
  ImageView view = same ? work.page.image.view() : smaller.view();
  Layers layers;
  if (bitonal) {
    layers.inks.push_back({{0, 0, 0}, all_ink(work.page, work.detail.dpi), false});
    view.size = layers.inks[0].mask.size();
    view.dpi = dpi_of(work.page, view.size);
  } else {
    layers = take_apart(view, work.page.patterned);
  }
  if (!work.detail.shades) {
    for (const Stamp& stamp : layers.stamps) {
      layers.inks.push_back(flat_stamp(view, stamp));
    }
    layers.stamps.clear();
  }
  work.clock.lap("layers");
  auto layered = layered_page(layers, view, work.out.paper,
                              {.picture_quality = work.detail.quality,
                               .ground_quality = std::max(work.detail.quality - 35, 15),
                               .stamp_quality = std::max(work.detail.quality - 10, 15),
                               .show = work.shown != nullptr});
  if (!layered) {
    return failure(layered.error());
  }
  work.clock.lap("code");
  work.out.layers = std::move(layered->layers);
  if (work.shown != nullptr) {
    *work.shown = std::move(layered->shown);
  }
  return finish_pdf(work, layered->page, view.size, view.dpi);
}

/// The page as one JPEG in a PDF.
PdfPage jpeg_page(const PaperSize& paper, const ImageView& view, Bytes jpeg) {
  const std::string content = pdf_paint_whole(paper, "I");
  const auto* space = view.format == PixelFormat::rgb ? "DeviceRGB" : "DeviceGray";
  PdfPage pdf{paper, "<</XObject<</I @1>>>>", {}};
  pdf.objects.push_back({"", {content.begin(), content.end()}});
  pdf.objects.push_back({pdf_image_entries(view.size, space, 8, "DCTDecode"), std::move(jpeg)});
  return pdf;
}

/// Gray or rgb pixels at the wanted resolution; the page's own where nothing has to change (then `store` stays empty).
ImageView whole_picture(const Work& work, Image& store) {
  if (is_bitonal(work.page, work.profile)) {
    const Bitmap ink = all_ink(work.page, work.detail.dpi);
    store = to_bytes(to_image(ink, dpi_of(work.page, ink.size())).view());
  } else if (work.detail.dpi < work.page.image.dpi()) {
    store = shrink(work.page.image.view(), work.detail.dpi);
  }
  return store.empty() ? work.page.image.view() : store.view();
}

Status encode_whole(Work& work) {
  Image store;
  const ImageView view = whole_picture(work, store);
  const bool webp = work.profile.format == OutputFormat::webp;
  auto bytes = webp ? encode_webp(view, work.detail.quality)
                    : encode_jpeg(view, {.quality = work.detail.quality, .chroma_full = work.profile.chroma_full});
  if (!bytes) {
    return failure(bytes.error());
  }
  if (work.shown != nullptr) {
    auto decoded = webp ? decode_webp(*bytes) : decode_jpeg(*bytes);
    if (!decoded) {
      return failure(decoded.error());
    }
    *work.shown = std::move(*decoded);
    work.shown->set_dpi(view.dpi);
  }
  const auto* codec = webp ? "webp" : "jpeg";
  work.out.layers = {{"page", codec, view.size, view.dpi, bytes->size()}};
  work.clock.lap(codec);
  if (work.profile.format == OutputFormat::pdf) {
    return finish_pdf(work, jpeg_page(work.out.paper, view, std::move(*bytes)), view.size, view.dpi);
  }
  work.says(webp ? "image/webp" : "image/jpeg", view.size, view.dpi);
  work.out.bytes = std::move(*bytes);
  return {};
}

/// PNG in colour or black and white, a signature without its paper; TIFF in black and white.
Status encode_exact(Work& work) {
  const bool tiff = work.profile.format == OutputFormat::tiff;
  Image store;
  if (is_bitonal(work.page, work.profile)) {
    const Bitmap ink = all_ink(work.page, work.detail.dpi);
    store = to_image(ink, dpi_of(work.page, ink.size()));
  }
  const ImageView view = store.empty() ? whole_picture(work, store) : store.view();
  const bool ink = work.profile.subject == Subject::signature && view.format == PixelFormat::gray;
  auto bytes = tiff ? encode_tiff(view) : ink ? encode_png_ink(view) : encode_png(view);
  if (!bytes) {
    return failure(bytes.error());
  }
  const auto* codec = tiff ? "g4" : "png";
  work.out.layers = {{"page", codec, view.size, view.dpi, bytes->size()}};
  work.clock.lap(codec);
  work.says(tiff ? "image/tiff" : "image/png", view.size, view.dpi);
  work.out.bytes = std::move(*bytes);
  if (work.shown != nullptr) {
    *work.shown = to_bytes(view);
    work.shown->set_dpi(view.dpi);
  }
  return {};
}

}  // namespace

bool takes_apart(const CleanPage& page, const Profile& profile) {
  return is_layered(page, profile) && !is_bitonal(page, profile);
}

Detail full_detail(const CleanPage& page, const Profile& profile) {
  return {page.image.dpi(), is_layered(page, profile) ? kLayerQuality : profile.jpeg_quality};
}

Result<EncodedPage> encode_at(const CleanPage& page, const Profile& profile, const Detail& detail, Image* shown) {
  Work work(page, profile, detail, shown);
  const bool exact = profile.format == OutputFormat::png || profile.format == OutputFormat::tiff;
  const Status done = is_layered(page, profile) ? encode_layers(work) : exact ? encode_exact(work) : encode_whole(work);
  return done ? Result<EncodedPage>(std::move(work.out)) : failure(done.error());
}

}  // namespace quay::imaging
