// SPDX-License-Identifier: Apache-2.0
// Is the card true? Three values and the reasons, against a test state of our own; "valid" only under an installed
// root.
#include <gtest/gtest.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "devices/card/emrtd/chip_proof.hpp"
#include "devices/card/emrtd/security_object.hpp"
#include "devices/card/emrtd/tlv.hpp"
#include "tests/unit/emrtd/issuer.hpp"
#include "tests/unit/emrtd/recorded_card.hpp"

namespace quay::emrtd {
namespace {

using test::Certified;
using test::hex;
using test::KeyKind;
using test::kToday;
using test::kYear;

const std::map<int, Bytes> kFiles{{1, hex("61035F1F00")}, {2, hex("7503AABBCC")}};

class PassiveAuthentication : public testing::Test {
 protected:
  Verdict judge(View sod, std::int64_t now = kToday) {
    const auto object = SecurityObject::parse(sod);
    EXPECT_TRUE(object) << describe(object.error());
    std::vector<Finding> findings = object->judge_signer(trust_, now);
    for (const auto& [group, file] : files_) {
      for (const Finding finding : object->judge_file(group, file)) {
        findings.push_back(finding);
      }
    }
    return verdict_of(findings);
  }

  Certified root_ = test::make_root(KeyKind::p256);
  Certified signer_ = test::make_signer(root_);
  std::map<int, Bytes> files_ = kFiles;
  TrustStore trust_;
};

TEST_F(PassiveAuthentication, ACardSignedUnderAnInstalledRootIsValid) {
  ASSERT_TRUE(trust_.add(test::encoded(root_)));
  EXPECT_EQ(judge(test::security_object(signer_, kFiles)), (Verdict{Authenticity::valid, {}}));
}

TEST_F(PassiveAuthentication, WithoutARootNothingIsEverValid) {
  EXPECT_EQ(judge(test::security_object(signer_, kFiles)),
            (Verdict{Authenticity::signer_unknown, {Finding::signer_without_root}}));
}

TEST_F(PassiveAuthentication, ARootOfTheSameNameWithAnotherKeyVouchesForNothing) {
  ASSERT_TRUE(trust_.add(test::encoded(test::make_root(KeyKind::p256))));
  EXPECT_EQ(judge(test::security_object(signer_, kFiles)).authenticity, Authenticity::signer_unknown);
}

TEST_F(PassiveAuthentication, ARootWithExplicitParametersIsUnderstood) {
  root_ = test::make_root(KeyKind::brainpool512_explicit);
  signer_ = test::make_signer(root_);
  ASSERT_TRUE(trust_.add(test::encoded(root_)));
  EXPECT_EQ(judge(test::security_object(signer_, kFiles)).authenticity, Authenticity::valid);
}

TEST_F(PassiveAuthentication, AChangedFileIsInvalidWhoeverSigned) {
  files_[1].back() ^= 1;
  const Bytes sod = test::security_object(signer_, kFiles);
  EXPECT_EQ(judge(sod).authenticity, Authenticity::invalid);
  ASSERT_TRUE(trust_.add(test::encoded(root_)));
  EXPECT_EQ(judge(sod), (Verdict{Authenticity::invalid, {Finding::data_changed}}));
}

TEST_F(PassiveAuthentication, AFileThatNobodySignedIsInvalid) {
  ASSERT_TRUE(trust_.add(test::encoded(root_)));
  files_[13] = hex("6D00");
  EXPECT_EQ(judge(test::security_object(signer_, kFiles)), (Verdict{Authenticity::invalid, {Finding::data_unsigned}}));
}

TEST_F(PassiveAuthentication, AForgedDigestIsInvalid) {
  ASSERT_TRUE(trust_.add(test::encoded(root_)));
  Bytes sod = test::security_object(signer_, kFiles);
  files_[1].back() ^= 1;  // the forger changes the file and writes its digest into the object
  const auto digest = [](View bytes) {
    Bytes out(32);
    EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, EVP_sha256(), nullptr);
    return out;
  };
  const Bytes was = digest(kFiles.at(1)), is = digest(files_[1]);
  const auto place = std::search(sod.begin(), sod.end(), was.begin(), was.end());
  ASSERT_NE(place, sod.end());
  std::copy(is.begin(), is.end(), place);
  EXPECT_EQ(judge(sod), (Verdict{Authenticity::invalid, {Finding::signature_forged}}));
}

TEST_F(PassiveAuthentication, AnExpiredSignerIsUnknownNotForged) {
  ASSERT_TRUE(trust_.add(test::encoded(root_)));
  EXPECT_EQ(judge(test::security_object(signer_, kFiles), kToday + 2 * kYear),
            (Verdict{Authenticity::signer_unknown, {Finding::signer_expired}}));
}

TEST_F(PassiveAuthentication, ARevokedSignerIsInvalid) {
  ASSERT_TRUE(trust_.add(test::encoded(root_)));
  ASSERT_TRUE(trust_.add(test::revocation_list(root_, signer_)));
  EXPECT_EQ(judge(test::security_object(signer_, kFiles)), (Verdict{Authenticity::invalid, {Finding::signer_revoked}}));
}

TEST_F(PassiveAuthentication, AListOfAnotherRootRevokesNobody) {
  ASSERT_TRUE(trust_.add(test::encoded(root_)));
  ASSERT_TRUE(trust_.add(test::revocation_list(test::make_root(KeyKind::p256), signer_)));
  EXPECT_EQ(judge(test::security_object(signer_, kFiles)).authenticity, Authenticity::valid);
}

TEST_F(PassiveAuthentication, WhatIsNoSecurityObjectIsRefused) {
  const Bytes sod = test::security_object(signer_, kFiles);
  EXPECT_FALSE(SecurityObject::parse({}));
  EXPECT_FALSE(SecurityObject::parse(hex("7700")));
  for (std::size_t size = 1; size < sod.size(); size += 7) {
    EXPECT_FALSE(SecurityObject::parse(View(sod).first(size))) << size;
  }
}

TEST(TrustStoreFiles, WhatIsNoCertificateIsRefused) {
  TrustStore trust;
  EXPECT_EQ(trust.add(hex("3003020101")).error().code, Errc::config_invalid);
  EXPECT_EQ(trust.add({}).error().code, Errc::config_invalid);
  EXPECT_EQ(trust.roots(), 0U);
}

/// ISO/IEC 9796-2 scheme 1 with SHA-256, as a chip signs: 6A, padding, digest over padding and challenge, 34CC.
Bytes sign_as_chip(EVP_PKEY& key, View challenge) {
  const auto size = static_cast<std::size_t>(EVP_PKEY_get_size(&key));
  constexpr std::size_t kDigest = 32, kTrailer = 2;
  const Bytes middle(size - 1 - kDigest - kTrailer, 0x5A);
  const Bytes message = joined({middle, challenge});
  Bytes digest(kDigest);
  EVP_Digest(message.data(), message.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  const Bytes block = joined({hex("6A"), middle, digest, hex("34CC")});
  const KeyContextPtr context(EVP_PKEY_CTX_new(&key, nullptr));
  EVP_PKEY_sign_init(context.get());
  EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING);
  Bytes out(size);
  std::size_t written = size;
  EVP_PKEY_sign(context.get(), out.data(), &written, block.data(), block.size());
  return out;
}

TEST(ActiveAuthentication, AnRsaChipThatSignedThisChallengeIsNoCopy) {
  const KeyPtr key = test::make_key(KeyKind::rsa), other = test::make_key(KeyKind::rsa);
  const Bytes challenge = hex("0102030405060708");
  const Bytes signature = sign_as_chip(*key, challenge);
  EXPECT_TRUE(signature_fits(test::public_key(*key), challenge, signature, {}));
  EXPECT_FALSE(signature_fits(test::public_key(*key), hex("0102030405060709"), signature, {}));
  EXPECT_FALSE(signature_fits(test::public_key(*other), challenge, signature, {}));
  EXPECT_FALSE(signature_fits(test::public_key(*key), challenge, {}, {}));
}

Bytes plain_signature(EVP_PKEY& key, View challenge) {
  const DigestContextPtr context(EVP_MD_CTX_new());
  Bytes der(128);
  std::size_t size = der.size();
  EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, &key);
  EVP_DigestSign(context.get(), der.data(), &size, challenge.data(), challenge.size());
  const unsigned char* at = der.data();
  const SignaturePtr signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  Bytes out(64);
  BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out.data() + 32, 32);
  return out;
}

TEST(ActiveAuthentication, AnEcdsaChipSignsPlainly) {
  const KeyPtr key = test::make_key(KeyKind::p256);
  const Bytes challenge = hex("0102030405060708");
  const Bytes signature = plain_signature(*key, challenge);
  const SecurityInfos sha256{.active_authentication_hash = "0.4.0.127.0.7.1.1.4.1.3"};
  const SecurityInfos sha1{.active_authentication_hash = "0.4.0.127.0.7.1.1.4.1.1"};
  EXPECT_TRUE(signature_fits(test::public_key(*key), challenge, signature, sha256));
  EXPECT_FALSE(signature_fits(test::public_key(*key), challenge, signature, sha1));
  EXPECT_FALSE(signature_fits(test::public_key(*key), challenge, View(signature).first(63), sha256));
}

TEST(ActiveAuthentication, ACopyThatCannotSignIsFound) {
  const KeyPtr key = test::make_key(KeyKind::p256);
  const Bytes dg15 = make_tlv(0x6F, test::public_key(*key));
  test::RecordedCard refuses{{"0088000008010203040506070800", "6D00"}};
  CardSession session(refuses);
  EXPECT_EQ(*prove_actively(session, dg15, {}, test::published({"0102030405060708"})), Proof::failed);
  test::RecordedCard lies{{"0088000008010203040506070800", "00112233445566779000"}};
  CardSession other(lies);
  EXPECT_EQ(*prove_actively(other, dg15, {}, test::published({"0102030405060708"})), Proof::failed);
}

TEST(Verdicts, AChipThatCanProveNothingIsNoFault) {
  EXPECT_EQ(verdict_of({Finding::chip_not_proven}).authenticity, Authenticity::valid);
  EXPECT_EQ(verdict_of({Finding::chip_copied, Finding::signer_without_root, Finding::chip_copied}),
            (Verdict{Authenticity::invalid, {Finding::signer_without_root, Finding::chip_copied}}));
}

}  // namespace
}  // namespace quay::emrtd
