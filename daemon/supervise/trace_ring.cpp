// SPDX-License-Identifier: Apache-2.0
#include "daemon/supervise/trace_ring.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <utility>

#include "base/shared_buffer.hpp"
#include "crypto/sha256.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/worker/redact.hpp"

namespace quay::daemon::supervise {

using protocol::TraceWay;

namespace {

constexpr std::size_t kMostWeight = 256 * 1024;
constexpr std::size_t kMostReply = 64 * 1024;
constexpr Milliseconds kWatchedFor{5'000};

std::int64_t now_ms() {
  return std::chrono::duration_cast<Milliseconds>(SteadyClock::now().time_since_epoch()).count();
}

std::uint64_t told_bytes_of(const protocol::json::object& frame) {
  const auto* bytes = frame.if_contains("bytes");
  return bytes != nullptr && bytes->is_number() ? bytes->to_number<std::uint64_t>() : 0;
}

std::uint64_t size_of(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

}  // namespace

void TraceRing::note(const protocol::worker::ToWorker& frame, std::span<const int> descriptors) {
  add(TraceWay::to_worker, protocol::worker::redacted(frame), descriptors);
}

void TraceRing::note(const protocol::worker::FromWorker& frame, std::span<const int> descriptors) {
  add(TraceWay::from_worker, protocol::worker::redacted(frame), descriptors);
}

void TraceRing::note_spawned(const std::string& program) {
  add(TraceWay::process, {{"type", "spawned"}, {"program", program}}, {});
}

void TraceRing::note_ended(const std::string& how, bool killed_by_us) {
  add(TraceWay::process, {{"type", "ended"}, {"how", how}, {"killed_by_quayd", killed_by_us}}, {});
}

/// A pooled buffer is larger than what it holds: the frame says how much that is.
protocol::TracePayload TraceRing::payload_of(int descriptor, std::uint64_t told_bytes) const {
  protocol::TracePayload payload;
  payload.bytes = told_bytes > 0 ? told_bytes : size_of(descriptor);
  if (SteadyClock::now() < watched_until_) {
    const auto buffer = ReadableBuffer::open(UniqueFd(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0)), payload.bytes);
    payload.sha256 = buffer ? crypto::sha256_hex(buffer->bytes()) : std::string();
  }
  return payload;
}

void TraceRing::add(TraceWay way, protocol::json::object frame, std::span<const int> descriptors) {
  protocol::TraceEntry entry{{}, ++newest_, now_ms(), way, std::move(frame), {}};
  const std::uint64_t told_bytes = told_bytes_of(entry.frame);
  for (const int descriptor : descriptors) {
    entry.payloads.push_back(payload_of(descriptor, descriptors.size() == 1 ? told_bytes : 0));
  }
  const std::size_t weight = protocol::json::serialize(protocol::to_json(entry)).size();
  weight_ += weight;
  kept_.push_back({std::move(entry), weight});
  while (weight_ > kMostWeight) {
    weight_ -= kept_.front().weight;
    kept_.pop_front();
  }
}

protocol::DeviceTraceResult TraceRing::since(std::uint64_t after) {
  watched_until_ = deadline_in(kWatchedFor);
  protocol::DeviceTraceResult result;
  result.now_ms = now_ms();
  std::size_t weight = 0;
  for (const Kept& kept : kept_) {
    if (kept.entry.number <= after) {
      continue;
    }
    weight += kept.weight;
    if (weight > kMostReply && !result.entries.empty()) {
      break;
    }
    result.entries.push_back(kept.entry);
  }
  result.lost = !result.entries.empty() && result.entries.front().number > after + 1;
  return result;
}

}  // namespace quay::daemon::supervise
