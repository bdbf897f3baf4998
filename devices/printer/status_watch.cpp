// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/status_watch.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "devices/printer/queue_healer.hpp"
#include "devices/printer/queue_sweeper.hpp"
#include "devices/printer/state_reasons.hpp"

namespace quay::printer {
namespace {

constexpr Milliseconds kBusyInterval{500};
/// For so many looks a print that is over stays in its queue.
constexpr int kKeptLooks = 10;
constexpr std::size_t kLongestReasons = 1000;  // bytes

bool is_news(const PrinterSeen& before, const PrinterSeen& now) {
  const bool heard = before.facts.has_value() != now.facts.has_value();
  return heard || before.troubles != now.troubles ||
         (now.facts &&
          (now.facts->reasons != before.facts->reasons || now.facts->media_ready != before.facts->media_ready));
}

}  // namespace

std::vector<Error> troubles_of(const Result<PrinterFacts>& facts) {
  if (!facts) {
    const bool mute = facts.error().code == Errc::device_timeout;
    Error error = facts.error();
    error.code = mute ? Errc::printer_offline : error.code;
    return {error};
  }
  std::vector<Error> troubles;
  const std::string reasons = fmt::format("{}", fmt::join(facts->reasons, ", "));
  for (const Errc code : what_stops(facts->reasons, facts->stopped)) {
    troubles.push_back(make_error(code, "printer.state", std::string(cut_utf8(reasons, kLongestReasons))));
  }
  if (troubles.empty() && !facts->accepting) {
    troubles.push_back(make_error(Errc::printer_stopped, "printer.state", "it takes no jobs"));
  }
  return troubles;
}

StatusWatch::StatusWatch(PrinterLink link, Milliseconds interval, const Log& log,
                         std::function<void(const PrinterSeen&)> changed)
    : link_(std::move(link)), interval_(interval), log_(log), changed_(std::move(changed)), thread_([this] {
        run();
      }) {}

StatusWatch::~StatusWatch() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

PrinterSeen StatusWatch::now() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

PrinterSeen StatusWatch::look() {
  const auto facts = link_.facts();
  PrinterSeen seen = now();
  seen.troubles = troubles_of(facts);
  if (facts) {
    seen.facts = *facts;
  }
  keep(seen);
  return seen;
}

void StatusWatch::keep(const PrinterSeen& seen) {
  bool news = false;
  {
    const std::lock_guard lock(mutex_);
    news = !looked_ || is_news(seen_, seen);
    looked_ = true;
    seen_ = seen;
  }
  if (news) {
    changed_(seen);
  }
}

void StatusWatch::set_busy(bool busy) {
  {
    const std::lock_guard lock(mutex_);
    busy_ = busy;
  }
  wake_.notify_all();
}

bool StatusWatch::is_busy() const {
  const std::lock_guard lock(mutex_);
  return busy_;
}

Milliseconds StatusWatch::pause() const { return busy_ ? std::min(interval_, kBusyInterval) : interval_; }

void StatusWatch::run() {
  QueueHealer healer(log_);
  QueueSweeper sweeper(kKeptLooks * interval_, log_);
  const bool queue = link_.endpoint().path == protocol::PrinterPath::queue;
  for (;;) {
    const PrinterSeen seen = look();
    if (queue && seen.facts) {
      healer.look(link_, *seen.facts);
    }
    if (queue && !is_busy()) {
      sweeper.look(link_);
    }
    std::unique_lock lock(mutex_);
    const bool was_busy = busy_;
    wake_.wait_for(lock, pause(), [&] { return ending_ || (busy_ && !was_busy); });
    if (ending_) {
      return;
    }
  }
}

}  // namespace quay::printer
