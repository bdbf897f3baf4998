// SPDX-License-Identifier: Apache-2.0
// What a citizen's card said must not stay in memory: every block that is freed is overwritten first, whoever frees it
// (operator delete of this program and of its libraries, and OpenSSL), and so is the stack that a reading has used.
#pragma once

namespace quay::card {

/// Makes OpenSSL overwrite what it frees. Before OpenSSL's first call. False: it was used already.
bool make_openssl_forget();

/// Overwrites the stack below the caller, as deep as a reading goes.
void forget_stack();

}  // namespace quay::card
