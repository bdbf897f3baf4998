// SPDX-License-Identifier: Apache-2.0
// Which errno of a write means that there is no room, in one place for spool and journal.
#pragma once

#include <cerrno>

#include "base/errc.hpp"

namespace quay::daemon::storage {

/// spool_full for a full disk, an exhausted quota or a file-size limit; `otherwise` for the rest.
constexpr Errc errc_of_write(int error_number, Errc otherwise) {
  const bool no_room = error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG;
  return no_room ? Errc::spool_full : otherwise;
}

}  // namespace quay::daemon::storage
