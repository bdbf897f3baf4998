// SPDX-License-Identifier: Apache-2.0
// What pcscd says, in codes of the error table. The native name and number travel along.
#pragma once

#include "base/error.hpp"

namespace quay::card {

/// `result`: of a call of winscard.h, not SCARD_S_SUCCESS.
Error pcsc_error(long result, const char* operation);

}  // namespace quay::card
