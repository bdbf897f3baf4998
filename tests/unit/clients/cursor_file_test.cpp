// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/cursor_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/rig/support/temporary_directory.hpp"

namespace quay::client {
namespace {

TEST(CursorFile, GivesNothingWhenThereIsNone) {
  const rig::TemporaryDirectory directory;
  const auto found = CursorFile(directory.path() / "cursor").read();
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
}

TEST(CursorFile, GivesWhatWasWrittenLastAndIsTheSameInEveryLanguage) {
  const rig::TemporaryDirectory directory;
  const CursorFile file(directory.path() / "cursor");
  ASSERT_TRUE(file.write({"j", 1}));
  ASSERT_TRUE(file.write({"j", 42}));
  EXPECT_EQ(file.read().value(), (Cursor{"j", 42}));
  std::ifstream written(directory.path() / "cursor");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(written), {}), "{\"journal\":\"j\",\"seq\":42}\n");
}

TEST(CursorFile, RefusesWhatIsNoCursorInsteadOfBeginningAnew) {
  const rig::TemporaryDirectory directory;
  for (const char* text : {"", "{", "{}", "{\"journal\":\"j\",\"seq\":-1}", "{\"journal\":1,\"seq\":1}"}) {
    std::ofstream(directory.path() / "cursor", std::ios::trunc) << text;
    const auto found = CursorFile(directory.path() / "cursor").read();
    ASSERT_FALSE(found) << text;
    EXPECT_EQ(found.error().code, Errc::usage);
  }
}

}  // namespace
}  // namespace quay::client
