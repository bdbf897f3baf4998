// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/security_object.hpp"

#include <openssl/err.h>

#include <string>
#include <utility>

#include "devices/card/emrtd/cipher.hpp"
#include "devices/card/emrtd/openssl_handles.hpp"
#include "devices/card/emrtd/tlv.hpp"

namespace quay::emrtd {

struct SecurityObject::Signed {
  CmsPtr cms;
  const EVP_MD* digest = nullptr;
  std::map<int, Bytes> digests;
};

namespace {

constexpr std::uint32_t kSod = 0x77, kInteger = 0x02, kOctets = 0x04, kOid = 0x06, kSequence = 0x30;
constexpr const char* kLdsSecurityObject = "2.23.136.1.1.1";

tl::unexpected<Error> malformed(const char* what) { return failure(Errc::card_data_malformed, "sod", what); }

std::string oid_text(const ASN1_OBJECT* object) {
  constexpr int kMost = 80;
  std::string text(kMost, '\0');
  const int size = OBJ_obj2txt(text.data(), kMost, object, 1);
  text.resize(size > 0 && size < kMost ? static_cast<std::size_t>(size) : 0);
  return text;
}

const EVP_MD* digest_named(const std::string& oid) {
  const int nid = OBJ_txt2nid(oid.c_str());
  return nid == NID_undef ? nullptr : EVP_get_digestbynid(nid);
}

/// SEQUENCE OF { number, digest }
Result<std::map<int, Bytes>> parse_list(View list) {
  std::map<int, Bytes> digests;
  for (TlvReader reader(list); !reader.at_end();) {
    const auto entry = reader.next(kSequence);
    const auto number = entry ? require_tlv(entry->value, kInteger) : entry;
    const auto digest = number ? require_tlv(entry->value, kOctets) : number;
    const auto group = digest ? to_int(number->value) : tl::unexpected(digest.error());
    if (!group) {
      return tl::unexpected(group.error());
    }
    digests[*group] = to_bytes(digest->value);
  }
  return digests;
}

/// LDSSecurityObject, 9303-10 section 4.6.2.3: SEQUENCE { version, algorithm, SEQUENCE OF { number, digest } }.
Result<std::pair<const EVP_MD*, std::map<int, Bytes>>> parse_digests(View content) {
  const auto whole = require_tlv(content, kSequence);
  TlvReader parts(whole ? whole->value : View{});
  const auto version = whole ? parts.next(kInteger) : whole;
  const auto algorithm = version ? parts.next(kSequence) : version;
  const auto list = algorithm ? parts.next(kSequence) : algorithm;
  const auto oid = list ? require_tlv(algorithm->value, kOid) : list;
  const auto name = oid ? to_oid(oid->value) : tl::unexpected(oid.error());
  auto digests = name ? parse_list(list->value) : tl::unexpected(name.error());
  if (!digests) {
    return tl::unexpected(digests.error());
  }
  const EVP_MD* kind = digest_named(*name);
  if (kind == nullptr) {
    return malformed("digests of a kind that is not known");
  }
  return std::pair{kind, std::move(*digests)};
}

bool has_certificate(CMS_ContentInfo& cms) {
  STACK_OF(X509)* certificates = CMS_get1_certs(&cms);
  const int count = sk_X509_num(certificates);
  sk_X509_pop_free(certificates, X509_free);
  return count > 0;
}

}  // namespace

SecurityObject::SecurityObject(std::unique_ptr<Signed> signed_object) : signed_(std::move(signed_object)) {}
SecurityObject::SecurityObject(SecurityObject&&) noexcept = default;
SecurityObject& SecurityObject::operator=(SecurityObject&&) noexcept = default;
SecurityObject::~SecurityObject() = default;

Result<SecurityObject> SecurityObject::parse(View file) {
  const auto content = require_tlv(file, kSod);
  if (!content) {
    return tl::unexpected(content.error());
  }
  const unsigned char* at = content->value.data();
  CmsPtr cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(content->value.size())));
  ERR_clear_error();
  if (!cms || OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed ||
      oid_text(CMS_get0_eContentType(cms.get())) != kLdsSecurityObject) {
    return malformed("no signed LDS security object");
  }
  ASN1_OCTET_STRING** octets = CMS_get0_content(cms.get());
  if (octets == nullptr || *octets == nullptr) {
    return malformed("a signed object without its content");
  }
  auto digests = parse_digests({ASN1_STRING_get0_data(*octets), static_cast<std::size_t>(ASN1_STRING_length(*octets))});
  if (!digests) {
    return tl::unexpected(digests.error());
  }
  return SecurityObject(std::make_unique<Signed>(Signed{std::move(cms), digests->first, std::move(digests->second)}));
}

std::vector<Finding> SecurityObject::judge_signer(const TrustStore& trust, std::int64_t unix_seconds) const {
  if (!has_certificate(*signed_->cms)) {
    return {Finding::signer_without_root};
  }
  const BioPtr nothing(BIO_new(BIO_s_null()));
  const int verified =
      CMS_verify(signed_->cms.get(), nullptr, nullptr, nullptr, nothing.get(), CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY);
  ERR_clear_error();
  if (verified != 1) {
    return {Finding::signature_forged};
  }
  const std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)> signers(
      CMS_get0_signers(signed_->cms.get()), [](STACK_OF(X509) * stack) { sk_X509_free(stack); });
  if (!signers || sk_X509_num(signers.get()) != 1) {
    return {Finding::signer_without_root};
  }
  const std::optional<Finding> finding = trust.judge(*sk_X509_value(signers.get(), 0), unix_seconds);
  return finding ? std::vector{*finding} : std::vector<Finding>{};
}

bool SecurityObject::lists(int group) const { return signed_->digests.contains(group); }

std::vector<Finding> SecurityObject::judge_file(int group, View file) const {
  const auto known = signed_->digests.find(group);
  if (known == signed_->digests.end()) {
    return {Finding::data_unsigned};
  }
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  EVP_Digest(file.data(), file.size(), digest.data(), &size, signed_->digest, nullptr);
  digest.resize(size);
  return same_bytes(digest, known->second) ? std::vector<Finding>{} : std::vector{Finding::data_changed};
}

}  // namespace quay::emrtd
