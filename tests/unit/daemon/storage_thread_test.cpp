// SPDX-License-Identifier: Apache-2.0
// The storage thread: one task after another, in order, none lost.
#include "daemon/storage/storage_thread.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <numeric>
#include <set>

#include "tests/unit/daemon/storage_support.hpp"

namespace quay::daemon::storage {
namespace {

class StorageThreadTest : public testing::Test {
 protected:
  std::unique_ptr<StorageThread> start() const {
    return std::make_unique<StorageThread>(must(Journal::open(folder_ / "journal.db")), open_spool(folder_ / "spool"));
  }

  TemporaryFolder folder_;
};

TEST_F(StorageThreadTest, RunsTasksInTheOrderPostedOnOneOtherThread) {
  std::vector<int> order;
  std::set<std::thread::id> threads;
  {
    const auto storage = start();
    for (int i = 0; i < 1000; ++i) {
      storage->post([&order, &threads, i](Journal&, Spool&) {
        order.push_back(i);
        threads.insert(std::this_thread::get_id());
      });
    }
  }
  std::vector<int> expected(1000);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(order, expected);
  EXPECT_EQ(threads.size(), 1U);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

TEST_F(StorageThreadTest, TakesTasksThatCanOnlyBeMovedAndDropsThemWhenDone) {
  const auto alive = std::make_shared<int>(7);
  {
    const auto storage = start();
    std::promise<int> promise;
    std::future<int> answer = promise.get_future();
    storage->post([promise = std::move(promise), alive](Journal&, Spool&) mutable { promise.set_value(*alive); });
    EXPECT_EQ(answer.get(), 7);
  }
  EXPECT_EQ(alive.use_count(), 1);
}

TEST_F(StorageThreadTest, CountsWhatIsPostedUntilItIsFinished) {
  const auto storage = start();
  std::promise<void> started;
  std::promise<void> gate;
  storage->post([&](Journal&, Spool&) {
    started.set_value();
    gate.get_future().wait();
  });
  storage->post([](Journal&, Spool&) {});
  started.get_future().wait();
  EXPECT_EQ(storage->pending(), 2U);
  std::promise<void> last;
  storage->post([&](Journal&, Spool&) { last.set_value(); });
  EXPECT_EQ(storage->pending(), 3U);
  gate.set_value();
  last.get_future().wait();
  EXPECT_LE(storage->pending(), 1U);
}

TEST_F(StorageThreadTest, EndsOnlyWhenAlsoTheTasksOfItsTasksAreDone) {
  std::vector<std::string> done;
  {
    const auto storage = start();
    StorageThread* thread = storage.get();
    storage->post([&done, thread](Journal&, Spool&) {
      done.emplace_back("task");
      thread->post([&done, thread](Journal&, Spool&) {
        done.emplace_back("its child");
        thread->post([&done](Journal&, Spool&) { done.emplace_back("its grandchild"); });
      });
    });
  }
  EXPECT_THAT(done, testing::ElementsAre("task", "its child", "its grandchild"));
}

TEST_F(StorageThreadTest, LosesNothingThatSeveralThreadsPostAtOnce) {
  int count = 0;
  {
    const auto storage = start();
    std::vector<std::jthread> posters;
    for (int poster = 0; poster < 4; ++poster) {
      posters.emplace_back([&] {
        for (int i = 0; i < 500; ++i) {
          storage->post([&count](Journal&, Spool&) { ++count; });
        }
      });
    }
  }
  EXPECT_EQ(count, 2000);
}

TEST_F(StorageThreadTest, WhatATaskCommittedIsThereAfterTheThreadIsGone) {
  const SampleVisit sample = sample_visit(1);
  const ObjectName object{sample.visit.visit, sample.captures[0].capture.value, "raw"};
  {
    Store store(folder_.path());
    StorageThread storage(std::move(store.journal), std::move(store.spool));
    storage.post([&](Journal& journal, Spool& spool) {
      const std::string key = must(spool.keys().make(object.visit));
      spool.keys().add(object.visit, key);
      must(spool.write(object, some_bytes(100)));
      must(keep(journal, sample));
      must(journal.transact([&](Journal& open) { return open.keep_key(object.visit, key); }));
    });
  }
  Store store(folder_.path());
  auto& [journal, spool] = store;
  EXPECT_TRUE(must(journal.capture(sample.captures[0].capture)));
  EXPECT_EQ(must(spool.read(object, 0, 100)), some_bytes(100));
}

TEST_F(StorageThreadTest, ChecksTheLogIntoTheDatabaseWhenIdle) {
  const auto storage = start();
  const auto before = std::filesystem::file_size(folder_ / "journal.db");
  std::promise<void> written;
  storage->post([&](Journal& journal, Spool&) {
    SampleVisit sample = sample_visit(0);
    sample.job.arguments = std::string(3'000'000, 'x');
    EXPECT_TRUE(keep(journal, sample));
    written.set_value();
  });
  written.get_future().wait();
  // The checkpoint comes before the thread waits for work; a task posted now runs after it or finds it undone, so ask
  // until it is there. The test's own time limit is the only clock.
  while (std::filesystem::file_size(folder_ / "journal.db") <= before + 2'000'000) {
    std::this_thread::yield();
  }
  SUCCEED();
}

}  // namespace
}  // namespace quay::daemon::storage
