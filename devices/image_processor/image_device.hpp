// SPDX-License-Identifier: Apache-2.0
// The image library behind the worker harness: pixels of a page in, preview and rendition out; documents joined.
// Everything comes and goes in descriptors: it opens nothing once it has locked itself in, before the first request.
#pragma once

#include <string>

#include "devices/worker/device.hpp"
#include "imaging/recognise/text.hpp"

namespace quay::image_processor {

class ImageDevice final : public worker::Device {
 public:
  /// language: of the words it reads ("vie"); empty: it reads none.
  explicit ImageDevice(std::string language) : language_(std::move(language)) {}

  /// Loads the language's data, then lock_down() (sandbox.hpp). Data that are missing are told by each request that
  /// needs them. Errors: worker_start_failed.
  Status prepare() override;
  worker::Outcome carry_out(const worker::frames::ToWorker& request, std::vector<UniqueFd> descriptors,
                            worker::Job& job) override;

 private:
  Status process_page(const worker::frames::ProcessPage& request, std::vector<UniqueFd> descriptors, worker::Job& job);

  std::string language_;
  Result<imaging::TextReader> reader_ =
      failure(Errc::text_language_missing, "imaging.text", "the worker was started without a language");
};

/// `pixels` seen as `geometry` says. Pure. Errors: worker_protocol when both do not fit together.
Result<ImageView> view_of(std::span<const std::uint8_t> pixels, const protocol::PageGeometry& geometry);

}  // namespace quay::image_processor
