// SPDX-License-Identifier: Apache-2.0
#include "imaging/codec/jbig2/text_region.hpp"

#include <algorithm>
#include <bit>
#include <span>

namespace quay::imaging::jbig2 {

namespace {

/// Bits that tell `count` symbols apart.
int code_length(std::size_t count) { return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(count - 1))); }

/// The frame of a dictionary: height classes, widths, export flags. `write(symbol)` codes one bitmap.
template <class Write>
std::vector<std::uint8_t> write_dictionary(std::span<const Symbol> symbols, std::size_t imported, Write write) {
  ArithmeticEncoder coder;
  IntegerEncoder delta_height, delta_width, exported;
  std::int32_t height = 0;
  for (std::size_t i = 0; i < symbols.size();) {
    delta_height.encode(coder, symbols[i].bitmap.size().height - height);
    height = symbols[i].bitmap.size().height;
    std::int32_t width = 0;
    for (; i < symbols.size() && symbols[i].bitmap.size().height == height; ++i) {
      delta_width.encode(coder, symbols[i].bitmap.size().width - width);
      width = symbols[i].bitmap.size().width;
      write(coder, symbols[i]);
    }
    delta_width.encode_oob(coder);
  }
  exported.encode(coder, 0);
  exported.encode(coder, static_cast<std::int32_t>(imported + symbols.size()));
  return coder.finish();
}

}  // namespace

std::vector<std::uint8_t> encode_dictionary(const std::vector<Symbol>& symbols, std::size_t first, std::size_t last,
                                            int number) {
  GenericCoder generic(number, kForGlyphs);
  return write_dictionary(
      std::span(symbols).subspan(first, last - first), first,
      [&](ArithmeticEncoder& coder, const Symbol& symbol) { generic.encode(coder, symbol.bitmap, false); });
}

std::vector<std::uint8_t> encode_refined_dictionary(const std::vector<Symbol>& symbols, std::size_t first, int number) {
  IntegerEncoder instances, dx, dy;
  SymbolIdEncoder id(code_length(symbols.size()));
  RefinementCoder refinement(number);
  return write_dictionary(std::span(symbols).subspan(first), first,
                          [&](ArithmeticEncoder& coder, const Symbol& symbol) {
                            const auto parent = static_cast<std::uint32_t>(symbol.parent);
                            instances.encode(coder, 1);
                            id.encode(coder, parent);
                            dx.encode(coder, symbol.offset.dx);
                            dy.encode(coder, symbol.offset.dy);
                            refinement.encode(coder, symbol.bitmap, symbols[parent].bitmap, symbol.offset);
                          });
}

namespace {

/// Codes where marks stand: strips from top to bottom, in each strip marks from left to right.
class PlaceWriter {
 public:
  /// `strip_height`: rows as a power of two.
  explicit PlaceWriter(int strip_height) : strip_height_(strip_height) {}

  /// `write(mark)` codes what stands there.
  template <class Write>
  void write(ArithmeticEncoder& coder, const SymbolPlan& plan, Write write) {
    const std::vector<const Mark*> order = in_order(plan);
    strip_.encode(coder, 0);
    std::int32_t strip = 0;
    std::int32_t first = 0;
    for (std::size_t i = 0; i < order.size();) {
      const std::int32_t here = strip_of(*order[i]);
      strip_.encode(coder, here - strip);
      strip = here;
      first_.encode(coder, order[i]->left - first);
      first = order[i]->left;
      std::int32_t at = first;
      for (bool leads = true; i < order.size() && strip_of(*order[i]) == strip; ++i, leads = false) {
        if (!leads) {
          across_.encode(coder, order[i]->left - at);
        }
        if (strip_height_ > 0) {
          row_.encode(coder, order[i]->bottom - (strip << strip_height_));
        }
        write(*order[i]);
        at = order[i]->left + order[i]->bitmap.size().width - 1;
      }
      across_.encode_oob(coder);
    }
  }

 private:
  std::int32_t strip_of(const Mark& mark) const { return mark.bottom >> strip_height_; }

  std::vector<const Mark*> in_order(const SymbolPlan& plan) const {
    std::vector<const Mark*> order;
    order.reserve(plan.marks.size());
    for (const Mark& mark : plan.marks) {
      order.push_back(&mark);
    }
    std::stable_sort(order.begin(), order.end(), [this](const Mark* a, const Mark* b) {
      return std::pair(strip_of(*a), a->left) < std::pair(strip_of(*b), b->left);
    });
    return order;
  }

  int strip_height_;
  IntegerEncoder strip_, first_, across_, row_;
};

/// Codes which symbol a mark is made from and how it differs.
class MarkWriter {
 public:
  MarkWriter(const SymbolPlan& plan, int refinement)
      : plan_(plan), id_(code_length(plan.symbols.size())), refinement_(refinement) {}

  void write(ArithmeticEncoder& coder, const Mark& mark) {
    id_.encode(coder, mark.symbol);
    refined_.encode(coder, mark.exact ? 0 : 1);
    if (mark.exact) {
      return;
    }
    const Bitmap& symbol = plan_.symbols[mark.symbol].bitmap;
    const std::int32_t wider = mark.bitmap.size().width - symbol.size().width;
    const std::int32_t higher = mark.bitmap.size().height - symbol.size().height;
    wider_.encode(coder, wider);
    higher_.encode(coder, higher);
    dx_.encode(coder, mark.offset.dx - (wider >> 1));
    dy_.encode(coder, mark.offset.dy - (higher >> 1));
    refinement_.encode(coder, mark.bitmap, symbol, mark.offset);
  }

 private:
  const SymbolPlan& plan_;
  SymbolIdEncoder id_;
  IntegerEncoder refined_, wider_, higher_, dx_, dy_;
  RefinementCoder refinement_;
};

}  // namespace

std::vector<std::uint8_t> encode_marks(const SymbolPlan& plan, const TextCoding& coding) {
  ArithmeticEncoder coder;
  MarkWriter marks(plan, coding.refinement);
  PlaceWriter(coding.strip_height).write(coder, plan, [&](const Mark& mark) { marks.write(coder, mark); });
  return coder.finish();
}

int best_strip_height(const SymbolPlan& plan) {
  constexpr int kHighest = 3;
  int best = 0;
  std::size_t least = SIZE_MAX;
  for (int height = 0; height <= kHighest; ++height) {
    ArithmeticEncoder coder;
    PlaceWriter(height).write(coder, plan, [](const Mark&) {});
    const std::size_t size = coder.finish().size();
    best = size < least ? height : best;
    least = std::min(least, size);
  }
  return best;
}

}  // namespace quay::imaging::jbig2
