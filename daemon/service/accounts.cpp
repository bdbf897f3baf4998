// SPDX-License-Identifier: Apache-2.0
#include "daemon/service/accounts.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/types.h>

#include <array>
#include <cerrno>

namespace quay::daemon::service {
namespace {

constexpr std::size_t kLargestRecord = 64 * 1024;  // a group with thousands of members

/// Calls a get*_r function with a buffer that grows until the record fits; `read` takes what it found.
template <class Record, class Ask, class Read>
void look_up(Ask ask, Read read) {
  std::vector<char> buffer(1024);
  for (;;) {
    Record record{};
    Record* found = nullptr;
    const int error = ask(record, buffer, found);
    if (error == ERANGE && buffer.size() < kLargestRecord) {
      buffer.resize(2 * buffer.size());
      continue;
    }
    if (error == 0 && found != nullptr) {
      read(*found);
    }
    return;
  }
}

}  // namespace

std::optional<std::uint32_t> user_number(const std::string& name) {
  std::optional<std::uint32_t> number;
  look_up<passwd>(
      [&](passwd& record, std::vector<char>& buffer, passwd*& found) {
        return ::getpwnam_r(name.c_str(), &record, buffer.data(), buffer.size(), &found);
      },
      [&](const passwd& found) { number = found.pw_uid; });
  return number;
}

std::optional<std::uint32_t> group_number(const std::string& name) {
  std::optional<std::uint32_t> number;
  look_up<group>(
      [&](group& record, std::vector<char>& buffer, group*& found) {
        return ::getgrnam_r(name.c_str(), &record, buffer.data(), buffer.size(), &found);
      },
      [&](const group& found) { number = found.gr_gid; });
  return number;
}

std::string user_name(std::uint32_t uid) {
  std::string name;
  look_up<passwd>([&](passwd& record, std::vector<char>& buffer,
                      passwd*& found) { return ::getpwuid_r(uid, &record, buffer.data(), buffer.size(), &found); },
                  [&](const passwd& found) { name = found.pw_name; });
  return name;
}

std::vector<std::uint32_t> groups_of(std::uint32_t uid, std::uint32_t gid) {
  const std::string name = user_name(uid);
  if (name.empty()) {
    return {gid};
  }
  int count = 64;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  if (::getgrouplist(name.c_str(), gid, groups.data(), &count) < 0) {
    groups.resize(static_cast<std::size_t>(count));
    if (::getgrouplist(name.c_str(), gid, groups.data(), &count) < 0) {
      return {gid};
    }
  }
  return {groups.begin(), groups.begin() + count};
}

}  // namespace quay::daemon::service
