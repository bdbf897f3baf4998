// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/file_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "devices/card/emrtd/tlv.hpp"

namespace quay::emrtd {
namespace {

constexpr std::size_t kHeader = 6;            // bytes that hold the tag and the length of every file
constexpr std::size_t kLongestFile = 65535;   // what an offset can reach
constexpr std::size_t kShortOffset = 0x8000;  // from here on the offset does not fit P1 and P2
constexpr std::uint32_t kOffset = 0x54, kPiece = 0x53;
constexpr std::array<std::size_t, 2> kShorter{160, 128};

std::uint8_t high(std::size_t value) { return static_cast<std::uint8_t>(value >> 8); }
std::uint8_t low(std::size_t value) { return static_cast<std::uint8_t>(value); }

/// READ BINARY, with the even or the odd instruction byte (ISO/IEC 7816-4 section 7.2.3): at most `most` bytes of the
/// file, in an answer of at most `answer` bytes.
CommandApdu read_command(std::size_t offset, std::size_t most, std::size_t answer) {
  if (offset < kShortOffset) {
    return {.ins = 0xB0, .p1 = high(offset), .p2 = low(offset), .expected = std::min(most, answer)};
  }
  constexpr std::size_t kPieceHeader = 4;
  return {.ins = 0xB1,
          .data = make_tlv(kOffset, std::array{high(offset), low(offset)}),
          .expected = std::min(most + kPieceHeader, answer)};
}

Result<Bytes> piece_of(const ResponseApdu& answer, std::size_t offset) {
  if (offset < kShortOffset) {
    return answer.data;
  }
  const auto piece = require_tlv(answer.data, kPiece);
  return piece ? Result<Bytes>(to_bytes(piece->value)) : tl::unexpected(piece.error());
}

bool has_data(const ResponseApdu& answer) {
  return (answer.ok() || answer.status == kEndOfFile) && !answer.data.empty();
}

Status select(CardSession& session, FileId file) {
  const auto answer = session.send(select_command(file));
  if (!answer) {
    return tl::unexpected(answer.error());
  }
  if (!answer->ok()) {
    Error error = status_error("card.select", answer->status);
    error.code = Errc::card_unsupported;
    return tl::unexpected(std::move(error));
  }
  return {};
}

bool may_be_too_long(const Error& error) { return error.code == Errc::card_protocol || error.code == Errc::card_mute; }

Error refusal(StatusWord status) {
  Error error = status_error("card.read_binary", status);
  error.code = status == kSecurityStatus ? Errc::card_unsupported : Errc::card_protocol;
  return error;
}

/// A piece at `offset`, at most `most` bytes; shorter pieces are tried where the card refuses one and stays in talk.
Result<Bytes> read_piece(CardSession& session, std::size_t offset, std::size_t most, PieceSize& size) {
  for (;;) {
    const auto answer = session.send(read_command(offset, most, size.bytes(session)));
    if (!answer) {
      return may_be_too_long(answer.error()) && size.step_down(session)
                 ? failure(Errc::card_protocol, "card.read_binary", "the piece was refused: " + answer.error().detail)
                 : tl::unexpected(answer.error());
    }
    if (has_data(*answer)) {
      return piece_of(*answer, offset);
    }
    if (answer->status == kSecurityStatus || !size.step_down(session)) {
      return tl::unexpected(refusal(answer->status));
    }
  }
}

}  // namespace

std::size_t PieceSize::bytes(const CardSession& session) const {
  return bytes_ == 0 ? session.short_answer() : bytes_ > kShortest ? bytes_ : std::min(bytes_, session.short_answer());
}

bool PieceSize::step_down(const CardSession& session) {
  const std::size_t now = bytes(session);
  if (now > session.short_answer()) {
    bytes_ = session.short_answer();
    return true;
  }
  const auto* shorter = std::find_if(kShorter.begin(), kShorter.end(), [now](std::size_t s) { return s < now; });
  if (shorter == kShorter.end()) {
    return false;
  }
  bytes_ = *shorter;
  return true;
}

CommandApdu select_command(FileId file) {
  const auto id = static_cast<std::size_t>(file);
  return {.ins = 0xA4, .p1 = 2, .p2 = 0x0C, .data = {high(id), low(id)}};
}

Result<Bytes> read_file(CardSession& session, FileId file, PieceSize& size) {
  const Status selected = select(session, file);
  auto bytes = selected ? read_piece(session, 0, kHeader, size) : tl::unexpected(selected.error());
  if (!bytes) {
    return bytes;
  }
  const auto whole = whole_size(*bytes);
  if (!whole || *whole > kLongestFile) {
    return failure(
        Errc::card_data_malformed, "card.read_binary",
        fmt::format("file {:04X} is no data object of at most {} bytes", static_cast<int>(file), kLongestFile));
  }
  while (bytes->size() < *whole) {
    const auto piece = read_piece(session, bytes->size(), *whole - bytes->size(), size);
    if (!piece || piece->empty()) {
      return piece ? failure(Errc::card_data_malformed, "card.read_binary", "a file shorter than it says")
                   : Result<Bytes>(tl::unexpected(piece.error()));
    }
    append(*bytes, *piece);
  }
  bytes->resize(*whole);
  return bytes;
}

}  // namespace quay::emrtd
