// SPDX-License-Identifier: Apache-2.0
// A row at a time: sampled, then whitened while it is still at hand.
#include "imaging/cleanup/render.hpp"

#include <cstring>
#include <optional>

#include "imaging/cleanup/sample.hpp"
#include "imaging/cleanup/whiten.hpp"

namespace quay::imaging {

Image render(const ImageView& image, const RenderPlan& plan) {
  Image out(image.format, plan.size, plan.dpi);
  std::optional<Whitener> whitener;
  if (plan.paper != nullptr) {
    const WhitenPlan plan_of_white{plan.size.width, image.format == PixelFormat::rgb ? std::size_t{3} : 1,
                                   plan.keep_pale};
    whitener.emplace(*plan.paper, plan.to_input, plan_of_white);
  }
  const bool still = plan.to_input.bend == nullptr && plan.to_input.flat == Transform{} && plan.size == image.size;
  for (std::int32_t y = 0; y < plan.size.height; ++y) {
    if (still) {
      std::memcpy(out.row(y), image.row(y), out.stride_bytes());
    } else {
      sample_row(image, plan.to_input, y, plan.size.width, out.row(y));
    }
    if (whitener) {
      whitener->whiten(y, out.row(y));
    }
  }
  return out;
}

}  // namespace quay::imaging
