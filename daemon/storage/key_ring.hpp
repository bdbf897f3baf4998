// SPDX-License-Identifier: Apache-2.0
// The keys of open visits (and how one of a day is wrapped). Here they lie wrapped; one is unwrapped for as long as one
// object is written or read, in a locked page that is wiped afterwards. Forgetting a key here and in the journal is
// what makes its objects unreadable.
#pragma once

#include <map>
#include <string>

#include "base/ids.hpp"
#include "daemon/storage/service_key.hpp"

namespace quay::daemon::storage {

class KeyRing {
 public:
  explicit KeyRing(ServiceKey service_key) : service_key_(std::move(service_key)) {}

  const ServiceKey& service_key() const { return service_key_; }

  /// A new random key for `visit`, wrapped: what the journal keeps. Errors: bug, key_unusable.
  Result<std::string> make(const VisitId& visit) const { return wrap_new(visit.value); }

  /// From here on objects of `visit` can be written and read.
  void add(const VisitId& visit, std::string wrapped) { wrapped_[visit] = std::move(wrapped); }
  void forget(const VisitId& visit) { wrapped_.erase(visit); }

  /// Errors: visit_closed when there is no key (any more); key_unusable when it was wrapped by another service key or
  /// for another visit.
  Result<crypto::Secret> open(const VisitId& visit) const;

  /// The same for a day, whose key the journal keeps and nobody else. Errors: as make() and open().
  Result<std::string> make_day(const std::string& day) const { return wrap_new("day " + day); }
  Result<crypto::Secret> open_day(const std::string& day, const std::string& wrapped) const {
    return unwrap("day " + day, wrapped);
  }

 private:
  Result<std::string> wrap_new(const std::string& name) const;
  Result<crypto::Secret> unwrap(const std::string& name, const std::string& text) const;

  ServiceKey service_key_;
  std::map<VisitId, std::string> wrapped_;
};

}  // namespace quay::daemon::storage
