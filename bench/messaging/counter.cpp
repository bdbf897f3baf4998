// SPDX-License-Identifier: Apache-2.0
#include "bench/messaging/counter.hpp"

#include <stdexcept>

#include "protocol/client/events.hpp"

namespace quay::bench {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(describe(result.error()));
  }
  return *std::move(result);
}

void must(const Status& status) {
  if (!status) {
    throw std::runtime_error(describe(status.error()));
  }
}

std::unique_ptr<storage::StorageThread> open_storage(const Room& room, const VisitId& visit, const JobId& job) {
  storage::Journal journal = must(storage::Journal::open(room / "journal.db"));
  must(journal.transact([&](storage::Journal& open) -> Status {
    storage::VisitRow row;
    row.visit = visit;
    row.opened_at = rfc3339_now();
    must(open.put(row));
    storage::JobRow work;
    work.job = job;
    work.visit = visit;
    return open.put(work);
  }));
  storage::Spool spool =
      must(storage::Spool::open(room / "spool", {}, storage::KeyRing(must(storage::ServiceKey::random()))));
  spool.keys().add(visit, must(spool.keys().make(visit)));
  return std::make_unique<storage::StorageThread>(std::move(journal), std::move(spool));
}

}  // namespace

Counter::Counter()
    : images_(loop_, zmq_, publish::SocketLimits{8, protocol::kLargestCommand, publish::IoThread::bytes}),
      storage_(open_storage(room_, visit_, job_)),
      ledger_(loop_, *storage_, events_, jobs::Position{}) {
  must(events_.bind(events_path()));
  must(images_.bind(images_path()));
  ledger_.listen([this](const publish::Notice& notice) { followers_.hear(notice); });
}

void Counter::run(loop::Awaitable<void> task) {
  tasks_.spawn("bench", run_and_stop(std::move(task)));
  loop_.run();
  if (tasks_.failed()) {
    throw std::runtime_error("a task failed");
  }
}

loop::Awaitable<void> Counter::run_and_stop(loop::Awaitable<void> task) {
  co_await std::move(task);
  followers_.stop();
  images_.close();
  events_.close();
}

loop::Awaitable<void> Counter::subscribers(int count) {
  for (std::size_t seen = 0; seen < static_cast<std::size_t>(count);) {
    const std::size_t newcomers = co_await events_.newcomers();
    seen += newcomers;
  }
}

loop::Awaitable<SteadyClock::time_point> Counter::commit_event(std::size_t size) {
  auto committed = std::make_shared<SteadyClock::time_point>();
  const jobs::Ledger::Change change = [=](storage::Journal& journal, storage::Spool&, jobs::Events& events) {
    protocol::Event event;
    event.type = "device.changed";
    event.at = rfc3339_now();
    event.data["padding"] = std::string(size, 'x');
    Status done = journal.transact([&](storage::Journal& open) { return jobs::append(open, events, event); });
    *committed = SteadyClock::now();
    return done;
  };
  must(co_await ledger_.commit(change));
  co_return *committed;
}

loop::Awaitable<SteadyClock::time_point> Counter::store_page(std::shared_ptr<std::vector<std::uint8_t>> bytes) {
  auto durable = std::make_shared<SteadyClock::time_point>();
  storage::CaptureRow capture;
  capture.capture = CaptureId{random_uuid()};
  capture.visit = visit_;
  capture.job = job_;
  const jobs::Ledger::Change change = [=, this](storage::Journal& journal, storage::Spool& spool,
                                                jobs::Events& events) -> Status {
    const storage::StoredObject stored = must(spool.write({visit_, capture.capture.value, "page"}, *bytes));
    storage::RenditionRow row{
        capture.capture.value, {{}, "page", "application/pdf", stored.bytes, stored.sha256}, "{}"};
    Status done = journal.transact([&](storage::Journal& open) -> Status {
      must(open.put(capture));
      must(open.put(row));
      const protocol::CaptureReady data{{}, row.owner, job_.value, 1, {}, 1, {}};
      must(jobs::append(open, events, jobs::make_event(protocol::topic::kCaptureReady, data, visit_.value)));
      return jobs::hand_over(open, events, row, *bytes);
    });
    *durable = SteadyClock::now();
    return done;
  };
  must(co_await ledger_.commit(change));
  newest_page_ = capture.capture.value;
  co_return *durable;
}

loop::Awaitable<void> Counter::answer_fetch(publish::ReceivedCommand received) {
  const protocol::json::object args = received.command->args;
  const auto work = [=, this](storage::Journal& journal, storage::Spool& spool) {
    const std::string id(args.at("id").as_string());
    must(journal.rendition(id, "page"));
    return spool.read({visit_, id, "page"}, args.at("offset").to_number<std::uint64_t>(), protocol::kLargestChunk);
  };
  auto bytes = co_await ledger_.run(work);
  protocol::Reply reply;
  reply.status = protocol::ReplyStatus::done;
  images_.reply(received.from, std::move(reply), must(std::move(bytes)));
}

void Counter::serve_images() { tasks_.spawn("images", serve()); }

loop::Awaitable<void> Counter::serve() {
  while (auto received = co_await images_.receive()) {
    const protocol::json::object& args = received->command->args;
    if (received->command->cmd == "images.follow") {
      followers_.begin(followers_.enlist({received->from.peer, visit_, {"page"}, protocol::kMostCredit, 0}));
    } else if (received->command->cmd == "images.fetch") {
      co_await answer_fetch(*received);
    } else {
      const std::string follow(args.at("follow").as_string());
      must(followers_.give_credit(follow, received->from.peer, args.at("bytes").to_number<std::uint64_t>()));
    }
  }
}

}  // namespace quay::bench
