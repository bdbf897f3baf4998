// SPDX-License-Identifier: Apache-2.0
#include "daemon/device_specs.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "crypto/sha256.hpp"
#include "daemon/core/usb_identity.hpp"
#include "daemon/service/sane_configuration.hpp"
#include "daemon/supervise/run_once.hpp"
#include "protocol/json/reader.hpp"

namespace quay::daemon {

namespace frames = protocol::worker;

namespace {

constexpr std::size_t kLongestSlug = 24;
constexpr std::size_t kTagLength = 6;

/// Everything of a device's settings that makes it another device when it changes.
std::string fingerprint(const service::ScannerConfig& scanner) {
  return fmt::format("{}|{}|{}|{}|{}", scanner.name, scanner.sane_device, scanner.escl_url,
                     scanner.escl_socket_directory.string(), scanner.sane_directory.string());
}

void add_sane_environment(const service::Config& config, const std::filesystem::path& directory,
                          supervise::ProcessSpec& process) {
  process.environment.push_back("SANE_CONFIG_DIR=" + directory.string());
  if (!config.sane_backend_directory.empty()) {
    process.environment.push_back("LD_LIBRARY_PATH=" + config.sane_backend_directory.string());
  }
}

/// "Canon LiDE 220" at one address -> "canon-lide-220-3f9a01": readable, and two of a model stay apart.
std::string id_of(const std::string& maker_and_model, const std::string& address) {
  std::string slug;
  for (const char c : maker_and_model) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 && byte < 0x80) {
      slug += static_cast<char>(std::tolower(byte));
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  slug = slug.substr(0, kLongestSlug);
  while (!slug.empty() && slug.back() == '-') {
    slug.pop_back();
  }
  return slug + "-" + crypto::sha256_hex(std::string_view(address)).substr(0, kTagLength);
}

std::string fingerprint(const service::CameraConfig& camera) {
  return fmt::format("camera|{}|{}|{}", camera.name, camera.port, camera.model);
}

std::string fingerprint(const service::DocumentCameraConfig& camera) {
  return fmt::format("document-camera|{}|{}", camera.name, camera.video.string());
}

/// What a device worker printed with --list.
template <class Found>
loop::Awaitable<Result<std::vector<Found>>> list_of(loop::Loop& loop, supervise::ProcessSpec process,
                                                    Milliseconds patience) {
  process.arguments = {"--list"};
  const Deadline deadline = deadline_in(patience);
  const Result<std::string> printed = co_await supervise::run_once(loop, std::move(process), deadline);
  if (!printed) {
    co_return failure(printed.error());
  }
  boost::system::error_code error;
  const boost::json::value list = boost::json::parse(*printed, error);
  auto found = error ? Result<std::vector<Found>>(failure(Errc::worker_protocol, "discover", "no list"))
                     : protocol::from_json<std::vector<Found>>(list);
  co_return found;
}

jobs::DeviceSet::Wanted wanted_camera(const service::Config& config, const service::CameraConfig& camera) {
  jobs::SourceSpec spec;
  spec.kind = protocol::DeviceKind::camera;
  spec.id = camera.id;
  spec.name = camera.name;
  spec.port_path = camera.port;
  spec.worker = worker_spec(config, camera.id, "quay-camera");
  spec.worker.process.arguments = {"--port", camera.port, "--model", camera.model};
  spec.worker.late_work_option = "--picture-may-come-ms";
  spec.describe_deadline = config.deadlines.describe;
  return {std::move(spec), fingerprint(camera)};
}

jobs::DeviceSet::Wanted wanted_document_camera(const service::Config& config,
                                               const service::DocumentCameraConfig& camera) {
  jobs::SourceSpec spec;
  spec.kind = protocol::DeviceKind::camera;
  spec.id = camera.id;
  spec.name = camera.name;
  spec.port_path = camera.video.string();
  spec.worker = worker_spec(config, camera.id, "quay-document-camera");
  spec.worker.process.arguments = {"--video", camera.video.string()};
  spec.describe_deadline = config.deadlines.describe;
  return {std::move(spec), fingerprint(camera)};
}

/// All of PC/SC is one device: which slot has the citizen's card is its worker's to find out.
jobs::DeviceSet::Wanted wanted_card_reader(const service::Config& config) {
  const service::CardConfig& card = config.card;
  jobs::SourceSpec spec;
  spec.kind = protocol::DeviceKind::card;
  spec.id = "card";
  spec.name = "Đầu đọc thẻ";
  spec.port_path = "pcsc:" + card.reader;
  spec.worker = worker_spec(config, spec.id, "quay-card");
  spec.worker.process.arguments = {"--serve", "--trust", card.trust_directory.string()};
  if (!card.reader.empty()) {
    spec.worker.process.arguments.insert(spec.worker.process.arguments.end(), {"--reader", card.reader});
  }
  if (!card.pcscd_socket.empty()) {
    spec.worker.process.environment.push_back("PCSCLITE_CSOCK_NAME=" + card.pcscd_socket.string());
  }
  spec.describe_deadline = config.deadlines.describe;
  return {std::move(spec),
          fmt::format("card|{}|{}|{}", card.reader, card.trust_directory.string(), card.pcscd_socket.string())};
}

/// The way to it is in the identity that front ends see.
jobs::DeviceSet::Wanted wanted_printer(const service::Config& config, const service::PrinterConfig& printer) {
  const bool direct = printer.queue.empty();
  jobs::SourceSpec spec;
  spec.kind = protocol::DeviceKind::printer;
  spec.id = printer.id;
  spec.name = printer.name;
  spec.port_path = direct ? printer.uri : fmt::format("queue:{}@{}", printer.queue, printer.service.string());
  spec.trusts_uncounted = printer.trust_uncounted;
  spec.worker = worker_spec(config, printer.id, "quay-printer");
  spec.worker.process.arguments = {"--look-ms", std::to_string(printer.look.count())};
  const std::vector<std::string> where =
      direct ? std::vector<std::string>{"--uri", printer.uri}
             : std::vector<std::string>{"--queue", printer.queue, "--service", printer.service.string()};
  spec.worker.process.arguments.insert(spec.worker.process.arguments.end(), where.begin(), where.end());
  spec.describe_deadline = config.deadlines.describe;
  return {std::move(spec), fmt::format("printer|{}|{}|{}|{}|{}|{}", printer.name, printer.uri, printer.queue,
                                       printer.service.string(), printer.look.count(), printer.trust_uncounted)};
}

/// What a found device is called for good; a driver's own name where it is not on USB.
std::string lasting_name(const std::string& driver_name, const jobs::UsbDesk::Devices& plugged) {
  const core::UsbDevice* device = core::find_usb(plugged, core::usb_address_of(driver_name));
  return device != nullptr ? core::usb_identity(*device, plugged) : driver_name;
}

service::ScannerConfig as_config(const frames::FoundScanner& found, const jobs::UsbDesk::Devices& plugged) {
  service::ScannerConfig scanner;
  scanner.name = fmt::format("{} {}", found.vendor, found.model);
  scanner.id = id_of(scanner.name, lasting_name(found.sane_name, plugged));
  scanner.sane_device = found.sane_name;
  return scanner;
}

service::CameraConfig as_config(const frames::FoundCamera& found, const jobs::UsbDesk::Devices& plugged) {
  service::CameraConfig camera;
  camera.id = id_of(found.model, lasting_name(found.port, plugged));
  camera.name = found.model;
  camera.port = found.port;
  camera.model = found.model;
  return camera;
}

service::DocumentCameraConfig as_config(const frames::FoundDocumentCamera& found, const jobs::UsbDesk::Devices&) {
  service::DocumentCameraConfig camera;
  camera.id = id_of(found.name, found.video);
  camera.name = found.name;
  camera.video = found.video;
  return camera;
}

bool is_same(const service::ScannerConfig& named, const frames::FoundScanner& found) {
  return named.sane_device == found.sane_name;
}

bool is_same(const service::CameraConfig& named, const frames::FoundCamera& found) { return named.port == found.port; }

/// By the node behind the names: udev gives a camera several.
bool is_same(const service::DocumentCameraConfig& named, const frames::FoundDocumentCamera& found) {
  std::error_code none;
  return named.video == found.video || std::filesystem::equivalent(named.video, found.video, none);
}

template <class Config, class Found>
std::vector<Config> with_found(std::vector<Config> named, const std::vector<Found>& found,
                               const jobs::UsbDesk::Devices& plugged) {
  const std::size_t by_hand = named.size();
  for (const Found& one : found) {
    const auto end = named.begin() + static_cast<std::ptrdiff_t>(by_hand);
    if (std::none_of(named.begin(), end, [&](const Config& known) { return is_same(known, one); })) {
      named.push_back(as_config(one, plugged));
    }
  }
  return named;
}

/// Errors: file_unwritable.
Result<jobs::DeviceSet::Wanted> wanted_scanner(const service::Config& config, const service::ScannerConfig& scanner) {
  const auto access = service::prepare_sane(config, scanner);
  if (!access) {
    return failure(access.error());
  }
  jobs::SourceSpec spec;
  spec.id = scanner.id;
  spec.name = scanner.name;
  spec.port_path = access->port_path;
  spec.worker = worker_spec(config, scanner.id, "quay-scanner");
  spec.worker.process.arguments = {"--device", access->device};
  add_sane_environment(config, access->directory, spec.worker.process);
  spec.describe_deadline = config.deadlines.describe;
  return jobs::DeviceSet::Wanted{std::move(spec), fingerprint(scanner)};
}

}  // namespace

supervise::WorkerSpec worker_spec(const service::Config& config, const std::string& name, const std::string& program) {
  supervise::WorkerSpec spec;
  spec.name = name;
  spec.process.program = config.libexec_directory / program;
  spec.process.environment = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8",
                              "HOME=" + (config.runtime_directory / "home").string()};
  spec.deadlines = {config.deadlines.start, config.deadlines.cancel_grace};
  return spec;
}

Result<std::vector<jobs::DeviceSet::Wanted>> device_specs(const service::Config& config, const FoundDevices& found,
                                                          const jobs::UsbDesk::Devices& plugged) {
  std::vector<jobs::DeviceSet::Wanted> wanted;
  for (const service::ScannerConfig& scanner : with_found(config.scanners, found.scanners, plugged)) {
    auto one = wanted_scanner(config, scanner);
    if (!one) {
      return failure(one.error());
    }
    wanted.push_back(*std::move(one));
  }
  for (const service::CameraConfig& camera : with_found(config.cameras, found.cameras, plugged)) {
    wanted.push_back(wanted_camera(config, camera));
  }
  for (const service::DocumentCameraConfig& camera :
       with_found(config.document_cameras, found.document_cameras, plugged)) {
    wanted.push_back(wanted_document_camera(config, camera));
  }
  for (const service::PrinterConfig& printer : config.printers) {
    wanted.push_back(wanted_printer(config, printer));
  }
  if (config.card.chip) {
    wanted.push_back(wanted_card_reader(config));
  }
  return wanted;
}

loop::Awaitable<Result<std::vector<frames::FoundScanner>>> discover_scanners(loop::Loop& loop,
                                                                             const service::Config& config) {
  const auto directory = service::prepare_discovery(config);
  if (!directory) {
    co_return failure(directory.error());
  }
  supervise::ProcessSpec process = worker_spec(config, "discovery", "quay-scanner").process;
  add_sane_environment(config, *directory, process);
  co_return co_await list_of<frames::FoundScanner>(loop, std::move(process), config.deadlines.describe);
}

loop::Awaitable<Result<std::vector<frames::FoundCamera>>> discover_cameras(loop::Loop& loop,
                                                                           const service::Config& config) {
  supervise::ProcessSpec process = worker_spec(config, "discovery", "quay-camera").process;
  co_return co_await list_of<frames::FoundCamera>(loop, std::move(process), config.deadlines.describe);
}

loop::Awaitable<Result<std::vector<frames::FoundDocumentCamera>>> discover_document_cameras(
    loop::Loop& loop, const service::Config& config) {
  supervise::ProcessSpec process = worker_spec(config, "discovery", "quay-document-camera").process;
  co_return co_await list_of<frames::FoundDocumentCamera>(loop, std::move(process), config.deadlines.describe);
}

}  // namespace quay::daemon
