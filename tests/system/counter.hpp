// SPDX-License-Identifier: Apache-2.0
// A counter under test: the real quayd with its real workers over simulated hardware, in a private directory, driven
// as a front end would drive it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "clients/cpp/client.hpp"
#include "clients/cpp/image_fetch.hpp"
#include "protocol/client/documents.hpp"
#include "tests/rig/support/child_process.hpp"
#include "tests/rig/support/fault_script.hpp"
#include "tests/rig/support/sim_camera.hpp"
#include "tests/rig/support/sim_card.hpp"
#include "tests/rig/support/sim_document_camera.hpp"
#include "tests/rig/support/sim_scanner.hpp"
#include "tests/rig/support/temporary_directory.hpp"

namespace quay::system_test {

inline constexpr const char* kScanner = "scanner-1";
inline constexpr const char* kSecondScanner = "scanner-2";
inline constexpr const char* kCamera = "camera-1";
inline constexpr const char* kOverhead = "overhead-1";
inline constexpr const char* kCardReader = "card";

struct CounterOptions {
  int sheets = 3;
  bool escl = false;  ///< scanner-1 is the eSCL simulator behind sane-airscan, else the quaytest backend
  std::vector<std::filesystem::path> pages{};   ///< what lies in the eSCL simulator; empty: its own pages
  int keep_free_mib = 0;                        ///< of the disk under the state directory
  bool two_scanners = false;                    ///< scanner-2: another quaytest device with paper of its own
  bool camera = false;                          ///< camera-1: the PTP/IP simulator
  std::vector<std::filesystem::path> scenes{};  ///< what its lens sees; empty: pages
  std::vector<std::string> camera_arguments{};  ///< of the simulator
  bool document_camera = false;                 ///< overhead-1: the simulated video node
  bool discover_document_cameras = false;       ///< it is not named: quayd finds it
  bool card = false;                            ///< a citizen's card in a reader, and reading chips is on
  std::vector<std::string> card_arguments{};    ///< of the simulator
  std::string text_language{};                  ///< empty: no text layer
  int image_workers = 0;                        ///< 0: one a core
  std::string imaging = "quay-imaging";         ///< the program that stands for it
  std::filesystem::path session{};              ///< a recorded one, played in the place of scanner-1's worker
  std::string deadlines = "stall_ms = 2000\nfirst_row_ms = 6000\ncancel_grace_ms = 500\n";
};

/// What a program printed, and how it ended.
struct Said {
  int code = -1;  ///< -1: it did not end by itself
  std::string output{}, errors{};
};

class Counter {
 public:
  explicit Counter(const CounterOptions& options = {});

  const std::filesystem::path& path() const { return directory_.path(); }
  std::filesystem::path run_directory() const { return path() / "run"; }
  std::filesystem::path config_file() const { return path() / "quay.toml"; }
  rig::FaultScript& script() { return *script_; }
  rig::FaultScript& second_script() { return *second_script_; }
  rig::SimScanner& sim() { return *sim_; }
  rig::SimCamera& camera() { return *camera_; }
  rig::SimDocumentCamera& document_camera() { return *document_camera_; }
  rig::SimCard& card() { return *card_; }
  rig::ChildProcess& daemon() { return *daemon_; }

  /// Starts quayd and waits until it answers and scanner-1 is ready.
  void start();
  /// The same; false when it did not get that far.
  bool try_start();
  /// What quayd finds in its environment from its next start on.
  void set_daemon_environment(std::map<std::string, std::string> environment) {
    daemon_environment_ = std::move(environment);
  }
  /// kill -9 of quayd; its workers must leave by themselves.
  void kill_daemon();
  /// SIGTERM, and quayd has ended by itself, with 0.
  void stop_daemon();
  /// Writes the configuration again with `more` at its end and `scanner_keys` in its section [scanner].
  void write_config(const std::string& more = {}, const std::string& scanner_keys = {});

  /// quayctl at this counter, with these words; `typed` is what it finds on its standard input.
  Said quayctl(std::vector<std::string> words, const std::string& typed = {}) const;

  /// A client that has the key of every visit opened here.
  client::Client connect();
  Result<client::Client> try_connect();
  void share_keys(client::Client& client) const;
  /// The key of a visit opened here.
  std::string key_of(const std::string& visit) const;

  /// Waits until `device` has `status`; false after ten seconds.
  bool device_becomes(protocol::DeviceStatus status, const std::string& device = kScanner);
  /// Process ids of workers of that program whose parent is this quayd.
  std::vector<pid_t> workers(const std::string& program) const;
  /// SIGSTOP to each of them, or to so many: what they are given from now on is not done.
  void freeze(const std::string& program, std::size_t most = SIZE_MAX) const;

  struct Order {
    std::string device = kScanner;
    std::string visit{};
    protocol::ScanSource source = protocol::ScanSource::adf;
    int resolution_dpi = 75;
    int pages_expected = 0;
    std::string request_id{};
    std::string profile = "hoso";
  };
  std::string open_visit(const protocol::VisitOpenArguments& who = {});
  /// The same for a daemon that may be dying.
  Result<std::string> try_open_visit(const protocol::VisitOpenArguments& who = {});
  /// Gives the id of the accepted job, or the refusal.
  Result<std::string> start_scan(const Order& order);
  /// The job when it is over. Fails the test after 40 s.
  protocol::Job await_end(const std::string& job);
  protocol::Job await(const std::string& job, const std::function<bool(const protocol::Job&)>& until);
  /// start_scan and await_end.
  protocol::Job scan(const Order& order);
  std::vector<protocol::Capture> captures(const std::string& visit);

  std::string code_of(const protocol::Job& job) const { return job.error ? job.error->code : ""; }

 private:
  std::string scanner_section() const;
  void start_document_camera();
  std::filesystem::path libexec_directory() const { return path() / "libexec"; }
  void link_workers() const;
  void play_session(const std::filesystem::path& session) const;

  CounterOptions options_;
  std::map<std::string, std::string> daemon_environment_;
  std::vector<std::pair<std::string, std::string>> visit_keys_;  ///< in the order of opening
  rig::TemporaryDirectory directory_;
  std::optional<rig::FaultScript> script_;
  std::optional<rig::FaultScript> second_script_;
  std::optional<rig::SimScanner> sim_;
  std::optional<rig::SimCamera> camera_;
  std::optional<rig::SimDocumentCamera> document_camera_;
  std::optional<rig::SimCard> card_;
  std::optional<rig::ChildProcess> daemon_;
  std::optional<client::Client> client_;
};

}  // namespace quay::system_test
