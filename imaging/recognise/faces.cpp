// SPDX-License-Identifier: Apache-2.0
// dlib's detector (histograms of gradients, five poses). Debian's build of dlib asks for LAPACK, to take filters of
// 10 x 10 numbers apart; dlib's own arithmetic does that too, so LAPACK and all that would come with it (a Fortran
// runtime; perhaps OpenBLAS, which starts threads) stay out of the locked process.
#include <dlib/algs.h>
#include <dlib/test_for_odr_violations.h>
#undef DLIB_USE_BLAS
#undef DLIB_USE_LAPACK
#include <dlib/array2d.h>
#include <dlib/image_processing/frontal_face_detector.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "imaging/cleanup/render.hpp"
#include "imaging/recognise/faces.hpp"

namespace quay::imaging {
namespace {

/// The order in which dlib packs its five filters.
FacePose pose_of(unsigned long filter) {
  switch (filter) {
    case 0: return FacePose::straight;
    case 1:
    case 2: return FacePose::turned;
    default: return FacePose::tilted;
  }
}

dlib::array2d<unsigned char> pixels_of(const ImageView& gray) {
  dlib::array2d<unsigned char> out(gray.size.height, gray.size.width);
  for (std::int32_t y = 0; y < gray.size.height; ++y) {
    std::copy_n(gray.row(y), gray.size.width, &out[y][0]);
  }
  return out;
}

Face face_of(const dlib::rect_detection& one) {
  const dlib::rectangle& box = one.rect;
  return {{static_cast<double>(box.left() + box.right()) / 2, static_cast<double>(box.top() + box.bottom()) / 2},
          static_cast<double>(box.width()),
          one.detection_confidence,
          pose_of(one.weight_index)};
}

}  // namespace

struct FaceFinder::Detector {
  mutable dlib::frontal_face_detector detect = dlib::get_frontal_face_detector();  // keeps its scratch images

  std::vector<Face> find(const ImageView& gray) const {
    std::vector<dlib::rect_detection> found;
    detect(pixels_of(gray), found);
    std::vector<Face> faces;
    std::transform(found.begin(), found.end(), std::back_inserter(faces), face_of);
    return faces;
  }
};

FaceFinder::FaceFinder() : detector_(std::make_unique<Detector>()) {}
FaceFinder::FaceFinder(FaceFinder&&) noexcept = default;
FaceFinder& FaceFinder::operator=(FaceFinder&&) noexcept = default;
FaceFinder::~FaceFinder() = default;

std::vector<Face> FaceFinder::find(const ImageView& gray) const {
  if (std::min(gray.size.width, gray.size.height) < kLeastFace) {
    return {};
  }
  std::vector<Face> faces = detector_->find(gray);
  std::sort(faces.begin(), faces.end(), [](const Face& a, const Face& b) { return a.side > b.side; });
  return faces;
}

Face FaceFinder::refined(const ImageView& gray, const Face& face) const {
  // The detector knows sizes of steps of 6/5 and places of cells of 8 pixels. Sizes and shifts between those, each
  // weighed with the square of its score, tell what lies between the steps.
  constexpr std::array<double, 6> kSides{88, 93, 98, 104, 110, 116};
  constexpr std::array<double, 3> kShifts{-2, 0, 2};
  constexpr double kAround = 2.4;  // of the side: the cut that is looked at
  Face sum{{0, 0}, 0, 0, face.pose};
  double weights = 0;
  for (const double side : kSides) {
    const double scale = face.side / side;
    const auto length = static_cast<std::int32_t>(std::lround(kAround * side));
    for (const double shift : kShifts) {
      const Transform to_picture = Transform::translation(face.middle.x, face.middle.y) *
                                   Transform::scaling(scale, scale) *
                                   Transform::translation(shift - length / 2.0, shift - length / 2.0);
      const Image cut = render(gray, {to_picture, {length, length}, gray.dpi, nullptr});
      for (const Face& seen : detector_->find(cut.view())) {
        const Point middle = to_picture.apply(seen.middle);
        const double weight = seen.score * seen.score;
        sum.middle = {sum.middle.x + weight * middle.x, sum.middle.y + weight * middle.y};
        sum.side += weight * seen.side * scale;
        sum.score = std::max(sum.score, seen.score);
        weights += weight;
      }
    }
  }
  if (weights <= 0) {
    return face;
  }
  sum.middle = {sum.middle.x / weights, sum.middle.y / weights};
  sum.side /= weights;
  return sum;
}

}  // namespace quay::imaging
