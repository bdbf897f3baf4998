// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/curve.hpp"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <array>

#include "base/freed.hpp"

namespace quay::emrtd {
namespace {

using Point = std::unique_ptr<EC_POINT, Freed<EC_POINT_clear_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;

/// 9303-11 table 7, from id 8 on.
constexpr int kFirstId = 8;
constexpr std::array kCurves{NID_X9_62_prime192v1, NID_brainpoolP192r1, NID_secp224r1,       NID_brainpoolP224r1,
                             NID_X9_62_prime256v1, NID_brainpoolP256r1, NID_brainpoolP320r1, NID_secp384r1,
                             NID_brainpoolP384r1,  NID_brainpoolP512r1, NID_secp521r1};

tl::unexpected<Error> refused(const char* what) { return failure(Errc::card_protocol, "curve", what); }

Number number_of(View bytes) { return Number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)); }

/// A point of the curve, not the one at infinity; nothing otherwise. OpenSSL refuses what is not on the curve.
Point point_of(const EC_GROUP* group, View bytes) {
  Point point(EC_POINT_new(group));
  const bool good = point && EC_POINT_oct2point(group, point.get(), bytes.data(), bytes.size(), nullptr) == 1 &&
                    EC_POINT_is_at_infinity(group, point.get()) == 0;
  return good ? std::move(point) : nullptr;
}

}  // namespace

Curve::Curve(ec_group_st* group) : group_(group) {}
Curve::Curve(Curve&&) noexcept = default;
Curve& Curve::operator=(Curve&&) noexcept = default;
Curve::~Curve() = default;
void Curve::Free::operator()(ec_group_st* group) const { EC_GROUP_free(group); }

Result<Curve> Curve::standardised(int id) {
  const int place = id - kFirstId;
  EC_GROUP* group = place >= 0 && place < std::ssize(kCurves)
                        ? EC_GROUP_new_by_curve_name(kCurves[static_cast<std::size_t>(place)])
                        : nullptr;
  if (group == nullptr) {
    return failure(Errc::card_unsupported, "curve", fmt::format("domain parameters {}, expected 8 to 18", id));
  }
  return Curve(group);
}

Result<Curve> Curve::from_parameters(View der) {
  const unsigned char* at = der.data();
  EC_GROUP* group = d2i_ECPKParameters(nullptr, &at, static_cast<long>(der.size()));
  if (group == nullptr || EC_GROUP_check(group, nullptr) != 1) {
    EC_GROUP_free(group);
    return failure(Errc::card_data_malformed, "curve", "parameters that are no curve's");
  }
  return Curve(group);
}

Result<Bytes> Curve::encode(const ec_point_st* point) const {
  Bytes out(EC_POINT_point2oct(group_.get(), point, POINT_CONVERSION_UNCOMPRESSED, nullptr, 0, nullptr));
  if (EC_POINT_point2oct(group_.get(), point, POINT_CONVERSION_UNCOMPRESSED, out.data(), out.size(), nullptr) == 0) {
    return refused("a point that cannot be written");
  }
  return out;
}

Result<Curve::KeyPair> Curve::make_key(const RandomSource& random) const {
  const BIGNUM* order = EC_GROUP_get0_order(group_.get());
  const auto size = static_cast<std::size_t>(BN_num_bytes(order));
  constexpr int kMostTries = 1000;  // each fits with a probability of at least a half
  for (int i = 0; i < kMostTries; ++i) {
    auto secret = random(size);
    if (!secret) {
      return tl::unexpected(secret.error());
    }
    const Number number = number_of(*secret);
    const Point point(EC_POINT_new(group_.get()));
    if (!number || !point || BN_is_zero(number.get()) || BN_cmp(number.get(), order) >= 0) {
      continue;
    }
    if (EC_POINT_mul(group_.get(), point.get(), number.get(), nullptr, nullptr, nullptr) != 1) {
      break;
    }
    auto written = encode(point.get());
    if (!written) {
      return tl::unexpected(written.error());
    }
    return KeyPair{std::move(*secret), std::move(*written)};
  }
  return failure(Errc::bug, "curve", "no key could be made");
}

Result<Bytes> Curve::multiply(View secret, View point) const {
  const Number number = number_of(secret);
  const Point from = point_of(group_.get(), point), out(EC_POINT_new(group_.get()));
  if (!from) {
    return refused("a point that is not on the curve");
  }
  if (!number || !out || EC_POINT_mul(group_.get(), out.get(), nullptr, from.get(), number.get(), nullptr) != 1 ||
      EC_POINT_is_at_infinity(group_.get(), out.get()) == 1) {
    return refused("a product that is no point");
  }
  return encode(out.get());
}

Result<Bytes> Curve::agree(View secret, View point) const {
  const auto product = multiply(secret, point);
  if (!product) {
    return product;
  }
  return to_bytes(View(*product).subspan(1, (product->size() - 1) / 2));
}

Result<Curve> Curve::mapped(View nonce, View shared) const {
  const Number number = number_of(nonce), one = number_of(std::array<std::uint8_t, 1>{1});
  const Point other = point_of(group_.get(), shared), generator(EC_POINT_new(group_.get()));
  EC_GROUP* copy = EC_GROUP_dup(group_.get());
  Curve curve(copy);
  if (!number || !one || !other || !generator || copy == nullptr ||
      EC_POINT_mul(copy, generator.get(), number.get(), other.get(), one.get(), nullptr) != 1 ||
      EC_POINT_is_at_infinity(copy, generator.get()) == 1 ||
      EC_GROUP_set_generator(copy, generator.get(), EC_GROUP_get0_order(copy), EC_GROUP_get0_cofactor(copy)) != 1) {
    return refused("a generator that is no point");
  }
  return curve;
}

}  // namespace quay::emrtd
