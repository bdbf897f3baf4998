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
};

class SourceDevice {
 public:
  SourceDevice(loop::Loop& loop, const Log& log, Ledger& ledger, SourceSpec spec);

  /// Keeps the worker alive; ends with stop().
  loop::Awaitable<void> run_worker() { return worker_.run(); }
  /// Describes the device whenever its worker is fresh and publishes changes; ends with stop().
  loop::Awaitable<void> watch();
  void stop() { worker_.stop(); }
  void revive() { worker_.revive(); }

  protocol::Device snapshot() const;
  supervise::Worker& worker() { return worker_; }
  const std::string& id() const { return spec_.id; }
  const SourceSpec& spec() const { return spec_; }

  /// One job at a time; false when another has it. A look at the device that is under way ends first: the job waits
  /// for it in Worker::wait_ready.
  bool try_acquire() { return !std::exchange(in_use_, true); }
  void release() {
    in_use_ = false;
    touch();
  }

  /// What the last use said: an error, or nothing when all went well.
  void note(std::optional<Error> trouble);
  /// What has changed of it meanwhile.
  void note(const protocol::worker::Condition& condition);

  /// Whether `visit` may use it. Errors: device_leased (another visit's guest), phone_visit_over.
  Status admit(const std::string& visit) const;
  /// A job of `visit` begins: a guest is its own from now on.
  void begin_visit(const std::string& visit);
  /// That visit is over.
  void end_visit(const std::string& visit);

 private:
  /// What a device is asked between two jobs.
  enum class Question : std::uint8_t { none, describe, look };
  Question due() const;
  Deadline next_question(std::optional<Deadline> asked) const;
  loop::Awaitable<void> ask(Question question);
  void take(protocol::worker::FromWorker answer);
  void conclude(Question question, std::optional<Error> trouble);
  void forget_guest();
  loop::Awaitable<void> publish_change();
  void take_news();
  void touch() { worker_.changes().push(worker_.state()); }

  const Log& log_;
  Ledger& ledger_;
  SourceSpec spec_;
  supervise::Worker worker_;
  std::optional<protocol::worker::Described> described_as_;  ///< what its worker said last
  std::optional<Error> trouble_;
  std::string published_;
  bool described_ = false;
  bool in_use_ = false;
  std::string guest_of_;  ///< the visit that a guest belongs to
  bool visit_over_ = false;
};

}  // namespace quay::daemon::jobs
