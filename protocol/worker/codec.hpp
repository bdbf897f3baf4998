// SPDX-License-Identifier: Apache-2.0
// Worker frames <-> JSON text.
#pragma once

#include <string>
#include <string_view>

#include "protocol/worker/messages.hpp"

namespace quay::protocol::worker {

std::string encode(const ToWorker& message);
std::string encode(const FromWorker& message);

/// Errors: worker_protocol, saying which type or member did not fit.
Result<ToWorker> decode_to_worker(std::string_view text);
Result<FromWorker> decode_from_worker(std::string_view text);

}  // namespace quay::protocol::worker
