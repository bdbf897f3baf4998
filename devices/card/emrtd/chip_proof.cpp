// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/chip_proof.hpp"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "devices/card/emrtd/cipher.hpp"
#include "devices/card/emrtd/curve.hpp"
#include "devices/card/emrtd/openssl_handles.hpp"
#include "devices/card/emrtd/tlv.hpp"

namespace quay::emrtd {
namespace {

constexpr std::size_t kChallenge = 8;
constexpr std::uint32_t kOid = 0x06, kSequence = 0x30, kBits = 0x03, kDg15 = 0x6F;

KeyPtr key_of(View subject_public_key_info) {
  const unsigned char* at = subject_public_key_info.data();
  KeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(subject_public_key_info.size())));
  ERR_clear_error();
  return key;
}

Bytes digest(const EVP_MD* kind, View bytes) {
  Bytes out(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, kind, nullptr);
  out.resize(size);
  return out;
}

/// What the signer put in: the whole block, as long as the modulus. Empty when the signature is none of this key.
Bytes recover(EVP_PKEY& key, View signature) {
  const KeyContextPtr context(EVP_PKEY_CTX_new(&key, nullptr));
  Bytes out(static_cast<std::size_t>(EVP_PKEY_get_size(&key)));
  std::size_t size = out.size();
  const bool good = context && EVP_PKEY_verify_recover_init(context.get()) == 1 &&
                    EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1 &&
                    EVP_PKEY_verify_recover(context.get(), out.data(), &size, signature.data(), signature.size()) == 1;
  ERR_clear_error();
  out.resize(good ? size : 0);
  return out;
}

struct Trailer {
  const EVP_MD* digest = nullptr;
  std::size_t size = 0;
};

/// ISO/IEC 9796-2 section 8.1.3: BC alone is SHA-1, otherwise a hash's identifier (ISO/IEC 10118-3) and CC.
Trailer trailer_of(View block) {
  constexpr std::uint8_t kShort = 0xBC, kLong = 0xCC;
  if (block.size() > 2 && block.back() == kShort) {
    return {EVP_sha1(), 1};
  }
  if (block.size() < 3 || block.back() != kLong) {
    return {};
  }
  switch (block[block.size() - 2]) {
    case 0x33: return {EVP_sha1(), 2};
    case 0x34: return {EVP_sha256(), 2};
    case 0x35: return {EVP_sha512(), 2};
    case 0x36: return {EVP_sha384(), 2};
    case 0x38: return {EVP_sha224(), 2};
    default: return {};
  }
}

/// The block is 6A, the recoverable part of the message, its digest with the challenge, and the trailer.
bool rsa_fits(EVP_PKEY& key, View challenge, View signature) {
  constexpr std::uint8_t kPartialRecovery = 0x6A;
  const Bytes block = recover(key, signature);
  const Trailer trailer = trailer_of(block);
  if (trailer.digest == nullptr || block.front() != kPartialRecovery) {
    return false;
  }
  const auto size = static_cast<std::size_t>(EVP_MD_get_size(trailer.digest));
  if (block.size() < 1 + size + trailer.size) {
    return false;
  }
  const View middle = View(block).subspan(1, block.size() - 1 - size - trailer.size);
  const View said = View(block).subspan(1 + middle.size(), size);
  return same_bytes(digest(trailer.digest, joined({middle, challenge})), said);
}

/// Plain signatures of BSI TR-03111 section 5.2.1: r and s, each as long as the field. The identifier's last arc names
/// the digest.
const EVP_MD* plain_digest(const SecurityInfos& infos) {
  constexpr std::string_view kPlain = "0.4.0.127.0.7.1.1.4.1.";
  const std::string name = infos.active_authentication_hash.value_or(std::string(kPlain) + "3");
  if (!name.starts_with(kPlain) || name.size() != kPlain.size() + 1) {
    return nullptr;
  }
  switch (name.back()) {
    case '1': return EVP_sha1();
    case '2': return EVP_sha224();
    case '3': return EVP_sha256();
    case '4': return EVP_sha384();
    case '5': return EVP_sha512();
    default: return nullptr;
  }
}

Bytes der_signature(View plain) {
  const SignaturePtr signature(ECDSA_SIG_new());
  const View r = plain.first(plain.size() / 2), s = plain.last(plain.size() / 2);
  ECDSA_SIG_set0(signature.get(), BN_bin2bn(r.data(), static_cast<int>(r.size()), nullptr),
                 BN_bin2bn(s.data(), static_cast<int>(s.size()), nullptr));
  Bytes out(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), nullptr)));
  unsigned char* to = out.data();
  i2d_ECDSA_SIG(signature.get(), &to);
  return out;
}

bool ecdsa_fits(EVP_PKEY& key, View challenge, View signature, const EVP_MD* kind) {
  if (kind == nullptr || signature.empty() || signature.size() % 2 != 0) {
    return false;
  }
  const Bytes der = der_signature(signature);
  const DigestContextPtr context(EVP_MD_CTX_new());
  const bool fits = context && EVP_DigestVerifyInit(context.get(), nullptr, kind, nullptr, &key) == 1 &&
                    EVP_DigestVerify(context.get(), der.data(), der.size(), challenge.data(), challenge.size()) == 1;
  ERR_clear_error();
  return fits;
}

/// Is this a key whose signatures can be checked here?
bool is_known_kind(const EVP_PKEY& key, const SecurityInfos& infos) {
  const int kind = EVP_PKEY_get_base_id(&key);
  return kind == EVP_PKEY_RSA || (kind == EVP_PKEY_EC && plain_digest(infos) != nullptr);
}

/// The chip's key for these parameters, and the curve and point in it.
struct ChipKey {
  Curve curve;
  Bytes point;
};

Result<ChipKey> parse_chip_key(View subject_public_key_info) {
  const auto whole = require_tlv(subject_public_key_info, kSequence);
  TlvReader parts(whole ? whole->value : View{});
  const auto algorithm = whole ? parts.next(kSequence) : whole;
  const auto bits = algorithm ? parts.next(kBits) : algorithm;
  TlvReader inner(bits ? algorithm->value : View{});
  const auto oid = bits ? inner.next(kOid) : bits;
  const auto parameters = oid ? inner.next() : oid;
  auto curve = parameters ? Curve::from_parameters(parameters->whole) : tl::unexpected(parameters.error());
  if (!curve) {
    return tl::unexpected(curve.error());
  }
  if (bits->value.size() < 2) {
    return failure(Errc::card_data_malformed, "chip_authentication", "a key without its point");
  }
  return ChipKey{std::move(*curve), to_bytes(bits->value.subspan(1))};
}

const ChipPublicKey* key_for(const ChipAuthenticationInfo& info, const SecurityInfos& infos) {
  const auto found = std::find_if(infos.chip_keys.begin(), infos.chip_keys.end(), [&](const ChipPublicKey& key) {
    return !info.key_id || !key.key_id || key.key_id == info.key_id;
  });
  return found == infos.chip_keys.end() ? nullptr : &*found;
}

Bytes key_reference(const ChipAuthenticationInfo& info) { return info.key_id ? make_tlv(0x84, *info.key_id) : Bytes{}; }

/// MSE:Set KAT for 3DES; MSE:Set AT and GENERAL AUTHENTICATE for AES (9303-11 section 6.2.4).
Result<ResponseApdu> send_key(CardSession& session, const ChipAuthenticationInfo& info, View point) {
  if (info.suite == CipherSuite::des3) {
    return session.send(
        {.ins = 0x22, .p1 = 0x41, .p2 = 0xA6, .data = joined({make_tlv(0x91, point), key_reference(info)})});
  }
  const auto set = session.send(
      {.ins = 0x22, .p1 = 0x41, .p2 = 0xA4, .data = joined({make_tlv(0x80, info.oid), key_reference(info)})});
  return set && set->ok()
             ? session.send(
                   {.ins = 0x86, .data = make_tlv(0x7C, make_tlv(0x80, point)), .expected = session.short_answer()})
             : set;
}

}  // namespace

bool signature_fits(View subject_public_key_info, View challenge, View signature, const SecurityInfos& infos) {
  const KeyPtr key = key_of(subject_public_key_info);
  if (!key) {
    return false;
  }
  return EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA ? rsa_fits(*key, challenge, signature)
                                                         : ecdsa_fits(*key, challenge, signature, plain_digest(infos));
}

Result<Proof> prove_actively(CardSession& session, View dg15, const SecurityInfos& infos, const RandomSource& random) {
  const auto content = require_tlv(dg15, kDg15);
  const auto challenge = random(kChallenge);
  if (!content || !challenge) {
    return tl::unexpected(content ? challenge.error() : content.error());
  }
  const auto key = key_of(content->value);
  if (!key) {
    return failure(Errc::card_data_malformed, "active_authentication", "DG15 holds no key");
  }
  if (!is_known_kind(*key, infos)) {
    return failure(Errc::card_unsupported, "active_authentication", "DG15 holds a key of a kind that is not known");
  }
  // Extended commands are asked of a reader only for a signature that needs one.
  const bool is_short = static_cast<std::size_t>(EVP_PKEY_get_size(key.get())) <= session.short_answer();
  const std::size_t expected = is_short ? session.short_answer() : kShortest;
  const auto answer = session.send({.ins = 0x88, .data = *challenge, .expected = expected});
  if (!answer) {
    return tl::unexpected(answer.error());
  }
  return answer->ok() && signature_fits(content->value, *challenge, answer->data, infos) ? Proof::passed
                                                                                         : Proof::failed;
}

Result<Proof> agree_with_chip(CardSession& session, const SecurityInfos& infos, const RandomSource& random) {
  if (infos.chip_authentication.empty() || infos.chip_keys.empty()) {
    return Proof::none;
  }
  const ChipAuthenticationInfo& info = infos.chip_authentication.front();
  const ChipPublicKey* key = key_for(info, infos);
  const auto chip = key != nullptr ? parse_chip_key(key->subject_public_key_info)
                                   : Result<ChipKey>(failure(Errc::card_data_malformed, "chip_authentication",
                                                             "a protocol whose key is missing"));
  const auto own = chip ? chip->curve.make_key(random) : tl::unexpected(chip.error());
  if (!own) {
    return tl::unexpected(own.error());
  }
  const auto answer = send_key(session, info, own->point);
  if (!answer) {
    return tl::unexpected(answer.error());
  }
  if (!answer->ok()) {
    return Proof::failed;
  }
  const auto shared = chip->curve.agree(own->secret, chip->point);
  auto keys = shared ? session_keys(info.suite, *shared) : tl::unexpected(shared.error());
  if (!keys) {
    return tl::unexpected(keys.error());
  }
  session.secure(std::move(*keys));
  return Proof::passed;
}

}  // namespace quay::emrtd
