// SPDX-License-Identifier: Apache-2.0
// Filled forms: quayd draws nothing itself, so a worker sets them. Started when the first is asked for; one at a time.
#pragma once

#include <memory>
#include <optional>

#include "base/log.hpp"
#include "daemon/jobs/image_pool.hpp"
#include "daemon/loop/task_group.hpp"
#include "daemon/loop/turns.hpp"
#include "daemon/supervise/worker.hpp"

namespace quay::daemon::jobs {

class FormDesk {
 public:
  FormDesk(loop::Loop& loop, const Log& log, loop::TaskGroup& tasks)
      : loop_(loop), log_(log), tasks_(tasks), turns_(loop) {}

  /// Which program sets forms. From the next start of its worker on.
  void set_worker(supervise::WorkerSpec spec) { spec_ = std::move(spec); }

  /// A form as a PDF, or one page of it as a PNG. Errors: form_unknown, form_field, form_glyph, form_font,
  /// form_invalid, document_page_unknown; worker_start_failed, worker_crashed, device_timeout.
  loop::Awaitable<Result<BoundDocument>> set(protocol::worker::SetForm order);
  /// Errors: file_unreadable, and those of the worker.
  loop::Awaitable<Result<protocol::FormListResult>> list();

  void stop();

 private:
  supervise::Worker& worker();

  loop::Loop& loop_;
  const Log& log_;
  loop::TaskGroup& tasks_;
  loop::Turns turns_;
  std::optional<supervise::WorkerSpec> spec_;
  std::unique_ptr<supervise::Worker> worker_;
};

}  // namespace quay::daemon::jobs
