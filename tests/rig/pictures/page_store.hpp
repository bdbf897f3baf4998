// SPDX-License-Identifier: Apache-2.0
// The paper of the simulated counter: real page images, and what a scanner sees of them at the settings asked for.
// Thread-safe. Untouched JPEG bytes are handed out when the settings match the file.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tests/rig/pictures/jpeg.hpp"

namespace quay::rig {

/// One side of a sheet as it came from the file.
struct PaperSide {
  std::string name;  ///< file name without folder
  Bytes jpeg;
  JpegFacts facts;
};

/// A window on the glass in 1/300 inch from its top left corner (eSCL ScanRegion, "ThreeHundredthsOfInches").
struct Region {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  auto operator<=>(const Region&) const = default;
};

/// What a front end asked of the scanner.
struct PictureSettings {
  int dpi = 300;
  PixelFormat format = PixelFormat::rgb;
  Region region;

  auto operator<=>(const PictureSettings&) const = default;
};

/// A region's size in 1/300 inch.
struct BedSize {
  int width = 0;
  int height = 0;
};

/// Reads the JPEG files named by `paths`; a folder stands for its *.jpg in order of name. A file without a density
/// counts as 300 dpi. Errors: file_unreadable, image_unreadable; file_unreadable also when there is no page at all.
Result<std::vector<PaperSide>> read_paper(const std::vector<std::filesystem::path>& paths);

/// Pages by number, rendered on demand and kept.
class PageStore {
 public:
  explicit PageStore(std::vector<PaperSide> sides);

  std::size_t size() const { return sides_.size(); }
  const PaperSide& side(std::size_t index) const { return sides_[index % sides_.size()]; }

  /// The smallest bed that takes every page and A4.
  BedSize bed() const { return bed_; }

  /// The JPEG a scanner sends for page `index` (counted from 0, modulo size). The window is cut to the paper: what
  /// lies outside is not sent. Image: gray or rgb; bitonal is not offered. Errors: image_unreadable,
  /// image_encode_failed; device_invalid_setting when the window misses the paper.
  Result<std::shared_ptr<const Bytes>> render(std::size_t index, const PictureSettings& settings);

  /// The same as pixels, in any format. Nothing is kept.
  Result<Image> picture(std::size_t index, const PictureSettings& settings) const;

 private:
  std::vector<PaperSide> sides_;
  BedSize bed_;
  std::mutex mutex_;
  std::map<std::pair<std::size_t, PictureSettings>, std::shared_ptr<const Bytes>> rendered_;
};

}  // namespace quay::rig
