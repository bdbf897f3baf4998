// SPDX-License-Identifier: Apache-2.0
// quayd's memory holds pages of citizens on their way: it is in no core dump, and no other process of the same user can
// look at it.
#pragma once

#include "base/result.hpp"

namespace quay::daemon::service {

/// PR_SET_DUMPABLE off (prctl(2)), RLIMIT_CORE 0 and an empty coredump_filter (core(5)), for good. Errors: bug, when
/// the kernel refuses.
Status hide_memory();

}  // namespace quay::daemon::service
