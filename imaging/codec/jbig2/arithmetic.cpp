// SPDX-License-Identifier: Apache-2.0
#include "imaging/codec/jbig2/arithmetic.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace quay::imaging::jbig2 {

// T.88 table E.1, each row twice: for the more probable bit 0 and 1.
const std::array<CoderState, 94> kCoderStates{
    {{0x5601, 2, 3},   {0x5601, 3, 2},   {0x3401, 4, 12},  {0x3401, 5, 13},  {0x1801, 6, 18},  {0x1801, 7, 19},
     {0x0AC1, 8, 24},  {0x0AC1, 9, 25},  {0x0521, 10, 58}, {0x0521, 11, 59}, {0x0221, 76, 66}, {0x0221, 77, 67},
     {0x5601, 14, 13}, {0x5601, 15, 12}, {0x5401, 16, 28}, {0x5401, 17, 29}, {0x4801, 18, 28}, {0x4801, 19, 29},
     {0x3801, 20, 28}, {0x3801, 21, 29}, {0x3001, 22, 34}, {0x3001, 23, 35}, {0x2401, 24, 36}, {0x2401, 25, 37},
     {0x1C01, 26, 40}, {0x1C01, 27, 41}, {0x1601, 58, 42}, {0x1601, 59, 43}, {0x5601, 30, 29}, {0x5601, 31, 28},
     {0x5401, 32, 28}, {0x5401, 33, 29}, {0x5101, 34, 30}, {0x5101, 35, 31}, {0x4801, 36, 32}, {0x4801, 37, 33},
     {0x3801, 38, 34}, {0x3801, 39, 35}, {0x3401, 40, 36}, {0x3401, 41, 37}, {0x3001, 42, 38}, {0x3001, 43, 39},
     {0x2801, 44, 38}, {0x2801, 45, 39}, {0x2401, 46, 40}, {0x2401, 47, 41}, {0x2201, 48, 42}, {0x2201, 49, 43},
     {0x1C01, 50, 44}, {0x1C01, 51, 45}, {0x1801, 52, 46}, {0x1801, 53, 47}, {0x1601, 54, 48}, {0x1601, 55, 49},
     {0x1401, 56, 50}, {0x1401, 57, 51}, {0x1201, 58, 52}, {0x1201, 59, 53}, {0x1101, 60, 54}, {0x1101, 61, 55},
     {0x0AC1, 62, 56}, {0x0AC1, 63, 57}, {0x09C1, 64, 58}, {0x09C1, 65, 59}, {0x08A1, 66, 60}, {0x08A1, 67, 61},
     {0x0521, 68, 62}, {0x0521, 69, 63}, {0x0441, 70, 64}, {0x0441, 71, 65}, {0x02A1, 72, 66}, {0x02A1, 73, 67},
     {0x0221, 74, 68}, {0x0221, 75, 69}, {0x0141, 76, 70}, {0x0141, 77, 71}, {0x0111, 78, 72}, {0x0111, 79, 73},
     {0x0085, 80, 74}, {0x0085, 81, 75}, {0x0049, 82, 76}, {0x0049, 83, 77}, {0x0025, 84, 78}, {0x0025, 85, 79},
     {0x0015, 86, 80}, {0x0015, 87, 81}, {0x0009, 88, 82}, {0x0009, 89, 83}, {0x0005, 90, 84}, {0x0005, 91, 85},
     {0x0001, 90, 86}, {0x0001, 91, 87}, {0x5601, 92, 92}, {0x5601, 93, 93}}};

void ArithmeticEncoder::renormalise() {
  int shift = std::countl_zero(static_cast<std::uint16_t>(a_));
  a_ <<= shift;
  while (shift >= ct_) {
    c_ <<= ct_;
    shift -= ct_;
    byte_out();
  }
  c_ <<= shift;
  ct_ -= shift;
}

// T.88 figure E.8: a byte of 0xFF is followed by one of seven bits, so that a carry never runs through it.
void ArithmeticEncoder::byte_out() {
  const bool carry = (c_ & 0x8000000U) != 0;
  if (begun_ && out_.back() != 0xFF && carry) {
    ++out_.back();
    c_ &= 0x7FFFFFFU;
  }
  const bool stuffed = begun_ && out_.back() == 0xFF;
  begun_ = true;
  out_.push_back(static_cast<std::uint8_t>(c_ >> (stuffed ? 20 : 19)));
  c_ &= stuffed ? 0xFFFFFU : 0x7FFFFU;
  ct_ = stuffed ? 7 : 8;
}

void ArithmeticEncoder::encode_run(Context& context, unsigned bit, std::uint32_t count) {
  while (count > 0) {
    const std::uint32_t qe = kCoderStates[context].qe;
    const std::uint32_t free = bit == (context & 1U) ? (a_ - 0x8000U) / qe : 0;  // steps without renormalising
    const std::uint32_t steps = std::min(free, count);
    a_ -= steps * qe;
    c_ += steps * qe;
    count -= steps;
    if (count > 0) {
      encode(context, bit);
      --count;
    }
  }
}

std::vector<std::uint8_t> ArithmeticEncoder::finish() {
  const std::uint32_t most = c_ + a_;
  c_ |= 0xFFFFU;
  if (c_ >= most) {
    c_ -= 0x8000U;
  }
  c_ <<= ct_;
  byte_out();
  c_ <<= ct_;
  byte_out();
  if (out_.back() != 0xFF) {
    out_.push_back(0xFF);
  }
  out_.push_back(0xAC);
  return std::move(out_);
}

namespace {

/// T.88 table A.1: magnitudes from `base` on take `bits` bits after a prefix of ones.
struct Range {
  std::uint32_t base;
  int bits;
};
constexpr std::array<Range, 6> kRanges{{{0, 2}, {4, 4}, {20, 6}, {84, 8}, {340, 12}, {4436, 32}}};

}  // namespace

void IntegerEncoder::bits(ArithmeticEncoder& coder, std::uint32_t value, int count) {
  for (int i = count - 1; i >= 0; --i) {
    const std::uint32_t bit = value >> i & 1U;
    coder.encode(contexts_[previous_], bit);
    previous_ = previous_ < 256 ? previous_ << 1 | bit : ((previous_ << 1 | bit) & 511U) | 256U;
  }
}

void IntegerEncoder::encode(ArithmeticEncoder& coder, std::int32_t value) {
  const auto magnitude = static_cast<std::uint32_t>(value < 0 ? -static_cast<std::int64_t>(value) : value);
  previous_ = 1;
  bits(coder, value < 0 ? 1 : 0, 1);
  std::size_t range = 0;
  for (; range + 1 < kRanges.size() && magnitude >= kRanges[range + 1].base; ++range) {
    bits(coder, 1, 1);
  }
  if (range + 1 < kRanges.size()) {
    bits(coder, 0, 1);
  }
  bits(coder, magnitude - kRanges[range].base, kRanges[range].bits);
}

void IntegerEncoder::encode_oob(ArithmeticEncoder& coder) {
  previous_ = 1;
  bits(coder, 1, 1);  // minus zero
  bits(coder, 0, 3);
}

void SymbolIdEncoder::encode(ArithmeticEncoder& coder, std::uint32_t id) {
  std::uint32_t previous = 1;
  for (int i = length_ - 1; i >= 0; --i) {
    const std::uint32_t bit = id >> i & 1U;
    coder.encode(contexts_[previous], bit);
    previous = previous << 1 | bit;
  }
}

}  // namespace quay::imaging::jbig2
