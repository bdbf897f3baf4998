// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/card/issuer.hpp"

#include <ctime>
#include <stdexcept>

#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "tests/rig/card/algorithms.hpp"

namespace quay::rig::card {
namespace {

constexpr long kDay = 24L * 60 * 60;
/// 2.23.136.1.1.1, id-icao-mrtd-security-ldsSecurityObject.
constexpr const char* kLdsSecurityObject = "2.23.136.1.1.1";
constexpr std::uint8_t kSha256Oid[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01};
constexpr int kFirstSerial = 4711;

template <class Thing>
Thing* need(Thing* thing, const char* what) {
  if (thing == nullptr) {
    throw std::runtime_error(std::string("the test country cannot make ") + what);
  }
  return thing;
}

template <class Thing, class Encode>
Bytes der(Thing* thing, Encode encode) {
  std::uint8_t* bytes = nullptr;
  const int size = encode(thing, &bytes);
  need(size > 0 ? bytes : nullptr, "DER");
  Bytes out(bytes, bytes + size);
  OPENSSL_free(bytes);
  return out;
}

void extend(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = need(X509V3_EXT_conf_nid(nullptr, &context, nid, value), "an extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// LDSSecurityObject, version 0: SHA-256 of each data group.
Bytes hashes_of(const std::map<int, Bytes>& groups, bool forged) {
  Bytes list;
  for (const auto& [n, file] : groups) {
    const Bytes hash = forged && n == 1 ? sha256(join({file, Bytes{0}})) : sha256(file);
    list = join({list, tlv(0x30, join({tlv(0x02, number(static_cast<std::uint64_t>(n), 1)), tlv(0x04, hash)}))});
  }
  const Bytes algorithm = tlv(0x30, join({tlv(0x06, kSha256Oid), tlv(0x05, {})}));
  return tlv(0x30, join({tlv(0x02, Bytes{0}), algorithm, tlv(0x30, list)}));
}

}  // namespace

void Issuer::Freed::operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
void Issuer::Freed::operator()(X509* certificate) const { X509_free(certificate); }

Issuer::Certificate Issuer::certify(std::string_view subject, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key,
                                    bool expired) {
  Certificate made(need(X509_new(), "a certificate"));
  const bool is_root = issuer == nullptr;
  X509* signer = is_root ? made.get() : issuer;
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), is_root ? 1 : kFirstSerial);
  X509_NAME* name = X509_get_subject_name(made.get());
  const auto add = [&](const char* field, std::string_view text) {
    X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                               static_cast<int>(text.size()), -1, 0);
  };
  add("C", "VN");
  add("O", "Quay test issuer");
  add("CN", subject);
  X509_set_issuer_name(made.get(), is_root ? name : X509_get_subject_name(issuer));
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -800 * kDay);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), expired ? -kDay : 3000 * kDay);
  X509_set_pubkey(made.get(), key);
  extend(made.get(), signer, NID_subject_key_identifier, "hash");
  extend(made.get(), signer, NID_authority_key_identifier, "keyid:always");
  if (is_root) {
    extend(made.get(), signer, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    extend(made.get(), signer, NID_key_usage, "critical,keyCertSign,cRLSign");
  } else {
    extend(made.get(), signer, NID_key_usage, "critical,digitalSignature");
  }
  need(X509_sign(made.get(), issuer_key, EVP_sha256()) > 0 ? made.get() : nullptr, "a signature");
  return made;
}

Issuer::Issuer(Signer signer)
    : root_key_(need(EVP_EC_gen("brainpoolP256r1"), "a key")),
      root_(certify("Test CSCA", root_key_.get(), nullptr, root_key_.get(), false)),
      signer_key_(need(EVP_EC_gen("brainpoolP256r1"), "a key")),
      revoked_(signer == Signer::revoked) {
  if (signer == Signer::stranger) {
    const Key key(need(EVP_EC_gen("brainpoolP256r1"), "a key"));
    const Certificate other = certify("Strange CSCA", key.get(), nullptr, key.get(), false);
    signer_ = certify("Test document signer", signer_key_.get(), other.get(), key.get(), false);
    return;
  }
  signer_ = certify("Test document signer", signer_key_.get(), root_.get(), root_key_.get(), signer == Signer::expired);
}

Bytes Issuer::security_object(const std::map<int, Bytes>& groups, bool forged) const {
  const Bytes hashes = hashes_of(groups, forged);
  BIO* content = need(BIO_new_mem_buf(hashes.data(), static_cast<int>(hashes.size())), "a buffer");
  const unsigned flags = CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP;
  CMS_ContentInfo* cms = need(CMS_sign(nullptr, nullptr, nullptr, content, flags), "a security object");
  ASN1_OBJECT* type = need(OBJ_txt2obj(kLdsSecurityObject, 1), "an object identifier");
  CMS_set1_eContentType(cms, type);
  ASN1_OBJECT_free(type);
  need(CMS_add1_signer(cms, signer_.get(), signer_key_.get(), EVP_sha256(), flags), "a signer");
  need(CMS_final(cms, content, nullptr, flags) == 1 ? cms : nullptr, "a signature");
  Bytes file = tlv(0x77, der(cms, i2d_CMS_ContentInfo));
  CMS_ContentInfo_free(cms);
  BIO_free(content);
  return file;
}

Bytes Issuer::root_certificate() const { return der(root_.get(), i2d_X509); }

Bytes Issuer::revocation_list() const {
  X509_CRL* list = need(X509_CRL_new(), "a revocation list");
  X509_CRL_set_version(list, 1);
  X509_CRL_set_issuer_name(list, X509_get_subject_name(root_.get()));
  ASN1_TIME* now = X509_gmtime_adj(nullptr, -kDay);
  X509_CRL_set1_lastUpdate(list, now);
  X509_gmtime_adj(now, 90 * kDay);
  X509_CRL_set1_nextUpdate(list, now);
  if (revoked_) {
    X509_REVOKED* entry = need(X509_REVOKED_new(), "an entry");
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(signer_.get()));
    X509_gmtime_adj(now, -30 * kDay);
    X509_REVOKED_set_revocationDate(entry, now);
    X509_CRL_add0_revoked(list, entry);
  }
  ASN1_TIME_free(now);
  X509_CRL_sign(list, root_key_.get(), EVP_sha256());
  Bytes out = der(list, i2d_X509_CRL);
  X509_CRL_free(list);
  return out;
}

}  // namespace quay::rig::card
