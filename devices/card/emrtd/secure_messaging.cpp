// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/secure_messaging.hpp"

#include <array>
#include <optional>

namespace quay::emrtd {
namespace {

// Data objects of ISO/IEC 7816-4 section 10.
constexpr std::uint32_t kPlainOdd = 0x85, kCryptogram = 0x87, kExpected = 0x97, kStatus = 0x99, kChecksum = 0x8E;
constexpr std::uint8_t kSecured = 0x0C;        // in the class byte: secure messaging, header authenticated
constexpr std::uint8_t kPaddingIndicator = 1;  // method 2
constexpr std::size_t kChecksumObject = 10, kStatusObject = 4, kCryptogramHeader = 4;

constexpr const char* kOperation = "secure_messaging";

tl::unexpected<Error> broken(std::string detail) { return failure(Errc::card_protocol, kOperation, std::move(detail)); }

/// DO 97: the answer's length as the card shall see it; 256 and 65536 are spelled 0.
Bytes expected_object(std::size_t expected) {
  const auto low = static_cast<std::uint8_t>(expected), high = static_cast<std::uint8_t>(expected >> 8);
  return expected <= kShortest ? make_tlv(kExpected, std::array{low}) : make_tlv(kExpected, std::array{high, low});
}

struct Answer {
  std::optional<Tlv> data, status, checksum;
};

Result<Answer> read_answer(View bytes) {
  Answer answer;
  for (TlvReader reader(bytes); !reader.at_end();) {
    const Result<Tlv> object = reader.next();
    if (!object) {
      return broken(object.error().detail);
    }
    switch (object->tag) {
      case kPlainOdd:
      case kCryptogram: answer.data = *object; break;
      case kStatus: answer.status = *object; break;
      case kChecksum: answer.checksum = *object; break;
      default: return broken("an object that no answer has");
    }
  }
  if (!answer.checksum || (answer.status && answer.status->value.size() != 2)) {
    return broken("an answer without its checksum, or with a status that is none");
  }
  return answer;
}

}  // namespace

bool breaks_messaging(const Error& error) { return error.code == Errc::card_protocol && error.operation == kOperation; }

Result<SessionKeys> session_keys(CipherSuite suite, View shared_secret) {
  auto encryption = derive_key(suite, shared_secret, KeyUse::encryption);
  auto checksum = derive_key(suite, shared_secret, KeyUse::checksum);
  if (!encryption || !checksum) {
    return tl::unexpected((encryption ? checksum : encryption).error());
  }
  return SessionKeys{suite, std::move(*encryption), std::move(*checksum), Bytes(block_size(suite))};
}

void SecureMessaging::count_up() {
  for (auto octet = keys_.counter.rbegin(); octet != keys_.counter.rend() && ++*octet == 0; ++octet) {
  }
}

Result<Bytes> SecureMessaging::vector() const {
  const std::size_t block = block_size(keys_.suite);
  return keys_.suite == CipherSuite::des3 ? Result<Bytes>(Bytes(block))
                                          : encrypt_block(keys_.suite, keys_.encryption, keys_.counter);
}

Result<Bytes> SecureMessaging::cryptogram(const CommandApdu& command) const {
  if (command.data.empty()) {
    return Bytes{};
  }
  const auto start = vector();
  auto sealed =
      start ? encrypt(keys_.suite, keys_.encryption, *start, padded(command.data, block_size(keys_.suite))) : start;
  if (!sealed) {
    return sealed;
  }
  const bool odd = command.ins % 2 == 1;  // its data are data objects themselves
  return odd ? make_tlv(kPlainOdd, *sealed) : make_tlv(kCryptogram, joined({std::array{kPaddingIndicator}, *sealed}));
}

Result<CommandApdu> SecureMessaging::protect(const CommandApdu& command) {
  count_up();
  CommandApdu out{static_cast<std::uint8_t>(command.cla | kSecured), command.ins, command.p1, command.p2};
  const auto sealed = cryptogram(command);
  if (!sealed) {
    return tl::unexpected(sealed.error());
  }
  out.data = *sealed;
  if (command.expected) {
    append(out.data, expected_object(*command.expected));
  }
  const std::size_t block = block_size(keys_.suite);
  Bytes checked = joined({keys_.counter, padded(std::array{out.cla, out.ins, out.p1, out.p2}, block)});
  if (!out.data.empty()) {
    append(checked, padded(out.data, block));
  }
  const auto sum = checksum(keys_.suite, keys_.checksum, checked);
  if (!sum) {
    return tl::unexpected(sum.error());
  }
  append(out.data, make_tlv(kChecksum, *sum));
  const std::size_t longest =
      command.expected.value_or(0) > short_answer() || out.data.size() > 255 ? kLongest : kShortest;
  out.expected = longest;
  return out;
}

Result<ResponseApdu> SecureMessaging::unprotect(const ResponseApdu& response) {
  count_up();
  if (response.data.empty()) {
    Error error = status_error(kOperation, response.status);
    error.detail += " in the clear: the session is over";
    return tl::unexpected(std::move(error));
  }
  const auto answer = read_answer(response.data);
  if (!answer) {
    return tl::unexpected(answer.error());
  }
  const std::size_t block = block_size(keys_.suite);
  const Bytes said =
      joined({answer->data ? answer->data->whole : View{}, answer->status ? answer->status->whole : View{}});
  const auto sum = checksum(keys_.suite, keys_.checksum, joined({keys_.counter, padded(said, block)}));
  if (!sum || !same_bytes(*sum, answer->checksum->value)) {
    return broken("an answer whose checksum is wrong");
  }
  ResponseApdu out{{}, response.status};
  if (answer->status) {
    out.status = static_cast<StatusWord>(answer->status->value[0] << 8 | answer->status->value[1]);
  }
  if (answer->data) {
    auto plain = opened(*answer->data);
    if (!plain) {
      return tl::unexpected(plain.error());
    }
    out.data = std::move(*plain);
  }
  return out;
}

Result<Bytes> SecureMessaging::opened(const Tlv& data) const {
  const bool indicated = data.tag == kCryptogram;
  if (indicated && (data.value.empty() || data.value[0] != kPaddingIndicator)) {
    return broken("an answer padded in a way that is not method 2");
  }
  const View sealed = data.value.subspan(indicated ? 1 : 0);
  if (sealed.empty() || sealed.size() % block_size(keys_.suite) != 0) {
    return broken("an answer that is not whole blocks");
  }
  const auto start = vector();
  const auto padded_data = start ? decrypt(keys_.suite, keys_.encryption, *start, sealed) : start;
  return padded_data ? unpadded(*padded_data) : padded_data;
}

std::size_t SecureMessaging::short_answer() const {
  const std::size_t block = block_size(keys_.suite);
  const std::size_t room = kShortest - kChecksumObject - kStatusObject - kCryptogramHeader;
  return room / block * block - 1;
}

}  // namespace quay::emrtd
