// SPDX-License-Identifier: Apache-2.0
// Vietnamese text of a card: composed as Unicode's NFC wants it, and folded to the letters that a machine-readable zone
// has. Knows the letters of Vietnamese and passes everything else on.
#pragma once

#include <string>
#include <string_view>

namespace quay::identity {

/// NFC for Vietnamese letters (Unicode Standard Annex 15): "e" + U+0302 + U+0301 becomes U+1EBF. Other text stays.
/// `text` must be UTF-8; what is not is copied.
std::string to_nfc(std::string_view text);

/// "Nguyễn Thị Quầy" and "NGUYEN<<THI<QUAY" -> "NGUYEN THI QUAY": upper case, no accents, one space between words.
/// Letters that Vietnamese does not have are kept as they are; what is no UTF-8 folds to nothing.
std::string fold_name(std::string_view text);

}  // namespace quay::identity
