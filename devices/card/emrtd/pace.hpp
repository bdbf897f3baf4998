// SPDX-License-Identifier: Apache-2.0
// PACE with generic mapping over elliptic curves, ICAO 9303-11 section 4.4: the terminal's side. A wrong password shows
// only at the end; the card counts it, so it is never tried twice here.
#pragma once

#include "devices/card/emrtd/access_key.hpp"
#include "devices/card/emrtd/card_session.hpp"
#include "devices/card/emrtd/random.hpp"
#include "devices/card/emrtd/security_infos.hpp"

namespace quay::emrtd {

/// The session is under secure messaging afterwards; the application is selected after, not before.
/// Errors: card_key_refused (wrong password), card_tries_low (the card says that one try is left: none is made),
/// card_unsupported (it refuses the protocol, or the curve is none of ours), card_protocol, the channel's.
Status open_with_pace(CardSession& session, const PaceInfo& info, const Password& password, const RandomSource& random);

}  // namespace quay::emrtd
