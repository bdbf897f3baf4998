// SPDX-License-Identifier: Apache-2.0
// The sRGB output intent, built from the numbers of IEC 61966-2-1 adapted to D50 (Bradford) as ICC.1:2004-10 asks.
#include <array>
#include <cmath>
#include <string_view>

#include "imaging/codec/pdf.hpp"

namespace quay::imaging {
namespace {

/// Big-endian bytes, appended.
class IccBytes {
 public:
  void u16(std::uint32_t value) {
    bytes_.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }
  void u32(std::uint32_t value) {
    u16(value >> 16);
    u16(value & 0xFFFF);
  }
  void fixed(double value) { u32(static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(value * 65536.0)))); }
  void name(std::string_view four) { bytes_.insert(bytes_.end(), four.begin(), four.end()); }
  void zeros(std::size_t count) { bytes_.insert(bytes_.end(), count, 0); }
  void patch_u32(std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) {
      bytes_[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
    }
  }
  std::size_t size() const { return bytes_.size(); }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

using Xyz = std::array<double, 3>;
constexpr Xyz kD50{0.9642, 1.0, 0.8249};
constexpr Xyz kRed{0.4360747, 0.2225045, 0.0139322};
constexpr Xyz kGreen{0.3850649, 0.7168786, 0.0971045};
constexpr Xyz kBlue{0.1430804, 0.0606169, 0.7141733};
constexpr std::array<double, 9> kBradford{1.0478112,  0.0228866,  -0.0501270, 0.0295424, 0.9904844,
                                          -0.0170491, -0.0092345, 0.0150436,  0.7521316};
constexpr std::array<double, 5> kCurve{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
constexpr std::size_t kHeaderBytes = 128;
constexpr std::size_t kIlluminantAt = 68;

void header(IccBytes& out) {
  out.u32(0);  // size, patched at the end
  out.zeros(4);
  out.u32(0x04200000);
  out.name("mntrRGB XYZ ");
  for (const std::uint32_t part : {2026U, 1U, 1U, 0U, 0U, 0U}) {
    out.u16(part);
  }
  out.name("acsp");
  out.zeros(kIlluminantAt - out.size());
  for (const double value : kD50) {
    out.fixed(value);
  }
  out.zeros(kHeaderBytes - out.size());
}

void text(IccBytes& out, std::string_view words) {
  out.name("mluc");
  for (const std::uint32_t value : {0U, 1U, 12U}) {
    out.u32(value);
  }
  out.name("enUS");
  out.u32(static_cast<std::uint32_t>(words.size() * 2));
  out.u32(28);
  for (const char letter : words) {
    out.u16(static_cast<unsigned char>(letter));
  }
}

void numbers(IccBytes& out, std::string_view type, std::span<const double> values) {
  out.name(type);
  out.u32(0);
  if (type == "para") {
    out.u32(3U << 16);
  }
  for (const double value : values) {
    out.fixed(value);
  }
}

}  // namespace

std::vector<std::uint8_t> srgb_profile() {
  constexpr std::array<std::string_view, 10> kTags{"desc", "cprt", "wtpt", "rXYZ", "gXYZ",
                                                   "bXYZ", "chad", "rTRC", "gTRC", "bTRC"};
  IccBytes out;
  header(out);
  out.u32(kTags.size());
  const std::size_t table = out.size();
  out.zeros(kTags.size() * 12);
  std::size_t start = 0;
  for (std::size_t i = 0; i < kTags.size(); ++i) {
    if (i < 8) {  // the three curves share one block
      out.zeros((4 - out.size() % 4) % 4);
      start = out.size();
    }
    switch (i) {
      case 0: text(out, "sRGB"); break;
      case 1: text(out, "CC0"); break;
      case 2: numbers(out, "XYZ ", kD50); break;
      case 3: numbers(out, "XYZ ", kRed); break;
      case 4: numbers(out, "XYZ ", kGreen); break;
      case 5: numbers(out, "XYZ ", kBlue); break;
      case 6: numbers(out, "sf32", kBradford); break;
      case 7: numbers(out, "para", kCurve); break;
      default: break;
    }
    const std::size_t at = table + i * 12;
    out.patch_u32(at, static_cast<std::uint32_t>(static_cast<unsigned char>(kTags[i][0])) << 24 |
                          static_cast<std::uint32_t>(static_cast<unsigned char>(kTags[i][1])) << 16 |
                          static_cast<std::uint32_t>(static_cast<unsigned char>(kTags[i][2])) << 8 |
                          static_cast<unsigned char>(kTags[i][3]));
    out.patch_u32(at + 4, static_cast<std::uint32_t>(start));
    out.patch_u32(at + 8, static_cast<std::uint32_t>(out.size() - start));
  }
  out.zeros((4 - out.size() % 4) % 4);
  out.patch_u32(0, static_cast<std::uint32_t>(out.size()));
  return out.take();
}

}  // namespace quay::imaging
