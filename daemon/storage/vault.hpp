// SPDX-License-Identifier: Apache-2.0
// What the storage thread needs beside journal and spool to end visits and to tell who saw what: the access log and the
// room kept for a purge. Touched by tasks of the storage thread only.
#pragma once

#include "daemon/storage/access_log.hpp"
#include "daemon/storage/reserve.hpp"

namespace quay::daemon::storage {

struct Vault {
  AccessLog log;
  Reserve reserve;
};

}  // namespace quay::daemon::storage
