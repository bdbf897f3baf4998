// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/trust_store.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "devices/card/emrtd/openssl_handles.hpp"

namespace quay::emrtd {

struct TrustStore::Content {
  std::vector<CertificatePtr> roots;
  std::vector<CrlPtr> lists;
};

namespace {

constexpr std::string_view kPem = "-----BEGIN ";

BioPtr bio_of(View bytes) { return BioPtr(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))); }

bool is_pem(View file) { return std::search(file.begin(), file.end(), kPem.begin(), kPem.end()) != file.end(); }

template <class Pointer, class Read>
void read_all(View file, std::vector<Pointer>& into, Read read) {
  const BioPtr bio = bio_of(file);
  while (auto* one = read(bio.get())) {
    into.emplace_back(one);
  }
  ERR_clear_error();  // the end of the file is an error to OpenSSL
}

bool revoked_by(X509& signer, X509& root, X509_CRL& list) {
  X509_REVOKED* entry = nullptr;
  return X509_NAME_cmp(X509_CRL_get_issuer(&list), X509_get_subject_name(&root)) == 0 &&
         X509_CRL_verify(&list, X509_get0_pubkey(&root)) == 1 && X509_CRL_get0_by_cert(&list, &entry, &signer) == 1;
}

/// Vietnam's roots spell their curve out instead of naming it, which OpenSSL refuses in a chain since a forged root
/// could bring a curve of its own. A curve that is a known one all the same is as good as named (docs/decisions/0028).
int accept_known_curves(int good, X509_STORE_CTX* context) {
  if (good == 1 || X509_STORE_CTX_get_error(context) != X509_V_ERR_EC_KEY_EXPLICIT_PARAMS) {
    return good;
  }
  constexpr std::size_t kLongestName = 80;
  std::array<char, kLongestName> name{};
  const EVP_PKEY* key = X509_get0_pubkey(X509_STORE_CTX_get_current_cert(context));
  const bool known = key != nullptr && EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) == 1;
  if (known) {
    X509_STORE_CTX_set_error(context, X509_V_OK);
  }
  return known ? 1 : 0;
}

Finding finding_of(int error) {
  return error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID ? Finding::signer_expired
                                                                                        : Finding::signer_without_root;
}

}  // namespace

TrustStore::TrustStore() : content_(std::make_unique<Content>()) {}
TrustStore::TrustStore(TrustStore&&) noexcept = default;
TrustStore& TrustStore::operator=(TrustStore&&) noexcept = default;
TrustStore::~TrustStore() = default;

std::size_t TrustStore::roots() const { return content_->roots.size(); }

Status TrustStore::add(View file) {
  auto& [roots, lists] = *content_;
  const std::size_t before = roots.size() + lists.size();
  if (is_pem(file)) {
    read_all(file, roots, [](BIO* bio) { return PEM_read_bio_X509(bio, nullptr, nullptr, nullptr); });
    read_all(file, lists, [](BIO* bio) { return PEM_read_bio_X509_CRL(bio, nullptr, nullptr, nullptr); });
  } else {
    read_all(file, roots, [](BIO* bio) { return d2i_X509_bio(bio, nullptr); });
    read_all(file, lists, [](BIO* bio) { return d2i_X509_CRL_bio(bio, nullptr); });
  }
  return roots.size() + lists.size() > before
             ? Status{}
             : failure(Errc::config_invalid, "card.trust", "neither a certificate nor a revocation list, PEM or DER");
}

std::optional<Finding> TrustStore::judge(x509_st& signer, std::int64_t unix_seconds) const {
  const StorePtr store(X509_STORE_new());
  const StoreContextPtr context(X509_STORE_CTX_new());
  for (const CertificatePtr& root : content_->roots) {
    X509_STORE_add_cert(store.get(), root.get());
  }
  if (!context || X509_STORE_CTX_init(context.get(), store.get(), &signer, nullptr) != 1) {
    return Finding::signer_without_root;
  }
  X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context.get()), static_cast<time_t>(unix_seconds));
  X509_STORE_CTX_set_verify_cb(context.get(), accept_known_curves);
  if (X509_verify_cert(context.get()) != 1) {
    const int error = X509_STORE_CTX_get_error(context.get());
    ERR_clear_error();
    return finding_of(error);
  }
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context.get());
  X509* root = sk_X509_value(chain, sk_X509_num(chain) - 1);
  const bool revoked = std::any_of(content_->lists.begin(), content_->lists.end(),
                                   [&](const CrlPtr& list) { return revoked_by(signer, *root, *list); });
  return revoked ? std::optional(Finding::signer_revoked) : std::nullopt;
}

}  // namespace quay::emrtd
