// SPDX-License-Identifier: Apache-2.0
// The parts of quayd that messages go through, wired as daemon.cpp wires them, in one process with the clock: loop,
// storage thread, journal, spool, ledger, events and images sockets, followers.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "bench/messaging/bare.hpp"
#include "daemon/jobs/followers.hpp"

namespace quay::bench {

namespace loop = daemon::loop;
namespace jobs = daemon::jobs;
namespace storage = daemon::storage;
namespace publish = daemon::publish;

class Counter {
 public:
  Counter();
  ~Counter() { storage_.reset(); }
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  loop::Loop& loop() { return loop_; }
  jobs::Ledger& ledger() { return ledger_; }
  publish::EventPublisher& events() { return events_; }
  std::string events_path() const { return room_ / "events"; }
  std::string images_path() const { return room_ / "images"; }
  const VisitId& visit() const { return visit_; }

  /// Runs the loop until `task` has ended.
  void run(loop::Awaitable<void> task);

  /// Waits for `count` subscriptions.
  loop::Awaitable<void> subscribers(int count);

  /// Appends an event of about `size` bytes; gives when its transaction was on the disk.
  loop::Awaitable<SteadyClock::time_point> commit_event(std::size_t size);

  /// Stores a rendition of `bytes` with its event; gives when it was durable.
  loop::Awaitable<SteadyClock::time_point> store_page(std::shared_ptr<std::vector<std::uint8_t>> bytes);

  /// Id of the page that was stored last.
  const std::string& newest_page() const { return newest_page_; }

  /// Answers images.follow, images.credit and images.fetch, as the dispatcher would.
  void serve_images();

 private:
  loop::Awaitable<void> run_and_stop(loop::Awaitable<void> task);
  loop::Awaitable<void> serve();
  loop::Awaitable<void> answer_fetch(publish::ReceivedCommand received);

  Room room_;
  VisitId visit_{random_uuid()};
  JobId job_{random_uuid()};
  std::string newest_page_;
  loop::Loop loop_{1};
  Log log_{"bench", LogLevel::error};
  zmq::context_t zmq_{publish::kIoThreads};
  publish::EventPublisher events_{loop_, zmq_};
  publish::CommandSocket images_;
  std::unique_ptr<storage::StorageThread> storage_;
  jobs::Ledger ledger_;
  loop::TaskGroup tasks_{loop_, log_};
  jobs::Followers followers_{loop_, ledger_, tasks_, images_};
};

}  // namespace quay::bench
