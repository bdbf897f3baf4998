// SPDX-License-Identifier: Apache-2.0
// Points and keys on the curves of ICAO 9303-11 table 7 (NIST and Brainpool), as PACE and chip authentication need
// them.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "devices/card/emrtd/bytes.hpp"
#include "devices/card/emrtd/random.hpp"

struct ec_group_st;
struct ec_point_st;
struct bignum_st;

namespace quay::emrtd {

/// A curve and the generator that is in use on it. Points travel uncompressed (04 x y); a point from outside is
/// checked.
class Curve {
 public:
  /// id: standardised domain parameters, 8 to 18. Errors: card_unsupported.
  static Result<Curve> standardised(int id);

  /// From an EC SubjectPublicKeyInfo's parameters: a named curve's identifier, or explicit parameters (as Vietnam's
  /// authorities use them). der: the value of the algorithm's parameters. Errors: card_data_malformed.
  static Result<Curve> from_parameters(View der);

  Curve(const Curve&) = delete;
  Curve& operator=(const Curve&) = delete;
  Curve(Curve&&) noexcept;
  Curve& operator=(Curve&&) noexcept;
  ~Curve();

  struct KeyPair {
    Bytes secret{};  ///< a number below the order, big endian
    Bytes point{};
  };

  Result<KeyPair> make_key(const RandomSource& random) const;

  /// secret * point. Errors: card_protocol when the point is not on the curve or the product is no point.
  Result<Bytes> multiply(View secret, View point) const;

  /// The x coordinate of secret * point, with its leading zeros: the shared secret of ECDH (TR-03111 section 4.3).
  Result<Bytes> agree(View secret, View point) const;

  /// The same curve with the generator nonce * G + shared: generic mapping, 9303-11 section 4.4.3.3.1.
  Result<Curve> mapped(View nonce, View shared) const;

 private:
  explicit Curve(ec_group_st* group);

  Result<Bytes> encode(const ec_point_st* point) const;

  struct Free {
    void operator()(ec_group_st* group) const;
  };
  std::unique_ptr<ec_group_st, Free> group_;
};

}  // namespace quay::emrtd
