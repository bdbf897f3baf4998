// SPDX-License-Identifier: Apache-2.0
// Configuration of quayd: one TOML file. Every wrong key or value is refused with file, line and what was expected.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "daemon/service/access_config.hpp"

namespace quay::daemon::service {

/// One scanner named by hand. Either `sane_device` (a full SANE name such as "epson2:libusb:001:004") or `escl_url`
/// ("http://192.0.2.7/eSCL", "unix://escl.sock/eSCL") says how to reach it.
struct ScannerConfig {
  std::string id;           ///< [a-z0-9-]{1,40}; what front ends call it
  std::string name;         ///< what people call it; default: id
  std::string sane_device;  ///< backend is the part before the first colon
  std::string escl_url;
  std::filesystem::path escl_socket_directory;  ///< for unix:// URLs; absolute
  std::filesystem::path sane_directory;  ///< SANE_CONFIG_DIR as it is, instead of one made by quayd; may be empty
  bool operator==(const ScannerConfig&) const = default;
};

/// One camera named by hand, as libgphoto2 knows it.
struct CameraConfig {
  std::string id;    ///< [a-z0-9-]{1,40}; what front ends call it
  std::string name;  ///< what people call it; default: id
  std::string port;  ///< "usb:001,004", "ptpip:192.0.2.7", "ptpip:127.0.0.1:PORT:EVENT_PORT"
  std::string model = "PTP/IP Camera";
  bool operator==(const CameraConfig&) const = default;
};

/// One document camera named by hand, as the kernel's video driver knows it.
struct DocumentCameraConfig {
  std::string id;               ///< [a-z0-9-]{1,40}; what front ends call it
  std::string name;             ///< what people call it; default: id
  std::filesystem::path video;  ///< its node by a lasting name: /dev/v4l/by-id/...
  bool operator==(const DocumentCameraConfig&) const = default;
};

/// One printer, reached in one way: by its own address, or through a queue of the local print service.
struct PrinterConfig {
  std::string id;                                         ///< [a-z0-9-]{1,40}; what front ends call it
  std::string name;                                       ///< what people call it; default: id
  std::string uri;                                        ///< ipp: or ipps:
  std::string queue;                                      ///< instead of uri
  std::filesystem::path service = "/run/cups/cups.sock";  ///< of the queue
  Milliseconds look{5'000};                               ///< how often it is asked how it is
  bool trust_uncounted = false;  ///< a printer that counts no sheets is believed when it says that it is done
  bool operator==(const PrinterConfig&) const = default;
};

/// Identity cards: chips are read only when the operator says so (Law on Identity 26/2023, article 22).
struct CardConfig {
  bool chip = false;
  std::string reader;                                        ///< only readers whose PC/SC name holds this; empty: all
  std::filesystem::path trust_directory = "/etc/quay/csca";  ///< roots and revocation lists of issuing authorities
  std::filesystem::path pcscd_socket;                        ///< empty: where libpcsclite looks
  bool operator==(const CardConfig&) const = default;
};

/// How long the parent waits. All are held by quayd, never by a library.
struct DeadlineConfig {
  Milliseconds start{10'000};         ///< spawn to Hello
  Milliseconds describe{15'000};      ///< sane_open and options
  Milliseconds first_row{60'000};     ///< warm-up and feeding included
  Milliseconds stall{20'000};         ///< between two signs of progress
  Milliseconds processing{60'000};    ///< one page in an image worker
  Milliseconds cancel_grace{3'000};   ///< from Cancel to SIGKILL
  Milliseconds drain{8'000};          ///< from SIGTERM to the end of running jobs
  Milliseconds card{5'000};           ///< one command of a chip
  Milliseconds print_stale{600'000};  ///< a print in which nothing moves, until the clerk is asked
  Milliseconds print_stop{60'000};    ///< a cancelled print, until its printer says what came
  bool operator==(const DeadlineConfig&) const = default;
};

/// How long a visit may live. Limits hold across clock jumps and restarts (core/visit_life.hpp).
struct VisitConfig {
  Milliseconds idle = std::chrono::minutes(30);
  Milliseconds longest = std::chrono::hours(24);
  Milliseconds warning = std::chrono::minutes(5);
  bool purge_when_delivered = false;
  bool operator==(const VisitConfig&) const = default;
};

/// How much of the event log is kept for front ends that were away. Older events go first, whichever bound is met
/// first.
struct EventConfig {
  std::uint64_t keep = 100'000;
  int keep_days = 30;
  bool operator==(const EventConfig&) const = default;
};

/// The metrics as a file for a collector on this machine; nothing is written without a name.
struct MetricsConfig {
  std::filesystem::path textfile;  ///< absolute
  std::int64_t every_s = 15;
  bool operator==(const MetricsConfig&) const = default;
};

struct Config {
  std::filesystem::path runtime_directory = "/run/quay";
  std::filesystem::path state_directory = "/var/lib/quay";
  std::filesystem::path libexec_directory;  ///< where quay-scanner and quay-imaging are; default: compiled in
  LogLevel log_level = LogLevel::info;
  std::uint64_t keep_free_mib = 256;
  int image_workers = 0;                         ///< 0: one a core
  std::string text_language = "vie";             ///< of the text layer; empty: none
  std::filesystem::path sane_backend_directory;  ///< extra LD_LIBRARY_PATH for SANE backends (tests); empty: none
  bool discover_scanners = false;                ///< ask `sane_backends` for what is plugged in
  std::vector<std::string> sane_backends;        ///< dll.conf of discovery
  std::filesystem::path sane_config_directory = "/etc/sane.d";  ///< where the backends' own .conf are copied from
  /// Profiles of portals; a later directory overrides an earlier one.
  std::vector<std::filesystem::path> portal_directories{"/usr/share/quay/portals.d", "/etc/quay/portals.d"};
  DeadlineConfig deadlines;
  AccessConfig access;
  VisitConfig visits;
  EventConfig events;
  MetricsConfig metrics;
  std::vector<ScannerConfig> scanners;
  bool discover_cameras = false;  ///< ask libgphoto2 for what is plugged in
  std::vector<CameraConfig> cameras;
  bool discover_document_cameras = false;  ///< look for cameras of the kernel's video driver
  std::vector<DocumentCameraConfig> document_cameras;
  std::vector<PrinterConfig> printers;
  std::filesystem::path forms_directory;  ///< what print.submit fills in; default: compiled in
  CardConfig card;
  bool operator==(const Config&) const = default;
};

/// Every key there is, in full: "daemon.log_level", "scanner.device.id".
std::vector<std::string> config_keys();

/// Reads `text` as configuration; `file` is for error texts. Errors: config_invalid with "file:line: key: what was
/// expected"; every mistake is listed, one a line.
Result<Config> parse_config(std::string_view text, const std::string& file);

/// Errors: config_invalid, file_unreadable.
Result<Config> load_config(const std::filesystem::path& file);

}  // namespace quay::daemon::service
