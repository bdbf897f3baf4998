// SPDX-License-Identifier: Apache-2.0
#include "daemon/service/config.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "daemon/service/access_reader.hpp"
#include "daemon/service/small_file.hpp"
#include "settings/reader.hpp"

namespace quay::daemon::service {

using namespace settings;
namespace {

constexpr std::size_t kLongestPath = 4000;
// sockaddr_un holds 107 bytes (unix(7)); the longest of our sockets is "<runtime_directory>/control".
constexpr std::size_t kLongestRuntimeDirectory = 99;
constexpr std::size_t kLongestId = 40;
constexpr std::size_t kLongestName = 100;
constexpr Range kMilliseconds{100, 3'600'000};
/// quay-card says nothing for three seconds while another program has the card, and then who it is.
constexpr Range kCardMilliseconds{3'500, 3'600'000};
constexpr Range kVisitMilliseconds{100, 86'400'000};
constexpr Range kMebibytes{0, 1'048'576};
constexpr Range kWorkers{0, 64};
constexpr Range kEvents{100, 10'000'000};
constexpr Range kDays{1, 3'650};
constexpr Range kMetricsSeconds{1, 3'600};

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_id(const std::string& text) {
  const auto allowed = [](char c) { return is_lower_or_digit(c) || c == '-'; };
  return !text.empty() && text.size() <= kLongestId && std::all_of(text.begin(), text.end(), allowed);
}

bool is_printable(const std::string& text) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
  return !text.empty() && text.size() <= kLongestName && std::none_of(text.begin(), text.end(), control);
}

bool is_backend(const std::string& text) {
  const auto allowed = [](char c) { return is_lower_or_digit(c) || c == '-' || c == '_'; };
  return !text.empty() && text.size() <= kLongestId && std::all_of(text.begin(), text.end(), allowed);
}

/// As tesseract names its data: "vie", "chi_sim".
bool is_language(const std::string& text) {
  const auto allowed = [](char c) { return is_lower_or_digit(c) || c == '_'; };
  return text.size() <= kLongestId && std::all_of(text.begin(), text.end(), allowed);
}

bool is_sane_device(const std::string& text) {
  const std::size_t colon = text.find(':');
  return colon != std::string::npos && is_backend(text.substr(0, colon)) && is_printable(text);
}

bool is_escl_url(const std::string& text) {
  const std::size_t scheme = text.find("://");
  const std::string name = text.substr(0, std::min(scheme, text.size()));
  const bool known = name == "http" || name == "https" || name == "unix";
  return known && text.size() > scheme + 3 && is_printable(text) && text.find(' ') == std::string::npos;
}

/// What a line of the file says; numbers wait here until they are known to fit.
struct Draft {
  Config config;
  std::int64_t keep_free_mib = 0;
  std::int64_t image_workers = 0;
  std::int64_t keep_events = 0;
  std::int64_t keep_event_days = 0;

  explicit Draft(Config defaults)
      : config(std::move(defaults)),
        keep_free_mib(static_cast<std::int64_t>(config.keep_free_mib)),
        image_workers(config.image_workers),
        keep_events(static_cast<std::int64_t>(config.events.keep)),
        keep_event_days(config.events.keep_days) {}

  Config finish() && {
    config.keep_free_mib = static_cast<std::uint64_t>(keep_free_mib);
    config.image_workers = static_cast<int>(image_workers);
    config.events.keep = static_cast<std::uint64_t>(keep_events);
    config.events.keep_days = static_cast<int>(keep_event_days);
    return std::move(config);
  }
};

Settings daemon_settings(Draft& draft) {
  Config& config = draft.config;
  return {
      {"runtime_directory", absolute_path(config.runtime_directory, kLongestRuntimeDirectory)},
      {"state_directory", absolute_path(config.state_directory, kLongestPath)},
      {"libexec_directory", absolute_path(config.libexec_directory, kLongestPath)},
      {"log_level", log_level(config.log_level)},
      {"keep_free_mib", whole_number(draft.keep_free_mib, kMebibytes)},
      {"image_workers", whole_number(draft.image_workers, kWorkers)},
      {"text_language", text(config.text_language, is_language, "a language as tesseract names it: vie; or nothing")},
  };
}

Settings portal_settings(Config& config) {
  return {{"directories", list_of_paths(config.portal_directories, kLongestPath)}};
}

Settings event_settings(Draft& draft) {
  return {
      {"keep", whole_number(draft.keep_events, kEvents)},
      {"keep_days", whole_number(draft.keep_event_days, kDays)},
  };
}

Settings metrics_settings(MetricsConfig& metrics) {
  return {
      {"textfile", absolute_path(metrics.textfile, kLongestPath)},
      {"every_s", whole_number(metrics.every_s, kMetricsSeconds)},
  };
}

Settings deadline_settings(DeadlineConfig& deadlines) {
  return {
      {"start_ms", milliseconds(deadlines.start, kMilliseconds)},
      {"describe_ms", milliseconds(deadlines.describe, kMilliseconds)},
      {"first_row_ms", milliseconds(deadlines.first_row, kMilliseconds)},
      {"stall_ms", milliseconds(deadlines.stall, kMilliseconds)},
      {"card_ms", milliseconds(deadlines.card, kCardMilliseconds)},
      {"print_stale_ms", milliseconds(deadlines.print_stale, kMilliseconds)},
      {"print_stop_ms", milliseconds(deadlines.print_stop, kMilliseconds)},
      {"processing_ms", milliseconds(deadlines.processing, kMilliseconds)},
      {"cancel_grace_ms", milliseconds(deadlines.cancel_grace, kMilliseconds)},
      {"drain_ms", milliseconds(deadlines.drain, kMilliseconds)},
  };
}

bool is_part_of_name(const std::string& text) { return text.empty() || is_printable(text); }

Settings card_settings(CardConfig& card) {
  return {
      {"chip", flag(card.chip)},
      {"reader", text(card.reader, is_part_of_name, "a part of a reader's name")},
      {"trust_directory", absolute_path(card.trust_directory, kLongestPath)},
      {"pcscd_socket", absolute_path(card.pcscd_socket, kLongestRuntimeDirectory)},
  };
}

Settings visit_settings(VisitConfig& visits) {
  return {
      {"idle_ms", milliseconds(visits.idle, kVisitMilliseconds)},
      {"longest_ms", milliseconds(visits.longest, kVisitMilliseconds)},
      {"warning_ms", milliseconds(visits.warning, kVisitMilliseconds)},
      {"purge_when_delivered", flag(visits.purge_when_delivered)},
  };
}

Settings device_settings(ScannerConfig& device) {
  return {
      {"id", text(device.id, is_id, "1 to 40 of a-z, 0-9 and -")},
      {"name", text(device.name, is_printable, "1 to 100 bytes of text without control characters")},
      {"sane_device", text(device.sane_device, is_sane_device, "a SANE name such as \"epson2:libusb:001:004\"")},
      {"escl_url", text(device.escl_url, is_escl_url, "an http://, https:// or unix:// address")},
      {"escl_socket_directory", absolute_path(device.escl_socket_directory, kLongestRuntimeDirectory)},
      {"sane_directory", absolute_path(device.sane_directory, kLongestRuntimeDirectory)},
  };
}

bool is_camera_port(const std::string& text) {
  const bool known = text.starts_with("usb:") || text.starts_with("ptpip:") || text.starts_with("serial:");
  return known && text.size() <= kLongestRuntimeDirectory && is_printable(text) && text.find(' ') == std::string::npos;
}

Settings camera_device_settings(CameraConfig& camera) {
  return {
      {"id", text(camera.id, is_id, "1 to 40 of a-z, 0-9 and -")},
      {"name", text(camera.name, is_printable, "1 to 100 bytes of text without control characters")},
      {"port",
       text(camera.port, is_camera_port, "a port of libgphoto2 such as \"usb:001,004\" or \"ptpip:192.0.2.7\"")},
      {"model", text(camera.model, is_printable, "the name libgphoto2 has for the camera")},
  };
}

/// Ids are of devices of every kind: two of one name cannot be told apart.
void check_id(const Value& value, const std::string& id, std::map<std::string, std::uint32_t>& lines) {
  const std::uint32_t line = value.node.source().begin.line;
  const auto [first, is_new] = lines.emplace(id, line);
  if (!id.empty() && !is_new) {
    value.mistakes.add(value.node.source(), value.key,
                       fmt::format("id: \"{}\" is taken by the device at line {}", id, first->second));
  }
}

void check_present(const Value& value, std::initializer_list<const char*> needed) {
  const toml::table& table = *value.node.as_table();
  for (const char* key : needed) {
    if (!table.contains(key)) {
      value.mistakes.add(table.source(), value.key, fmt::format("{}: missing", key));
    }
  }
}

void check_camera(const Value& value, const CameraConfig&) { check_present(value, {"id", "port"}); }
void check_document_camera(const Value& value, const DocumentCameraConfig&) { check_present(value, {"id", "video"}); }

/// A [[device]] of any kind: its name is its id when none was given, its id its own. `check` says what is missing.
template <class Device>
Device take_device(const Value& value, Settings (*settings)(Device&), void (*check)(const Value&, const Device&),
                   std::map<std::string, std::uint32_t>& lines) {
  Device device;
  read_table(*value.node.as_table(), value.key, settings(device), value.mistakes);
  check(value, device);
  if (device.name.empty()) {
    device.name = device.id;
  }
  check_id(value, device.id, lines);
  return device;
}

Settings document_camera_device_settings(DocumentCameraConfig& camera) {
  return {
      {"id", text(camera.id, is_id, "1 to 40 of a-z, 0-9 and -")},
      {"name", text(camera.name, is_printable, "1 to 100 bytes of text without control characters")},
      {"video", absolute_path(camera.video, kLongestPath)},
  };
}

Settings document_camera_settings(Config& config, std::map<std::string, std::uint32_t>& lines) {
  return {
      {"discover", flag(config.discover_document_cameras)},
      {"device", tables([&](const Value& value) {
         config.document_cameras.push_back(
             take_device(value, document_camera_device_settings, check_document_camera, lines));
       })},
  };
}

bool is_printer_uri(const std::string& text) {
  const bool known = text.starts_with("ipp://") || text.starts_with("ipps://");
  return known && text.size() > 7 && text.size() <= kLongestRuntimeDirectory && is_printable(text) &&
         text.find(' ') == std::string::npos;
}

bool is_queue(const std::string& text) { return is_printable(text) && text.find_first_of("/?# ") == std::string::npos; }

Settings printer_device_settings(PrinterConfig& printer) {
  return {
      {"id", text(printer.id, is_id, "1 to 40 of a-z, 0-9 and -")},
      {"name", text(printer.name, is_printable, "1 to 100 bytes of text without control characters")},
      {"uri", text(printer.uri, is_printer_uri, "an ipp:// or ipps:// address of at most 99 bytes")},
      {"queue", text(printer.queue, is_queue, "the name of a print queue")},
      {"service", absolute_path(printer.service, kLongestRuntimeDirectory)},
      {"look_ms", milliseconds(printer.look, kMilliseconds)},
      {"trust_uncounted", flag(printer.trust_uncounted)},
  };
}

void check_printer(const Value& value, const PrinterConfig&) {
  check_present(value, {"id"});
  const toml::table& table = *value.node.as_table();
  if (table.contains("uri") == table.contains("queue")) {
    value.mistakes.add(table.source(), value.key,
                       fmt::format("found {} where exactly one of uri and queue was expected",
                                   table.contains("uri") ? "both" : "neither"));
  }
}

Settings printer_settings(Config& config, std::map<std::string, std::uint32_t>& lines) {
  return {
      {"forms_directory", absolute_path(config.forms_directory, kLongestPath)},
      {"device", tables([&](const Value& value) {
         config.printers.push_back(take_device(value, printer_device_settings, check_printer, lines));
       })},
  };
}

Settings camera_settings(Config& config, std::map<std::string, std::uint32_t>& lines) {
  return {
      {"discover", flag(config.discover_cameras)},
      {"device", tables([&](const Value& value) {
         config.cameras.push_back(take_device(value, camera_device_settings, check_camera, lines));
       })},
  };
}

/// What only shows when all keys of a device are known. Nothing is said about a key that was refused already.
void check_device(const Value& value, const ScannerConfig& device) {
  const toml::table& table = *value.node.as_table();
  const auto complain = [&](std::string_view text) { value.mistakes.add(table.source(), value.key, text); };
  if (!table.contains("id")) {
    complain("id: missing; 1 to 40 of a-z, 0-9 and - were expected");
  }
  const bool by_sane = table.contains("sane_device");
  const bool by_escl = table.contains("escl_url");
  if (by_sane == by_escl) {
    complain(fmt::format("found {} where exactly one of sane_device and escl_url was expected",
                         by_sane ? "both" : "neither"));
  }
  const bool unix_socket = device.escl_url.starts_with("unix://");
  if (table.contains("escl_socket_directory") && !unix_socket && (!by_escl || !device.escl_url.empty())) {
    complain("escl_socket_directory: found without an escl_url that begins with unix://");
  }
}

Settings scanner_settings(Config& config, std::map<std::string, std::uint32_t>& lines) {
  return {
      {"discover", flag(config.discover_scanners)},
      {"sane_backends", list_of_text(config.sane_backends, is_backend, "names of SANE backends")},
      {"sane_config_directory", absolute_path(config.sane_config_directory, kLongestPath)},
      {"sane_backend_directory", absolute_path(config.sane_backend_directory, kLongestPath)},
      {"device", tables([&](const Value& value) {
         config.scanners.push_back(take_device(value, device_settings, check_device, lines));
       })},
  };
}

Config defaults() {
  Config config;
  config.libexec_directory = QUAY_LIBEXEC_DIRECTORY;
  config.forms_directory = QUAY_FORMS_DIRECTORY;
  return config;
}

/// A discovery that asks nobody finds nothing: say so now, not at the counter.
void check_discovery(const toml::table& root, const Config& config, Mistakes& mistakes) {
  if (config.discover_scanners && config.sane_backends.empty()) {
    const toml::node* discover = root.at_path("scanner.discover").node();
    mistakes.add(discover != nullptr ? discover->source() : root.source(), "scanner.discover",
                 "found true where scanner.sane_backends names no backend to ask");
  }
}

void list_keys(std::string_view section, std::span<const Setting> settings, std::vector<std::string>& keys) {
  for (const Setting& setting : settings) {
    keys.push_back(fmt::format("{}.{}", section, setting.key));
  }
}

}  // namespace

std::vector<std::string> config_keys() {
  Draft draft{Config{}};
  ScannerConfig device;
  std::map<std::string, std::uint32_t> lines;
  std::vector<std::string> keys;
  list_keys("daemon", daemon_settings(draft), keys);
  list_keys("scanner", scanner_settings(draft.config, lines), keys);
  std::erase(keys, "scanner.device");
  CameraConfig camera;
  list_keys("camera", camera_settings(draft.config, lines), keys);
  std::erase(keys, "camera.device");
  list_keys("camera.device", camera_device_settings(camera), keys);
  DocumentCameraConfig document_camera;
  list_keys("document_camera", document_camera_settings(draft.config, lines), keys);
  std::erase(keys, "document_camera.device");
  list_keys("document_camera.device", document_camera_device_settings(document_camera), keys);
  PrinterConfig printer;
  list_keys("printer", printer_settings(draft.config, lines), keys);
  std::erase(keys, "printer.device");
  list_keys("printer.device", printer_device_settings(printer), keys);
  list_keys("card", card_settings(draft.config.card), keys);
  list_keys("events", event_settings(draft), keys);
  list_keys("metrics", metrics_settings(draft.config.metrics), keys);
  list_keys("deadlines", deadline_settings(draft.config.deadlines), keys);
  list_keys("visits", visit_settings(draft.config.visits), keys);
  list_keys("portals", portal_settings(draft.config), keys);
  list_keys("scanner.device", device_settings(device), keys);
  PeerConfig peer;
  TcpClientConfig client;
  std::int64_t uid = 0;
  list_keys("access", access_settings(draft.config.access), keys);
  list_keys("peer", peer_settings(peer, uid), keys);
  list_keys("tcp", tcp_settings(draft.config.access.tcp), keys);
  std::erase(keys, "tcp.client");
  list_keys("tcp.client", tcp_client_settings(client), keys);
  return keys;
}

Result<Config> parse_config(std::string_view text, const std::string& file) {
  const toml::parse_result root = toml::parse(text, file);
  Mistakes mistakes(file);
  if (!root) {
    mistakes.add(root.error().source(), "", root.error().description());
    return failure(Errc::config_invalid, "config", mistakes.text());
  }
  Draft draft{defaults()};
  std::map<std::string, std::uint32_t> lines_of_ids;
  const Settings sections{
      {"daemon", table(daemon_settings(draft))},
      {"scanner", table(scanner_settings(draft.config, lines_of_ids))},
      {"camera", table(camera_settings(draft.config, lines_of_ids))},
      {"document_camera", table(document_camera_settings(draft.config, lines_of_ids))},
      {"printer", table(printer_settings(draft.config, lines_of_ids))},
      {"card", table(card_settings(draft.config.card))},
      {"events", table(event_settings(draft))},
      {"metrics", table(metrics_settings(draft.config.metrics))},
      {"deadlines", table(deadline_settings(draft.config.deadlines))},
      {"access", table(access_settings(draft.config.access))},
      {"peer", tables([&](const Value& value) { take_peer(value, draft.config.access.peers); })},
      {"tcp", table(tcp_settings(draft.config.access.tcp))},
      {"visits", table(visit_settings(draft.config.visits))},
      {"portals", table(portal_settings(draft.config))},
  };
  read_table(root.table(), "", sections, mistakes);
  check_discovery(root.table(), draft.config, mistakes);
  check_tcp(root.table(), draft.config.access.tcp, mistakes);
  if (!mistakes.empty()) {
    return failure(Errc::config_invalid, "config", mistakes.text());
  }
  return std::move(draft).finish();
}

Result<Config> load_config(const std::filesystem::path& file) {
  const Result<std::string> text = read_small_file(file, "config");
  if (!text) {
    return failure(text.error());
  }
  return parse_config(*text, file.string());
}

}  // namespace quay::daemon::service
