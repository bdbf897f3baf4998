// SPDX-License-Identifier: Apache-2.0
// The one thread that touches journal and spool, so that a slow fsync never stalls the event loop. Tasks run one after
// another in the order posted. Knows no event loop: whoever posts says in the task how to hand the outcome back.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>

#include "daemon/storage/journal.hpp"
#include "daemon/storage/spool.hpp"

namespace quay::daemon::storage {

/// A callable `void(Journal&, Spool&)` that may be move-only (C++20 has no std::move_only_function).
class StorageTask {
 public:
  template <class Callable>
    requires(!std::is_same_v<std::remove_cvref_t<Callable>, StorageTask>)
  StorageTask(Callable&& callable)  // NOLINT(google-explicit-constructor,bugprone-forwarding-reference-overload)
      : body_(std::make_unique<Body<std::decay_t<Callable>>>(std::forward<Callable>(callable))) {}

  void operator()(Journal& journal, Spool& spool) { body_->run(journal, spool); }

 private:
  struct AnyBody {
    virtual ~AnyBody() = default;
    virtual void run(Journal& journal, Spool& spool) = 0;
  };
  template <class Callable>
  struct Body final : AnyBody {
    explicit Body(Callable&& body) : callable(std::move(body)) {}
    explicit Body(const Callable& body) : callable(body) {}
    void run(Journal& journal, Spool& spool) override { callable(journal, spool); }
    Callable callable;
  };

  std::unique_ptr<AnyBody> body_;
};

class StorageThread {
 public:
  /// Takes over both; from here on only tasks may touch them.
  StorageThread(Journal journal, Spool spool);
  StorageThread(const StorageThread&) = delete;
  StorageThread& operator=(const StorageThread&) = delete;

  /// Runs everything posted, also what those tasks post, then ends the thread and closes the journal.
  ~StorageThread();

  /// Thread: any. A task that throws ends the program, as in any thread.
  void post(StorageTask task);

  /// Tasks posted and not finished yet. Thread: any.
  std::size_t pending() const;

 private:
  void run();

  Journal journal_;
  Spool spool_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<StorageTask> queue_;
  bool running_a_task_ = false;
  bool stopping_ = false;
  std::jthread thread_;  // last: everything above is there before it starts
};

}  // namespace quay::daemon::storage
