// SPDX-License-Identifier: Apache-2.0
// device.trace: what went between quayd and the worker of a device, with nothing personal in it. A recorded session is
// the same, a line an entry.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "protocol/client/device.hpp"
#include "protocol/json/reader.hpp"

namespace quay::protocol {

/// `process`: not a frame, but the worker's process that came (`spawned`) or went (`ended`).
enum class TraceWay : std::uint8_t { process, to_worker, from_worker };
BOOST_DESCRIBE_ENUM(TraceWay, process, to_worker, from_worker)

/// What went beside a frame: pixels, a document.
struct TracePayload : AllOptional {
  std::uint64_t bytes = 0;
  std::string sha256;  ///< empty: nobody was looking at the trace when it went by
};

struct TraceEntry : AllOptional {
  std::uint64_t number = 0;  ///< counts up from 1 as long as quayd lives
  std::int64_t at_ms = 0;    ///< by the clock of now_ms
  TraceWay way = TraceWay::process;
  json::object
      frame;  ///< `type` and what may be told; texts are told as "<N bytes>", parts left out stand in `redacted`
  std::vector<TracePayload> payloads;
};

struct DeviceTraceArguments : AllOptional {
  std::string device;
  std::uint64_t after = 0;  ///< number of the last entry already known
};

struct DeviceTraceResult : AllOptional {
  std::string device;
  DeviceKind kind = DeviceKind::other;
  std::int64_t now_ms = 0;          ///< a clock that only goes forward
  std::vector<TraceEntry> entries;  ///< oldest first, as many as fit; ask again after the last
  bool lost = false;                ///< entries between `after` and the first of these are forgotten
};

BOOST_DESCRIBE_STRUCT(TracePayload, (), (bytes, sha256))
BOOST_DESCRIBE_STRUCT(TraceEntry, (), (number, at_ms, way, frame, payloads))
BOOST_DESCRIBE_STRUCT(DeviceTraceArguments, (), (device, after))
BOOST_DESCRIBE_STRUCT(DeviceTraceResult, (), (device, kind, now_ms, entries, lost))

}  // namespace quay::protocol
