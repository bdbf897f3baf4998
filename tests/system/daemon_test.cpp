// SPDX-License-Identifier: Apache-2.0
// quayd itself: what clients send wrong, kill -9, restart, reload, an orderly end.
#include <sys/resource.h>

#include <csignal>
#include <memory>

#include <zmq.hpp>

#include "protocol/client/envelope.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/system/counter.hpp"

namespace quay::system_test {
namespace {

using protocol::JobState;

/// A front end without manners: sends frames as they are and gives the code of the answer.
class RudeClient {
 public:
  explicit RudeClient(const Counter& counter) : socket_(context_, zmq::socket_type::dealer) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::rcvtimeo, 5000);
    socket_.connect("ipc://" + (counter.run_directory() / "control").string());
  }

  std::string code_after(const std::vector<std::string>& frames) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
      socket_.send(zmq::buffer(frames[i]), i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
    }
    zmq::message_t answer;
    if (!socket_.recv(answer)) {
      return "no answer";
    }
    const auto reply = protocol::decode_reply(answer.to_string_view());
    return reply && reply->error ? reply->error->code : "no error";
  }

 private:
  zmq::context_t context_;
  zmq::socket_t socket_;
};

TEST(Daemon, AnswersEachKindOfNonsenseWithItsCode) {
  Counter counter;
  counter.start();
  RudeClient rude(counter);
  EXPECT_EQ(rude.code_after({"this is not JSON"}), "request.malformed");
  EXPECT_EQ(rude.code_after({"[1,2]"}), "request.malformed");
  EXPECT_EQ(rude.code_after({"{}", "{}"}), "request.malformed");
  EXPECT_EQ(rude.code_after({R"({"v":1,"id":"a","cmd":"no.such","args":{}})"}), "request.unknown_command");
  EXPECT_EQ(rude.code_after({R"({"v":9,"id":"a","cmd":"hello","args":{}})"}), "request.version");
  EXPECT_EQ(rude.code_after({R"({"v":1,"id":"a","cmd":"scan.start","args":{}})"}), "request.bad_argument");
  const std::string visit = counter.open_visit();
  EXPECT_EQ(
      rude.code_after({R"({"v":1,"id":"a","cmd":"scan.start","args":{"device":"scanner-1","profile":"none","visit":")" +
                       visit + R"("},"visit_key":")" + counter.key_of(visit) + "\"}"}),
      "request.bad_argument");
  EXPECT_EQ(rude.code_after({R"({"v":1,"id":"a","cmd":"job.get","args":{"job":"none"}})"}), "job.unknown");
  EXPECT_EQ(rude.code_after({R"({"v":1,"id":"a","cmd":"visit.close","args":{"visit":"../../etc"}})"}), "visit.unknown");
  EXPECT_EQ(rude.code_after({std::string(100'000, ' ')}), "request.too_large");
  EXPECT_EQ(rude.code_after({std::string("\xff\xfe\x00\x01", 4)}), "request.malformed");
  EXPECT_TRUE(counter.daemon().running());
  EXPECT_TRUE(counter.device_becomes(protocol::DeviceStatus::ready));
}

TEST(Daemon, SurvivesAThousandGarbageFrames) {
  Counter counter;
  counter.start();
  RudeClient rude(counter);
  std::uint32_t state = 1;
  for (int i = 0; i < 1000; ++i) {
    std::string junk;
    for (int k = 0; k < 1 + i % 97; ++k) {
      state = state * 1664525 + 1013904223;
      junk += static_cast<char>(state >> 24);
    }
    EXPECT_NE(rude.code_after({junk}), "no answer");
  }
  EXPECT_TRUE(counter.daemon().running());
}

TEST(Daemon, APageSaidToBeSafeSurvivesKillNine) {
  Counter counter({.sheets = 20});
  counter.script().set("ppm 120");
  counter.start();
  const std::string visit = counter.open_visit();
  const auto job = counter.start_scan({.visit = visit, .resolution_dpi = 150});
  ASSERT_TRUE(job);
  const int safe = counter.await(*job, [](const protocol::Job& state) { return state.pages >= 3; }).pages;
  counter.kill_daemon();
  counter.start();
  const protocol::Job found = counter.await_end(*job);
  EXPECT_EQ(found.state, JobState::interrupted);
  EXPECT_EQ(counter.code_of(found), "job.interrupted");
  EXPECT_GE(found.pages, safe);
  const bool all_ready = rig::wait_until(
      [&] {
        const auto captures = counter.captures(visit);
        return std::all_of(captures.begin(), captures.end(),
                           [](const auto& capture) { return capture.state == protocol::CaptureState::ready; });
      },
      Milliseconds(20'000));
  EXPECT_TRUE(all_ready) << counter.daemon().transcript();
  client::Client client = counter.connect();
  for (const protocol::Capture& capture : counter.captures(visit)) {
    EXPECT_TRUE(client::fetch_image(client, capture.capture, "page", deadline_in(Milliseconds(10'000))));
  }
  counter.script().load(1);
  EXPECT_EQ(counter.scan({.visit = visit}).state, JobState::done);
}

TEST(Daemon, LeavesNoWorkerBehindWhenItIsKilled) {
  Counter counter;
  counter.start();
  std::vector<pid_t> workers = counter.workers("quay-scanner");
  const std::vector<pid_t> imaging = counter.workers("quay-imaging");
  workers.insert(workers.end(), imaging.begin(), imaging.end());
  ASSERT_GE(workers.size(), 2U);
  counter.kill_daemon();
  for (const pid_t worker : workers) {
    EXPECT_TRUE(rig::wait_until([&] { return ::kill(worker, 0) != 0; }, Milliseconds(5'000)));
  }
}

TEST(Daemon, StoppedInOrderWhileItsImagingIsAtWorkMakesThosePagesAfterTheNextStart) {
  Counter counter({.sheets = 3, .deadlines = "drain_ms = 200\ncancel_grace_ms = 500\n"});
  counter.start();
  const std::string visit = counter.open_visit();
  counter.freeze("quay-imaging");
  const auto job = counter.start_scan({.visit = visit});
  ASSERT_TRUE(job);
  ASSERT_EQ(counter.await(*job, [](const protocol::Job& state) { return state.pages == 3; }).pages, 3);
  counter.stop_daemon();
  counter.start();
  const auto count = [&](protocol::CaptureState state) {
    const auto captures = counter.captures(visit);
    return std::count_if(captures.begin(), captures.end(), [&](const auto& one) { return one.state == state; });
  };
  EXPECT_EQ(count(protocol::CaptureState::failed), 0) << counter.daemon().transcript();
  EXPECT_TRUE(rig::wait_until([&] { return count(protocol::CaptureState::ready) == 3; }, Milliseconds(20'000)))
      << counter.daemon().transcript();
}

TEST(Daemon, EndsInOrderOnSigtermAfterTheRunningJob) {
  Counter counter({.sheets = 3});
  counter.script().set("ppm 120");
  counter.start();
  const std::string visit = counter.open_visit();
  const auto job = counter.start_scan({.visit = visit});
  ASSERT_TRUE(job);
  counter.stop_daemon();
  counter.start();
  EXPECT_EQ(counter.await_end(*job).state, JobState::done);
}

TEST(Daemon, RefusesToRunTwiceOnOneDirectory) {
  Counter counter;
  counter.start();
  rig::ChildOptions second;
  second.arguments = {std::string(QUAY_BIN_DIRECTORY) + "/quayd", "--config", counter.config_file().string()};
  second.output_directory = counter.path();
  second.output_name = "second";
  auto child = rig::ChildProcess::start(second);
  ASSERT_TRUE(child);
  const auto ended = child->wait();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 1);
  EXPECT_NE(child->errors().find("another quayd holds it"), std::string::npos) << child->errors();
}

TEST(Daemon, ReloadingAddsADeviceAndLeavesTheOneInUseAlone) {
  Counter counter({.sheets = 4});
  counter.script().set("ppm 120");
  counter.start();
  rig::FaultScript other(counter.path() / "sane-9", 1);
  const std::string visit = counter.open_visit();
  const auto job = counter.start_scan({.visit = visit});
  ASSERT_TRUE(job);
  const std::vector<pid_t> before = counter.workers("quay-scanner");
  counter.write_config("[[scanner.device]]\nid = \"scanner-9\"\nsane_device = \"quaytest:0\"\nsane_directory = \"" +
                       other.directory().string() + "\"\n");
  counter.daemon().send_signal(SIGHUP);
  EXPECT_TRUE(counter.device_becomes(protocol::DeviceStatus::ready, "scanner-9"));
  EXPECT_EQ(counter.await_end(*job).pages, 4);
  const std::vector<pid_t> after = counter.workers("quay-scanner");
  EXPECT_NE(std::find(after.begin(), after.end(), before.at(0)), after.end());
}

TEST(Daemon, SaysBeforeItRunsOutOfDescriptorsAndWhenThatIsOver) {
  Counter counter;
  counter.start();
  client::Client client = counter.connect();
  const rlimit tight{140, 140};
  const auto told = [&](const std::string& topic) {
    const auto page = client.call_as<protocol::ReplayResult>("replay", protocol::ReplayArguments{{}, 1, 200, {topic}});
    return page && !page->events.empty() ? boost::json::serialize(page->events.back().at("data")) : std::string();
  };
  {
    std::vector<std::unique_ptr<RudeClient>> crowd;
    for (int i = 0; i < 75; ++i) {
      crowd.push_back(std::make_unique<RudeClient>(counter));
      ASSERT_EQ(crowd.back()->code_after({R"({"v":1,"id":"x","cmd":"hello"})"}), "no error");
    }
    ASSERT_EQ(::prlimit(counter.daemon().pid(), RLIMIT_NOFILE, &tight, nullptr), 0);
    ASSERT_TRUE(rig::wait_until([&] { return !told("system.strained").empty(); }, Milliseconds(10'000)));
    EXPECT_NE(told("system.strained").find("daemon.crowded"), std::string::npos);
    EXPECT_EQ(told("system.eased"), "");
  }
  EXPECT_TRUE(rig::wait_until([&] { return !told("system.eased").empty(); }, Milliseconds(10'000)));
}

TEST(Daemon, FindsScannersByItselfWhenToldTo) {
  Counter counter;
  counter.write_config({}, "discover = true\nsane_backends = [\"test\"]\n");
  counter.start();
  client::Client client = counter.connect();
  std::vector<protocol::Device> devices;
  EXPECT_TRUE(rig::wait_until(
      [&] {
        const auto list = client.call_as<protocol::DeviceListResult>("device.list", protocol::NoArguments{});
        devices = list ? list->devices : devices;
        return devices.size() >= 3 && devices.back().status == protocol::DeviceStatus::ready;
      },
      Milliseconds(15'000)))
      << counter.daemon().transcript();
  EXPECT_EQ(devices.front().id, kScanner);
  EXPECT_EQ(devices.back().id.rfind("noname-frontend-tester-", 0), 0U) << devices.back().id;
  EXPECT_FALSE(devices.back().scanner->sources.empty());
}

TEST(Daemon, KeepsItsConfigurationWhenTheNewOneIsWrong) {
  Counter counter;
  counter.start();
  counter.write_config("[[scanner.device]]\nid = \"BAD ID\"\n");
  counter.daemon().send_signal(SIGHUP);
  EXPECT_TRUE(rig::wait_until(
      [&] { return counter.daemon().errors().find("configuration kept as it was") != std::string::npos; },
      Milliseconds(5'000)));
  const std::string visit = counter.open_visit();
  EXPECT_EQ(counter.scan({.visit = visit}).state, JobState::done);
}

TEST(Daemon, RefusesAWrongConfigurationWithFileAndLine) {
  Counter counter;
  counter.write_config("[[scanner.device]]\nid = \"BAD ID\"\n");
  rig::ChildOptions options;
  options.arguments = {std::string(QUAY_BIN_DIRECTORY) + "/quayd", "--check", "--config",
                       counter.config_file().string()};
  options.output_directory = counter.path();
  auto child = rig::ChildProcess::start(options);
  ASSERT_TRUE(child);
  const auto ended = child->wait();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 78);
  EXPECT_NE(child->errors().find("quay.toml:"), std::string::npos) << child->errors();
  EXPECT_NE(child->errors().find("BAD ID"), std::string::npos) << child->errors();
}

}  // namespace
}  // namespace quay::system_test
