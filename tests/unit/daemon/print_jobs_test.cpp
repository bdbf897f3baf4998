// SPDX-License-Identifier: Apache-2.0
// Prints that come to no printer: their visit was purged, the access log did not take them, or there is no such printer
// any more. Over a real journal.
#include <gtest/gtest.h>

#include <future>

#include "daemon/jobs/print_jobs.hpp"
#include "daemon/jobs/views.hpp"
#include "tests/unit/daemon/storage_support.hpp"

namespace quay::daemon::jobs {
namespace {

using protocol::JobState;
using protocol::PrintState;
using storage::must;

class PrintsWithoutPrinter : public testing::Test {
 protected:
  PrintsWithoutPrinter() {
    prints_.when_over([this](const protocol::Job& job, const auto&) { over_.push_back(job); });
    sample_.job.kind = "print";
    sample_.job.state = JobState::queued;
    sample_.job.arguments = "ARGUMENT-MARK";
  }
  ~PrintsWithoutPrinter() override {
    prints_.stop();
    run_until([this] { return tasks_.running() == 0; });
  }

  template <class Work>
  auto on_storage(Work work) {
    std::promise<decltype(work(std::declval<storage::Journal&>()))> said;
    storage_.post([&](storage::Journal& journal, storage::Spool&) { said.set_value(work(journal)); });
    return said.get_future().get();
  }

  void keep_visit() {
    on_storage([this](storage::Journal& journal) {
      must(storage::keep(journal, sample_));
      return true;
    });
  }

  PrintOrder order() const {
    PrintOrder order;
    order.job = sample_.job;
    order.print.job = order.job.job;
    order.print.visit = order.job.visit;
    return order;
  }

  void run_until(const std::function<bool()>& reached) {
    while (!reached()) {
      loop_.run_one();
    }
  }

  storage::JobRow job_row() {
    return on_storage([this](storage::Journal& journal) { return must(journal.job(sample_.job.job)).value(); });
  }
  std::optional<storage::PrintRow> print_row() {
    return on_storage([this](storage::Journal& journal) { return must(journal.print(sample_.job.job)); });
  }

  storage::TemporaryFolder folder_;
  storage::SampleVisit sample_ = storage::sample_visit(0);
  loop::Loop loop_{1};
  Log log_{"test", LogLevel::error};
  zmq::context_t context_;
  publish::EventPublisher publisher_{loop_, context_};
  storage::StorageThread storage_{must(storage::Journal::open(folder_ / "journal.db")),
                                  storage::open_spool(folder_ / "spool")};
  Ledger ledger_{loop_, storage_, publisher_, Position{}};
  DeviceSet devices_{loop_, log_, ledger_};
  loop::TaskGroup tasks_{loop_, log_};
  PrintJobs prints_{loop_, log_, ledger_, devices_, tasks_};
  std::vector<protocol::Job> over_;
};

TEST_F(PrintsWithoutPrinter, ThatAreAcceptedBesideAPurgeLeaveNothingInThePurgedVisit) {
  sample_.visit.open = false;
  sample_.visit.purged = true;
  keep_visit();
  prints_.accept(order());
  prints_.begin(sample_.job.job, {});
  prints_.cancel_in(sample_.visit.visit);
  run_until([this] { return !over_.empty(); });
  EXPECT_EQ(over_.front().state, JobState::cancelled) << "who waits is told";
  EXPECT_FALSE(print_row());
  const storage::JobRow left = job_row();
  EXPECT_EQ(left.state, JobState::cancelled);
  EXPECT_EQ(left.arguments, "");
  EXPECT_FALSE(left.error);
  EXPECT_EQ(on_storage([](storage::Journal& journal) { return journal.last_sequence(); }), 0U)
      << "no event tells of it";
}

TEST_F(PrintsWithoutPrinter, ThatTheAccessLogDidNotTakeAreNotPrinted) {
  keep_visit();
  prints_.accept(order());
  EXPECT_TRUE(prints_.runs_in(sample_.visit.visit)) << "its visit is not purged under it";
  prints_.begin(sample_.job.job, failure(Errc::access_log_failed, "access log", "full"));
  run_until([this] { return !over_.empty(); });
  EXPECT_EQ(over_.front().state, JobState::failed);
  EXPECT_EQ(over_.front().error.value().code, "audit.failed");
  EXPECT_EQ(print_report(print_row().value()).state, PrintState::not_printed);
}

TEST_F(PrintsWithoutPrinter, ThatWereCancelledAfterTheyHadLeftAreUncertainAndNotWaitedForWithoutEnd) {
  keep_visit();
  prints_.set_deadlines({.stop = Milliseconds(1)});
  PrintOrder sent = order();
  sent.print.sent = true;
  sent.report.state = PrintState::sending;
  sent.job.state = JobState::running;
  prints_.accept(sent);
  prints_.begin(sample_.job.job, {});
  ASSERT_TRUE(prints_.cancel(sample_.job.job));
  run_until([this] { return !over_.empty(); });
  EXPECT_EQ(over_.front().state, JobState::failed);
  EXPECT_EQ(over_.front().error.value().code, "print.uncertain");
  EXPECT_FALSE(prints_.runs_in(sample_.visit.visit));
}

TEST_F(PrintsWithoutPrinter, ThatHaveNotLeftGetALineInTheAccessLogWhenTheyAreTakenUpAgain) {
  keep_visit();
  on_storage([this](storage::Journal& journal) {
    const PrintOrder queued = order();
    PrintOrder sent = order();
    sent.job.job = sent.print.job = JobId{random_uuid()};
    sent.print.sent = true;
    must(journal.transact([&](storage::Journal& open) -> Status {
      for (const PrintOrder* one : std::initializer_list<const PrintOrder*>{&queued, &sent}) {
        must(open.put(one->job));
        must(open.put(one->print));
      }
      return {};
    }));
    return true;
  });
  std::vector<audit::AccessRecord> lines;
  bool recovered = false;
  const auto note = [&lines](audit::AccessRecord record) -> loop::Awaitable<Status> {
    lines.push_back(std::move(record));
    co_return Status();
  };
  const auto recover = [](PrintJobs& prints, PrintJobs::Note line, bool& done) -> loop::Awaitable<void> {
    const Status taken_up = co_await prints.recover(std::move(line));
    done = taken_up.has_value();
  };
  tasks_.spawn("recover", recover(prints_, note, recovered));
  run_until([&] { return recovered; });
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.front().action, "print.resume");
  EXPECT_EQ(lines.front().visit, sample_.visit.visit.value);
  EXPECT_EQ(prints_.running(), 2U);
}

}  // namespace
}  // namespace quay::daemon::jobs
