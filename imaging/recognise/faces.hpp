// SPDX-License-Identifier: Apache-2.0
// Faces in a picture: where they are, never whose. Decision 0018 says why this detector.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/image.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {

/// How a face is held before the lens.
enum class FacePose : std::uint8_t { straight, turned, tilted };

/// A square around brows, nose, mouth and chin.
struct Face {
  Point middle;
  double side = 0;   ///< of the square, pixels
  double score = 0;  ///< above 0; about 1 for a clear face
  FacePose pose = FacePose::straight;
};

inline constexpr std::int32_t kLeastFace = 80;  ///< side of the smallest face that is found, pixels

/// The detector with its model, which is part of the program: no file is read. To unpack it takes about half a second.
class FaceFinder {
 public:
  FaceFinder();
  FaceFinder(const FaceFinder&) = delete;
  FaceFinder& operator=(const FaceFinder&) = delete;
  FaceFinder(FaceFinder&&) noexcept;
  FaceFinder& operator=(FaceFinder&&) noexcept;
  ~FaceFinder();

  /// Upright faces, the largest first; their places are right to about a tenth of their side. Image: gray.
  std::vector<Face> find(const ImageView& gray) const;

  /// The same face looked at again in several sizes: place and side are right to a few hundredths of the side.
  Face refined(const ImageView& gray, const Face& face) const;

 private:
  struct Detector;
  std::unique_ptr<Detector> detector_;
};

}  // namespace quay::imaging
