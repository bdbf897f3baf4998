// SPDX-License-Identifier: Apache-2.0
// Is there room for pages, and is the service key nobody else's.
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>

#include <fmt/format.h>

#include "ctl/doctor/checks.hpp"

namespace quay::ctl::doctor {
namespace {

constexpr mode_t kOthers = 077;

/// Free MiB where the folder is, or would be; nothing when that cannot be told.
std::optional<std::int64_t> free_mib(std::filesystem::path folder) {
  struct statvfs room {};
  while (::statvfs(folder.c_str(), &room) != 0) {
    if (!folder.has_relative_path()) {
      return std::nullopt;
    }
    folder = folder.parent_path();
  }
  return static_cast<std::int64_t>(room.f_bavail * room.f_frsize / (1024 * 1024));
}

/// Mended by --fix only when it is what quayd made: of its group, and no link on the way, which could lead anywhere.
bool is_ours(const Machine& machine, const std::filesystem::path& path) {
  const auto quay = machine.group("quay");
  struct stat seen {};
  std::error_code error;
  const std::filesystem::path root = machine.at("/").lexically_normal();
  const auto straight =
      std::filesystem::canonical(root, error) / path.lexically_normal().lexically_relative(root);  // no link on the way
  return quay && ::lstat(path.c_str(), &seen) == 0 && seen.st_gid == quay->id &&
         std::filesystem::canonical(path, error) == straight && !error;
}

Finding private_again(const Machine& machine, const std::filesystem::path& path, std::string_view mode) {
  const bool ours = is_ours(machine, path);
  return {Verdict::fault, fmt::format("{} người khác đọc được: thu hồi quyền.", path.string()),
          fmt::format("{} can be read by others: take that right away.", path.string()),
          fmt::format("sudo chmod {} {}", mode, path.string()),
          ours ? std::vector<std::string>{std::string(kTakeRightsAway), path.string()} : std::vector<std::string>()};
}

}  // namespace

std::vector<Finding> look_at_room(const Patient& patient) {
  const auto room = free_mib(patient.machine.at(patient.settings.state_directory));
  const std::int64_t needed = patient.settings.keep_free_mib;
  if (!room) {
    return {{Verdict::unknown, "Không xem được chỗ trống trên đĩa.", "Free disk space cannot be seen.", "", {}}};
  }
  if (*room < needed * 2) {
    const bool full = *room < needed;
    return {
        {full ? Verdict::fault : Verdict::warning,
         fmt::format("Đĩa {} ({} MiB trống): xoá bớt tệp không cần.", full ? "đầy, không quét được" : "sắp đầy", *room),
         fmt::format("The disk is {} ({} MiB free): delete files that are not needed.",
                     full ? "full, no scan begins" : "nearly full", *room),
         "sudo du -xhd2 /var /home | sort -h | tail",
         {}}};
  }
  return {{Verdict::good, fmt::format("Đĩa còn {} MiB trống.", *room), fmt::format("{} MiB are free.", *room), "", {}}};
}

std::vector<Finding> look_at_keys(const Patient& patient) {
  const std::filesystem::path folder = patient.machine.at(patient.settings.state_directory);
  struct stat seen {};
  std::vector<Finding> found;
  if (::stat(folder.c_str(), &seen) == 0 && (seen.st_mode & kOthers) != 0) {
    found.push_back(private_again(patient.machine, folder, "0700"));
  }
  if (::stat((folder / "service.key").c_str(), &seen) == 0) {
    if ((seen.st_mode & kOthers) != 0) {
      found.push_back(private_again(patient.machine, folder / "service.key", "0600"));
    }
  } else if (errno == EACCES) {
    return {{Verdict::unknown,
             "Chỉ root xem được khoá: chạy lại với sudo.",
             "Only root may look at the key: run it with sudo.",
             "sudo quayctl doctor",
             {}}};
  }
  if (found.empty()) {
    found.push_back(
        {Verdict::good, "Khoá và trang giấy không ai khác đọc được.", "Key and pages are nobody else's.", "", {}});
  }
  return found;
}

}  // namespace quay::ctl::doctor
