// SPDX-License-Identifier: Apache-2.0
// quayctl watch: events as they happen, without gaps, over restarts of the daemon.
#include <limits>
#include <memory>

#include "clients/cpp/event_stream.hpp"
#include "ctl/verbs.hpp"

namespace quay::ctl {
namespace {

struct WatchOptions {
  std::optional<std::uint64_t> from;  ///< first sequence number wanted; nothing: from now on
  std::string topic;                  ///< only topics that begin so
  std::uint64_t count = std::numeric_limits<std::uint64_t>::max();
};

constexpr std::chrono::hours kUntilSomethingHappens{1};

/// "job=... page=2 percent=40": the plain members of an event's data.
std::string facts_of(const protocol::json::object& data) {
  std::string text;
  for (const auto& [key, value] : data) {
    if (!value.is_object() && !value.is_array()) {
      const std::string shown = value.is_string() ? std::string(value.get_string()) : protocol::json::serialize(value);
      text += fmt::format("  {}={}", std::string_view(key), shown);
    }
  }
  return text;
}

void print_event(const Session& session, const protocol::Event& event) {
  if (session.json) {
    session.print(protocol::to_json(event));
  } else {
    const std::string seq = event.seq ? std::to_string(*event.seq) : "-";
    session.print(fmt::format("{}  {:>6}  {}{}", event.at, seq, event.type, facts_of(event.data)));
  }
}

int follow(const Session& session, const WatchOptions& options, client::EventStream& events) {
  bool silent = false;
  for (std::uint64_t shown = 0; shown < options.count;) {
    const auto event = events.next(deadline_in(kUntilSomethingHappens));
    if (!event) {
      if (!silent) {
        session.remark(fault_text(session.language, event.error()));
      }
      silent = true;
      continue;
    }
    silent = false;
    if (*event && (*event)->type.starts_with(options.topic)) {
      print_event(session, **event);
      ++shown;
    }
  }
  return 0;
}

int run(const Session& session, const WatchOptions& options) {
  auto client = session.connect();
  if (!client) {
    return session.complain(client.error());
  }
  const protocol::HelloResult& hello = client->hello();
  const std::uint64_t seen = options.from ? std::max<std::uint64_t>(*options.from, 1) - 1 : hello.seq;
  auto events = client::EventStream::open(*client, client::Cursor{hello.journal, seen});
  if (!events) {
    return session.complain(events.error());
  }
  return follow(session, options, *events);
}

}  // namespace

void add_watch(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("watch", "Show events as they happen");
  auto options = std::make_shared<WatchOptions>();
  verb->add_option("--from", options->from, "Begin with this sequence number; 1 is the oldest kept");
  verb->add_option("--topic", options->topic, "Only topics that begin so: capture. or job.finished");
  verb->add_option("--count", options->count, "End after so many events");
  verb->callback(
      [&line, options] { line.action = [&session = line.session, options] { return run(session, *options); }; });
}

}  // namespace quay::ctl
