// SPDX-License-Identifier: Apache-2.0
// Segments (T.88 section 7): page information, symbol dictionary, text region, generic region.
#include <algorithm>
#include <array>

#include "imaging/codec/jbig2.hpp"
#include "imaging/codec/jbig2/text_region.hpp"

namespace quay::imaging {
namespace {

using jbig2::SymbolPlan;
using Bytes = std::vector<std::uint8_t>;

void put(Bytes& out, std::uint32_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) {
    out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
  }
}

enum class SegmentType : std::uint8_t { symbol_dictionary = 0, text_region = 7, generic_region = 39, page = 48 };

/// Appends segments; all belong to page 1.
class SegmentWriter {
 public:
  /// `refers_to`: number of an earlier segment, or -1.
  std::uint32_t add(SegmentType type, const Bytes& data, int refers_to = -1) {
    put(out_, next_, 4);
    put(out_, static_cast<std::uint8_t>(type), 1);
    put(out_, refers_to < 0 ? 0x00 : 0x20, 1);
    if (refers_to >= 0) {
      put(out_, static_cast<std::uint32_t>(refers_to), 1);
    }
    put(out_, 1, 1);
    put(out_, static_cast<std::uint32_t>(data.size()), 4);
    out_.insert(out_.end(), data.begin(), data.end());
    return next_++;
  }
  Bytes take() { return std::move(out_); }

 private:
  Bytes out_;
  std::uint32_t next_ = 0;
};

Bytes page_information(PixelSize size) {
  Bytes out;
  put(out, static_cast<std::uint32_t>(size.width), 4);
  put(out, static_cast<std::uint32_t>(size.height), 4);
  put(out, 0, 4);     // resolution across: the PDF says
  put(out, 0, 4);     // and down
  put(out, 0x01, 1);  // lossless, starts as 0, combines by OR
  put(out, 0, 2);     // no stripes
  return out;
}

/// Region segment information (section 7.4.1): the whole page, combined by OR.
Bytes region_information(PixelSize size) {
  Bytes out;
  put(out, static_cast<std::uint32_t>(size.width), 4);
  put(out, static_cast<std::uint32_t>(size.height), 4);
  put(out, 0, 4);
  put(out, 0, 4);
  put(out, 0, 1);
  return out;
}

void append(Bytes& to, const Bytes& from) { to.insert(to.end(), from.begin(), from.end()); }

/// Adaptive pixels of a generic template (section 7.4.6.3).
void put_adaptive(Bytes& out, int number, const jbig2::AdaptivePixels& places) {
  for (std::size_t i = 0; i < (number == 0 ? places.size() : 1); ++i) {
    out.push_back(static_cast<std::uint8_t>(places[i].dx));
    out.push_back(static_cast<std::uint8_t>(places[i].dy));
  }
}

/// The same of a refinement template (section 6.3.5.3); template 1 has none.
void put_refinement_at(Bytes& out, int number) {
  if (number == 0) {
    put(out, 0xFFFF, 2);
    out.push_back(static_cast<std::uint8_t>(jbig2::kRefinementPixel.dx));
    out.push_back(static_cast<std::uint8_t>(jbig2::kRefinementPixel.dy));
  }
}

/// What a template made of the data.
struct Coded {
  int number = 0;
  Bytes data;
};

/// The shortest of `code(number)` over all templates.
template <class Code>
Coded shortest(int templates, Code code) {
  Coded best{0, code(0)};
  for (int number = 1; number < templates; ++number) {
    Bytes data = code(number);
    if (data.size() < best.data.size()) {
      best = {number, std::move(data)};
    }
  }
  return best;
}

Bytes generic_region(const Bitmap& bitmap) {
  const Coded coded = shortest(jbig2::GenericCoder::kTemplates, [&](int number) {
    jbig2::ArithmeticEncoder coder;
    jbig2::GenericCoder(number, jbig2::kForDrawings).encode(coder, bitmap, true);
    return coder.finish();
  });
  Bytes out = region_information(bitmap.size());
  put(out, static_cast<std::uint32_t>(0x08 | coded.number << 1), 1);  // arithmetic, typical prediction
  put_adaptive(out, coded.number, jbig2::kForDrawings);
  append(out, coded.data);
  return out;
}

/// Symbol dictionary segment data (section 7.4.2): symbols coded by themselves.
Bytes plain_dictionary(const std::vector<jbig2::Symbol>& symbols, std::size_t count) {
  const Coded coded = shortest(jbig2::GenericCoder::kTemplates,
                               [&](int number) { return jbig2::encode_dictionary(symbols, 0, count, number); });
  Bytes out;
  put(out, static_cast<std::uint32_t>(coded.number) << 10, 2);  // arithmetic
  put_adaptive(out, coded.number, jbig2::kForGlyphs);
  put(out, static_cast<std::uint32_t>(count), 4);
  put(out, static_cast<std::uint32_t>(count), 4);
  append(out, coded.data);
  return out;
}

/// The same: symbols from `first` on as refinements of others.
Bytes refined_dictionary(const std::vector<jbig2::Symbol>& symbols, std::size_t first) {
  const Coded coded = shortest(jbig2::RefinementCoder::kTemplates,
                               [&](int number) { return jbig2::encode_refined_dictionary(symbols, first, number); });
  Bytes out;
  put(out, static_cast<std::uint32_t>(coded.number) << 12 | 0x0002, 2);  // arithmetic, refinement
  put_adaptive(out, 0, jbig2::kForGlyphs);
  put_refinement_at(out, coded.number);
  put(out, static_cast<std::uint32_t>(symbols.size()), 4);
  put(out, static_cast<std::uint32_t>(symbols.size() - first), 4);
  append(out, coded.data);
  return out;
}

/// One dictionary, or two of which the second refines symbols of the first and of its own. Number of the last one.
std::uint32_t add_dictionaries(SegmentWriter& writer, const std::vector<jbig2::Symbol>& symbols) {
  const auto refined = std::find_if(symbols.begin(), symbols.end(), [](const auto& s) { return s.parent >= 0; });
  const auto plain = static_cast<std::size_t>(refined - symbols.begin());
  const std::uint32_t first = writer.add(SegmentType::symbol_dictionary, plain_dictionary(symbols, plain));
  if (refined == symbols.end()) {
    return first;
  }
  return writer.add(SegmentType::symbol_dictionary, refined_dictionary(symbols, plain), static_cast<int>(first));
}

/// Text region segment data (section 7.4.3).
Bytes text_region(const SymbolPlan& plan, PixelSize page) {
  const int strip = jbig2::best_strip_height(plan);
  const Coded coded = shortest(jbig2::RefinementCoder::kTemplates, [&](int number) {
    return jbig2::encode_marks(plan, {.refinement = number, .strip_height = strip});
  });
  Bytes out = region_information(page);
  put(out, static_cast<std::uint32_t>(coded.number << 15 | strip << 2 | 0x0002), 2);  // refinement, bottom left, OR
  put_refinement_at(out, coded.number);
  put(out, static_cast<std::uint32_t>(plan.marks.size()), 4);
  append(out, coded.data);
  return out;
}

}  // namespace

Bytes encode_jbig2(const Bitmap& mask, Jbig2Mode mode) {
  SegmentWriter writer;
  writer.add(SegmentType::page, page_information(mask.size()));
  SymbolPlan plan;
  if (mode == Jbig2Mode::best) {
    plan = jbig2::plan_symbols(mask);
  }
  if (plan.symbols.size() < 2) {
    writer.add(SegmentType::generic_region, generic_region(mask));
    return writer.take();
  }
  const std::uint32_t symbols = add_dictionaries(writer, plan.symbols);
  writer.add(SegmentType::text_region, text_region(plan, mask.size()), static_cast<int>(symbols));
  if (!plan.rest_is_blank) {
    writer.add(SegmentType::generic_region, generic_region(plan.rest));
  }
  return writer.take();
}

}  // namespace quay::imaging
