// SPDX-License-Identifier: Apache-2.0
// Secure messaging of ICAO 9303-11 section 9.8: every command and answer enciphered and with a checksum over a counter
// that both sides keep. A state of one session; it ends at the first answer that does not fit.
#pragma once

#include "base/result.hpp"
#include "devices/card/emrtd/apdu.hpp"
#include "devices/card/emrtd/cipher.hpp"
#include "devices/card/emrtd/tlv.hpp"

namespace quay::emrtd {

/// What two sides agree on by BAC, PACE or chip authentication.
struct SessionKeys {
  CipherSuite suite = CipherSuite::aes128;
  Bytes encryption{};
  Bytes checksum{};
  Bytes counter{};  ///< one block; the first command counts it up to its first value
};

/// Keys from a shared secret, with the counter at zero: after PACE and chip authentication.
Result<SessionKeys> session_keys(CipherSuite suite, View shared_secret);

/// Was an answer not protected with our keys? Nothing else that can go wrong on the way to a card is called so.
bool breaks_messaging(const Error& error);

class SecureMessaging {
 public:
  explicit SecureMessaging(SessionKeys keys) : keys_(std::move(keys)) {}

  /// The command as it travels. Errors: bug.
  Result<CommandApdu> protect(const CommandApdu& command);

  /// The answer as the card meant it. Errors: card_protocol when the checksum is wrong or a part is missing: the card
  /// or something between has ended the session.
  Result<ResponseApdu> unprotect(const ResponseApdu& response);

  /// The longest answer that fits a short command's 256 bytes once it is enciphered: 223 for AES, 231 for 3DES.
  std::size_t short_answer() const;

 private:
  Result<Bytes> vector() const;
  Result<Bytes> cryptogram(const CommandApdu& command) const;
  Result<Bytes> opened(const Tlv& data) const;
  void count_up();

  SessionKeys keys_;
};

}  // namespace quay::emrtd
