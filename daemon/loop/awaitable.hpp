// SPDX-License-Identifier: Apache-2.0
// What coroutines in quayd are made of. Rules (docs/traps.md): an awaitable returns its outcome as a value and never
// throws; arguments inside an expression with co_await are named first; nothing is detached; every wait has a
// deadline or is ended by close().
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/result.hpp"

namespace quay::daemon::loop {

namespace asio = boost::asio;

using Loop = asio::io_context;

template <class T>
using Awaitable = asio::awaitable<T>;

/// Completion token of every Asio call: errors come as values.
inline constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

/// Lets everything else that is ready run first.
inline Awaitable<void> yield(Loop& loop) { co_await asio::post(loop, asio::use_awaitable); }

}  // namespace quay::daemon::loop
