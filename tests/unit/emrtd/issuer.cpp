// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/emrtd/issuer.hpp"

#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "devices/card/emrtd/tlv.hpp"
#include "tests/unit/emrtd/recorded_card.hpp"

namespace quay::emrtd::test {
namespace {

using NamePtr = std::unique_ptr<X509_NAME, Freed<X509_NAME_free>>;

Bytes from_bio(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, data + size};
}

void set_name(X509_NAME* name, const char* common) {
  X509_NAME_add_entry_by_txt(name, "C", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("VN"), -1, -1, 0);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common), -1, -1, 0);
}

CertificatePtr make_certificate(EVP_PKEY& key, const char* name, std::int64_t until) {
  CertificatePtr certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 4711);
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), static_cast<time_t>(kToday - 10 * kYear));
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), static_cast<time_t>(until));
  set_name(X509_get_subject_name(certificate.get()), name);
  X509_set_pubkey(certificate.get(), &key);
  return certificate;
}

Bytes sha256(View bytes) {
  Bytes out(32);
  EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, EVP_sha256(), nullptr);
  return out;
}

/// LDSSecurityObject.
Bytes digests_of(const std::map<int, Bytes>& files) {
  Bytes list;
  for (const auto& [group, file] : files) {
    const Bytes number{static_cast<std::uint8_t>(group)};
    append(list, make_tlv(0x30, joined({make_tlv(0x02, number), make_tlv(0x04, sha256(file))})));
  }
  return make_tlv(0x30, joined({hex("020100"), hex("300B0609608648016503040201"), make_tlv(0x30, list)}));
}

}  // namespace

KeyPtr make_key(KeyKind kind) {
  if (kind == KeyKind::rsa) {
    return KeyPtr(EVP_RSA_gen(1024));
  }
  const bool explicit_parameters = kind == KeyKind::brainpool512_explicit;
  const KeyContextPtr context(EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nullptr));
  EVP_PKEY_keygen_init(context.get());
  EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context.get(),
                                         explicit_parameters ? NID_brainpoolP512r1 : NID_X9_62_prime256v1);
  EVP_PKEY_CTX_set_ec_param_enc(context.get(),
                                explicit_parameters ? OPENSSL_EC_EXPLICIT_CURVE : OPENSSL_EC_NAMED_CURVE);
  EVP_PKEY* key = nullptr;
  EVP_PKEY_generate(context.get(), &key);
  return KeyPtr(key);
}

Certified make_root(KeyKind kind, std::int64_t until) {
  Certified root{make_key(kind), nullptr};
  root.certificate = make_certificate(*root.key, "Test CSCA", until);
  set_name(X509_get_issuer_name(root.certificate.get()), "Test CSCA");
  const std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> authority(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE,pathlen:0"));
  X509_add_ext(root.certificate.get(), authority.get(), -1);
  X509_sign(root.certificate.get(), root.key.get(), EVP_sha256());
  return root;
}

Certified make_signer(const Certified& root, std::int64_t until) {
  Certified signer{make_key(KeyKind::p256), nullptr};
  signer.certificate = make_certificate(*signer.key, "Test document signer", until);
  X509_set_issuer_name(signer.certificate.get(), X509_get_subject_name(root.certificate.get()));
  X509_sign(signer.certificate.get(), root.key.get(), EVP_sha256());
  return signer;
}

Bytes encoded(const Certified& certified) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  i2d_X509_bio(bio.get(), certified.certificate.get());
  return from_bio(bio.get());
}

Bytes revocation_list(const Certified& root, const Certified& revoked) {
  const CrlPtr list(X509_CRL_new());
  X509_CRL_set_version(list.get(), 1);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(root.certificate.get()));
  const std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>> when(ASN1_TIME_set(nullptr, static_cast<time_t>(kToday)));
  X509_CRL_set1_lastUpdate(list.get(), when.get());
  X509_REVOKED* entry = X509_REVOKED_new();
  X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked.certificate.get()));
  X509_REVOKED_set_revocationDate(entry, when.get());
  X509_CRL_add0_revoked(list.get(), entry);
  X509_CRL_sign(list.get(), root.key.get(), EVP_sha256());
  const BioPtr bio(BIO_new(BIO_s_mem()));
  i2d_X509_CRL_bio(bio.get(), list.get());
  return from_bio(bio.get());
}

Bytes security_object(const Certified& signer, const std::map<int, Bytes>& files) {
  const Bytes content = digests_of(files);
  const BioPtr in(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
  constexpr unsigned kFlags = CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP;
  const CmsPtr cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, kFlags));
  const std::unique_ptr<ASN1_OBJECT, Freed<ASN1_OBJECT_free>> type(OBJ_txt2obj("2.23.136.1.1.1", 1));
  CMS_set1_eContentType(cms.get(), type.get());
  CMS_add1_signer(cms.get(), signer.certificate.get(), signer.key.get(), EVP_sha256(), kFlags);
  CMS_final(cms.get(), in.get(), nullptr, CMS_BINARY);
  const BioPtr bio(BIO_new(BIO_s_mem()));
  i2d_CMS_bio(bio.get(), cms.get());
  return make_tlv(0x77, from_bio(bio.get()));
}

Bytes public_key(EVP_PKEY& key) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  i2d_PUBKEY_bio(bio.get(), &key);
  return from_bio(bio.get());
}

}  // namespace quay::emrtd::test
