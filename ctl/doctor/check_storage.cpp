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

Finding private_again(const std::filesystem::path& path, std::string_view mode) {
  return {Verdict::fault,
          fmt::format("{} người khác đọc được: thu hồi quyền.", path.string()),
          fmt::format("{} can be read by others: take that right away.", path.string()),
          fmt::format("sudo chmod {} {}", mode, path.string()),
          {"chmod", std::string(mode), path.string()}};
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
    found.push_back(private_again(folder, "0700"));
  }
  if (::stat((folder / "service.key").c_str(), &seen) == 0) {
    if ((seen.st_mode & kOthers) != 0) {
      found.push_back(private_again(folder / "service.key", "0600"));
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
