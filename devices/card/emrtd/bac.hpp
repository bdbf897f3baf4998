// SPDX-License-Identifier: Apache-2.0
// Basic access control, ICAO 9303-11 section 4.3: opens older chips with the machine-readable zone. 3DES only.
#pragma once

#include "devices/card/emrtd/access_key.hpp"
#include "devices/card/emrtd/card_session.hpp"
#include "devices/card/emrtd/random.hpp"

namespace quay::emrtd {

/// Both sides prove that they know the zone; the session is under secure messaging afterwards. The application must be
/// selected. Errors: card_key_refused when the card does not know this zone; card_protocol; the channel's.
Status open_with_bac(CardSession& session, const Password& mrz, const RandomSource& random);

}  // namespace quay::emrtd
