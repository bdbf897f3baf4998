// SPDX-License-Identifier: Apache-2.0
// Owning what a C library made: std::unique_ptr with that library's own function to let go of it.
#pragma once

namespace quay {

/// A deleter for std::unique_ptr. Free: called with the pointer, never with null.
template <auto Free>
struct Freed {
  template <class Handle>
  void operator()(Handle* handle) const {
    Free(handle);
  }
};

}  // namespace quay
