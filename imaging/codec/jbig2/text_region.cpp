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

std::vector<std::uint8_t> encode_dictionary(const std::vector<Symbol>& symbols, std::size_t first, std::size_t last) {
  GenericCoder generic;
  return write_dictionary(
      std::span(symbols).subspan(first, last - first), first,
      [&](ArithmeticEncoder& coder, const Symbol& symbol) { generic.encode(coder, symbol.bitmap, false); });
}

std::vector<std::uint8_t> encode_refined_dictionary(const std::vector<Symbol>& symbols, std::size_t first) {
  IntegerEncoder instances, dx, dy;
  SymbolIdEncoder id(code_length(symbols.size()));
  RefinementCoder refinement;
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

/// All coders of one text region.
class MarkWriter {
 public:
  explicit MarkWriter(const SymbolPlan& plan) : plan_(plan), id_(code_length(plan.symbols.size())) {}

  std::vector<std::uint8_t> write(const std::vector<const Mark*>& order) {
    strip_.encode(coder_, 0);
    std::int32_t strip = 0;
    std::int32_t first = 0;
    for (std::size_t i = 0; i < order.size();) {
      strip_.encode(coder_, order[i]->bottom - strip);
      strip = order[i]->bottom;
      first_.encode(coder_, order[i]->left - first);
      first = order[i]->left;
      std::int32_t at = first;
      for (bool leads = true; i < order.size() && order[i]->bottom == strip; ++i, leads = false) {
        if (!leads) {
          across_.encode(coder_, order[i]->left - at);
        }
        write_mark(*order[i]);
        at = order[i]->left + order[i]->bitmap.size().width - 1;
      }
      across_.encode_oob(coder_);
    }
    return coder_.finish();
  }

 private:
  void write_mark(const Mark& mark) {
    id_.encode(coder_, mark.symbol);
    refined_.encode(coder_, mark.exact ? 0 : 1);
    if (mark.exact) {
      return;
    }
    const Bitmap& symbol = plan_.symbols[mark.symbol].bitmap;
    const std::int32_t wider = mark.bitmap.size().width - symbol.size().width;
    const std::int32_t higher = mark.bitmap.size().height - symbol.size().height;
    wider_.encode(coder_, wider);
    higher_.encode(coder_, higher);
    dx_.encode(coder_, mark.offset.dx - (wider >> 1));
    dy_.encode(coder_, mark.offset.dy - (higher >> 1));
    refinement_.encode(coder_, mark.bitmap, symbol, mark.offset);
  }

  const SymbolPlan& plan_;
  ArithmeticEncoder coder_;
  IntegerEncoder strip_, first_, across_, refined_, wider_, higher_, dx_, dy_;
  SymbolIdEncoder id_;
  RefinementCoder refinement_;
};

}  // namespace

std::vector<std::uint8_t> encode_marks(const SymbolPlan& plan) {
  std::vector<const Mark*> order;
  for (const Mark& mark : plan.marks) {
    order.push_back(&mark);
  }
  std::stable_sort(order.begin(), order.end(), [](const Mark* a, const Mark* b) {
    return std::pair(a->bottom, a->left) < std::pair(b->bottom, b->left);
  });
  return MarkWriter(plan).write(order);
}

}  // namespace quay::imaging::jbig2
