// SPDX-License-Identifier: Apache-2.0
// quayd as a whole: owns the loop, the storage thread, the sockets, the devices and the image workers; starts them in
// order, follows signals, and lets go in the reverse order. Wiring only: every decision is made in the parts.
#pragma once

#include <filesystem>
#include <memory>

#include <boost/asio/signal_set.hpp>
#include <zmq.hpp>

#include "base/log.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/core/usb_identity.hpp"
#include "daemon/device_specs.hpp"
#include "daemon/documents/portal_book.hpp"
#include "daemon/jobs/capture_jobs.hpp"
#include "daemon/jobs/card_desk.hpp"
#include "daemon/jobs/device_set.hpp"
#include "daemon/jobs/form_desk.hpp"
#include "daemon/jobs/image_pool.hpp"
#include "daemon/jobs/ledger.hpp"
#include "daemon/jobs/metrics.hpp"
#include "daemon/jobs/print_jobs.hpp"
#include "daemon/jobs/running_jobs.hpp"
#include "daemon/jobs/usb_desk.hpp"
#include "daemon/jobs/visit_keeper.hpp"
#include "daemon/loop/task_group.hpp"
#include "daemon/publish/command_socket.hpp"
#include "daemon/publish/event_publisher.hpp"
#include "daemon/publish/key_gate.hpp"
#include "daemon/service/config.hpp"
#include "daemon/service/descriptors.hpp"
#include "daemon/service/notify.hpp"
#include "daemon/storage/storage_thread.hpp"

namespace quay::daemon {

class Daemon {
 public:
  /// Takes the lock, opens journal and spool, binds the sockets. Errors: daemon_running, journal_failed, spool_failed,
  /// config_invalid, file_unwritable.
  static Result<std::unique_ptr<Daemon>> create(service::Config config, std::filesystem::path config_file, Log& log);

  ~Daemon() = default;
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// Runs until SIGTERM or SIGINT has been carried out. 0: in order; 1: something had to be left behind.
  int run();

 private:
  struct Opened {
    UniqueFd lock;
    jobs::Position position;
    std::unique_ptr<storage::StorageThread> storage;
    std::shared_ptr<storage::Vault> vault;
  };
  Daemon(service::Config config, std::filesystem::path config_file, Log& log, Opened opened);

  static Result<Opened> open(const service::Config& config);
  Status bind();
  Status bind_loopback();
  Status start_devices();
  void start_tasks();
  template <class Found>
  loop::Awaitable<void> look_for(const char* what, loop::Awaitable<Result<std::vector<Found>>> search,
                                 std::vector<Found> FoundDevices::*into);
  void start_looking();
  loop::Awaitable<void> follow_usb();
  loop::Awaitable<void> look_for_devices();
  void free_hung_devices();
  loop::Awaitable<void> reset_port(std::string device, core::UsbAddress at);

  loop::Awaitable<void> recover();
  loop::Awaitable<void> follow_signals();
  loop::Awaitable<void> tick();
  loop::Awaitable<void> forget_old_requests();
  loop::Awaitable<void> greet_subscribers();
  loop::Awaitable<void> bound_events();
  void beat();
  void measure(core::Meter& meter) const;
  void publish_metrics();
  loop::Awaitable<void> write_metrics();
  static void withdraw_metrics(const std::filesystem::path& file);
  void watch_day();
  void watch_descriptors();
  loop::Awaitable<void> tell_strain(service::DescriptorUse use, bool strained);
  loop::Awaitable<void> shut_down();
  void reload();
  void set_access();
  void read_portals();
  std::string status_line() const;
  jobs::CaptureDeadlines scan_deadlines() const;
  void set_printing();
  core::LifeLimits life_limits() const;

  service::Config config_;
  std::filesystem::path config_file_;
  Log& log_;
  service::Notify notify_;
  UniqueFd lock_;
  loop::Loop loop_;
  zmq::context_t zmq_;
  std::unique_ptr<storage::StorageThread> storage_;
  publish::KeyGate gate_;
  publish::EventPublisher events_;
  publish::CommandSocket control_;
  publish::CommandSocket image_socket_;
  publish::LivePublisher live_socket_;
  jobs::Ledger ledger_;
  jobs::Metrics metrics_;
  loop::TaskGroup tasks_;         ///< sockets, commands, jobs, image workers
  loop::TaskGroup housekeeping_;  ///< signals, ticks, shutdown
  jobs::ImagePool images_;
  jobs::DeviceSet devices_;
  jobs::UsbDesk usb_;
  jobs::CaptureJobs capture_jobs_;
  jobs::CardDesk cards_;
  jobs::PrintJobs prints_;
  jobs::FormDesk forms_;
  jobs::RunningJobs running_;
  jobs::VisitKeeper visits_;
  jobs::Followers followers_;
  commands::Outcomes outcomes_;
  commands::PeerDirectory peers_;
  commands::Guard guard_;
  commands::LeaseDesk leases_;
  commands::LiveDesk live_;
  documents::PortalBook portals_;
  commands::Commands commands_;
  loop::asio::signal_set signals_;
  loop::Mailbox<int> stop_ticking_;
  loop::Mailbox<int> stop_greeting_;
  FoundDevices found_;
  bool clean_exit_ = true;
  bool descriptors_short_ = false;
  std::string day_;  ///< local; empty before the first tick
  Deadline next_metrics_{};
  bool writing_metrics_ = false;
  bool metrics_unwritten_ = false;
};

}  // namespace quay::daemon
