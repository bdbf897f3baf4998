// SPDX-License-Identifier: Apache-2.0
#include "base/atomic_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <vector>

#include "tests/rig/support/temporary_directory.hpp"

namespace quay {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(WriteAtomically, ReplacesTheFileAndLeavesNothingElseBehind) {
  const rig::TemporaryDirectory directory;
  const fs::path path = directory.path() / "out.pdf";
  ASSERT_TRUE(write_atomically(path, bytes_of("old")));
  ASSERT_TRUE(write_atomically(path, bytes_of("new")));
  EXPECT_EQ(content_of(path), "new");
  EXPECT_EQ(std::distance(fs::directory_iterator(directory.path()), {}), 1);
}

TEST(WriteAtomically, GivesTheFileTheRightsTheUmaskLeaves) {
  const rig::TemporaryDirectory directory;
  const fs::path path = directory.path() / "out.pdf";
  const mode_t before = ::umask(0027);
  const Status written = write_atomically(path, bytes_of("x"));
  ::umask(before);
  ASSERT_TRUE(written);
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0640U);
}

TEST(WriteAtomically, NamesTheReasonWhenTheDirectoryIsMissing) {
  const rig::TemporaryDirectory directory;
  const Status written = write_atomically(directory.path() / "missing" / "out.pdf", bytes_of("x"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::file_unwritable);
  EXPECT_EQ(written.error().native.name, "ENOENT");
}

TEST(CheckWritable, RefusesADirectoryAndAMissingFolderBeforeAnythingIsDone) {
  const rig::TemporaryDirectory directory;
  EXPECT_TRUE(check_writable(directory.path() / "out.pdf"));
  EXPECT_FALSE(check_writable(directory.path()));
  EXPECT_FALSE(check_writable(directory.path() / "missing" / "out.pdf"));
}

}  // namespace
}  // namespace quay
