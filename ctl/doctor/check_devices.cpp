// SPDX-License-Identifier: Apache-2.0
// Is what the configured devices need installed, and does somebody else hold them.
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ctl/doctor/checks.hpp"

namespace quay::ctl::doctor {
namespace {

/// A kind of device: the setting that wants it, its package, its udev rules.
struct Kind {
  bool Configured::*wanted;
  std::string_view package;
  std::string_view rules;  ///< of udev or polkit, without which quayd may not open it; empty: none needed
};

constexpr std::array<Kind, 5> kKinds{
    Kind{&Configured::scanners, "quay-scanner", "/lib/udev/rules.d/70-quay-scanner.rules"},
    Kind{&Configured::cameras, "quay-camera", "/lib/udev/rules.d/70-quay-camera.rules"},
    Kind{&Configured::document_cameras, "quay-document-camera", "/lib/udev/rules.d/70-quay-document-camera.rules"},
    Kind{&Configured::printers, "quay-printer", ""},  // IPP: no device node
    Kind{&Configured::chip, "quay-card", "/usr/share/polkit-1/rules.d/60-quay-pcsc.rules"}};

/// Programs of Debian 12 that are known to take devices of counters. `name` as proc(5) cuts it: 15 bytes.
struct Helper {
  std::string_view name;
  std::string_view command;      ///< keeps it away for good
  bool takes_cameras_by_itself;  ///< as soon as one is plugged in
};

constexpr std::array<Helper, 7> kHelpers{
    Helper{"gvfs-gphoto2-vo", "systemctl --user mask --now gvfs-gphoto2-volume-monitor.service", true},
    Helper{"gvfsd-gphoto2", "systemctl --user mask --now gvfs-gphoto2-volume-monitor.service", true},
    Helper{"gvfs-mtp-volume", "systemctl --user mask --now gvfs-mtp-volume-monitor.service", true},
    Helper{"ipp-usb", "sudo systemctl mask --now ipp-usb.service", false},
    Helper{"fwupd", "sudo systemctl mask --now fwupd.service", false},
    Helper{"colord-sane", "sudo systemctl mask --now colord.service", false},
    Helper{"usbmuxd", "sudo systemctl mask --now usbmuxd.service", false}};

const Helper* helper_called(std::string_view name) {
  const auto* found = std::ranges::find(kHelpers, name, &Helper::name);
  return found == kHelpers.end() ? nullptr : found;
}

/// quayd and its workers may hold what is theirs.
bool is_ours(const Process& process) { return process.name == "quayd" || process.name.starts_with("quay-"); }

/// udev gave the device to group quay: 70-quay-*.rules.
bool belongs_to_quay(const Machine& machine, gid_t quay, const std::string& device) {
  struct stat seen {};
  return ::stat(machine.at(device).c_str(), &seen) == 0 && seen.st_gid == quay;
}

Finding held(const Configured& settings, const Process& process, const std::string& device) {
  const Helper* helper = helper_called(process.name);
  if (process.name == "ipp-usb" && settings.printers) {  // a machine that prints and scans: printing would end with it
    return {Verdict::fault,
            fmt::format("{} đang bị ipp-usb giữ để in: khai máy quét bằng escl_url.", device),
            fmt::format("{} is held by ipp-usb, for printing: name the scanner by escl_url.", device),
            "sudoedit /etc/quay/quay.toml",
            {}};
  }
  return {Verdict::fault,
          fmt::format("{} đang bị {} (tiến trình {}) giữ: {}.", device, process.name, process.id,
                      helper != nullptr ? "tắt dịch vụ đó" : "đóng chương trình đó"),
          fmt::format("{} is held by {} (process {}): {}.", device, process.name, process.id,
                      helper != nullptr ? "switch that service off" : "close that program"),
          helper != nullptr ? std::string(helper->command) : fmt::format("sudo kill {}", process.id),
          {}};
}

void add_waiting_helpers(const Patient& patient, std::vector<Finding>& found) {
  for (const Process& process : patient.machine.processes()) {
    const Helper* helper = helper_called(process.name);
    if (helper != nullptr && helper->takes_cameras_by_itself && patient.settings.cameras && process.devices.empty()) {
      found.push_back({Verdict::warning,
                       fmt::format("{} sẽ giành máy ảnh khi cắm vào: tắt dịch vụ đó.", process.name),
                       fmt::format("{} takes cameras as they are plugged in: switch that service off.", process.name),
                       std::string(helper->command),
                       {}});
    }
  }
}

}  // namespace

std::vector<Finding> look_at_packages(const Patient& patient) {
  std::vector<Finding> found;
  for (const Kind& kind : kKinds) {
    if (!(patient.settings.*kind.wanted)) {
      continue;
    }
    const bool whole = patient.machine.has(fmt::format("/usr/libexec/quay/{}", kind.package)) &&
                       (kind.rules.empty() || patient.machine.has(kind.rules) ||
                        patient.machine.has(fmt::format("/usr{}", kind.rules)));
    if (!whole) {
      found.push_back({Verdict::fault,
                       fmt::format("Cấu hình cần gói {}, gói đó thiếu: cài gói.", kind.package),
                       fmt::format("The configuration needs {}, which is missing: install it.", kind.package),
                       fmt::format("sudo apt install --reinstall {}", kind.package),
                       {}});
    }
  }
  if (found.empty()) {
    found.push_back({Verdict::good,
                     "Đủ gói cho các thiết bị trong cấu hình.",
                     "What the configured devices need is installed.",
                     "",
                     {}});
  }
  return found;
}

std::vector<Finding> look_at_holders(const Patient& patient) {
  std::vector<Finding> found;
  const auto quay = patient.machine.group("quay");
  bool blind = false;
  for (const Process& process : patient.machine.processes()) {
    blind = blind || !process.visible;
    for (const std::string& device : process.devices) {
      if (quay && !is_ours(process) && belongs_to_quay(patient.machine, quay->id, device)) {
        found.push_back(held(patient.settings, process, device));
      }
    }
  }
  add_waiting_helpers(patient, found);
  if (found.empty() && blind) {
    return {{Verdict::unknown,
             "Chỉ root thấy ai đang giữ thiết bị: chạy lại với sudo.",
             "Only root sees who holds a device: run it with sudo.",
             "sudo quayctl doctor",
             {}}};
  }
  if (found.empty()) {
    found.push_back({Verdict::good, "Không ai khác giữ thiết bị.", "Nobody else holds a device.", "", {}});
  }
  return found;
}

std::vector<Finding> look_at_card_service(const Patient& patient) {
  if (!patient.settings.chip) {
    return {{Verdict::good, "Không đọc chip (theo cấu hình).", "Chips are not read (by configuration).", "", {}}};
  }
  if (!patient.machine.has("/run/pcscd/pcscd.comm")) {
    return {{Verdict::fault,
             "pcscd không chạy nên không đọc được thẻ: bật dịch vụ.",
             "pcscd does not run, so no card is read: switch the service on.",
             "sudo systemctl enable --now pcscd.socket",
             {"systemctl", "enable", "--now", "pcscd.socket"}}};
  }
  return {{Verdict::good, "pcscd sẵn sàng.", "pcscd is there.", "", {}}};
}

std::span<const Check> checks() {
  static constexpr std::array<Check, 9> kChecks{Check{"configuration", look_at_configuration},
                                                Check{"packages", look_at_packages},
                                                Check{"service", look_at_service},
                                                Check{"socket", look_at_socket},
                                                Check{"room", look_at_room},
                                                Check{"keys", look_at_keys},
                                                Check{"holders", look_at_holders},
                                                Check{"printing", look_at_printing},
                                                Check{"card-service", look_at_card_service}};
  return kChecks;
}

}  // namespace quay::ctl::doctor
