// SPDX-License-Identifier: Apache-2.0
// The figures that quay-bench-messaging can take; each gives one JSON object. `scale` multiplies how much is measured.
#pragma once

#include "protocol/json/reader.hpp"

namespace quay::bench {

/// The call EventPublisher::publish against zmq_msg_send of the same three frames, one subscriber reading.
protocol::json::object measure_publishing(double scale);

/// From the end of a journal transaction to the last frame at a subscriber, against a bare 1 KiB message.
protocol::json::object measure_commits(double scale);

/// MB/s of 1 KiB events to `subscribers`, against bare XPUB.
protocol::json::object measure_fan_out(int subscribers, double scale);

/// MB/s of a 2 MB page fetched in chunks of 1 MiB, four outstanding, from the spool; against bare ROUTER from memory.
protocol::json::object measure_fetching(double scale);

/// From a page of 200 KiB durable to its last byte at the follower, against bare ROUTER to DEALER.
protocol::json::object measure_pushes(double scale);

/// From commit to subscriber while 25 MB pages are pushed, against the same when idle.
protocol::json::object measure_events_under_load(double scale);

/// Newcomers that miss an event without a sign of it: greeting against ZMQ_XPUB_WELCOME_MSG.
protocol::json::object measure_joins(double scale);

}  // namespace quay::bench
