// SPDX-License-Identifier: Apache-2.0
// What a fuzz harness says when a promise is broken: one line, then abort, which libFuzzer and ctest both see.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace quay::fuzz {

inline void require(bool promise, const char* what) {
  if (!promise) {
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
  }
}

}  // namespace quay::fuzz
