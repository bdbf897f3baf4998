// SPDX-License-Identifier: Apache-2.0
// Reads the words of a clean page (tesseract). The language data come as bytes, so that a process can load them before
// it locks itself in; nothing is opened afterwards and no thread is started. One page at a time; about 4 s of CPU and
// 100 MiB for an A4 page of text.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/image.hpp"
#include "base/result.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

class TextReader {
 public:
  /// data: a traineddata file of tesseract, copied. language: its name, for messages.
  /// Errors: text_language_missing when the data are not such a file.
  static Result<TextReader> load(std::span<const std::uint8_t> data, const std::string& language);

  TextReader(const TextReader&) = delete;
  TextReader& operator=(const TextReader&) = delete;
  TextReader(TextReader&&) noexcept;
  TextReader& operator=(TextReader&&) noexcept;
  ~TextReader();

  /// The words in reading order; none on a blank page. Image: any format; its dpi matters.
  /// stop: asked now and then; true ends the reading.
  /// Errors: text_failed (stopped, or the engine gave up), image_too_large above kMostTextPixels.
  Result<TextLayer> read(const ImageView& page, const std::function<bool()>& stop = {});

 private:
  struct Engine;
  explicit TextReader(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

/// An A3 page at 300 dpi, with room: what the engine's memory is bounded by.
inline constexpr std::int64_t kMostTextPixels = 24'000'000;

/// Where a system keeps the data of `language` ("vie"), best first. The name must be letters, digits and '_' only:
/// for any other there is no place.
std::vector<std::string> language_data_places(std::string_view language);

}  // namespace quay::imaging
