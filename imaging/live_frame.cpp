// SPDX-License-Identifier: Apache-2.0
#include "imaging/live_frame.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "imaging/cleanup/perspective.hpp"
#include "imaging/detect/edge_blur.hpp"
#include "imaging/detect/loose_paper.hpp"
#include "imaging/detect/quad.hpp"
#include "imaging/detect/quality.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/scale.hpp"

namespace quay::imaging {
namespace {

/// Frames are judged at about this width: a larger one shows no fault that the clerk could not see on the page.
constexpr std::int32_t kWidth = 1280;
constexpr double kA4LongInches = 297 / kMillimetresPerInch;
constexpr double kSharpPixels = 3.2;  ///< of the frame at that width

std::vector<std::uint8_t> bytes_of(const Image& gray) { return {gray.pixels().begin(), gray.pixels().end()}; }

/// Mean of 4 x 4 samples for each cell of the sheet.
std::vector<std::uint8_t> sheet_look(const Image& gray, const Quad& sheet) {
  constexpr int kSamples = 4;
  const Transform to_picture = unit_square_to(sheet);
  std::vector<std::uint8_t> look;
  look.reserve(static_cast<std::size_t>(kLookSide) * kLookSide);
  for (int cell = 0; cell < kLookSide * kLookSide; ++cell) {
    int sum = 0;
    for (int sample = 0; sample < kSamples * kSamples; ++sample) {
      const int across = cell % kLookSide * kSamples + sample % kSamples;
      const int down = cell / kLookSide * kSamples + sample / kSamples;
      constexpr double kStep = 1.0 / (kLookSide * kSamples);
      const Point p = to_picture.apply({(across + 0.5) * kStep, (down + 0.5) * kStep});
      const auto column = std::clamp(static_cast<std::int32_t>(std::lround(p.x)), 0, gray.size().width - 1);
      const auto row = std::clamp(static_cast<std::int32_t>(std::lround(p.y)), 0, gray.size().height - 1);
      sum += gray.row(row)[column];
    }
    look.push_back(static_cast<std::uint8_t>(sum / (kSamples * kSamples)));
  }
  return look;
}

/// The reduced frame's facts in pixels of the frame that came.
void grow(FrameFacts& facts, double factor) {
  const PixelSize size = facts.size;
  if (facts.sheet) {
    for (Point& corner : *facts.sheet) {
      corner = {(corner.x + 0.5) * factor - 0.5, (corner.y + 0.5) * factor - 0.5};
    }
  }
  for (QualityIssue& issue : facts.quality) {
    const auto grown = [factor](std::int32_t v, std::int32_t most) {
      return std::min(static_cast<std::int32_t>(std::lround(v * factor)), most);
    };
    issue.box = {grown(issue.box.left, size.width), grown(issue.box.top, size.height),
                 grown(issue.box.right, size.width), grown(issue.box.bottom, size.height)};
  }
}

std::vector<QualityIssue> faults_of(const Image& frame, const Image& gray, const Outline& outline) {
  const Quad& sheet = outline.quad;
  const Bend* bend = outline.bend ? &*outline.bend : nullptr;
  const double longest = std::max(
      {length(sheet[0], sheet[1]), length(sheet[1], sheet[2]), length(sheet[2], sheet[3]), length(sheet[3], sheet[0])});
  const Image small = reduce(frame.view(), kQualityFactor);
  // How large the sheet is nobody knows yet, and a live frame is coarse by nature: dpi is what makes the measures fit.
  std::vector<QualityIssue> faults =
      judge_quality({frame.view(), small.view(), Dpi{longest / kA4LongInches}, sheet, bend, false, 0, false});
  std::erase_if(faults, [](const QualityIssue& issue) { return issue.code == "low-dpi" || issue.code == "blur"; });
  if (const double blur = edge_blur_px(gray.view(), sheet); blur > kSharpPixels) {
    faults.insert(faults.begin(), {"blur", {0, 0, frame.size().width, frame.size().height}, blur});
  }
  return faults;
}

}  // namespace

Result<FrameFacts> look_at_frame(const ImageView& frame) {
  if (!frame.is_consistent() || frame.format == PixelFormat::bitonal) {
    return failure(Errc::image_unreadable, "live.frame", "gray or rgb pixels were expected");
  }
  const std::int32_t width = std::min(kWidth, frame.size.width);
  const double factor = static_cast<double>(frame.size.width) / width;
  const PixelSize reduced{width, std::max(1, static_cast<std::int32_t>(std::lround(frame.size.height / factor)))};
  const Image small = factor > 1 ? shrink(frame, reduced) : to_bytes(frame);
  const Image gray = to_gray(small.view());
  FrameFacts facts;
  facts.size = frame.size;
  facts.look =
      bytes_of(shrink(gray.view(), {std::min(kLookSide, gray.size().width), std::min(kLookSide, gray.size().height)}));
  facts.look.resize(static_cast<std::size_t>(kLookSide) * kLookSide);
  const auto outline = small.format() == PixelFormat::rgb ? find_outline(small.view()) : std::nullopt;
  if (outline) {
    facts.sheet = outline->quad;
    facts.sheet_look = sheet_look(gray, *facts.sheet);
    facts.quality = faults_of(small, gray, *outline);
  } else if (auto why = why_no_sheet(gray.view())) {
    facts.quality.push_back(*std::move(why));
  }
  grow(facts, factor);
  return facts;
}

}  // namespace quay::imaging
