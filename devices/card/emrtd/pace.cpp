// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/pace.hpp"

#include <fmt/format.h>

#include <array>

#include "devices/card/emrtd/curve.hpp"
#include "devices/card/emrtd/tlv.hpp"

namespace quay::emrtd {
namespace {

constexpr std::uint32_t kDynamicData = 0x7C, kPublicKey = 0x7F49, kOid = 0x06, kPoint = 0x86;
constexpr std::uint8_t kChained = 0x10;  // class byte: more commands of this chain follow

/// The objects of the four steps: what the terminal sends and what the card answers.
enum class Step : std::uint8_t { nonce = 0x80, map = 0x81, agree = 0x83, prove = 0x85 };
constexpr std::uint32_t answer_tag(Step step) {
  return step == Step::nonce ? 0x80 : static_cast<std::uint32_t>(step) + 1;
}

/// 63C0 to 63CF: so many tries are left.
std::optional<int> tries_left(StatusWord status) {
  return (status & 0xFFF0) == 0x63C0 ? std::optional(status & 0x0F) : std::nullopt;
}

/// What is said and heard of one PACE.
class Terminal {
 public:
  Terminal(CardSession& session, const PaceInfo& info, const Password& password, const RandomSource& random)
      : session_(session), info_(info), password_(password), random_(random) {}

  Result<SessionKeys> run();

 private:
  Status select();
  Result<Bytes> nonce();
  Result<Curve> map(const Curve& curve, View nonce);
  Status prove(const SessionKeys& keys, View own, View theirs);
  Result<Bytes> authenticate(Step step, View value);
  Result<Bytes> proof(const SessionKeys& keys, View point) const;

  CardSession& session_;
  const PaceInfo& info_;
  const Password& password_;
  const RandomSource& random_;
};

Result<SessionKeys> Terminal::run() {
  const auto curve = Curve::standardised(info_.parameters);
  const Status selected = curve ? select() : tl::unexpected(curve.error());
  const auto secret = selected ? nonce() : tl::unexpected(selected.error());
  const auto mapped = secret ? map(*curve, *secret) : tl::unexpected(secret.error());
  const auto own = mapped ? mapped->make_key(random_) : tl::unexpected(mapped.error());
  if (!own) {
    return tl::unexpected(own.error());
  }
  const auto theirs = authenticate(Step::agree, own->point);
  if (theirs && same_bytes(*theirs, own->point)) {
    return failure(Errc::card_protocol, "pace.agree", "the card sent our own key back");
  }
  const auto shared = theirs ? mapped->agree(own->secret, *theirs) : theirs;
  auto keys = shared ? session_keys(info_.suite, *shared) : tl::unexpected(shared.error());
  const Status proven = keys ? prove(*keys, own->point, *theirs) : tl::unexpected(keys.error());
  return proven ? std::move(keys) : tl::unexpected(proven.error());
}

Status Terminal::select() {
  const auto parameters = static_cast<std::uint8_t>(info_.parameters);
  const Bytes data =
      joined({make_tlv(0x80, info_.oid), make_tlv(0x83, std::array{static_cast<std::uint8_t>(password_.kind)}),
              make_tlv(0x84, std::array{parameters})});
  const auto answer = session_.send({.ins = 0x22, .p1 = 0xC1, .p2 = 0xA4, .data = data});
  if (!answer) {
    return tl::unexpected(answer.error());
  }
  const std::optional<int> left = tries_left(answer->status);
  if (answer->ok() || (left && *left > 1)) {
    return {};
  }
  Error error = status_error("pace.set_at", answer->status);
  error.code = left ? Errc::card_tries_low : Errc::card_unsupported;
  return tl::unexpected(std::move(error));
}

Result<Bytes> Terminal::nonce() {
  const auto sealed = authenticate(Step::nonce, {});
  const auto key = sealed ? derive_key(info_.suite, password_.secret, KeyUse::password) : sealed;
  return key ? decrypt(info_.suite, *key, Bytes(block_size(info_.suite)), *sealed) : key;
}

Result<Curve> Terminal::map(const Curve& curve, View nonce) {
  const auto own = curve.make_key(random_);
  const auto theirs = own ? authenticate(Step::map, own->point) : tl::unexpected(own.error());
  const auto shared = theirs ? curve.multiply(own->secret, *theirs) : theirs;
  return shared ? curve.mapped(nonce, *shared) : tl::unexpected(shared.error());
}

/// A checksum over the other side's key: only who knows the password has the key for it.
Result<Bytes> Terminal::proof(const SessionKeys& keys, View point) const {
  const Bytes object = make_tlv(kPublicKey, joined({make_tlv(kOid, info_.oid), make_tlv(kPoint, point)}));
  return checksum(info_.suite, keys.checksum,
                  info_.suite == CipherSuite::des3 ? padded(object, block_size(info_.suite)) : object);
}

Status Terminal::prove(const SessionKeys& keys, View own, View theirs) {
  const auto said = proof(keys, theirs), expected = proof(keys, own);
  if (!said || !expected) {
    return tl::unexpected((said ? expected : said).error());
  }
  const auto heard = authenticate(Step::prove, *said);
  if (!heard) {
    return tl::unexpected(heard.error());
  }
  return same_bytes(*heard, *expected)
             ? Status{}
             : failure(Errc::card_key_refused, "pace.prove", "the card proved another password than ours");
}

/// GENERAL AUTHENTICATE: one object out, one object back.
Result<Bytes> Terminal::authenticate(Step step, View value) {
  const Bytes object = value.empty() ? Bytes{} : make_tlv(static_cast<std::uint32_t>(step), value);
  const std::uint8_t cla = step == Step::prove ? 0 : kChained;
  const auto answer =
      session_.send({.cla = cla, .ins = 0x86, .data = make_tlv(kDynamicData, object), .expected = kShortest});
  if (!answer) {
    return tl::unexpected(answer.error());
  }
  if (!answer->ok()) {
    Error error = status_error("pace.general_authenticate", answer->status);
    error.code = step == Step::prove ? Errc::card_key_refused : Errc::card_protocol;
    return tl::unexpected(std::move(error));
  }
  const auto dynamic = require_tlv(answer->data, kDynamicData);
  const auto found = dynamic ? require_tlv(dynamic->value, answer_tag(step)) : dynamic;
  return found ? Result<Bytes>(to_bytes(found->value)) : tl::unexpected(found.error());
}

}  // namespace

Status open_with_pace(CardSession& session, const PaceInfo& info, const Password& password,
                      const RandomSource& random) {
  auto keys = Terminal(session, info, password, random).run();
  if (!keys) {
    return tl::unexpected(keys.error());
  }
  session.secure(std::move(*keys));
  return {};
}

}  // namespace quay::emrtd
