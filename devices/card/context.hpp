// SPDX-License-Identifier: Apache-2.0
// A connection to pcscd. Each thread has its own: calls on one context wait for each other.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <winscard.h>

#include "base/result.hpp"

namespace quay::card {

class Context {
 public:
  /// Errors: card_service_down, device_access_denied (polkit says no).
  static Result<Context> open();

  Context(Context&& other) noexcept;
  Context& operator=(Context&& other) noexcept;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context();

  SCARDCONTEXT get() const { return context_; }

  /// Names of the readers there are now; none is no error.
  Result<std::vector<std::string>> readers() const;

 private:
  explicit Context(SCARDCONTEXT context) : context_(context) {}

  SCARDCONTEXT context_ = 0;
};

}  // namespace quay::card
