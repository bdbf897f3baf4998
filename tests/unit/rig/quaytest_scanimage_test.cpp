// SPDX-License-Identifier: Apache-2.0
// The quaytest backend under a front end that is not ours.
#include <gtest/gtest.h>

#include "tests/rig/support/child_process.hpp"
#include "tests/rig/support/fault_script.hpp"
#include "tests/rig/support/temporary_directory.hpp"

namespace quay::rig {
namespace {

TEST(BackendUnderScanimage, IsReadLikeAnyScanner) {
  const TemporaryDirectory directory;
  const FaultScript script(directory / "sane");
  ChildOptions scanimage;
  scanimage.arguments = {"scanimage", "-d",           "quaytest:0",
                         "--source",  "ADF",          "--resolution",
                         "75",        "--format=pnm", "--batch=" + (directory / "page%d.pnm").string()};
  scanimage.environment = script.environment();
  scanimage.output_directory = directory.path();
  auto child = ChildProcess::start(scanimage);
  ASSERT_TRUE(child);
  EXPECT_EQ(child->wait().value(), (ChildExit{0, 0})) << child->transcript();
  EXPECT_TRUE(std::filesystem::exists(directory / "page3.pnm"));
  EXPECT_FALSE(std::filesystem::exists(directory / "page4.pnm"));
}

}  // namespace
}  // namespace quay::rig
