// SPDX-License-Identifier: Apache-2.0
// AES-256-GCM against the published vectors, and what any change of any input does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "crypto/aead.hpp"
#include "crypto/hex.hpp"

namespace quay::crypto {
namespace {

using Blob = std::vector<std::uint8_t>;

std::array<std::uint8_t, kKeyBytes> key_of(const std::string& hex) {
  std::array<std::uint8_t, kKeyBytes> key{};
  const Blob bytes = from_hex(hex).value();
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

Nonce nonce_of(const std::string& hex) {
  Nonce nonce{};
  const Blob bytes = from_hex(hex).value();
  std::copy(bytes.begin(), bytes.end(), nonce.begin());
  return nonce;
}

/// Test case 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega), AES-256 with associated data.
struct Vector {
  std::array<std::uint8_t, kKeyBytes> key = key_of("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  Nonce nonce = nonce_of("cafebabefacedbaddecaf888");
  Blob plain = from_hex(
                   "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
                   "b16aedf5aa0de657ba637b39")
                   .value();
  Blob associated = from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2").value();
  std::string sealed =
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
      "c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b";
};

Blob seal(const Vector& v) {
  Aead aead = Aead::create(Aead::Way::seal, v.key).value();
  Blob out(v.plain.size() + kTagBytes);
  EXPECT_TRUE(aead.seal(v.nonce, v.associated, v.plain, out));
  return out;
}

bool opens(const Vector& v, const Blob& sealed, Blob& out) {
  Aead aead = Aead::create(Aead::Way::open, v.key).value();
  out.assign(sealed.size() - kTagBytes, 0x55);
  return aead.open(v.nonce, v.associated, sealed, out).value();
}

TEST(AeadTest, SealsAsThePublishedVectorSays) { EXPECT_EQ(to_hex(seal(Vector())), Vector().sealed); }

TEST(AeadTest, OpensWhatItSealed) {
  const Vector v;
  Blob out;
  EXPECT_TRUE(opens(v, from_hex(v.sealed).value(), out));
  EXPECT_EQ(out, v.plain);
}

TEST(AeadTest, OneContextSealsManyMessagesEachUnderItsOwnNonce) {
  const Vector v;
  Aead aead = Aead::create(Aead::Way::seal, v.key).value();
  Blob first(v.plain.size() + kTagBytes);
  Blob again = first;
  Nonce other = v.nonce;
  other[0] ^= 1;
  ASSERT_TRUE(aead.seal(other, v.associated, v.plain, first));
  ASSERT_TRUE(aead.seal(v.nonce, v.associated, v.plain, again));
  EXPECT_EQ(to_hex(again), v.sealed);
  EXPECT_NE(first, again);
}

TEST(AeadTest, AnyChangedBitOfTheSealedTextIsSeenAndNothingIsGivenOut) {
  const Vector v;
  const Blob genuine = from_hex(v.sealed).value();
  for (std::size_t bit = 0; bit < genuine.size() * 8; ++bit) {
    Blob changed = genuine;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
    Blob out;
    ASSERT_FALSE(opens(v, changed, out)) << "bit " << bit;
    ASSERT_THAT(out, testing::Each(0)) << "unproved plain text";
  }
}

TEST(AeadTest, AnotherKeyNonceOrAssociatedTextDoesNotFit) {
  const Blob sealed = from_hex(Vector().sealed).value();
  Blob out;
  Vector other;
  other.key[31] ^= 1;
  EXPECT_FALSE(opens(other, sealed, out));
  other = Vector();
  other.nonce[11] ^= 1;
  EXPECT_FALSE(opens(other, sealed, out));
  other = Vector();
  other.associated.back() ^= 1;
  EXPECT_FALSE(opens(other, sealed, out));
}

TEST(AeadTest, AnOutputOfTheWrongSizeIsABug) {
  const Vector v;
  Aead aead = Aead::create(Aead::Way::seal, v.key).value();
  Blob small(v.plain.size());
  EXPECT_EQ(aead.seal(v.nonce, v.associated, v.plain, small).error().code, Errc::bug);
}

}  // namespace
}  // namespace quay::crypto
