// SPDX-License-Identifier: Apache-2.0
// Result<T>: either a value or an Error. A class of its own, not an alias, because [[nodiscard]] only sticks to a
// class: a forgotten `co_await send(...)` must not compile.
#pragma once

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace quay {

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

/// A Result that carries no value on success.
using Status = Result<void>;

/// Turns an Error into the failing side of any Result: `return failure(Errc::spool_full, "spool.reserve", "...");`
inline tl::unexpected<Error> failure(Error error) { return tl::unexpected<Error>(std::move(error)); }

inline tl::unexpected<Error> failure(Errc code, std::string operation, std::string detail) {
  return tl::unexpected<Error>(make_error(code, std::move(operation), std::move(detail)));
}

}  // namespace quay
