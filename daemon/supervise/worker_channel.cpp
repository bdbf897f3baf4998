// SPDX-License-Identifier: Apache-2.0
#include "daemon/supervise/worker_channel.hpp"

#include "protocol/worker/codec.hpp"
#include "protocol/worker/seqpacket.hpp"

namespace quay::daemon::supervise {

using loop::Awaitable;
using loop::kAwait;

namespace {

std::vector<int> numbers_of(const std::vector<UniqueFd>& descriptors) {
  std::vector<int> numbers;
  numbers.reserve(descriptors.size());
  for (const UniqueFd& descriptor : descriptors) {
    numbers.push_back(descriptor.get());
  }
  return numbers;
}

}  // namespace

WorkerChannel::WorkerChannel(loop::Loop& loop, UniqueFd socket, TraceRing& trace)
    : socket_(loop, socket.release()), trace_(trace) {}

Status WorkerChannel::send(const frames::ToWorker& message, const std::vector<int>& descriptors) {
  if (!socket_.is_open()) {
    return failure(Errc::worker_crashed, "worker.send", "the channel is closed");
  }
  trace_.note(message, descriptors);
  return frames::send_packet(socket_.native_handle(), frames::encode(message), descriptors, frames::Blocking::no);
}

Awaitable<Result<Incoming>> WorkerChannel::receive() {
  for (;;) {
    if (!socket_.is_open()) {
      co_return failure(Errc::worker_crashed, "worker.receive", "the channel is closed");
    }
    Result<frames::Packet> packet = frames::receive_packet(socket_.native_handle(), frames::Blocking::no);
    if (packet) {
      Result<frames::FromWorker> message = frames::decode_from_worker(packet->text);
      if (!message) {
        co_return failure(message.error());
      }
      trace_.note(*message, numbers_of(packet->descriptors));
      Incoming incoming{std::move(*message), std::move(packet->descriptors)};
      co_return incoming;
    }
    if (packet.error().code != Errc::device_busy) {
      co_return failure(packet.error());
    }
    const auto wait = loop::asio::posix::stream_descriptor::wait_read;
    co_await socket_.async_wait(wait, kAwait);
  }
}

void WorkerChannel::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

BufferLease& BufferLease::operator=(BufferLease&& other) noexcept {
  release();
  channel_ = std::move(other.channel_);
  buffer_ = other.buffer_;
  return *this;
}

void BufferLease::release() {
  if (const std::shared_ptr<WorkerChannel> channel = channel_.lock()) {
    // A worker that cannot take this frame is about to be found dead by its reader.
    [[maybe_unused]] const Status sent = channel->send(frames::ReleaseBuffer{{}, buffer_});
  }
  channel_.reset();
}

}  // namespace quay::daemon::supervise
