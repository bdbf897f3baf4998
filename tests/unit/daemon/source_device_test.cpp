// SPDX-License-Identifier: Apache-2.0
// A device and what it says of itself while it is used: the real card worker where no pcscd is.
#include <gtest/gtest.h>

#include "daemon/jobs/source_device.hpp"
#include "daemon/loop/task_group.hpp"
#include "tests/unit/daemon/storage_support.hpp"

namespace quay::daemon::jobs {
namespace {

class ReaderWithoutPcscd : public testing::Test {
 protected:
  SourceSpec spec() const {
    SourceSpec spec;
    spec.kind = protocol::DeviceKind::card;
    spec.id = "card";
    spec.worker.name = "card";
    spec.worker.process.program = QUAY_CARD;
    spec.worker.process.arguments = {"--serve"};
    spec.worker.process.environment = {"PATH=/usr/bin:/bin", "PCSCLITE_CSOCK_NAME=" + (folder_ / "no-pcscd").string()};
    return spec;
  }

  void run_until(const std::function<bool()>& reached) {
    while (!reached()) {
      loop_.run_one();
    }
  }

  storage::TemporaryFolder folder_;
  loop::Loop loop_{1};
  Log log_{"test", LogLevel::error};
  zmq::context_t context_;
  publish::EventPublisher publisher_{loop_, context_};
  storage::StorageThread storage_{storage::must(storage::Journal::open(folder_ / "journal.db")),
                                  storage::open_spool(folder_ / "spool")};
  Ledger ledger_{loop_, storage_, publisher_, Position{}};
  loop::TaskGroup tasks_{loop_, log_};
  SourceDevice device_{loop_, log_, ledger_, spec()};
};

TEST_F(ReaderWithoutPcscd, WhatItSaysDuringAUseIsNotForgottenAtItsEnd) {
  ASSERT_TRUE(device_.try_acquire());  // so nobody asks it: it speaks up by itself
  tasks_.spawn("worker", device_.run_worker());
  tasks_.spawn("watch", device_.watch());
  run_until([&] { return !device_.snapshot().reasons.empty(); });
  const std::vector<std::string> said = device_.snapshot().reasons;
  device_.note(std::nullopt);  // that use went well all the same
  EXPECT_EQ(device_.snapshot().reasons, said);
  device_.release();
  ASSERT_TRUE(device_.try_acquire());
  device_.note(std::nullopt);  // and so did the next, during which it said nothing
  EXPECT_TRUE(device_.snapshot().reasons.empty());
  device_.stop();
  run_until([&] { return tasks_.running() == 0; });
}

}  // namespace
}  // namespace quay::daemon::jobs
