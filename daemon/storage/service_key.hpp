// SPDX-License-Identifier: Apache-2.0
// The one key that all others hang on: from systemd's credential `quay-service-key` when there is one, else from a file
// (0600) that is made once. It never leaves this class: what is needed are keys derived from it.
#pragma once

#include <filesystem>
#include <string>

#include "crypto/secret.hpp"

namespace quay::daemon::storage {

struct ServiceKeySource {
  std::filesystem::path credentials_directory;  ///< $CREDENTIALS_DIRECTORY; empty: not started by systemd with one
  std::filesystem::path state_directory;
};

class ServiceKey {
 public:
  static constexpr const char* kCredentialName = "quay-service-key";
  static constexpr const char* kFileName = "service.key";

  /// Reads the credential; without one the file, which is made durably when it is not there yet.
  /// Errors: key_unusable (shorter than 32 bytes, readable by others, unreadable), spool_full.
  static Result<ServiceKey> load(const ServiceKeySource& source);

  /// For tests and benchmarks: a key that nobody keeps.
  static Result<ServiceKey> random();

  /// Wraps the keys of visits.
  const crypto::Secret& wrapping() const { return wrapping_; }
  /// Seals the lines of the access log. Errors: bug, key_unusable.
  Result<crypto::Secret> access_log_key() const;
  /// Eight hex digits that tell one service key from another and say nothing of it.
  const std::string& id() const { return id_; }
  bool from_credential() const { return from_credential_; }

 private:
  ServiceKey(crypto::Secret wrapping, crypto::Secret access_log, std::string id)
      : wrapping_(std::move(wrapping)), access_log_(std::move(access_log)), id_(std::move(id)) {}
  static Result<ServiceKey> derive(const crypto::Secret& root);

  crypto::Secret wrapping_;
  crypto::Secret access_log_;
  std::string id_;
  bool from_credential_ = false;
};

}  // namespace quay::daemon::storage
