// SPDX-License-Identifier: Apache-2.0
// One scanner or camera as quayd sees it: its worker, what it can do, what is wrong with it, and who uses it now. Tells
// front ends of every change (device.changed). A citizen's phone belongs to the first visit that uses it, and after
// that visit to nobody until it was unplugged.
#pragma once

#include <optional>
#include <string>

#include "daemon/jobs/ledger.hpp"
#include "daemon/supervise/worker.hpp"
#include "protocol/client/device.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon::jobs {

struct SourceSpec {
  protocol::DeviceKind kind = protocol::DeviceKind::scanner;
  std::string id;
  std::string name;
  std::string port_path;
  supervise::WorkerSpec worker;
  Milliseconds describe_deadline{15'000};
  bool trusts_uncounted = false;  ///< of a printer: its "completed" is believed when it counts no sheets
};

class SourceDevice {
 public:
  SourceDevice(loop::Loop& loop, const Log& log, Ledger& ledger, SourceSpec spec);

  /// Keeps the worker alive; ends with stop().
  loop::Awaitable<void> run_worker() { return worker_.run(); }
  /// Describes the device whenever its worker is fresh and publishes changes; ends with stop().
  loop::Awaitable<void> watch();
  void stop() { worker_.stop(); }
  /// The same, and front ends are told that it is gone.
  void leave() {
    leaving_ = true;
    worker_.stop();
  }
  void revive() { worker_.revive(); }

  protocol::Device snapshot() const;
  supervise::Worker& worker() { return worker_; }
  const std::string& id() const { return spec_.id; }
  const SourceSpec& spec() const { return spec_; }

  /// One job at a time; false when another has it. A look at the device that is under way ends first: the job waits
  /// for it in Worker::wait_ready.
  bool try_acquire() {
    const bool was_free = !std::exchange(in_use_, true);
    spoke_up_ = spoke_up_ && !was_free;
    return was_free;
  }
  void release() {
    in_use_ = false;
    touch();
  }

  /// Asks whoever has acquired it to stop; never a request of its own between two uses.
  void cancel();

  /// Before a camera is used, by whoever has acquired it and waited until its worker is ready: it may be another than
  /// the one that was here last. Errors: those of the device; scan_cancelled.
  loop::Awaitable<Status> meet();
  /// `visit` uses it from now on: a guest is its own. Errors: as admit().
  Status claim(const std::string& visit);
  bool is_guest() const { return described_as_ && described_as_->guest; }

  /// What the last use said: an error, or nothing when all went well. What it said of itself meanwhile stands.
  void note(std::optional<Error> trouble);
  /// The last use was cancelled, and ended so: that says nothing of the device but that it is gone.
  void note_cancelled(const Status& ended);
  /// What has changed of it meanwhile.
  void note(const protocol::worker::Condition& condition);

  /// Whether `visit` may use it. Errors: device_leased (another visit's guest), phone_visit_over.
  Status admit(const std::string& visit) const;
  /// That visit is over.
  void end_visit(const std::string& visit);

  /// Its worker had to be killed twice in a row: only the device itself can still be what hangs. Said once for each
  /// further death.
  bool take_hung();
  /// Its port was reset.
  void note_reset() {
    ++resets_;
    touch();
  }

 private:
  /// What a device is asked between two jobs.
  enum class Question : std::uint8_t { none, describe, look };
  Question due() const;
  Deadline next_question() const;
  loop::Awaitable<void> ask(Question question);
  void take(protocol::worker::FromWorker answer);
  void conclude(Question question, std::optional<Error> trouble);
  void notice_exit();
  void lose();
  void take_outcome(std::optional<Error> trouble);
  loop::Awaitable<void> publish_change();
  loop::Awaitable<void> publish(protocol::Device device);
  void take_news();
  void touch() { worker_.touch(); }

  const Log& log_;
  Ledger& ledger_;
  SourceSpec spec_;
  supervise::Worker worker_;
  std::optional<protocol::worker::Described> described_as_;  ///< what its worker said last
  std::optional<Error> trouble_;
  std::string published_;
  std::optional<Deadline> asked_;  ///< when its last question ended
  std::uint64_t exits_ = 0;        ///< of its worker, those that were heard of
  bool described_ = false;
  bool met_ = false;  ///< described_as_ is of what is there now
  bool in_use_ = false;
  bool watching_ = false;  ///< the request that runs is a question between two uses
  bool spoke_up_ = false;  ///< since it was acquired
  std::string guest_of_;   ///< the visit that a guest belongs to
  bool visit_over_ = false;
  bool leaving_ = false;
  std::int32_t forgiven_kills_ = 0;  ///< those before its last use that went well
  std::int32_t hung_told_ = 0;
  std::int32_t resets_ = 0;
};

}  // namespace quay::daemon::jobs
