// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/delivery_commands.hpp"

#include <algorithm>

#include "protocol/client/events.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

constexpr std::size_t kMostAtOnce = 1000;
constexpr std::size_t kLongestConsumer = 40;

bool is_consumer(const std::string& name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  return !name.empty() && name.size() <= kLongestConsumer && std::all_of(name.begin(), name.end(), allowed);
}

Status check(const protocol::AcknowledgeArguments& wanted) {
  if (!is_consumer(wanted.consumer)) {
    return failure(Errc::request_bad_argument, "capture.ack",
                   "/args/consumer: 1 to 40 of a-z, 0-9, - and . were expected");
  }
  const std::size_t count = wanted.captures.size() + wanted.documents.size();
  if (count == 0 || count > kMostAtOnce) {
    return failure(Errc::request_bad_argument, "capture.ack", "/args: 1 to 1000 captures and documents were expected");
  }
  return {};
}

/// The rows behind `ids`, each of them of `visit`: all or none is acknowledged.
Status check_captures(storage::Journal& journal, const VisitId& visit, const std::vector<std::string>& ids,
                      const std::string& operation) {
  for (const std::string& id : ids) {
    const auto row = journal.capture(CaptureId{id});
    if (!row) {
      return failure(row.error());
    }
    if (!*row || (*row)->visit != visit) {
      return failure(Errc::capture_unknown, operation, quoted(id) + " is not of this visit");
    }
  }
  return {};
}

Status check_documents(storage::Journal& journal, const VisitId& visit, const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    const auto row = journal.document(DocumentId{id});
    if (!row) {
      return failure(row.error());
    }
    if (!*row || (*row)->visit != visit) {
      return failure(Errc::document_unknown, "capture.ack", quoted(id) + " is not of this visit");
    }
  }
  return {};
}

Status write_acknowledgement(storage::Journal& journal, const protocol::AcknowledgeArguments& wanted) {
  Status done = check_captures(journal, VisitId{wanted.visit}, wanted.captures, "capture.ack");
  done = done ? check_documents(journal, VisitId{wanted.visit}, wanted.documents) : done;
  for (std::size_t i = 0; done && i < wanted.captures.size(); ++i) {
    done = journal.acknowledge(CaptureId{wanted.captures[i]}, wanted.consumer);
  }
  for (std::size_t i = 0; done && i < wanted.documents.size(); ++i) {
    done = journal.acknowledge(DocumentId{wanted.documents[i]}, wanted.consumer);
  }
  return done;
}

Status write_aside(storage::Journal& journal, const protocol::CapturesArguments& wanted, bool aside) {
  const char* operation = aside ? "capture.discard" : "capture.restore";
  Status done = check_captures(journal, VisitId{wanted.visit}, wanted.captures, operation);
  for (std::size_t i = 0; done && i < wanted.captures.size(); ++i) {
    done = journal.set_discarded(CaptureId{wanted.captures[i]}, aside);
  }
  return done;
}

}  // namespace

void DeliveryCommands::add_to(CommandSet& commands) {
  commands.add({"capture.ack", core::Role::front_end, Subject::visit, Effect::changes,
                handler(this, &DeliveryCommands::acknowledge)});
  commands.add({"capture.discard", core::Role::front_end, Subject::visit, Effect::changes,
                handler(this, &DeliveryCommands::discard)});
  commands.add({"capture.restore", core::Role::front_end, Subject::visit, Effect::changes,
                handler(this, &DeliveryCommands::restore)});
}

Awaitable<Outcome> DeliveryCommands::acknowledge(RequestPtr request) {
  const auto arguments = arguments_of<protocol::AcknowledgeArguments>(request->command);
  const Status checked = arguments ? check(*arguments) : Status(failure(arguments.error()));
  if (!checked) {
    co_return failure(checked.error());
  }
  const Outcomes::Change change = [wanted = *arguments, request](storage::Journal& open, storage::Spool&,
                                                                 jobs::Events& events) -> Outcome {
    Status done = write_acknowledgement(open, wanted);
    if (done) {
      const protocol::CaptureAcknowledged data{{}, wanted.captures, wanted.documents, wanted.consumer};
      done = jobs::append(
          open, events,
          jobs::make_event(protocol::topic::kCaptureAcknowledged, data, wanted.visit, request->command.request_id));
    }
    if (!done) {
      return failure(done.error());
    }
    return success(protocol::AcknowledgeResult{{}, wanted.captures, wanted.documents});
  };
  co_return co_await services_.outcomes.commit(request, change);
}

Awaitable<Outcome> DeliveryCommands::discard(RequestPtr request) { return set_aside(std::move(request), true); }
Awaitable<Outcome> DeliveryCommands::restore(RequestPtr request) { return set_aside(std::move(request), false); }

Awaitable<Outcome> DeliveryCommands::set_aside(RequestPtr request, bool aside) {
  const auto arguments = arguments_of<protocol::CapturesArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (arguments->captures.empty() || arguments->captures.size() > kMostAtOnce) {
    co_return failure(Errc::request_bad_argument, request->command.cmd, "/args/captures: 1 to 1000 were expected");
  }
  const Outcomes::Change change = [wanted = *arguments, request, aside](storage::Journal& open, storage::Spool&,
                                                                        jobs::Events& events) -> Outcome {
    Status done = write_aside(open, wanted, aside);
    if (done) {
      const char* topic = aside ? protocol::topic::kCaptureDiscarded : protocol::topic::kCaptureRestored;
      done = jobs::append(open, events,
                          jobs::make_event(topic, protocol::CapturesNamed{{}, wanted.captures}, wanted.visit,
                                           request->command.request_id));
    }
    if (!done) {
      return failure(done.error());
    }
    return success(protocol::CapturesResult{{}, wanted.captures});
  };
  co_return co_await services_.outcomes.commit(request, change);
}

}  // namespace quay::daemon::commands
