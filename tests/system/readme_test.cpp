// SPDX-License-Identifier: Apache-2.0
// The README's twelve lines of Python and quayctl, as a front end developer and a technician would run them.
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

int quayctl(Counter& counter, std::vector<std::string> arguments, std::string* output = nullptr) {
  arguments.insert(arguments.begin(), std::string(QUAY_BIN_DIRECTORY) + "/quayctl");
  rig::ChildProcess child = start(counter, std::move(arguments), "quayctl");
  const auto ended = child.wait(Milliseconds(40'000));
  if (output != nullptr) {
    *output = child.output() + child.errors();
  }
  return ended ? ended->code : -1;
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

TEST(Quayctl, ScansAFeederIntoAFileAndSaysWhatItDid) {
  Counter counter({.sheets = 3});
  counter.start();
  const std::string file = (counter.path() / "out.pdf").string();
  std::string output;
  EXPECT_EQ(quayctl(counter, {"scan", "--source", "adf", "--dpi", "150", "-o", file}, &output), 0) << output;
  EXPECT_NE(output.find("3 pages"), std::string::npos) << output;
  std::ifstream pdf(file, std::ios::binary);
  std::string head(5, '\0');
  pdf.read(head.data(), 5);
  EXPECT_EQ(head, "%PDF-");
}

TEST(Quayctl, SaysInVietnameseWhatTheClerkHasToDo) {
  Counter counter({.sheets = 0});
  counter.start();
  std::string output;
  EXPECT_NE(quayctl(counter, {"--lang", "vi", "scan", "--source", "adf", "-o", (counter.path() / "out.pdf").string()},
                    &output),
            0);
  EXPECT_NE(output.find("Khay giấy trống"), std::string::npos) << output;
  EXPECT_NE(output.find("paper.empty"), std::string::npos) << output;
}

TEST(Quayctl, SaysThatTheDaemonIsNotThere) {
  Counter counter;
  std::string output;
  EXPECT_EQ(quayctl(counter, {"status"}, &output), 3) << output;
  EXPECT_NE(output.find("daemon.unreachable"), std::string::npos) << output;
}

}  // namespace
}  // namespace quay::system_test
