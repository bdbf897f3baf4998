// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/bac.hpp"

#include <algorithm>
#include <functional>

namespace quay::emrtd {
namespace {

constexpr auto kSuite = CipherSuite::des3;
constexpr std::size_t kSeed = 16, kChallenge = 8, kKeyPart = 16, kToken = 32, kCheck = 8;

/// The keys that both sides have from the zone before they talk.
Result<SessionKeys> zone_keys(const Password& mrz) {
  if (mrz.kind != PasswordKind::mrz || mrz.secret.size() < kSeed) {
    return failure(Errc::card_key_missing, "bac", "the machine-readable zone is needed");
  }
  return session_keys(kSuite, View(mrz.secret).first(kSeed));
}

/// What the card proved: its part of the new key.
Result<Bytes> card_part(const SessionKeys& keys, View answer, View own_challenge, View card_challenge) {
  const auto sum = checksum(kSuite, keys.checksum, padded(answer.first(kToken), block_size(kSuite)));
  if (!sum || !same_bytes(*sum, answer.last(kCheck))) {
    return failure(Errc::card_key_refused, "bac", "the card's proof has a wrong checksum");
  }
  const auto token = decrypt(kSuite, keys.encryption, Bytes(kChallenge), answer.first(kToken));
  if (!token) {
    return token;
  }
  const View plain = *token;
  if (!same_bytes(plain.first(kChallenge), card_challenge) ||
      !same_bytes(plain.subspan(kChallenge, kChallenge), own_challenge)) {
    return failure(Errc::card_protocol, "bac", "the card's proof is for another challenge");
  }
  return to_bytes(plain.last(kKeyPart));
}

Result<Bytes> own_proof(const SessionKeys& keys, View plain) {
  auto sealed = encrypt(kSuite, keys.encryption, Bytes(kChallenge), plain);
  const auto sum = sealed ? checksum(kSuite, keys.checksum, padded(*sealed, block_size(kSuite))) : sealed;
  if (!sum) {
    return sum;
  }
  append(*sealed, *sum);
  return sealed;
}

}  // namespace

Status open_with_bac(CardSession& session, const Password& mrz, const RandomSource& random) {
  const auto keys = zone_keys(mrz);
  if (!keys) {
    return tl::unexpected(keys.error());
  }
  const auto challenge = session.send({.ins = 0x84, .expected = kChallenge});
  if (!challenge || !challenge->ok() || challenge->data.size() != kChallenge) {
    return tl::unexpected(challenge ? status_error("bac.get_challenge", challenge->status) : challenge.error());
  }
  const auto own = random(kChallenge), part = random(kKeyPart);
  if (!own || !part) {
    return tl::unexpected((own ? part : own).error());
  }
  const auto proof = own_proof(*keys, joined({*own, challenge->data, *part}));
  if (!proof) {
    return tl::unexpected(proof.error());
  }
  const auto answer = session.send({.ins = 0x82, .data = *proof, .expected = kToken + kCheck});
  if (!answer) {
    return tl::unexpected(answer.error());
  }
  if (!answer->ok() || answer->data.size() != kToken + kCheck) {
    Error error = status_error("bac.external_authenticate", answer->status);
    error.code = Errc::card_key_refused;
    return tl::unexpected(std::move(error));
  }
  const auto theirs = card_part(*keys, answer->data, *own, challenge->data);
  if (!theirs) {
    return tl::unexpected(theirs.error());
  }
  Bytes seed(kKeyPart);
  std::transform(part->begin(), part->end(), theirs->begin(), seed.begin(), std::bit_xor<>());
  auto agreed = session_keys(kSuite, seed);
  if (!agreed) {
    return tl::unexpected(agreed.error());
  }
  agreed->counter = joined({View(challenge->data).last(kChallenge / 2), View(*own).last(kChallenge / 2)});
  session.secure(std::move(*agreed));
  return {};
}

}  // namespace quay::emrtd
