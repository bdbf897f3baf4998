// SPDX-License-Identifier: Apache-2.0
// quayctl trace: what went between quayd and a device, with nothing personal in it; on the screen, or as a session that
// can be played again without the device.
#include <poll.h>

#include <fstream>
#include <memory>

#include "ctl/interrupt.hpp"
#include "ctl/trace_file.hpp"
#include "ctl/verbs.hpp"
#include "protocol/client/trace.hpp"
#include "protocol/json/writer.hpp"

namespace quay::ctl {
namespace {

constexpr Milliseconds kPeriod{500};
constexpr int kShortHash = 12;

struct TraceOptions {
  std::string device;
  bool follow = false;
  std::string output;
};

std::string text_of(const protocol::json::value& value) {
  if (value.is_string()) {
    return std::string(value.get_string());
  }
  return value.is_double() ? fmt::format("{:g}", value.get_double()) : protocol::json::serialize(value);
}

/// "settings.source=adf  settings.resolution_dpi=300": the members of a frame, deep ones by their path.
void add_facts(std::string& text, const std::string& path, const protocol::json::value& value) {
  if (const auto* object = value.if_object()) {
    for (const auto& [key, member] : *object) {
      add_facts(text, path.empty() ? std::string(key) : path + "." + std::string(key), member);
    }
    return;
  }
  const bool empty = value.is_null() || (value.is_string() && value.get_string().empty());
  if (path != "type" && path != "request" && !empty) {
    text += fmt::format("  {}={}", path, text_of(value));
  }
}

std::string describe_entry(const protocol::TraceEntry& entry) {
  constexpr std::string_view kWays[] = {"**", "->", "<-"};
  std::string text;
  add_facts(text, "", entry.frame);
  for (const protocol::TracePayload& payload : entry.payloads) {
    const std::string hash = payload.sha256.empty() ? "" : " sha256 " + payload.sha256.substr(0, kShortHash);
    text += fmt::format("  [{} bytes{}]", payload.bytes, hash);
  }
  const auto* type = entry.frame.if_contains("type");
  return fmt::format("{} {:<14}{}", kWays[static_cast<std::size_t>(entry.way)],
                     type != nullptr && type->is_string() ? std::string(type->get_string()) : "?", text);
}

/// Where entries go: the screen, or a file that begins with what it is.
class Sink {
 public:
  Sink(const Session& session, const TraceOptions& options) : session_(session), options_(options) {
    if (!options.output.empty()) {
      file_.open(options.output, std::ios::binary | std::ios::trunc);
    }
  }

  Status take(const protocol::DeviceTraceResult& part) {
    if (part.lost && last_ > 0) {
      session_.remark(
          session_.say("(thiếu một đoạn: thiết bị nói nhanh hơn)", "(a part is missing: it came too fast)"));
    }
    if (!options_.output.empty() && !begun_) {
      file_ << session_head(part);
    }
    begun_ = true;
    for (const protocol::TraceEntry& entry : part.entries) {
      take(entry, part.now_ms);
      last_ = entry.number;
    }
    file_.flush();
    return options_.output.empty() || file_ ? Status() : failure(Errc::file_unwritable, "trace", options_.output);
  }

  std::uint64_t last() const { return last_; }

 private:
  void take(const protocol::TraceEntry& entry, std::int64_t now_ms) {
    if (!options_.output.empty()) {
      file_ << session_line(entry);
    } else if (session_.json) {
      session_.print(protocol::to_json(entry));
    } else {
      const auto at = std::chrono::system_clock::now() - Milliseconds(now_ms - entry.at_ms);
      session_.print(fmt::format("{} {}", rfc3339(at).substr(11, 12), describe_entry(entry)));
    }
  }

  const Session& session_;
  const TraceOptions& options_;
  std::ofstream file_;
  std::uint64_t last_ = 0;
  bool begun_ = false;
};

/// True when nobody wants more.
bool wait_for_more(Interrupt& interrupt) {
  pollfd ready{interrupt.fd(), POLLIN, 0};
  poll(&ready, 1, static_cast<int>(kPeriod.count()));
  return interrupt.take();
}

int run(const Session& session, const TraceOptions& options) {
  auto interrupt = Interrupt::create();
  if (!interrupt) {
    return session.complain(interrupt.error());
  }
  auto client = session.connect();
  if (!client) {
    return session.complain(client.error());
  }
  Sink sink(session, options);
  for (;;) {
    const protocol::DeviceTraceArguments wanted{{}, options.device, sink.last()};
    const auto part = client->call_as<protocol::DeviceTraceResult>("device.trace", wanted);
    if (!part) {
      return session.complain(part.error());
    }
    if (const Status taken = sink.take(*part); !taken) {
      return session.complain(taken.error());
    }
    if (part->entries.empty() && (!options.follow || wait_for_more(*interrupt))) {
      return 0;
    }
  }
}

}  // namespace

void add_trace(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("trace", "Show what went between quayd and a device");
  auto options = std::make_shared<TraceOptions>();
  verb->add_option("DEVICE", options->device, "Id of the device, as `quayctl devices` shows it")->required();
  verb->add_flag("-f,--follow", options->follow, "Go on until Ctrl-C");
  verb->add_option("-o,--output", options->output, "Write a session to this file: it can be played again");
  verb->callback(
      [&line, options] { line.action = [&session = line.session, options] { return run(session, *options); }; });
}

}  // namespace quay::ctl
