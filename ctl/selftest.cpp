// SPDX-License-Identifier: Apache-2.0
// quayctl selftest: each device does its work once, through all of quayd, in a visit of its own that is erased at the
// end. Says in one line a device whether it can be used today.
#include <algorithm>
#include <array>
#include <memory>

#include "clients/cpp/image_fetch.hpp"
#include "clients/cpp/job_wait.hpp"
#include "ctl/verbs.hpp"

namespace quay::ctl {
namespace {

using protocol::Device;
using protocol::DeviceKind;

constexpr Milliseconds kPatience{300'000};
constexpr std::int32_t kDpi = 100;

struct SelftestOptions {
  std::vector<std::string> devices;
  bool print = false;
};

/// What one device did. A device of which nothing was asked is neither good nor bad.
struct Verdict {
  std::string facts;
  std::optional<Error> error{};
  bool asked = true;
};

class Selftest {
 public:
  Selftest(const Session& session, client::Client& client, bool print)
      : session_(session), client_(client), print_(print) {}

  Status open_visit() {
    const auto visit = client_.call_as<protocol::VisitOpened>("visit.open", protocol::VisitOpenArguments{});
    if (visit) {
      visit_ = visit->visit;
    }
    return visit ? Status() : Status(failure(visit.error()));
  }

  Verdict test(const Device& device);

  /// Erases what the devices made.
  Status close_visit() {
    protocol::VisitArguments over;
    over.visit = visit_;
    const auto closed = client_.call_as<protocol::VisitClosed>("visit.close", over);
    return closed ? Status() : Status(failure(closed.error()));
  }

 private:
  Verdict scan(const Device& device);
  Verdict photograph(const Device& device);
  Verdict look_at_slots(const Device& device) const;
  Verdict print(const Device& device);
  template <class Arguments>
  Verdict take_pages(const char* command, const Arguments& wish);
  Verdict weigh(const client::JobOutcome& outcome);

  const Session& session_;
  client::Client& client_;
  bool print_;
  std::string visit_;
  std::vector<std::string> pages_;  ///< made so far, for the printer
};

/// What each kind of device does. The printer comes last: it prints what the others made.
Verdict Selftest::test(const Device& device) {
  struct Row {
    DeviceKind kind;
    Verdict (Selftest::*work)(const Device&);
  };
  constexpr std::array kScript{Row{DeviceKind::scanner, &Selftest::scan},
                               Row{DeviceKind::camera, &Selftest::photograph},
                               Row{DeviceKind::printer, &Selftest::print}};
  if (device.kind == DeviceKind::card) {
    return look_at_slots(device);
  }
  const auto row =
      std::find_if(kScript.begin(), kScript.end(), [&](const Row& one) { return one.kind == device.kind; });
  return row == kScript.end() ? Verdict{"", std::nullopt, false} : (this->*row->work)(device);
}

template <class Arguments>
Verdict Selftest::take_pages(const char* command, const Arguments& wish) {
  const client::Cursor start{client_.hello().journal, client_.hello().seq};
  const auto accepted = client_.call_as<protocol::JobAccepted>(command, wish);
  const auto outcome = accepted ? client::await_job(client_, accepted->job, deadline_in(kPatience), start)
                                : Result<client::JobOutcome>(failure(accepted.error()));
  return outcome ? weigh(*outcome) : Verdict{"", outcome.error()};
}

/// A page counts when its clean file has arrived, whole.
Verdict Selftest::weigh(const client::JobOutcome& outcome) {
  if (outcome.job.error) {
    return {"", protocol::from_body(*outcome.job.error)};
  }
  const std::vector<std::string> good = outcome.good_pages();
  std::size_t bytes = 0;
  for (const std::string& page : good) {
    const auto file = client::fetch_image(client_, page, "page", deadline_in(kPatience));
    if (!file) {
      return {"", file.error()};
    }
    bytes += file->bytes.size();
  }
  if (good.size() != outcome.pages.size() || good.empty()) {
    return {"", make_error(Errc::scan_pages_missing, "selftest",
                           fmt::format("{} of {} pages came out clean", good.size(), outcome.pages.size()))};
  }
  pages_.insert(pages_.end(), good.begin(), good.end());
  return {fmt::format("{} {}, {} KB", good.size(), session_.say("trang", good.size() == 1 ? "page" : "pages"),
                      (bytes + 1023) / 1024)};
}

Verdict Selftest::scan(const Device& device) {
  protocol::ScanStartArguments wish;
  wish.visit = visit_;
  wish.device = device.id;
  wish.settings.resolution_dpi = kDpi;
  wish.max_pages = 1;
  return take_pages("scan.start", wish);
}

Verdict Selftest::photograph(const Device& device) {
  if (device.guest || !device.camera || !device.camera->capture) {
    return {std::string(session_.say("không tự chụp được: bấm nút trên máy",
                                     "takes no picture by itself: its own button does")),
            std::nullopt, false};
  }
  protocol::CameraCaptureArguments wish;
  wish.visit = visit_;
  wish.device = device.id;
  return take_pages("camera.capture", wish);
}

/// Reading a card needs its citizen; that the reader and its service answer does not.
Verdict Selftest::look_at_slots(const Device& device) const {
  const std::size_t slots = device.card ? device.card->slots.size() : 0;
  if (!device.reasons.empty() || slots == 0) {
    return {"",
            make_error(Errc::device_absent, "selftest", device.reasons.empty() ? "no slot" : device.reasons.front())};
  }
  return {fmt::format("{} {}", slots, session_.say("khe thẻ", slots == 1 ? "slot" : "slots"))};
}

Verdict Selftest::print(const Device& device) {
  if (!print_) {
    return {std::string(session_.say("không in thử (dùng --print)", "not asked to print (--print)")), std::nullopt,
            false};
  }
  if (pages_.empty()) {
    return {"",
            make_error(Errc::usage, "selftest", "--print prints a page that another device made, and there is none")};
  }
  protocol::PrintSubmitArguments wish;
  wish.visit = visit_;
  wish.device = device.id;
  wish.captures = {pages_.front()};
  const client::Cursor start{client_.hello().journal, client_.hello().seq};
  const auto accepted = client_.call_as<protocol::JobAccepted>("print.submit", wish);
  const auto outcome = accepted ? client::await_job(client_, accepted->job, deadline_in(kPatience), start)
                                : Result<client::JobOutcome>(failure(accepted.error()));
  if (!outcome || outcome->job.error) {
    return {"", outcome ? protocol::from_body(*outcome->job.error) : outcome.error()};
  }
  return {
      fmt::format("{} {}", outcome->job.print ? outcome->job.print->sheets_printed : 0, session_.say("tờ", "sheet"))};
}

void tell(const Session& session, const Device& device, const Verdict& verdict, double seconds) {
  const char* word = verdict.error ? "fault" : verdict.asked ? "ok" : "skipped";
  if (session.json) {
    protocol::json::object line{
        {"device", device.id}, {"verdict", word}, {"facts", verdict.facts}, {"seconds", seconds}};
    if (verdict.error) {
      line["error"] = protocol::to_json(protocol::to_body(*verdict.error));
    }
    session.print(protocol::json::value(std::move(line)));
    return;
  }
  const std::string_view shown = verdict.error   ? session.say("LỖI", "FAULT")
                                 : verdict.asked ? session.say("tốt", "ok")
                                                 : session.say("bỏ qua", "skipped");
  session.print(fmt::format("{:<8} {:<20} {:>5.1f} s  {}", shown, device.id, seconds,
                            verdict.error ? fault_text(session.language, *verdict.error) : verdict.facts));
}

/// Those that were named, or all; printers at the end.
Result<std::vector<Device>> choose(std::vector<Device> devices, const std::vector<std::string>& named) {
  for (const std::string& name : named) {
    if (std::none_of(devices.begin(), devices.end(), [&](const Device& one) { return one.id == name; })) {
      return failure(Errc::device_unknown, "selftest", name);
    }
  }
  std::erase_if(devices, [&](const Device& one) {
    return !named.empty() && std::find(named.begin(), named.end(), one.id) == named.end();
  });
  if (devices.empty()) {
    return failure(Errc::device_absent, "selftest", "no device");
  }
  std::stable_partition(devices.begin(), devices.end(),
                        [](const Device& one) { return one.kind != DeviceKind::printer; });
  return devices;
}

int run(const Session& session, const SelftestOptions& options) {
  auto client = session.connect();
  if (!client) {
    return session.complain(client.error());
  }
  const auto list = client->call_as<protocol::DeviceListResult>("device.list", protocol::NoArguments{});
  const auto devices = list ? choose(list->devices, options.devices) : failure(list.error());
  if (!devices) {
    return session.complain(devices.error());
  }
  Selftest selftest(session, *client, options.print);
  if (const Status opened = selftest.open_visit(); !opened) {
    return session.complain(opened.error());
  }
  int code = 0;
  for (const Device& device : *devices) {
    const auto begin = SteadyClock::now();
    const Verdict verdict = selftest.test(device);
    const std::chrono::duration<double> took = SteadyClock::now() - begin;
    tell(session, device, verdict, took.count());
    code = code == 0 && verdict.error ? static_cast<int>(exit_code_of(*verdict.error)) : code;
  }
  const Status closed = selftest.close_visit();
  return closed || code != 0 ? code : session.complain(closed.error());
}

}  // namespace

void add_selftest(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("selftest", "Let each device do its work once, and say whether it did");
  auto options = std::make_shared<SelftestOptions>();
  verb->add_option("DEVICE", options->devices, "Only these devices");
  verb->add_flag("--print", options->print, "Printers print one page that a scanner or camera made");
  verb->callback(
      [&line, options] { line.action = [&session = line.session, options] { return run(session, *options); }; });
}

}  // namespace quay::ctl
