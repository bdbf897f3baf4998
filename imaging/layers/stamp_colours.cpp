// SPDX-License-Identifier: Apache-2.0
// The colours under a stamp's mask: those of the strokes' cores, carried on where the mask does not show them, so that
// the picture is smooth and costs a JPEG little.
#include <algorithm>
#include <array>
#include <cmath>

#include "imaging/components.hpp"
#include "imaging/layers/stamps.hpp"
#include "imaging/simd.hpp"

namespace quay::imaging {
namespace {

constexpr float kCoreShare = 0.9F;      // of the darkest nearby: paler pixels are mixed with paper
constexpr std::int32_t kCoreReach = 2;  // what is nearby
constexpr int kRelaxRounds = 8;
constexpr std::int32_t kJpegBlock = 16;  // with halved chroma

/// A colour and how much of it is known, both times the weight while colours are being gathered.
struct Place {
  F32x4 lanes{};  ///< red, green, blue and the weight

  Place() = default;
  Place(F32x4 all) : lanes(all) {}
  Place(float r, float g, float b, float w) : lanes{r, g, b, w} {}

  float colour(std::size_t c) const { return lanes[c]; }
  float weight() const { return lanes[3]; }
  void set_weight(float weight) { lanes[3] = weight; }
  float darkness() const { return 255 - std::min({lanes[0], lanes[1], lanes[2]}); }
  void add(const Place& other, float times) { lanes += other.lanes * times; }
  /// Colour of weight `weight_then`.
  Place scaled(float weight_then) const { return {lanes * (weight() > 0 ? weight_then / weight() : 0)}; }
};

class Field {
 public:
  explicit Field(PixelSize size)
      : size_(size), places_(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height)) {}

  PixelSize size() const { return size_; }
  Place& at(std::int32_t x, std::int32_t y) {
    return places_[static_cast<std::size_t>(y) * static_cast<std::size_t>(size_.width) + static_cast<std::size_t>(x)];
  }
  /// The nearest place inside.
  Place& near(std::int32_t x, std::int32_t y) {
    return at(std::clamp(x, 0, size_.width - 1), std::clamp(y, 0, size_.height - 1));
  }
  template <class Each>
  void each(Each each_place) {
    for (std::int32_t y = 0; y < size_.height; ++y) {
      for (std::int32_t x = 0; x < size_.width; ++x) {
        each_place(x, y, at(x, y));
      }
    }
  }

 private:
  PixelSize size_;
  std::vector<Place> places_;
};

/// Ink colours, the darker pixels of a place counting more.
Field gather(const ImageView& page, const Stamp& stamp, PixelSize size) {
  Field field(size);
  const PixelSize box = stamp.box.size();
  for (std::int32_t y = 0; y < box.height; ++y) {
    const std::uint8_t* row = page.row(stamp.box.top + y);
    for_each_run(stamp.mask.row(y), stamp.mask.words(), [&](std::int32_t begin, std::int32_t end) {
      for (std::int32_t x = begin; x < end; ++x) {
        const std::uint8_t* p = row + static_cast<std::size_t>(stamp.box.left + x) * 3;
        const int dark = 255 - std::min({p[0], p[1], p[2]});
        const Place pixel{static_cast<float>(p[0]), static_cast<float>(p[1]), static_cast<float>(p[2]), 1};
        field.at(x * size.width / box.width, y * size.height / box.height)
            .add(pixel, static_cast<float>(dark * dark + 1));
      }
    });
  }
  return field;
}

/// Forgets places that are paler than the ink next to them.
void keep_cores(Field& field) {
  Field dark(field.size());
  dark.each([&](std::int32_t x, std::int32_t y, Place& place) {
    const Place mean = field.at(x, y).scaled(1);
    place.set_weight(mean.weight() > 0 ? mean.darkness() : 0);
  });
  field.each([&](std::int32_t x, std::int32_t y, Place& place) {
    float most = 0;
    for (std::int32_t v = -kCoreReach; v <= kCoreReach; ++v) {
      for (std::int32_t u = -kCoreReach; u <= kCoreReach; ++u) {
        most = std::max(most, dark.near(x + u, y + v).weight());
      }
    }
    place = dark.at(x, y).weight() < kCoreShare * most ? Place{} : place.scaled(place.weight() > 0 ? 1.0F : 0.0F);
  });
}

/// Gives places without colour one between those of the nearest coarser places that have one. Known places get weight
/// 1, filled ones 0.
void fill(Field& field) {
  const PixelSize size = field.size();
  if (size.width <= 1 && size.height <= 1) {
    return;
  }
  Field coarse({(size.width + 1) / 2, (size.height + 1) / 2});
  field.each([&](std::int32_t x, std::int32_t y, const Place& place) { coarse.at(x / 2, y / 2).add(place, 1); });
  fill(coarse);
  field.each([&](std::int32_t x, std::int32_t y, Place& place) {
    if (place.weight() > 0) {
      return;
    }
    const std::int32_t u = x % 2 != 0 ? x / 2 + 1 : x / 2 - 1;
    const std::int32_t v = y % 2 != 0 ? y / 2 + 1 : y / 2 - 1;
    place.add(coarse.near(x / 2, y / 2).scaled(1), 9);
    place.add(coarse.near(u, y / 2).scaled(1), 3);
    place.add(coarse.near(x / 2, v).scaled(1), 3);
    place.add(coarse.near(u, v).scaled(1), 1);
    constexpr float kHardly = 1e-4F;  // a guess weighs nothing against what is known
    place = place.scaled(kHardly);
  });
}

/// Evens out what was filled in; afterwards colours are plain and weight says whether a place was known.
void relax(Field& field) {
  constexpr float kKnown = 0.01F, kQuarter = 0.25F;
  field.each([](std::int32_t, std::int32_t, Place& place) {
    const bool known = place.weight() > kKnown;
    place = place.scaled(1);
    place.set_weight(known ? 1.0F : 0.0F);
  });
  const PixelSize size = field.size();
  for (int round = 0; round < kRelaxRounds; ++round) {
    for (std::int32_t y = 0; y < size.height; ++y) {
      const Place* above = &field.near(0, y - 1);
      const Place* below = &field.near(0, y + 1);
      Place* here = &field.at(0, y);
      for (std::int32_t x = 0; x < size.width; ++x) {
        if (here[x].weight() <= 0) {
          const Place& left = here[std::max(x - 1, 0)];
          const Place& right = here[std::min(x + 1, size.width - 1)];
          here[x].lanes =
              left.lanes * kQuarter + right.lanes * kQuarter + above[x].lanes * kQuarter + below[x].lanes * kQuarter;
          here[x].set_weight(0);
        }
      }
    }
  }
}

/// JPEG blocks without any ink take the mean of the block to their left.
void flatten_empty_blocks(Field& field) {
  const PixelSize size = field.size();
  for (std::int32_t top = 0; top < size.height; top += kJpegBlock) {
    Place last = field.at(0, top);
    for (std::int32_t left = 0; left < size.width; left += kJpegBlock) {
      const std::int32_t right = std::min(left + kJpegBlock, size.width);
      const std::int32_t bottom = std::min(top + kJpegBlock, size.height);
      Place mean;
      float known = 0;
      for (std::int32_t y = top; y < bottom; ++y) {
        for (std::int32_t x = left; x < right; ++x) {
          Place place = field.at(x, y);
          known += place.weight();
          place.set_weight(1);
          mean.add(place, 1);
        }
      }
      last = known > 0 ? mean.scaled(1) : last;
      for (std::int32_t y = top; y < bottom && known <= 0; ++y) {
        for (std::int32_t x = left; x < right; ++x) {
          field.at(x, y) = last;
        }
      }
    }
  }
}

}  // namespace

Image stamp_colours(const ImageView& page, const Stamp& stamp, Dpi dpi) {
  const double scale = std::min(1.0, dpi.value / std::max(page.dpi.value, 1.0));
  const auto side = [scale](std::int32_t length) {
    return std::max(1, static_cast<std::int32_t>(std::ceil(length * scale - 1e-6)));
  };
  const PixelSize box = stamp.box.size();
  Field field = gather(page, stamp, {side(box.width), side(box.height)});
  keep_cores(field);
  fill(field);
  relax(field);
  flatten_empty_blocks(field);
  Image out(PixelFormat::rgb, field.size(), Dpi{page.dpi.value * field.size().width / box.width});
  field.each([&](std::int32_t x, std::int32_t y, const Place& place) {
    std::uint8_t* to = out.row(y) + static_cast<std::size_t>(x) * 3;
    for (std::size_t c = 0; c < 3; ++c) {
      to[c] = static_cast<std::uint8_t>(std::clamp(place.colour(c) + 0.5F, 0.0F, 255.0F));
    }
  });
  return out;
}

}  // namespace quay::imaging
