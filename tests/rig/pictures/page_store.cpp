// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/pictures/page_store.hpp"

#include <algorithm>
#include <cmath>

#include "tests/rig/pictures/resample.hpp"

namespace quay::rig {
namespace {

constexpr int kRegionUnitsPerInch = 300;
constexpr double kFallbackDpi = 300;
constexpr BedSize kA4Bed{2480, 3508};
constexpr int kQuality = 90;
constexpr std::size_t kMostRendered = 128;

int to_region_units(std::int32_t pixels, Dpi dpi) {
  return static_cast<int>(std::lround(pixels * kRegionUnitsPerInch / dpi.value));
}

PixelBox box_on_paper(const Region& region, const JpegFacts& facts) {
  const double scale = facts.dpi.value / kRegionUnitsPerInch;
  const double width = facts.size.width;
  const double height = facts.size.height;
  PixelBox box;
  box.left = std::clamp(region.x * scale, 0.0, width);
  box.top = std::clamp(region.y * scale, 0.0, height);
  box.width = std::min(width, (region.x + region.width) * scale) - box.left;
  box.height = std::min(height, (region.y + region.height) * scale) - box.top;
  return box;
}

bool covers_all(const PixelBox& box, const JpegFacts& facts) {
  return box.left < 1 && box.top < 1 && box.left + box.width > facts.size.width - 1 &&
         box.top + box.height > facts.size.height - 1;
}

bool is_the_file(const PaperSide& side, const PictureSettings& settings) {
  return std::lround(side.facts.dpi.value) == settings.dpi && side.facts.format == settings.format &&
         covers_all(box_on_paper(settings.region, side.facts), side.facts);
}

Image as_format(Image image, PixelFormat format) {
  if (image.format() == format) {
    return image;
  }
  if (format == PixelFormat::rgb) {
    return to_rgb(image.view());
  }
  Image gray = to_gray(image.view());
  return format == PixelFormat::gray ? std::move(gray) : to_bitonal(gray.view());
}

Result<std::vector<std::filesystem::path>> list_files(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    return std::vector{path};
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    if (entry.path().extension() == ".jpg") {
      files.push_back(entry.path());
    }
  }
  if (error) {
    return failure(errno_error(Errc::file_unreadable, "rig.read_paper", error.value()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<PaperSide> read_side(const std::filesystem::path& file) {
  auto jpeg = read_file(file);
  if (!jpeg) {
    return failure(jpeg.error());
  }
  auto facts = read_jpeg_facts(*jpeg);
  if (!facts) {
    return failure(Errc::image_unreadable, "rig.read_paper", file.filename().string() + ": " + facts.error().detail);
  }
  if (facts->dpi.value <= 0) {
    facts->dpi = Dpi{kFallbackDpi};
  }
  return PaperSide{file.filename().string(), std::move(*jpeg), *facts};
}

}  // namespace

Result<std::vector<PaperSide>> read_paper(const std::vector<std::filesystem::path>& paths) {
  std::vector<PaperSide> sides;
  for (const auto& path : paths) {
    auto files = list_files(path);
    if (!files) {
      return failure(files.error());
    }
    for (const auto& file : *files) {
      auto side = read_side(file);
      if (!side) {
        return failure(side.error());
      }
      sides.push_back(std::move(*side));
    }
  }
  if (sides.empty()) {
    return failure(Errc::file_unreadable, "rig.read_paper", "no *.jpg found: expected at least one page image");
  }
  return sides;
}

PageStore::PageStore(std::vector<PaperSide> sides) : sides_(std::move(sides)), bed_(kA4Bed) {
  for (const PaperSide& side : sides_) {
    bed_.width = std::max(bed_.width, to_region_units(side.facts.size.width, side.facts.dpi));
    bed_.height = std::max(bed_.height, to_region_units(side.facts.size.height, side.facts.dpi));
  }
}

Result<std::shared_ptr<const Bytes>> PageStore::render(std::size_t index, const PictureSettings& settings) {
  const PaperSide& paper = side(index);
  const std::scoped_lock lock(mutex_);
  auto& kept = rendered_[{index % sides_.size(), settings}];
  if (kept) {
    return kept;
  }
  if (is_the_file(paper, settings)) {
    return kept = std::make_shared<const Bytes>(paper.jpeg);
  }
  auto image = picture(index, settings);
  if (!image) {
    return failure(image.error());
  }
  auto jpeg = encode_jpeg(image->view(), kQuality);
  if (!jpeg) {
    return failure(jpeg.error());
  }
  if (rendered_.size() > kMostRendered) {
    rendered_.clear();
    return std::make_shared<const Bytes>(std::move(*jpeg));
  }
  return kept = std::make_shared<const Bytes>(std::move(*jpeg));
}

Result<Image> PageStore::picture(std::size_t index, const PictureSettings& settings) const {
  const PaperSide& paper = side(index);
  const PixelBox box = box_on_paper(settings.region, paper.facts);
  const double scale = settings.dpi / paper.facts.dpi.value;
  const PixelSize size{static_cast<std::int32_t>(std::lround(box.width * scale)),
                       static_cast<std::int32_t>(std::lround(box.height * scale))};
  if (size.width < 1 || size.height < 1) {
    return failure(Errc::device_invalid_setting, "rig.picture", "the window misses the paper");
  }
  auto image = decode_jpeg(paper.jpeg);
  if (!image) {
    return failure(image.error());
  }
  return as_format(resample(image->view(), box, size, Dpi{static_cast<double>(settings.dpi)}), settings.format);
}

}  // namespace quay::rig
