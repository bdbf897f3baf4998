// SPDX-License-Identifier: Apache-2.0
// Is the chip the one that was issued, or a copy of its files? Active authentication (ICAO 9303-11 section 6.1: it
// signs a challenge) and chip authentication (section 6.2: it agrees on keys with a private key that cannot be read).
#pragma once

#include "base/result.hpp"
#include "devices/card/emrtd/card_session.hpp"
#include "devices/card/emrtd/random.hpp"
#include "devices/card/emrtd/security_infos.hpp"

namespace quay::emrtd {

enum class Proof : std::uint8_t { none, passed, failed };

/// dg15: the file. infos: of DG14; they name the digest of an ECDSA key. RSA (ISO/IEC 9796-2 scheme 1) and ECDSA.
/// Errors: the channel's; of what DG15 and DG14 say: card_data_malformed (no key), card_unsupported (a key or a digest
/// of a kind that is not known). A wrong or refused signature is `failed`.
Result<Proof> prove_actively(CardSession& session, View dg15, const SecurityInfos& infos, const RandomSource& random);

/// On `passed` the session goes on under the new keys; whether the chip really has them shows with the next command, so
/// the caller reads something: a failure of secure messaging then means a copy.
/// `none` when DG14 names no key over an elliptic curve. Errors: the channel's; card_data_malformed.
Result<Proof> agree_with_chip(CardSession& session, const SecurityInfos& infos, const RandomSource& random);

/// Does this signature answer this challenge? Alone, so that it can be tested against published values.
bool signature_fits(View subject_public_key_info, View challenge, View signature, const SecurityInfos& infos);

}  // namespace quay::emrtd
