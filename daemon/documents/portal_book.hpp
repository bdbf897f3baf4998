// SPDX-License-Identifier: Apache-2.0
// The portal profiles that are in force. Who needs them takes `current()` and keeps it for as long as it works; a
// reload of the configuration puts others in their place.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "protocol/client/documents.hpp"

namespace quay::daemon::documents {

/// Good profiles by name, and the mistakes in the others, "file:line: key: what was expected", one a line.
struct PortalSet {
  std::vector<protocol::Portal> portals;
  std::vector<std::string> mistakes;

  /// Errors: portal_unknown, naming those there are.
  Result<protocol::Portal> find(const std::string& name) const;
};

class PortalBook {
 public:
  std::shared_ptr<const PortalSet> current() const { return current_; }
  void replace(PortalSet set) { current_ = std::make_shared<const PortalSet>(std::move(set)); }

 private:
  std::shared_ptr<const PortalSet> current_ = std::make_shared<const PortalSet>();
};

}  // namespace quay::daemon::documents
