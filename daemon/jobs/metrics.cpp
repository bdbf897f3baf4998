// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/metrics.hpp"

#include "base/atomic_file.hpp"

namespace quay::daemon::jobs {

using core::Metric;
using loop::Awaitable;

namespace {

constexpr mode_t kForEverybody = 0644;  // numbers only; the service's umask would keep the collector out

}  // namespace

supervise::WorkerSpec Metrics::counted(supervise::WorkerSpec spec) {
  spec.ended = [this, program = spec.process.program.filename().string()](supervise::WorkerEnd how) {
    meter_.add(Metric::worker_exits, {program, std::string(supervise::name(how))});
  };
  return spec;
}

void Metrics::answered(const std::string& command, const std::string& code, SteadyClock::duration took) {
  meter_.add(Metric::commands, {command, code});
  meter_.observe(Metric::command_seconds, {}, std::chrono::duration<double>(took).count());
}

Awaitable<Result<std::string>> Metrics::text() {
  const auto measure = [](storage::Journal&, storage::Spool& spool) { return spool.use(); };
  const Result<storage::SpoolUse> spool = co_await ledger_.run(measure);
  if (!spool) {
    co_return failure(spool.error());
  }
  meter_.set(Metric::spool_bytes, {}, static_cast<double>(spool->bytes));
  meter_.set(Metric::spool_objects, {}, static_cast<double>(spool->objects));
  meter_.set(Metric::spool_free_bytes, {}, static_cast<double>(spool->free_bytes));
  look_(meter_);
  co_return meter_.text();
}

Awaitable<Status> Metrics::write(std::filesystem::path file) {
  const Result<std::string> text = co_await this->text();
  if (!text) {
    co_return failure(text.error());
  }
  const auto put = [file = std::move(file), text = *text](storage::Journal&, storage::Spool&) {
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    return write_atomically(file, bytes, kForEverybody);
  };
  co_return co_await ledger_.run(put);
}

}  // namespace quay::daemon::jobs
