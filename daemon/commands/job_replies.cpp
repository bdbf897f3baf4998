// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/job_replies.hpp"

#include "daemon/commands/request.hpp"
#include "daemon/jobs/views.hpp"

namespace quay::daemon::commands {

loop::Awaitable<Result<protocol::Job>> find_job(jobs::Ledger& ledger, JobId id) {
  const auto work = [id](storage::Journal& journal, storage::Spool&) -> Result<protocol::Job> {
    const auto row = journal.job(id);
    if (!row) {
      return failure(row.error());
    }
    if (!*row) {
      return failure(Errc::job_unknown, "job", quoted(id.value));
    }
    return jobs::view(journal, **row);
  };
  co_return co_await ledger.run(work);
}

protocol::Reply final_reply(const protocol::Job& job) {
  protocol::Reply reply;
  reply.result = protocol::to_json_object(job);
  reply.error = job.error;
  switch (job.state) {
    case protocol::JobState::done: reply.status = protocol::ReplyStatus::done; break;
    case protocol::JobState::cancelled: reply.status = protocol::ReplyStatus::cancelled; break;
    default: reply.status = protocol::ReplyStatus::failed;
  }
  return reply;
}

}  // namespace quay::daemon::commands
