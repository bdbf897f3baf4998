// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/recovery.hpp"

#include "daemon/core/job_machine.hpp"
#include "daemon/jobs/rework.hpp"
#include "daemon/jobs/views.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::jobs {
namespace {

struct Found {
  std::vector<PageTask> pages;
  std::vector<PageTask> unread;  ///< ready, without a text layer
  std::size_t jobs = 0;
  std::size_t swept = 0;
};

Status interrupt(storage::Journal& open, Events& events, storage::JobRow row) {
  row.state = core::step(row.state, core::JobEvent::daemon_stopped).value_or(row.state);
  const Error error = make_error(Errc::job_interrupted, "recover", "quayd ended while the job ran");
  row.error = boost::json::serialize(protocol::to_json(protocol::to_body(error)));
  if (Status put = open.put(row); !put) {
    return put;
  }
  const auto job = view(open, row);
  if (!job) {
    return failure(job.error());
  }
  return append(open, events, make_event(protocol::topic::kJobFinished, *job, row.visit.value));
}

/// A print outlives quayd: it is taken up again (PrintJobs::recover).
Result<std::vector<storage::JobRow>> jobs_to_interrupt(storage::Journal& journal) {
  auto rows = journal.unfinished_jobs();
  if (!rows) {
    return rows;
  }
  std::vector<storage::JobRow> others;
  for (storage::JobRow& row : *rows) {
    const auto print = journal.print(row.job);
    if (!print) {
      return failure(print.error());
    }
    if (!*print) {
      others.push_back(std::move(row));
    }
  }
  return others;
}

Status interrupt_jobs(storage::Journal& journal, Events& events, Found& found) {
  const auto unfinished = jobs_to_interrupt(journal);
  if (!unfinished) {
    return failure(unfinished.error());
  }
  found.jobs = unfinished->size();
  return journal.transact([&](storage::Journal& open) -> Status {
    for (const storage::JobRow& row : *unfinished) {
      if (Status interrupted = interrupt(open, events, row); !interrupted) {
        return interrupted;
      }
    }
    return {};
  });
}

Status sweep(storage::Journal& journal, storage::Spool& spool, Found& found) {
  const auto index = journal.spool_index();
  if (!index) {
    return failure(index.error());
  }
  const auto swept = spool.sweep(*index);
  if (!swept) {
    return failure(swept.error());
  }
  found.swept = *swept;
  return {};
}

Status find_pages(storage::Journal& journal, Found& found) {
  const auto pages = journal.unprocessed_captures();
  if (!pages) {
    return failure(pages.error());
  }
  for (const storage::CaptureRow& page : *pages) {
    found.pages.push_back(task_of(journal, page));
  }
  return {};
}

Status find_generations(storage::Journal& journal, Found& found) {
  const auto rows = journal.unprocessed_generations();
  if (!rows) {
    return failure(rows.error());
  }
  for (const storage::GenerationRow& row : *rows) {
    auto task = rework_task(journal, row);
    if (!task) {
      return failure(task.error());
    }
    found.pages.push_back(*std::move(task));
  }
  return {};
}

Status find_unread(storage::Journal& journal, Found& found) {
  const auto pages = journal.captures_without_text();
  const auto rows = pages ? journal.generations_without_text() : failure(pages.error());
  if (!rows) {
    return failure(rows.error());
  }
  for (const storage::CaptureRow& page : *pages) {
    found.unread.push_back(task_of(journal, page));
  }
  for (const storage::GenerationRow& row : *rows) {
    auto task = rework_task(journal, row);
    if (!task) {
      return failure(task.error());
    }
    found.unread.push_back(*std::move(task));
  }
  return {};
}

}  // namespace

loop::Awaitable<Status> recover(Ledger& ledger, ImagePool& images, const Log& log) {
  auto found = std::make_shared<Found>();
  const Ledger::Change change = [found](storage::Journal& journal, storage::Spool& spool, Events& events) -> Status {
    if (Status swept = sweep(journal, spool, *found); !swept) {
      return swept;
    }
    if (Status interrupted = interrupt_jobs(journal, events, *found); !interrupted) {
      return interrupted;
    }
    if (Status listed = find_pages(journal, *found); !listed) {
      return listed;
    }
    if (Status listed = find_generations(journal, *found); !listed) {
      return listed;
    }
    return find_unread(journal, *found);
  };
  const Status recovered = co_await ledger.commit(change);
  if (!recovered) {
    co_return recovered;
  }
  if (found->jobs + found->pages.size() + found->swept > 0) {
    log.info("recovered: {} jobs interrupted, {} pages to finish, {} stray objects removed", found->jobs,
             found->pages.size(), found->swept);
  }
  for (PageTask& task : found->pages) {
    images.submit(std::move(task));
  }
  for (PageTask& task : found->unread) {
    task.page_stored = true;
    images.texts().page_ended(std::move(task));
  }
  co_return Status();
}

}  // namespace quay::daemon::jobs
