// SPDX-License-Identifier: Apache-2.0
// Layers as a PDF page: each ink a JBIG2 stencil painted in its own colour, each stamp a JPEG under a JBIG2 mask, each
// picture a JPEG, the paper nothing.
#pragma once

#include "base/result.hpp"
#include "imaging/codec/pdf.hpp"
#include "imaging/layers/layers.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

struct LayeredOptions {
  Dpi picture_dpi{200};  ///< at most that of the page
  int picture_quality = 60;
  int ground_quality = 30;
  Dpi stamp_dpi{200};
  int stamp_quality = 50;
  bool show = false;  ///< LayeredPage::shown is wanted
};

struct LayeredPage {
  PdfPage page;
  std::vector<LayerInfo> layers;
  std::size_t bytes = 0;  ///< of all streams
  Image shown;            ///< what a reader will see, rgb; empty unless asked for
};

/// `image`: the page that `layers` were taken from.
/// Errors: image_encode_failed.
Result<LayeredPage> layered_page(const Layers& layers, const ImageView& image, const PaperSize& paper,
                                 const LayeredOptions& options);

}  // namespace quay::imaging
