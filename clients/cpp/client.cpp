// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/client.hpp"

#include <algorithm>
#include <cstdlib>

#include "protocol/client/error_table.hpp"

namespace quay::client {
namespace {

Error no_answer(const std::string& name, Milliseconds patience) {
  return make_error(Errc::request_deadline, name, "no answer within " + std::to_string(patience.count()) + " ms");
}

constexpr Milliseconds kAskAgain{1000};

/// Nothing was decided: the first sending is still being carried out, or this peer asks too fast.
bool is_not_yet(const protocol::Reply& reply) {
  return reply.error && (reply.error->code == protocol::error_row(Errc::request_in_progress).wire ||
                         reply.error->code == protocol::error_row(Errc::request_too_many).wire);
}

}  // namespace

std::filesystem::path default_run_directory() {
  const char* directory = std::getenv("QUAY_RUNTIME_DIRECTORY");
  return directory != nullptr && *directory != '\0' ? directory : "/run/quay";
}

Result<protocol::json::object> result_of(protocol::Reply reply, const std::string& operation) {
  using enum protocol::ReplyStatus;
  if (reply.status == done || reply.status == accepted) {
    return std::move(reply.result).value_or(protocol::json::object());
  }
  if (!reply.error) {
    return failure(Errc::request_malformed, operation, "the daemon failed and did not say why");
  }
  return failure(protocol::from_body(*reply.error));
}

Result<Client> Client::connect(Address address, Milliseconds patience, const std::string& program) {
  if (Status listening = address.probe("control"); !listening) {
    return failure(std::move(listening).error());
  }
  auto context = std::make_unique<zmq::context_t>(1);
  auto control = Socket::connect(*context, Socket::Kind::commands, address, "control");
  if (!control) {
    return failure(std::move(control).error());
  }
  Client client(std::move(address), std::move(context), std::move(*control));
  if (Status greeted = client.greet(patience, program); !greeted) {
    return failure(std::move(greeted).error());
  }
  return client;
}

Status Client::greet(Milliseconds patience, const std::string& program) {
  const CallOptions options{patience, {}, {}};
  const protocol::HelloArguments arguments{{}, program, protocol::kApiVersion, protocol::kApiVersion};
  auto hello = call_as<protocol::HelloResult>("hello", arguments, options);
  if (!hello) {
    Error error = std::move(hello).error();
    if (error.code == Errc::request_deadline) {
      error.code = Errc::daemon_unreachable;
    }
    if (error.code == Errc::daemon_unreachable) {
      error.detail += address_.hint();
    }
    return failure(std::move(error));
  }
  hello_ = std::move(*hello);
  return {};
}

Result<protocol::json::object> Client::call(const std::string& name, protocol::json::object args,
                                            const CallOptions& options) {
  protocol::Command command;
  command.v = protocol::kApiVersion;
  command.cmd = name;
  command.visit_key = keys_.key_for(args);
  command.args = std::move(args);
  command.request_id = options.request_id.empty() ? random_uuid() : options.request_id;
  if (options.deadline.count() > 0) {
    command.deadline_ms = options.deadline.count();
  }
  auto reply = exchange(std::move(command), deadline_in(options.patience));
  if (!reply && reply.error().code == Errc::request_deadline) {
    const Status listening = address_.probe("control");
    return failure(listening ? no_answer(name, options.patience) : listening.error());
  }
  if (!reply) {
    return failure(std::move(reply).error());
  }
  auto result = result_of(std::move(*reply), name);
  if (result) {
    keys_.learn(*result);
  }
  return result;
}

/// Sends `command` again and again until one of its messages is answered. Errors: request_deadline, daemon_unreachable.
Result<protocol::Reply> Client::exchange(protocol::Command command, Deadline deadline) {
  std::vector<std::string> ids;
  Milliseconds pause = kResendAfter;
  Deadline send_at = SteadyClock::now();
  do {
    if (SteadyClock::now() >= send_at) {
      command.id = random_uuid();
      if (Status sent = control_.send(protocol::encode(command), deadline); !sent) {
        return failure(std::move(sent).error());
      }
      ids.push_back(command.id);
      send_at = deadline_in(pause);
      pause = std::min(pause * 2, kLongestResend);
    }
    auto reply = await_reply(ids, std::min(send_at, deadline));
    if (!reply) {
      return failure(std::move(reply).error());
    }
    if (*reply && !is_not_yet(**reply)) {
      return std::move(**reply);
    }
    if (*reply) {
      send_at = deadline_in(Milliseconds((*reply)->error->retry_after_ms.value_or(kAskAgain.count())));
    }
  } while (SteadyClock::now() < deadline);
  return failure(Errc::request_deadline, "control", "no reply");
}

/// The next reply to one of `ids`; nothing when none came before `deadline`.
Result<std::optional<protocol::Reply>> Client::await_reply(const std::vector<std::string>& ids, Deadline deadline) {
  for (;;) {
    auto frames = control_.receive(deadline);
    if (!frames) {
      return failure(std::move(frames).error());
    }
    if (!*frames) {
      return std::nullopt;
    }
    auto reply = protocol::decode_reply(text_of((*frames)->front()));
    if (!reply) {
      return failure(std::move(reply).error());
    }
    if (std::find(ids.begin(), ids.end(), reply->id) != ids.end()) {
      return std::move(*reply);
    }
    // Otherwise: the late answer to a call that gave up, or the second reply of a job. Its outcome is an event.
  }
}

Result<Socket> Client::open_socket(Socket::Kind kind, const std::string& name) {
  return Socket::connect(*context_, kind, address_, name);
}

}  // namespace quay::client
