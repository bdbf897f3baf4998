// SPDX-License-Identifier: Apache-2.0
// The MQ arithmetic coder and the integer codes built on it (ITU-T T.88 Annex E and Annex A), encoder side.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace quay::imaging::jbig2 {

/// Adaptive probability of one context: state number times two, plus the more probable bit.
using Context = std::uint8_t;

/// One state: size of the less probable interval, and the contexts that follow either outcome.
struct CoderState {
  std::uint16_t qe;
  Context after_mps;
  Context after_lps;
};
extern const std::array<CoderState, 94> kCoderStates;

/// Turns decisions into bytes. finish() once, at the end.
class ArithmeticEncoder {
 public:
  void encode(Context& context, unsigned bit) {
    const CoderState& state = kCoderStates[context];
    a_ -= state.qe;
    if (bit == (context & 1U)) {
      if ((a_ & 0x8000U) != 0) {
        c_ += state.qe;
        return;
      }
      if (a_ < state.qe) {
        a_ = state.qe;
      } else {
        c_ += state.qe;
      }
      context = state.after_mps;
    } else {
      if (a_ < state.qe) {
        c_ += state.qe;
      } else {
        a_ = state.qe;
      }
      context = state.after_lps;
    }
    renormalise();
  }

  /// The same bit `count` times in the same context; quick for long runs of what is expected.
  void encode_run(Context& context, unsigned bit, std::uint32_t count);

  /// Ends the code as T.88 section E.2.9 demands and gives the bytes.
  std::vector<std::uint8_t> finish();

 private:
  void renormalise();
  void byte_out();

  std::uint32_t a_ = 0x8000;
  std::uint32_t c_ = 0;
  int ct_ = 12;
  bool begun_ = false;  ///< false: the byte to come is the imaginary one before the first
  std::vector<std::uint8_t> out_;
};

/// Signed integers and OOB (T.88 section A.2). One object is one of IADH, IADW, IADS ...
class IntegerEncoder {
 public:
  void encode(ArithmeticEncoder& coder, std::int32_t value);
  void encode_oob(ArithmeticEncoder& coder);

 private:
  void bits(ArithmeticEncoder& coder, std::uint32_t value, int count);

  std::array<Context, 512> contexts_{};
  std::uint32_t previous_ = 1;
};

/// Symbol numbers of a fixed count of bits (T.88 section A.3).
class SymbolIdEncoder {
 public:
  explicit SymbolIdEncoder(int code_length) : length_(code_length), contexts_(std::size_t{1} << code_length) {}
  void encode(ArithmeticEncoder& coder, std::uint32_t id);

 private:
  int length_;
  std::vector<Context> contexts_;
};

}  // namespace quay::imaging::jbig2
