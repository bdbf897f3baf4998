// SPDX-License-Identifier: Apache-2.0
// Digests, HMAC and HKDF against their published vectors.
#include <gtest/gtest.h>

#include "crypto/derive.hpp"
#include "crypto/hex.hpp"
#include "crypto/sha256.hpp"

namespace quay::crypto {
namespace {

using Blob = std::vector<std::uint8_t>;

TEST(Sha256Test, MatchesThePublishedVectors) {  // FIPS 180-4; NIST example values
  EXPECT_EQ(sha256_hex(std::string_view("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex(std::string_view("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256Test, IsTheSameInPiecesAsInOnePiece) {
  const Blob bytes(1000, 0x37);
  Sha256 digest;
  for (std::size_t at = 0; at < bytes.size(); at += 7) {
    digest.update(std::span(bytes).subspan(at, std::min<std::size_t>(7, bytes.size() - at)));
  }
  EXPECT_EQ(digest.hex(), sha256_hex(bytes));
}

TEST(DeriveTest, MatchesTestCaseOneOfRfc5869) {
  const Blob key(22, 0x0b);
  const Blob salt = from_hex("000102030405060708090a0b0c").value();
  const Blob info = from_hex("f0f1f2f3f4f5f6f7f8f9").value();
  const std::string_view text(reinterpret_cast<const char*>(info.data()), info.size());
  const auto derived = derive_key(key, salt, text);
  ASSERT_TRUE(derived);
  EXPECT_EQ(to_hex(derived->bytes()), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
}

TEST(DeriveTest, MatchesTestCaseThreeOfRfc5869WithoutSaltAndInfo) {
  const auto derived = derive_key(Blob(22, 0x0b), {}, "");
  ASSERT_TRUE(derived);
  EXPECT_EQ(to_hex(derived->bytes()), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

TEST(DeriveTest, MatchesTestCaseTwoOfRfc4231) {
  const std::string key = "Jefe";
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(key.data()), key.size());
  EXPECT_EQ(hmac_hex(bytes, "what do ya want for nothing?").value(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(DeriveTest, SecretsAreTheSameOnlyWhenEveryByteIs) {
  EXPECT_TRUE(same_secret("abc", "abc"));
  EXPECT_FALSE(same_secret("abc", "abd"));
  EXPECT_FALSE(same_secret("abc", "abcd"));
}

TEST(HexTest, ReadsWhatItWroteAndNothingElse) {
  const Blob bytes{0x00, 0x0f, 0xf0, 0xff};
  EXPECT_EQ(to_hex(bytes), "000ff0ff");
  EXPECT_EQ(from_hex("000ff0ff"), bytes);
  EXPECT_EQ(from_hex("000ff0f"), std::nullopt);
  EXPECT_EQ(from_hex("0g"), std::nullopt);
  EXPECT_EQ(from_hex("0G"), std::nullopt);
}

}  // namespace
}  // namespace quay::crypto
