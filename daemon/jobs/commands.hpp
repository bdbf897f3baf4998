// SPDX-License-Identifier: Apache-2.0
// What front ends may ask on `control` and `images`: one handler a command, found by name in a table. A handler checks,
// does and returns; the reply goes out in one place.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "daemon/jobs/device_set.hpp"
#include "daemon/jobs/image_pool.hpp"
#include "daemon/jobs/scan_jobs.hpp"
#include "daemon/publish/command_socket.hpp"

namespace quay::daemon::jobs {

/// What the handlers work with; owned by Daemon, which outlives them.
struct CommandContext {
  Ledger& ledger;
  DeviceSet& devices;
  ImagePool& images;
  ScanJobs& scans;
  loop::TaskGroup& tasks;
  const Log& log;
  std::string journal_id;
  std::string version;
};

class Commands {
 public:
  using Outcome = Result<protocol::json::object>;

  explicit Commands(CommandContext context);

  /// Answers commands until the socket is closed.
  loop::Awaitable<void> serve_control(publish::CommandSocket& control);
  loop::Awaitable<void> serve_images(publish::CommandSocket& images);

  /// From now on everything that starts something is refused with daemon.stopping.
  void refuse_new_work() { stopping_ = true; }

 private:
  using Handler = loop::Awaitable<Outcome> (Commands::*)(const protocol::Command&);
  using Received = std::shared_ptr<const publish::ReceivedCommand>;

  loop::Awaitable<void> answer(publish::CommandSocket& control, Received received);
  loop::Awaitable<void> answer_fetch(publish::CommandSocket& images, Received received);
  loop::Awaitable<void> start_scan(publish::CommandSocket& control, Received received);

  loop::Awaitable<Outcome> hello(const protocol::Command& command);
  loop::Awaitable<Outcome> state_get(const protocol::Command& command);
  loop::Awaitable<Outcome> replay(const protocol::Command& command);
  loop::Awaitable<Outcome> device_list(const protocol::Command& command);
  loop::Awaitable<Outcome> device_describe(const protocol::Command& command);
  loop::Awaitable<Outcome> visit_open(const protocol::Command& command);
  loop::Awaitable<Outcome> visit_close(const protocol::Command& command);
  loop::Awaitable<Outcome> job_get(const protocol::Command& command);
  loop::Awaitable<Outcome> job_cancel(const protocol::Command& command);
  loop::Awaitable<Outcome> capture_list(const protocol::Command& command);
  loop::Awaitable<Outcome> capture_get(const protocol::Command& command);
  loop::Awaitable<Outcome> document_assemble(const protocol::Command& command);

  /// What is known of a scan.start with this request_id.
  struct Earlier {
    std::optional<storage::RequestRow> request;
    std::optional<protocol::Job> job;
  };
  loop::Awaitable<Result<Earlier>> look_up(const std::optional<std::string>& request_id);
  loop::Awaitable<bool> repeat(publish::CommandSocket& control, const Received& received, const std::string& digest,
                               Status& refusal);
  Result<ScannerDevice*> acquire(const protocol::Command& command, const protocol::ScanStartArguments& arguments);
  loop::Awaitable<void> carry_out(publish::CommandSocket& control, publish::ReplyAddress from, ScanOrder order,
                                  std::string digest, ScannerDevice& device);
  loop::Awaitable<Status> admit_scan(const ScanOrder& order, const std::string& digest);
  loop::Awaitable<void> finish_scan(publish::CommandSocket& control, protocol::Job job, const ScanOrder& order,
                                    std::vector<publish::ReplyAddress> waiters);
  static protocol::Reply final_reply(const protocol::Job& job);

  CommandContext context_;
  std::unordered_map<std::string_view, Handler> handlers_;
  std::size_t in_flight_ = 0;
  bool stopping_ = false;
};

/// `args` of a command as T. Errors: request_bad_argument with the JSON pointer.
template <class T>
Result<T> arguments_of(const protocol::Command& command) {
  auto arguments = protocol::from_json<T>(protocol::json::value(command.args));
  if (!arguments) {
    Error error = arguments.error();
    error.operation = command.cmd;
    error.detail = "/args" + error.detail;
    return failure(std::move(error));
  }
  return arguments;
}

}  // namespace quay::daemon::jobs
