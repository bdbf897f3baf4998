// SPDX-License-Identifier: Apache-2.0
// The search for a byte budget: resolutions from fine to coarse, at each the best quality that fits. A rendition that
// cannot be read is not taken, however small.
#include <algorithm>
#include <numeric>
#include <optional>

#include "imaging/detect/reduce.hpp"
#include "imaging/encode.hpp"
#include "imaging/layers/ink.hpp"
#include "imaging/layers/legibility.hpp"
#include "imaging/pipeline.hpp"
#include "imaging/recognise/codes.hpp"
#include "imaging/scale.hpp"

namespace quay::imaging {
namespace {

constexpr int kFairQuality = 40;   // above the lowest resolution: worse looks worse than fewer pixels
constexpr int kLeastQuality = 22;  // at the lowest
constexpr std::array<Dpi, 3> kSteps{Dpi{250}, Dpi{225}, kMinOutputDpi};

class Search {
 public:
  Search(const CleanPage& page, const Profile& profile, EncodedPage full)
      : page_(page), profile_(profile), best_(std::move(full)), kept_(full_detail(page, profile)) {}

  /// The detail of what run() gave.
  const Detail& kept() const { return kept_; }

  Result<EncodedPage> run() {
    look_at_page();
    for (const Dpi dpi : resolutions()) {
      const bool last = dpi == lowest_;
      if (auto found = search_at(dpi, std::min(quality_, last ? kLeastQuality : kFairQuality)); !found) {
        return failure(found.error());
      } else if (*found) {
        return std::move(best_);
      }
    }
    if (auto flat = attempt({lowest_, std::min(quality_, kLeastQuality), false}); !flat) {
      return failure(flat.error());
    }
    best_.over_budget = best_.bytes.size() > profile_.max_bytes;
    return std::move(best_);
  }

 private:
  /// What the page is like at full detail, and how far its resolution may fall.
  void look_at_page() {
    const Image bytes = to_bytes(page_.image.view());
    const Bitmap strokes = ink_mask(darkness_of(bytes.view()));
    contrast_ = stroke_contrast(bytes.view(), strokes);
    const double letters = x_height(strokes);
    const double dpi = page_.image.dpi().value;
    lowest_ = Dpi{std::min(dpi, std::max(kMinOutputDpi.value, letters > 0 ? dpi * kLeastXHeight / letters : 0))};
    if (!page_.codes.empty()) {  // what clean-up could not carry over is no one's fault here
      codes_ = read_codes(bytes.view());
    }
  }

  std::vector<Dpi> resolutions() const {
    std::vector<Dpi> out{page_.image.dpi()};
    std::copy_if(kSteps.begin(), kSteps.end(), std::back_inserter(out),
                 [this](Dpi dpi) { return dpi < page_.image.dpi() && dpi > lowest_; });
    if (lowest_ < page_.image.dpi()) {
      out.push_back(lowest_);
    }
    return out;
  }

  /// Encodes; keeps what can be read when it is the best so far. Whether it fits and can be read.
  Result<bool> attempt(const Detail& detail) {
    Image shown;
    auto page = encode_at(page_, profile_, detail, &shown);
    if (!page) {
      return failure(page.error());
    }
    const std::size_t size = page->bytes.size();
    const bool readable = is_readable(shown);
    const bool fits = size <= profile_.max_bytes;
    if (readable && (fits || size < best_.bytes.size())) {
      best_ = std::move(*page);
      kept_ = detail;
    }
    return readable && fits;
  }

  bool is_readable(const Image& shown) const {
    const Bitmap strokes = ink_mask(darkness_of(shown.view()));
    const bool legible = contrast_ <= 0 || stroke_contrast(shown.view(), strokes) >= kLeastContrast * contrast_;
    return legible && (codes_.empty() || shows_codes(shown));
  }

  /// Whether every code of the page says the same as before.
  bool shows_codes(const Image& shown) const {
    const std::vector<Code> found = read_codes(shown.view());
    return std::all_of(codes_.begin(), codes_.end(), [&found](const Code& code) {
      return std::any_of(found.begin(), found.end(),
                         [&code](const Code& one) { return one.format == code.format && one.bytes == code.bytes; });
    });
  }

  /// Whether the page fits at `dpi`; best_ is then the best quality at which it does.
  Result<bool> search_at(Dpi dpi, int least) {
    if (auto fits = attempt({dpi, least}); !fits || !*fits) {
      return fits;
    }
    int low = least, high = quality_ + (dpi < page_.image.dpi() ? 1 : 0);  // `high` is known, or taken, not to fit
    while (high - low > 3) {
      const int middle = (low + high) / 2;
      const auto fits = attempt({dpi, middle});
      if (!fits) {
        return fits;
      }
      (*fits ? low : high) = middle;
    }
    return true;
  }

  const CleanPage& page_;
  const Profile& profile_;
  EncodedPage best_;
  Detail kept_;                  ///< of best_
  int quality_ = kept_.quality;  ///< at full detail
  Dpi lowest_;
  double contrast_ = 0;
  std::vector<Code> codes_;  ///< that the page shows at full detail
};

}  // namespace

Result<EncodedPage> encode_within(const CleanPage& page, const Profile& profile, Detail* kept) {
  const Detail detail = full_detail(page, profile);
  if (kept != nullptr) {
    *kept = detail;
  }
  auto full = encode_at(page, profile, detail, nullptr);
  if (!full || profile.max_bytes == 0 || full->bytes.size() <= profile.max_bytes) {
    return full;
  }
  Search search(page, profile, std::move(*full));
  auto found = search.run();
  if (kept != nullptr) {
    *kept = search.kept();
  }
  return found;
}

std::size_t fair_limit(std::span<const std::size_t> sizes, std::span<const std::size_t> floors, std::size_t max_bytes) {
  std::vector<std::size_t> open;
  std::size_t left = max_bytes;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (floors[i] == 0) {
      open.push_back(sizes[i]);
    } else if (floors[i] > left) {
      return 0;
    } else {
      left -= floors[i];
    }
  }
  std::sort(open.begin(), open.end());
  for (std::size_t i = 0; i < open.size(); ++i) {
    const std::size_t share = left / (open.size() - i);
    if (open[i] > share) {
      return share;
    }
    left -= open[i];
  }
  return open.empty() ? max_bytes : open.back();
}

}  // namespace quay::imaging
