// SPDX-License-Identifier: Apache-2.0
#include "daemon/documents/portal_book.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace quay::daemon::documents {

Result<protocol::Portal> PortalSet::find(const std::string& name) const {
  const auto found = std::find_if(portals.begin(), portals.end(),
                                  [&](const protocol::Portal& portal) { return portal.portal == name; });
  if (found != portals.end()) {
    return *found;
  }
  std::vector<std::string_view> known;
  std::transform(portals.begin(), portals.end(), std::back_inserter(known),
                 [](const protocol::Portal& portal) -> std::string_view { return portal.portal; });
  return failure(Errc::portal_unknown, "portal",
                 fmt::format("\"{}\"; there are: {}", name.substr(0, 64), fmt::join(known, ", ")));
}

}  // namespace quay::daemon::documents
