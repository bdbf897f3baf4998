// SPDX-License-Identifier: Apache-2.0
// The image library behind the worker harness: pixels of a page in, preview and rendition out; documents joined.
// Everything comes and goes in descriptors: it opens nothing, and locks itself in before the first request.
#pragma once

#include "devices/worker/device.hpp"

namespace quay::image_processor {

class ImageDevice final : public worker::Device {
 public:
  /// lock_down() (sandbox.hpp). Errors: worker_start_failed.
  Status prepare() override;
  worker::Outcome carry_out(const worker::frames::ToWorker& request, std::vector<UniqueFd> descriptors,
                            worker::Job& job) override;
};

/// `pixels` seen as `geometry` says. Pure. Errors: worker_protocol when both do not fit together.
Result<ImageView> view_of(std::span<const std::uint8_t> pixels, const protocol::PageGeometry& geometry);

}  // namespace quay::image_processor
