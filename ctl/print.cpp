// SPDX-License-Identifier: Apache-2.0
// quayctl print: prints a filled form, scanned pages or a document through quayd, waits for the printer's word on the
// sheets, and says it. Without a visit it opens one and closes it again; --settle puts down what the clerk saw.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "clients/cpp/job_wait.hpp"
#include "ctl/verbs.hpp"
#include "protocol/client/events.hpp"
#include "protocol/json/parse.hpp"

namespace quay::ctl {
namespace {

struct Options {
  protocol::PrintSubmitArguments wish;
  std::filesystem::path values;
  std::string settle;
  std::string job;
  int patience_s = 600;
};

Result<protocol::json::object> read_values(const std::filesystem::path& file) {
  std::ifstream in;
  if (file != "-") {
    in.open(file, std::ios::binary);
  }
  std::istream& from = file == "-" ? std::cin : in;
  const std::string text(std::istreambuf_iterator<char>(from), {});
  if (!from) {
    return failure(Errc::file_unreadable, "print", file.string() + " cannot be read");
  }
  auto object = protocol::parse_object(text);
  return object ? Result<protocol::json::object>(*std::move(object))
                : Result<protocol::json::object>(failure(Errc::form_field, "print", "the values: " + object.error()));
}

std::string_view state_word(const Session& session, protocol::PrintState state) {
  switch (state) {
    case protocol::PrintState::queued: return session.say("đang chờ", "waiting");
    case protocol::PrintState::sending: return session.say("đang in", "printing");
    case protocol::PrintState::printed: return session.say("đã in", "printed");
    case protocol::PrintState::not_printed: return session.say("không in được", "not printed");
    case protocol::PrintState::partly: return session.say("in không đủ", "printed in part");
    case protocol::PrintState::uncertain: return session.say("chưa rõ", "uncertain");
    case protocol::PrintState::other: break;
  }
  return session.say("không rõ", "unknown");
}

void tell(const Session& session, const protocol::Job& job) {
  if (session.json) {
    session.print(protocol::to_json(job));
    return;
  }
  const protocol::PrintReport print = job.print.value_or(protocol::PrintReport{});
  session.print(fmt::format("{}: {}, {} / {} {}", job.job, state_word(session, print.state),
                            std::max(0, print.sheets_printed), print.sheets_expected, session.say("tờ", "sheets")));
}

/// What it waits for, once each.
class Waiting {
 public:
  explicit Waiting(const Session& session) : session_(session) {}

  void hear(const protocol::Event& event) {
    if (event.type != protocol::topic::kPrintChanged) {
      return;
    }
    const auto news = protocol::from_json<protocol::PrintChanged>(protocol::json::value(event.data));
    for (const std::string& reason : news ? news->print.reasons : std::vector<std::string>{}) {
      if (reason != last_) {
        session_.remark(sentence_of(session_.language, reason));
        last_ = reason;
      }
    }
  }

 private:
  const Session& session_;
  std::string last_;
};

int report(const Session& session, const protocol::Job& job) {
  tell(session, job);
  if (job.state == protocol::JobState::done || !job.error) {
    return 0;
  }
  const Error error = protocol::from_body(*job.error);
  if (!session.json) {
    return session.complain(error);
  }
  return static_cast<int>(exit_code_of(error));
}

Result<protocol::Job> print_and_wait(const Session& session, client::Client& client, const Options& options) {
  const client::Cursor start{client.hello().journal, client.hello().seq};
  const auto accepted = client.call_as<protocol::JobAccepted>("print.submit", options.wish);
  if (!accepted) {
    return failure(accepted.error());
  }
  Waiting waiting(session);
  const Deadline deadline = deadline_in(std::chrono::seconds(options.patience_s));
  const auto outcome = client::await_job(client, accepted->job, deadline, start,
                                         [&](const protocol::Event& event) { waiting.hear(event); });
  return outcome ? Result<protocol::Job>(outcome->job) : Result<protocol::Job>(failure(outcome.error()));
}

/// A print that is not settled keeps its visit: the clerk's word is still to come.
bool needs_a_word(const Result<protocol::Job>& job) {
  return !job || (job->print && (job->print->state == protocol::PrintState::uncertain ||
                                 job->print->state == protocol::PrintState::partly));
}

int print(const Session& session, client::Client& client, Options options) {
  const bool own_visit = options.wish.visit.empty();
  if (own_visit) {
    const auto visit = client.call_as<protocol::VisitOpened>("visit.open", protocol::VisitOpenArguments{});
    if (!visit) {
      return session.complain(visit.error());
    }
    options.wish.visit = visit->visit;
  }
  const auto job = print_and_wait(session, client, options);
  const int code = job ? report(session, *job) : session.complain(job.error());
  if (own_visit && !needs_a_word(job)) {
    protocol::VisitArguments over;
    over.visit = options.wish.visit;
    const auto closed = client.call_as<protocol::Visit>("visit.close", over);
    return closed || code != 0 ? code : session.complain(closed.error());
  }
  if (own_visit) {
    session.remark(fmt::format("{} quayctl print --settle printed|not_printed --visit {} --job {}",
                               session.say("Nhìn khay giấy rồi gõ:", "Look at the tray, then:"), options.wish.visit,
                               job ? job->job : "JOB"));
  }
  return code;
}

int settle(const Session& session, client::Client& client, const Options& options) {
  protocol::VisitArguments visit;
  visit.visit = options.wish.visit;
  const auto adopted = client.call_as<protocol::VisitOpened>("visit.adopt", visit);
  if (!adopted) {
    return session.complain(adopted.error());
  }
  protocol::PrintSettleArguments word;
  word.job = options.job;
  word.state = *protocol::enum_from_name<protocol::PrintState>(options.settle);
  const auto job = client.call_as<protocol::Job>("print.settle", word);
  if (!job) {
    return session.complain(job.error());
  }
  tell(session, *job);
  return 0;
}

int run(const Session& session, Options options) {
  if (!options.values.empty()) {
    auto values = read_values(options.values);
    if (!values) {
      return session.complain(values.error());
    }
    options.wish.values = *std::move(values);
  }
  auto client = session.connect();
  if (!client) {
    return session.complain(client.error());
  }
  if (options.settle.empty()) {
    return print(session, *client, std::move(options));
  }
  return settle(session, *client, options);
}

}  // namespace

void add_print(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("print", "Print a form, pages or a document, and say whether it came out");
  auto options = std::make_shared<Options>();
  protocol::PrintSubmitArguments& wish = options->wish;
  auto* form = verb->add_option("--form", wish.form, "A form, as `quayctl form` lists them");
  verb->add_option("--values", options->values, "JSON object with its fields' values; - reads it from standard input")
      ->needs(form);
  auto* visit =
      verb->add_option("--visit", wish.visit, "An open visit; without one, a visit is opened and closed again");
  verb->add_option("--document", wish.document, "A document of the visit")->needs(visit);
  verb->add_option("--capture", wish.captures, "Pages of the visit, in order")->needs(visit);
  verb->add_option("--again", wish.again, "An earlier print of the visit")->needs(visit);
  verb->add_option("--device", wish.device, "Id of the printer [the only one there is]");
  verb->add_option("--media", wish.media, "A4, A5 or a PWG name [the size of the first page]");
  verb->add_option("--copies", wish.copies, "Copies")->check(CLI::Range(1, 99))->capture_default_str();
  verb->add_flag("--duplex", wish.duplex, "Both sides");
  verb->add_option("--wait", options->patience_s, "Seconds to wait for its end")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  auto* job = verb->add_option("--job", options->job, "The print that --settle is about")->needs(visit);
  verb->add_option("--settle", options->settle, "What the clerk saw in the tray")
      ->check(CLI::IsMember({"printed", "not_printed"}))
      ->needs(job);
  verb->callback(
      [&line, options] { line.action = [&session = line.session, options] { return run(session, *options); }; });
}

}  // namespace quay::ctl
