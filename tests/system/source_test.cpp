// SPDX-License-Identifier: Apache-2.0
// One conformance suite over every source of pages: what a front end may rely on, whatever device it asks.
#include <algorithm>
#include <csignal>

#include "clients/cpp/event_stream.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/system/front_end.hpp"
#include "tests/system/source.hpp"

namespace quay::system_test {
namespace {

using protocol::CaptureState;
using protocol::DeviceStatus;
using protocol::JobState;

constexpr Milliseconds kPatience{20'000};
constexpr int kMany = 20;

class EverySource : public testing::TestWithParam<SourceRow> {
 protected:
  void SetUp() override { open(); }

  void open(const std::string& deadlines = CounterOptions().deadlines) {
    CounterOptions options = source_->options();
    options.deadlines = deadlines;
    counter_.emplace(options);
    counter_->start();
    ASSERT_TRUE(becomes_ready()) << counter_->daemon().transcript();
    visit_ = counter_->open_visit();
  }

  bool becomes_ready() { return counter_->device_becomes(DeviceStatus::ready, source_->device()); }

  Result<std::string> try_start(int pages, const std::string& visit, const std::string& request_id = {}) {
    return source_->start(*counter_, {visit, pages, request_id});
  }
  std::string start(int pages) {
    source_->load(*counter_, pages);
    const auto job = try_start(pages, visit_);
    EXPECT_TRUE(job) << (job ? "" : describe(job.error()));
    return job.value_or("");
  }
  protocol::Job run(int pages) { return counter_->await_end(start(pages)); }

  std::string cancel(const std::string& job) {
    client::Client client = counter_->connect();
    return call(client, "job.cancel", {{"job", job}});
  }

  void expect_every_page_is_ready(std::size_t pages) {
    const std::vector<protocol::Capture> captures = counter_->captures(visit_);
    EXPECT_EQ(captures.size(), pages);
    for (const protocol::Capture& capture : captures) {
      EXPECT_EQ(capture.state, CaptureState::ready);
      EXPECT_EQ(capture.device, source_->device());
    }
  }
  void expect_next_job_works() {
    source_->heal(*counter_);
    ASSERT_TRUE(becomes_ready()) << counter_->daemon().transcript();
    const protocol::Job next = run(1);
    EXPECT_EQ(next.state, JobState::done) << counter_->daemon().transcript();
    EXPECT_EQ(next.pages, 1);
  }

  std::unique_ptr<Source> source_ = GetParam().make();
  std::optional<Counter> counter_;
  std::string visit_;
};

TEST_P(EverySource, SaysWhatItIs) {
  client::Client client = counter_->connect();
  const auto device =
      client.call_as<protocol::Device>("device.describe", protocol::DeviceArguments{{}, source_->device()});
  ASSERT_TRUE(device);
  EXPECT_EQ(device->kind, source_->kind());
  EXPECT_FALSE(device->identity.model.empty());
  EXPECT_EQ(device->scanner.has_value(), source_->kind() == protocol::DeviceKind::scanner);
  EXPECT_EQ(device->camera.has_value(), source_->kind() == protocol::DeviceKind::camera);
  EXPECT_TRUE(device->reasons.empty());
}

TEST_P(EverySource, AnnouncesEachPageSafeThenSeenThenReady) {
  client::Client client = counter_->connect();
  auto events = client::EventStream::open(client, {client.hello().journal, client.hello().seq});
  ASSERT_TRUE(events);
  const std::string job = start(3);
  std::vector<std::string> topics;
  std::uint64_t last = client.hello().seq;
  while (topics.empty() || topics.back() != "job.finished") {
    const auto event = events->next(deadline_in(kPatience));
    ASSERT_TRUE(event && *event) << counter_->daemon().transcript();
    topics.push_back((*event)->type);
    if ((*event)->seq) {
      EXPECT_EQ(*(*event)->seq, last + 1);
      last = *(*event)->seq;
    }
  }
  const auto position = [&](const char* topic) {
    return std::find(topics.begin(), topics.end(), topic) - topics.begin();
  };
  EXPECT_LT(position("job.started"), position("job.progress"));
  EXPECT_LT(position("job.progress"), position("capture.captured"));
  EXPECT_LT(position("capture.captured"), position("capture.preview"));
  EXPECT_LT(position("capture.preview"), position("capture.ready"));
  EXPECT_EQ(std::count(topics.begin(), topics.end(), "capture.captured"), 3);
  EXPECT_EQ(std::count(topics.begin(), topics.end(), "capture.ready"), 3);
  EXPECT_EQ(counter_->await_end(job).pages, 3);
}

TEST_P(EverySource, GivesPagesThatCanBeFetched) {
  EXPECT_EQ(run(2).state, JobState::done) << counter_->daemon().transcript();
  expect_every_page_is_ready(2);
  client::Client client = counter_->connect();
  for (const protocol::Capture& page : counter_->captures(visit_)) {
    const auto file = client::fetch_image(client, page.capture, "page", deadline_in(kPatience));
    ASSERT_TRUE(file) << describe(file.error());
    EXPECT_EQ(std::string(file->bytes.begin(), file->bytes.begin() + 5), "%PDF-");
  }
}

TEST_P(EverySource, CanBeCancelledAtAnyMomentAndKeepsThePagesThatCame) {
  source_->slow_down(*counter_);
  std::size_t kept = 0;
  for (const int pages_first : {0, 1, 2}) {
    SCOPED_TRACE(pages_first);
    const std::string job = start(kMany);
    counter_->await(job, [&](const protocol::Job& state) { return state.pages >= pages_first; });
    EXPECT_EQ(cancel(job), "done");
    const protocol::Job ended = counter_->await_end(job);
    EXPECT_EQ(ended.state, JobState::cancelled);
    EXPECT_EQ(counter_->code_of(ended), "scan.cancelled");
    EXPECT_GE(ended.pages, pages_first);
    EXPECT_LT(ended.pages, kMany);
    kept += static_cast<std::size_t>(ended.pages);
    expect_every_page_is_ready(kept);
    EXPECT_EQ(cancel(job), "job.finished");
  }
  expect_next_job_works();
}

TEST_P(EverySource, ThatIsUnpluggedInMidPageKeepsThePageBeforeAndComesBackByItself) {
  source_->tear(*counter_, 2);
  const protocol::Job job = run(3);
  EXPECT_EQ(job.state, JobState::failed);
  EXPECT_EQ(counter_->code_of(job), "device.io") << counter_->daemon().transcript();
  EXPECT_EQ(job.pages, 1);
  expect_every_page_is_ready(1);
  expect_next_job_works();
}

TEST_P(EverySource, ThatHangsForEverEndsInATimeout) {
  source_->hang(*counter_, 2);
  const protocol::Job job = run(3);
  EXPECT_EQ(counter_->code_of(job), "device.timeout") << counter_->daemon().transcript();
  EXPECT_EQ(job.pages, 1);
  expect_every_page_is_ready(1);
  expect_next_job_works();
}

TEST_P(EverySource, ThatHangsCanBeCancelledWithoutWaitingForIt) {
  open("stall_ms = 600000\nfirst_row_ms = 600000\ncancel_grace_ms = 500\n");
  source_->hang(*counter_, 2);
  const std::string job = start(3);
  counter_->await(job, [](const protocol::Job& state) { return state.pages >= 1; });
  EXPECT_EQ(cancel(job), "done");
  EXPECT_EQ(counter_->await_end(job).state, JobState::cancelled);
  expect_next_job_works();
}

TEST_P(EverySource, WhoseWorkerIsKilledLosesItsJobAndNothingElse) {
  source_->slow_down(*counter_);
  const std::string job = start(kMany);
  counter_->await(job, [](const protocol::Job& state) { return state.pages >= 1; });
  const std::vector<pid_t> workers = counter_->workers(source_->worker());
  ASSERT_EQ(workers.size(), 1U);
  ::kill(workers[0], SIGKILL);
  const protocol::Job ended = counter_->await_end(job);
  EXPECT_EQ(counter_->code_of(ended), "worker.crashed");
  EXPECT_GE(ended.pages, 1);
  expect_every_page_is_ready(static_cast<std::size_t>(ended.pages));
  expect_next_job_works();
}

TEST_P(EverySource, SaysAtOnceThatItIsBusy) {
  source_->slow_down(*counter_);
  const std::string job = start(kMany);
  const auto second = try_start(1, visit_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::device_busy);
  client::Client client = counter_->connect();
  EXPECT_EQ(call(client, "visit.close", {{"visit", visit_}}), "device.busy");
  EXPECT_EQ(cancel(job), "done");
  EXPECT_EQ(counter_->await_end(job).state, JobState::cancelled);
}

TEST_P(EverySource, StaysWithItsVisitUntilThatIsClosed) {
  const std::string theirs = counter_->open_visit();
  EXPECT_EQ(run(1).state, JobState::done);
  source_->load(*counter_, 1);
  const auto refused = try_start(1, theirs);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::device_leased);
  EXPECT_LE(refused.error().retry_after_ms, 5'000);
  client::Client client = counter_->connect();
  const auto state = client.call_as<protocol::StateResult>("state.get", protocol::NoArguments{});
  ASSERT_TRUE(state && state->leases.size() == 1);
  EXPECT_EQ(state->leases[0].visit, visit_);
  EXPECT_EQ(run(1).state, JobState::done) << "the next batch of the visit that has it";
  ASSERT_EQ(call(client, "visit.close", {{"visit", visit_}}), "done");
  source_->load(*counter_, 1);
  const auto job = try_start(1, theirs);
  ASSERT_TRUE(job) << describe(job.error());
  EXPECT_EQ(counter_->await_end(*job).state, JobState::done);
}

TEST_P(EverySource, DoesTheSameWishSentAgainOnce) {
  const std::string wish = "9f0c3c4e-0000-4000-8000-000000000001";
  source_->load(*counter_, 2);
  const auto first = try_start(2, visit_, wish);
  ASSERT_TRUE(first);
  const auto while_running = try_start(2, visit_, wish);
  ASSERT_TRUE(while_running);
  EXPECT_EQ(*while_running, *first);
  EXPECT_EQ(counter_->await_end(*first).pages, 2);
  source_->load(*counter_, 2);
  const auto afterwards = try_start(2, visit_, wish);
  ASSERT_TRUE(afterwards);
  EXPECT_EQ(*afterwards, *first);
  const auto reused = try_start(1, visit_, wish);
  ASSERT_FALSE(reused);
  EXPECT_EQ(reused.error().code, Errc::request_key_reused);
  EXPECT_EQ(source_->given(*counter_), 2);
}

TEST_P(EverySource, LeavesNoPageBehindWhenItsVisitIsClosed) {
  EXPECT_EQ(run(2).state, JobState::done);
  const std::filesystem::path spool = counter_->path() / "state" / "spool";
  ASSERT_TRUE(std::filesystem::exists(spool / visit_));
  client::Client client = counter_->connect();
  const auto closed = client.call_as<protocol::Visit>("visit.close", protocol::VisitArguments{{}, visit_});
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->state, "closed");
  EXPECT_FALSE(std::filesystem::exists(spool / visit_));
  EXPECT_TRUE(counter_->captures(visit_).empty());
  const auto again = try_start(1, visit_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::visit_closed);
}

INSTANTIATE_TEST_SUITE_P(Of, EverySource, testing::ValuesIn(sources()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace quay::system_test
