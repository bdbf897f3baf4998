// SPDX-License-Identifier: Apache-2.0
// quayctl top: the counter on one screen, drawn anew every second, until q or Ctrl-C.
#include <poll.h>

#include <array>
#include <ctime>
#include <memory>
#include <optional>

#include "ctl/interrupt.hpp"
#include "ctl/screen.hpp"
#include "ctl/terminal.hpp"
#include "ctl/verbs.hpp"

namespace quay::ctl {
namespace {

constexpr Milliseconds kPeriod{1000};
constexpr Milliseconds kPatience{500};  // with quayd: keys are heard in between

std::string time_of_day() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  return fmt::format("{:02}:{:02}:{:02}", local.tm_hour, local.tm_min, local.tm_sec);
}

/// The newest that is known of the counter. Survives quayd, and finds it again.
class Watcher {
 public:
  explicit Watcher(const Session& session) : session_(session) {}

  const Counter& look() {
    counter_.time = time_of_day();
    if (!client_) {
      connect();
    }
    if (client_) {
      ask();
    }
    return counter_;
  }

 private:
  void connect() {
    auto client = session_.connect(kPatience);
    if (!client) {
      counter_.fault = fault_text(session_.language, client.error());
      return;
    }
    counter_.version = client->hello().version;
    client_.emplace(std::move(*client));
  }

  void ask() {
    auto state = client_->call_as<protocol::StateResult>("state.get", protocol::NoArguments{},
                                                         {.patience = kPatience, .request_id = {}});
    if (!state) {
      counter_.fault = fault_text(session_.language, state.error());
      client_.reset();
      return;
    }
    counter_.fault.clear();
    counter_.state = std::move(*state);
    rate_.note(counter_.state.jobs, SteadyClock::now());
    counter_.page_rate = rate_.last_minute();
  }

  const Session& session_;
  std::optional<client::Client> client_;
  PageRate rate_;
  Counter counter_;
};

/// False when a key or a signal says that it is enough.
bool wait_for_next(Interrupt& interrupt) {
  std::array<pollfd, 2> ready{{{Terminal::keys(), POLLIN, 0}, {interrupt.fd(), POLLIN, 0}}};
  poll(ready.data(), ready.size(), static_cast<int>(kPeriod.count()));
  const std::optional<char> key = (ready[0].revents & POLLIN) != 0 ? Terminal::key() : std::nullopt;
  const bool hung_up = (ready[0].revents & (POLLHUP | POLLERR)) != 0;
  return !interrupt.take() && key != 'q' && !hung_up;
}

int run(const Session& session) {
  auto interrupt = Interrupt::create();
  if (!interrupt) {
    return session.complain(interrupt.error());
  }
  const auto terminal = Terminal::take_over();
  if (!terminal) {
    return session.complain(terminal.error());
  }
  Watcher watcher(session);
  do {
    const Terminal::Size size = terminal->size();
    terminal->draw(screen_lines(session.language, watcher.look(), size.columns, size.rows));
  } while (wait_for_next(*interrupt));
  return 0;
}

}  // namespace

void add_top(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("top", "The counter on one screen, until q");
  verb->callback([&line] { line.action = [&session = line.session] { return run(session); }; });
}

}  // namespace quay::ctl
