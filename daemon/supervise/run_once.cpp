// SPDX-License-Identifier: Apache-2.0
#include "daemon/supervise/run_once.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace quay::daemon::supervise {

using loop::Awaitable;
using loop::kAwait;
using Descriptor = loop::asio::posix::stream_descriptor;

namespace {

constexpr std::size_t kMostOutput = 1024 * 1024;

/// Reads to the end of file. False when the descriptor was cancelled or too much came.
Awaitable<bool> read_all(Descriptor& pipe, std::string& output) {
  std::array<char, 4096> chunk{};
  while (output.size() <= kMostOutput) {
    const auto buffer = loop::asio::buffer(chunk);
    const auto [error, count] = co_await pipe.async_read_some(buffer, kAwait);
    output.append(chunk.data(), count);
    if (error) {
      co_return error == loop::asio::error::eof;
    }
  }
  co_return false;
}

}  // namespace

Awaitable<Result<std::string>> run_once(loop::Loop& loop, ProcessSpec spec, Deadline deadline) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    co_return failure(errno_error(Errc::worker_start_failed, "pipe2", errno));
  }
  Descriptor pipe(loop, ends[0]);
  UniqueFd writer(ends[1]);
  const UniqueFd no_channel;
  Result<Process> process = Process::spawn(spec, no_channel, writer);
  writer.reset();
  if (!process) {
    co_return failure(process.error());
  }
  Descriptor ended(loop, ::dup(process->pidfd()));
  bool overdue = false;
  loop::asio::steady_timer timer(loop, deadline);
  timer.async_wait([&](const boost::system::error_code& error) {
    if (!error) {
      overdue = true;
      process->kill();
      pipe.cancel();
    }
  });
  std::string output;
  const bool whole = co_await read_all(pipe, output);
  if (!whole) {
    process->kill();
  }
  const auto wait = Descriptor::wait_read;
  co_await ended.async_wait(wait, kAwait);
  timer.cancel();
  const std::string how = process->reap();
  if (overdue) {
    co_return failure(Errc::device_timeout, spec.program.filename().string(), "had not ended in time");
  }
  if (!whole || how != "exit status 0") {
    co_return failure(Errc::worker_crashed, spec.program.filename().string(), how);
  }
  co_return output;
}

}  // namespace quay::daemon::supervise
