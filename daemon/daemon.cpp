// SPDX-License-Identifier: Apache-2.0
#include "daemon/daemon.hpp"

#include <csignal>
#include <thread>

#include <fmt/format.h>

#include "daemon/device_specs.hpp"
#include "daemon/jobs/heartbeat.hpp"
#include "daemon/jobs/recovery.hpp"
#include "daemon/peers.hpp"
#include "daemon/service/portals.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon {

using loop::Awaitable;
using loop::kAwait;

namespace {

constexpr Milliseconds kTick{1000};
constexpr std::chrono::hours kTidying{1};
constexpr Milliseconds kGreetingPause{10};
constexpr std::uint64_t kTicksBetweenTidying = 10;
/// A worker that ignores SIGKILL is left behind after this.
constexpr Milliseconds kLastWait{15'000};
/// Who closes a visit waits so long at most for the reader of text; it has no device that must be left in order.
constexpr Milliseconds kLetGoOfText{1'000};

}  // namespace

Daemon::Daemon(service::Config config, std::filesystem::path config_file, Log& log, Opened opened)
    : config_(std::move(config)),
      config_file_(std::move(config_file)),
      log_(log),
      lock_(std::move(opened.lock)),
      loop_(1),
      zmq_(publish::kIoThreads),
      storage_(std::move(opened.storage)),
      gate_(loop_, zmq_, [this](const publish::Credentials& who) { return !peers_.find(who, "").roles.empty(); }),
      events_(loop_, zmq_),
      control_(loop_, zmq_, publish::SocketLimits{}),
      image_socket_(loop_, zmq_, publish::SocketLimits{8, protocol::kLargestCommand, publish::IoThread::bytes}),
      live_socket_(loop_, zmq_),
      ledger_(loop_, *storage_, events_, std::move(opened.position)),
      metrics_(ledger_, [this](core::Meter& meter) { measure(meter); }),
      tasks_(loop_, log),
      housekeeping_(loop_, log),
      images_(loop_, log, ledger_, tasks_),
      devices_(loop_, log, ledger_),
      usb_(loop_, log, tasks_),
      capture_jobs_(loop_, log, ledger_, images_),
      cards_(ledger_),
      prints_(loop_, log, ledger_, devices_, tasks_),
      forms_(loop_, log, tasks_),
      running_(loop_, {&capture_jobs_, &prints_}),
      visits_(log, ledger_, running_, images_.texts(), tasks_, std::move(opened.vault)),
      followers_(loop_, ledger_, tasks_, image_socket_),
      outcomes_(ledger_),
      peers_(find_account, peer_book(config_.access, log)),
      guard_(guard_limits(config_.access)),
      leases_(loop_, log, ledger_, tasks_),
      live_(loop_, log, devices_, leases_, live_socket_, tasks_),
      commands_(commands::Services{loop_,         ledger_,
                                   devices_,      images_,
                                   capture_jobs_, prints_,
                                   forms_,        running_,
                                   cards_,        followers_,
                                   tasks_,        control_,
                                   outcomes_,     peers_,
                                   guard_,        leases_,
                                   live_,         visits_,
                                   metrics_,      portals_,
                                   log,           ledger_.position().journal,
                                   QUAY_VERSION,  config_.access.technician_may_adopt}),
      signals_(loop_, SIGTERM, SIGINT, SIGHUP),
      stop_ticking_(loop_),
      stop_greeting_(loop_) {
  capture_jobs_.set_deadlines(scan_deadlines());
  set_printing();
  leases_.set_grace(config_.access.lease_grace);
  commands_.set_card_patience(config_.deadlines.card);
  ledger_.listen([this](const publish::Notice& notice) {
    metrics_.hear(notice);
    followers_.hear(notice);
    live_.hear(notice);
    if (notice.topic == protocol::topic::kVisitClosed && !notice.visit.empty()) {
      leases_.forget(notice.visit);
      devices_.end_visit(notice.visit);
      cards_.forget(VisitId{notice.visit});
    }
  });
  visits_.set_limits(life_limits(), config_.visits.purge_when_delivered);
  read_portals();
}

/// A mistake in a profile is told and costs that portal, not the counter.
void Daemon::read_portals() {
  documents::PortalSet set = service::load_portals(config_.portal_directories);
  for (const std::string& mistake : set.mistakes) {
    log_.error("portal profile: {}", mistake);
  }
  log_.info("{} portal profiles", set.portals.size());
  portals_.replace(std::move(set));
}

Result<std::unique_ptr<Daemon>> Daemon::create(service::Config config, std::filesystem::path config_file, Log& log) {
  Result<Opened> opened = open(config);
  if (!opened) {
    return failure(opened.error());
  }
  std::unique_ptr<Daemon> daemon(new Daemon(std::move(config), std::move(config_file), log, std::move(*opened)));
  if (Status bound = daemon->bind(); !bound) {
    return failure(bound.error());
  }
  if (Status started = daemon->start_devices(); !started) {
    return failure(started.error());
  }
  return daemon;
}

Status Daemon::bind() {
  const std::filesystem::path& run = config_.runtime_directory;
  events_.ask_gate();
  live_socket_.ask_gate();
  for (const Status& bound : {gate_.open(), events_.bind(run / "events"), control_.bind(run / "control"),
                              image_socket_.bind(run / "images"), live_socket_.bind(run / "live")}) {
    if (!bound) {
      return bound;
    }
  }
  gate_.set_keys(key_holders(config_.access.tcp));
  return config_.access.tcp.port > 0 ? bind_loopback() : Status();
}

Status Daemon::bind_loopback() {
  const service::TcpConfig& tcp = config_.access.tcp;
  const auto key = publish::read_secret_key(tcp.server_secret_key_file);
  if (!key) {
    return failure(key.error());
  }
  const auto port = static_cast<std::uint16_t>(tcp.port);
  const auto next = [port](int steps) { return static_cast<std::uint16_t>(port + steps); };
  for (const Status& bound : {events_.bind_loopback(port, *key), control_.bind_loopback(next(1), *key),
                              image_socket_.bind_loopback(next(2), *key)}) {
    if (!bound) {
      return bound;
    }
  }
  return {};
}

jobs::CaptureDeadlines Daemon::scan_deadlines() const {
  jobs::CaptureDeadlines deadlines;
  deadlines.ready = config_.deadlines.start + config_.deadlines.describe;
  deadlines.first_row = config_.deadlines.first_row;
  deadlines.stall = config_.deadlines.stall;
  deadlines.buffer = 4 * config_.deadlines.processing;
  return deadlines;
}

void Daemon::set_printing() {
  const service::DeadlineConfig& deadlines = config_.deadlines;
  prints_.set_deadlines(
      {deadlines.start + deadlines.describe, deadlines.first_row, deadlines.print_stale, deadlines.print_stop});
  supervise::WorkerSpec forms = metrics_.counted(worker_spec(config_, "forms", "quay-forms"));
  forms.process.arguments = {"--forms", config_.forms_directory.string()};
  forms_.set_worker(std::move(forms));
}

core::LifeLimits Daemon::life_limits() const {
  return core::LifeLimits{config_.visits.idle, config_.visits.longest, config_.visits.warning};
}

void Daemon::start_tasks() {
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const int workers = config_.image_workers > 0 ? config_.image_workers : cores;
  images_.start(workers, metrics_.counted(worker_spec(config_, "image", "quay-imaging")), config_.deadlines.processing);
  live_.start_judge(metrics_.counted(worker_spec(config_, "live", "quay-imaging")));
  tasks_.spawn("subscriptions", greet_subscribers());
  tasks_.spawn("leases", leases_.watch());
  tasks_.spawn("live subscribers", live_socket_.serve());
  tasks_.spawn("control", commands_.dispatcher().serve(control_, protocol::Endpoint::control));
  tasks_.spawn("images", commands_.dispatcher().serve(image_socket_, protocol::Endpoint::images));
  housekeeping_.spawn("signals", follow_signals());
  housekeeping_.spawn("tick", tick());
  start_looking();
}

int Daemon::run() {
  tasks_.spawn("gate", gate_.serve());
  tasks_.spawn("recover", recover());
  loop_.run();
  storage_.reset();  // what was posted is carried out, and published, while everybody it speaks to is there
  return clean_exit_ && !tasks_.failed() && !housekeeping_.failed() ? 0 : 1;
}

Awaitable<void> Daemon::recover() {
  const Status visited = co_await visits_.recover();
  if (!visited) {
    log_.error("visits: {}", describe(visited.error()));
  }
  if (!config_.text_language.empty()) {
    supervise::WorkerSpec reader = metrics_.counted(worker_spec(config_, "text", "quay-imaging"));
    reader.process.arguments = {"--text", config_.text_language};
    reader.deadlines = {2 * config_.deadlines.processing, kLetGoOfText};
    images_.texts().start(reader, tasks_);
  }
  const Status recovered = co_await jobs::recover(ledger_, images_, log_);
  if (!recovered) {
    log_.error("recovery: {}", describe(recovered.error()));
  }
  jobs::PrintJobs::Note note = [this](audit::AccessRecord record) { return visits_.note(std::move(record)); };
  const Status printing = co_await prints_.recover(std::move(note));
  if (!printing) {
    log_.error("prints: {}", describe(printing.error()));
  }
  co_await forget_old_requests();
  const protocol::SystemState state{{}, QUAY_VERSION};
  const jobs::Ledger::Change change = [state](storage::Journal& journal, storage::Spool&, jobs::Events& events) {
    return journal.transact([&](storage::Journal& open) {
      return jobs::append(open, events, jobs::make_event(protocol::topic::kSystemStarted, state));
    });
  };
  const Status announced = co_await ledger_.commit(change);
  if (!announced) {
    log_.error("start: {}", describe(announced.error()));
  }
  start_tasks();
  notify_.ready(status_line());
  log_.info(
      "ready: {} devices, sockets in {}",
      config_.scanners.size() + config_.cameras.size() + config_.document_cameras.size() + config_.printers.size(),
      config_.runtime_directory.string());
}

Awaitable<void> Daemon::follow_signals() {
  for (;;) {
    const auto [error, number] = co_await signals_.async_wait(kAwait);
    if (error) {
      co_return;
    }
    if (number == SIGHUP) {
      reload();
    } else {
      co_await shut_down();
      co_return;
    }
  }
}

void Daemon::reload() {
  notify_.reloading();
  auto loaded = service::load_config(config_file_);
  if (!loaded) {
    log_.error("configuration kept as it was: {}", describe(loaded.error()));
  } else {
    const service::Config before = std::exchange(config_, std::move(*loaded));
    config_.runtime_directory = before.runtime_directory;  // sockets and journal stay where they are until a restart
    config_.state_directory = before.state_directory;
    config_.libexec_directory = before.libexec_directory;
    log_.set_threshold(config_.log_level);
    if (before.metrics.textfile != config_.metrics.textfile) {
      withdraw_metrics(before.metrics.textfile);
    }
    capture_jobs_.set_deadlines(scan_deadlines());
    set_printing();
    set_access();
    visits_.set_limits(life_limits(), config_.visits.purge_when_delivered);
    read_portals();
    if (const Status started = start_devices(); !started) {
      log_.error("devices: {}", describe(started.error()));
    }
    start_looking();
    log_.info("configuration reloaded");
  }
  devices_.revive();
  notify_.ready(status_line());
}

/// Everything in [access] and [[peer]] and the key list; the port of [tcp] stays as it is until a restart.
void Daemon::set_access() {
  gate_.set_keys(key_holders(config_.access.tcp));
  peers_.replace_book(peer_book(config_.access, log_));
  guard_.set_limits(guard_limits(config_.access));
  leases_.set_grace(config_.access.lease_grace);
  commands_.set_technician_may_adopt(config_.access.technician_may_adopt);
  commands_.set_card_patience(config_.deadlines.card);
}

Awaitable<void> Daemon::forget_old_requests() {
  const Status forgotten = co_await outcomes_.forget_old();
  if (!forgotten) {
    log_.error("old requests: {}", describe(forgotten.error()));
  }
}

Awaitable<void> Daemon::tick() {
  const Milliseconds interval = std::min(kTick, notify_.watchdog_interval().value_or(kTick));
  std::string last_status;
  Deadline next_tidying = deadline_in(kTidying);
  for (std::uint64_t ticks = 0; !stop_ticking_.closed(); ++ticks) {
    devices_.reconcile();
    free_hung_devices();
    visits_.tick();
    cards_.tidy(SteadyClock::now(), [this](const VisitId& visit) { return visits_.life(visit).has_value(); });
    watch_descriptors();
    watch_day();
    if (ticks % kTicksBetweenTidying == 0) {
      tasks_.spawn("events", bound_events());
    }
    if (SteadyClock::now() >= next_tidying) {
      next_tidying = deadline_in(kTidying);
      housekeeping_.spawn("old requests", forget_old_requests());
    }
    beat();
    publish_metrics();
    std::string status = status_line();
    notify_.alive();
    if (status != last_status) {
      notify_.status(status);
      last_status = std::move(status);
    }
    const Deadline next = deadline_in(interval);
    co_await stop_ticking_.receive(next);
  }
}

void Daemon::beat() { ledger_.announce(jobs::heartbeat(ledger_.position(), devices_.snapshot(), status_line())); }

Awaitable<void> Daemon::bound_events() {
  const storage::EventRetention keep{config_.events.keep, std::chrono::days(config_.events.keep_days)};
  const auto work = [keep](storage::Journal& journal, storage::Spool&) { return journal.drop_events(keep); };
  const Status dropped = co_await ledger_.run(work);
  if (!dropped) {
    log_.error("events: {}", describe(dropped.error()));
  }
}

/// libzmq ends the process when it finds no descriptor for a connection: whoever can close some is told before.
void Daemon::watch_descriptors() {
  const service::DescriptorUse use = service::descriptor_use();
  const bool strained = descriptors_short_ ? !use.easy() : use.alarming();
  if (strained == descriptors_short_) {
    return;
  }
  descriptors_short_ = strained;
  housekeeping_.spawn("strain", tell_strain(use, strained));
}

Awaitable<void> Daemon::tell_strain(service::DescriptorUse use, bool strained) {
  const Error crowded = make_error(Errc::daemon_crowded, "descriptors",
                                   fmt::format("{} of {} descriptors are in use", use.open, use.limit));
  protocol::SystemStrain strain{{}, "descriptors", use.open, use.limit, {}};
  if (strained) {
    log_.error("{}", describe(crowded));
    strain.error = protocol::to_body(crowded);
  } else {
    log_.info("{} of {} descriptors are in use again", use.open, use.limit);
  }
  const char* topic = strained ? protocol::topic::kSystemStrained : protocol::topic::kSystemEased;
  const jobs::Ledger::Change change = [topic, strain](storage::Journal& journal, storage::Spool&,
                                                      jobs::Events& events) {
    return journal.transact(
        [&](storage::Journal& open) { return jobs::append(open, events, jobs::make_event(topic, strain)); });
  };
  const Status told = co_await ledger_.commit(change);
  if (!told) {
    log_.error("descriptors: {}", describe(told.error()));
  }
}

/// A newcomer gets the state at once instead of within a second; a crowd, or somebody who subscribes in a loop, costs
/// one heartbeat in kGreetingPause.
Awaitable<void> Daemon::greet_subscribers() {
  for (;;) {
    const std::size_t newcomers = co_await events_.newcomers();
    if (newcomers == 0) {
      co_return;
    }
    beat();
    const Deadline pause = deadline_in(kGreetingPause);
    co_await stop_greeting_.receive(pause);
  }
}

std::string Daemon::status_line() const {
  const std::vector<protocol::Device> devices = devices_.snapshot();
  const auto ready = std::count_if(devices.begin(), devices.end(), [](const protocol::Device& device) {
    return device.status == protocol::DeviceStatus::ready || device.status == protocol::DeviceStatus::busy;
  });
  return fmt::format("{} of {} devices ready, {} jobs, {} pages in work{}", ready, devices.size(),
                     capture_jobs_.running().size() + prints_.running(), images_.pending(),
                     descriptors_short_ ? "; too many front ends are connected" : "");
}

Awaitable<void> Daemon::shut_down() {
  notify_.stopping();
  log_.info("stopping: {}", status_line());
  commands_.dispatcher().refuse_new_work();
  const protocol::SystemState state{{}, QUAY_VERSION};
  ledger_.announce(jobs::make_event(protocol::topic::kSystemStopping, state));
  const Deadline drained_by = deadline_in(config_.deadlines.drain);
  loop::Mailbox<int> pause(loop_);
  while (!capture_jobs_.idle() && SteadyClock::now() < drained_by) {
    const Deadline soon = deadline_in(Milliseconds(20));
    co_await pause.receive(soon);
  }
  capture_jobs_.cancel_all();
  const Deadline cancelled_by = deadline_in(config_.deadlines.cancel_grace + Milliseconds(2000));
  while (!capture_jobs_.idle() && SteadyClock::now() < cancelled_by) {
    capture_jobs_.abandon_processing();
    const Deadline soon = deadline_in(Milliseconds(20));
    co_await pause.receive(soon);
  }
  prints_.stop();
  forms_.stop();
  usb_.stop();
  stop_ticking_.close();
  leases_.stop();
  stop_greeting_.close();
  live_.stop_all();
  devices_.stop();
  images_.stop();
  followers_.stop();
  control_.close();
  image_socket_.close();
  const Deadline gone_by = deadline_in(kLastWait);
  while (!devices_.empty() && SteadyClock::now() < gone_by) {
    const Deadline soon = deadline_in(Milliseconds(20));
    co_await pause.receive(soon);
  }
  events_.close();
  live_socket_.close();
  gate_.close();
  clean_exit_ = co_await tasks_.join(gone_by);
  if (!clean_exit_) {
    log_.warning("{} tasks left behind", tasks_.running());
  }
  withdraw_metrics(config_.metrics.textfile);
  loop_.stop();
}

}  // namespace quay::daemon
