// SPDX-License-Identifier: Apache-2.0
// The README's twelve lines of Python, as a front end developer would run them.
#include <fstream>
#include <sstream>

#include "tests/rig/support/wait_until.hpp"
#include "tests/system/counter.hpp"

namespace quay::system_test {
namespace {

/// The first ```python block of README.md.
std::string readme_example() {
  std::ifstream file(QUAY_README);
  std::stringstream text;
  text << file.rdbuf();
  const std::string whole = text.str();
  const std::string opening = "```python\n";
  const std::size_t begin = whole.find(opening) + opening.size();
  return whole.substr(begin, whole.find("```", begin) - begin);
}

rig::ChildProcess start(Counter& counter, std::vector<std::string> arguments, const std::string& name) {
  rig::ChildOptions options;
  options.arguments = std::move(arguments);
  options.environment = {{"QUAY_RUNTIME_DIRECTORY", counter.run_directory().string()}, {"LANG", "C.UTF-8"}};
  options.output_directory = counter.path();
  options.output_name = name;
  auto child = rig::ChildProcess::start(options);
  EXPECT_TRUE(child);
  return std::move(*child);
}

TEST(Readme, ItsTwelveLinesOfPythonFollowTheCounter) {
  Counter counter;
  counter.start();
  const std::string example = readme_example();
  ASSERT_EQ(std::count(example.begin(), example.end(), '\n'), 12) << example;
  rig::ChildProcess python = start(counter, {"/usr/bin/python3", "-c", example}, "python");
  ASSERT_TRUE(rig::wait_until([&] {
    return python.output().find("devices: [('scanner-1', 'ready')]") != std::string::npos;
  })) << python.transcript();
  counter.open_visit();
  EXPECT_TRUE(rig::wait_until([&] { return python.output().find("visit.opened") != std::string::npos; }))
      << python.transcript();
}

}  // namespace
}  // namespace quay::system_test
