// SPDX-License-Identifier: Apache-2.0
// Worker frames as a trace may tell them: kinds, numbers and what a table allows; never a name, a number of a card, a
// word of a page.
#pragma once

#include "protocol/worker/messages.hpp"

namespace quay::protocol::worker {

/// The frame as JSON. A text that is not allowed stands as "<N bytes>"; objects and lists that are not allowed are left
/// out, and named in `redacted`. What is left can be decoded again.
json::object redacted(const ToWorker& message);
json::object redacted(const FromWorker& message);

}  // namespace quay::protocol::worker
