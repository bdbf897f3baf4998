// SPDX-License-Identifier: Apache-2.0
// A secret's page as the kernel sees it: locked, left out of dumps, empty in a child.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "crypto/secret.hpp"

namespace quay::crypto {
namespace {

/// VmFlags of the mapping that holds `address`, from /proc/self/smaps (proc(5)).
std::string flags_of(const void* address) {
  std::ifstream maps("/proc/self/smaps");
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::istringstream head(line);
    if (head >> std::hex >> begin >> dash >> end && dash == '-') {
      inside = begin <= wanted && wanted < end;
    } else if (inside && line.starts_with("VmFlags:")) {
      return line + " ";
    }
  }
  return "not mapped";
}

TEST(SecretTest, LiesInAPageThatIsLockedAndNeverDumped) {
  const Secret secret = Secret::random(32).value();
  const std::string flags = flags_of(secret.bytes().data());
  EXPECT_THAT(flags, testing::HasSubstr(" lo ")) << "locked";
  EXPECT_THAT(flags, testing::HasSubstr(" dd ")) << "not in a dump";
  EXPECT_THAT(flags, testing::HasSubstr(" wf ")) << "wiped on fork";
}

TEST(SecretTest, IsEmptyInAForkedChild) {
  const Secret secret = Secret::random(32).value();
  const pid_t child = ::fork();
  if (child == 0) {
    const auto bytes = secret.bytes();
    ::_exit(std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; }) ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(SecretTest, GivesItsPageBackAndMovesWithoutACopy) {
  Secret first = Secret::random(32).value();
  const std::uint8_t* page = first.bytes().data();
  {
    Secret second = std::move(first);
    EXPECT_EQ(second.bytes().data(), page);
    EXPECT_TRUE(first.bytes().empty());
  }
  EXPECT_EQ(flags_of(page), "not mapped");
}

TEST(SecretTest, TwoAreNeverTheSame) {
  const Secret one = Secret::random(32).value();
  const Secret two = Secret::random(32).value();
  EXPECT_FALSE(std::equal(one.bytes().begin(), one.bytes().end(), two.bytes().begin()));
}

TEST(SecretTest, ThatCannotBeLockedIsRefusedInsteadOfBeingKeptOpen) {
  if (::geteuid() == 0 && ::seteuid(65534) != 0) {
    FAIL() << "root may lock anything, and cannot stop being root";
  }
  rlimit before{};
  ::getrlimit(RLIMIT_MEMLOCK, &before);
  const rlimit none{0, before.rlim_max};
  ::setrlimit(RLIMIT_MEMLOCK, &none);
  const auto secret = Secret::create(32);
  ::setrlimit(RLIMIT_MEMLOCK, &before);
  const int back = ::seteuid(::getuid());
  EXPECT_EQ(back, 0);
  ASSERT_FALSE(secret);
  EXPECT_EQ(secret.error().code, Errc::key_unusable);
}

TEST(SecretTest, HasOneToFourThousandBytes) {
  EXPECT_EQ(Secret::create(0).error().code, Errc::bug);
  EXPECT_EQ(Secret::create(4097).error().code, Errc::bug);
  EXPECT_TRUE(Secret::create(4096));
}

}  // namespace
}  // namespace quay::crypto
