// SPDX-License-Identifier: Apache-2.0
// Does quayd run, may this user speak to it, is its configuration good.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/unique_fd.hpp"
#include "ctl/doctor/checks.hpp"

namespace quay::ctl::doctor {
namespace {

constexpr std::string_view kUnit = "/lib/systemd/system/quayd.service";
constexpr std::string_view kWants = "/etc/systemd/system/multi-user.target.wants/quayd.service";

/// 0, or errno of the attempt to connect.
int connect_to(const std::filesystem::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket.string();
  if (path.size() >= sizeof(address.sun_path)) {
    return ENAMETOOLONG;
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the one way connect(2) takes an address
  return ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 ? 0 : errno;
}

/// The quayd of this quayctl, never one of the system that is looked at: that may be anybody's disk.
std::filesystem::path own_quayd() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  const std::filesystem::path beside = folder / "quayd";
  return ::access(beside.c_str(), X_OK) == 0 ? beside : folder.parent_path() / "sbin" / "quayd";
}

Finding access_refused(const Patient& patient) {
  const auto group = patient.machine.group("quay");
  if (group && std::ranges::find(group->members, patient.user) != group->members.end()) {
    return {Verdict::fault,
            fmt::format("{} mới vào nhóm quay: đăng xuất rồi đăng nhập lại.", patient.user),
            fmt::format("{} is in group quay since a short time: log out and in again.", patient.user),
            "loginctl terminate-user \"$USER\"",
            {}};
  }
  return {Verdict::fault,
          fmt::format("{} chưa thuộc nhóm quay: thêm vào nhóm rồi đăng nhập lại.", patient.user),
          fmt::format("{} is not in group quay: add to it, then log in again.", patient.user),
          fmt::format("sudo adduser {} quay", patient.user),
          {}};
}

}  // namespace

std::vector<Finding> look_at_service(const Patient& patient) {
  if (!patient.machine.runs("quayd")) {
    return {{Verdict::fault,
             "quayd không chạy: khởi động dịch vụ.",
             "quayd does not run: start the service.",
             "sudo systemctl start quayd",
             {"systemctl", "start", "quayd.service"}}};
  }
  if (patient.machine.has(kUnit) && !patient.machine.has(kWants)) {
    return {{Verdict::warning,
             "quayd chạy, nhưng không tự chạy khi bật máy: bật dịch vụ.",
             "quayd runs, but will not when the machine starts: enable the service.",
             "sudo systemctl enable quayd",
             {}}};
  }
  return {{Verdict::good, "quayd đang chạy.", "quayd runs.", "", {}}};
}

std::vector<Finding> look_at_socket(const Patient& patient) {
  if (!patient.machine.runs("quayd")) {  // one cause, one fault
    return {
        {Verdict::unknown, "Chưa xem được khi quayd chưa chạy.", "Cannot be told while quayd does not run.", "", {}}};
  }
  switch (connect_to(patient.machine.run_directory() / "control")) {
    case 0: return {{Verdict::good, "Nói chuyện được với quayd.", "quayd can be spoken to.", "", {}}};
    case EACCES: return {access_refused(patient)};
    case ENOENT:
      return {{Verdict::fault,
               "Chưa có ổ cắm của quayd: xem nhật ký để biết vì sao.",
               "quayd has no socket: its log says why.",
               "journalctl -u quayd -n 20",
               {}}};
    default:
      return {{Verdict::fault,
               "Ổ cắm còn đó nhưng quayd không trả lời: khởi động lại dịch vụ.",
               "The socket is there, but quayd does not answer: restart the service.",
               "sudo systemctl restart quayd",
               {}}};
  }
}

std::vector<Finding> look_at_configuration(const Patient& patient) {
  const std::string file = patient.machine.at("/etc/quay/quay.toml");
  const std::string program = own_quayd();
  if (::access(program.c_str(), X_OK) != 0 || ::access(file.c_str(), R_OK) != 0) {
    return {{Verdict::fault,
             "Thiếu quayd hoặc tệp cấu hình: cài lại gói quay.",
             "quayd or its configuration is missing: install package quay again.",
             "sudo apt install --reinstall -o Dpkg::Options::=--force-confmiss quay",
             {}}};
  }
  const Outcome outcome = run_program({program, "--check", "--config", file});
  if (outcome.exit_code == 0) {
    return {{Verdict::good, "Cấu hình đúng.", "The configuration is good.", "", {}}};
  }
  const std::string first = outcome.output.substr(0, outcome.output.find('\n'));
  return {{Verdict::fault,
           fmt::format("Cấu hình sai, sửa dòng này: {}", first),
           fmt::format("The configuration is wrong, mend this line: {}", first),
           "sudoedit /etc/quay/quay.toml",
           {}}};
}

}  // namespace quay::ctl::doctor
