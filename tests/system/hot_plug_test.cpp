// SPDX-License-Identifier: Apache-2.0
// Scanners that are plugged in and out while quayd works: the real udev tells, the real libsane finds them; only the
// USB and the scanner are simulated.
#include <gmock/gmock.h>

#include <fstream>

#include "clients/cpp/event_stream.hpp"
#include "tests/rig/support/sim_usb.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/system/front_end.hpp"

namespace quay::system_test {
namespace {

namespace fs = std::filesystem;
using protocol::DeviceStatus;
using protocol::JobState;

constexpr Milliseconds kPatience{20'000};

class HotPlug : public testing::Test {
 protected:
  HotPlug() : counter_({.sheets = 3}), found_(counter_.path() / "found", 2) {
    found_.unplug();
    counter_.write_config("", "discover = true\nsane_backends = [\"quaytest\"]\nsane_config_directory = \"" +
                                  found_.directory().string() + "\"\n");
    watch_with_simulated_usb();
  }

  /// quay-usb sees the simulated USB: quayd gives its workers an environment of their own.
  void watch_with_simulated_usb() {
    const fs::path script = counter_.path() / "libexec/quay-usb";
    fs::create_directories(script.parent_path());
    fs::remove(script);
    std::ofstream file(script);
    file << "#!/bin/sh\n";
    for (const auto& [name, value] : usb_.environment()) {
      file << "export " << name << "='" << value << "'\n";
    }
    file << "exec '" << QUAY_BIN_DIRECTORY << "/quay-usb' --look-ms 200 \"$@\"\n";
    file.close();
    fs::permissions(script, fs::perms::owner_all);
  }

  void plug(const std::string& port, int address, const std::string& serial = "ABC") {
    found_.set("usb-name libusb:001:00" + std::to_string(address));
    found_.plug();
    usb_.plug(port, address, serial);
  }

  void unplug(const std::string& port) {
    found_.unplug();
    usb_.unplug(port);
  }

  std::vector<protocol::Device> devices() {
    const auto list = client_->call_as<protocol::DeviceListResult>("device.list", protocol::NoArguments{});
    return list ? list->devices : std::vector<protocol::Device>{};
  }

  /// The id of the device that is there beside scanner-1 and ready; empty: none came.
  std::string other_device() {
    std::string id;
    rig::wait_until(
        [&] {
          for (const protocol::Device& device : devices()) {
            id = device.id != kScanner && device.status == DeviceStatus::ready ? device.id : id;
          }
          return !id.empty();
        },
        kPatience);
    return id;
  }

  bool is_alone() {
    return rig::wait_until([&] { return devices().size() == 1; }, kPatience);
  }

  void start() {
    counter_.start();
    client_.emplace(counter_.connect());
  }

  rig::SimUsb usb_;
  Counter counter_;
  rig::FaultScript found_;
  std::optional<client::Client> client_;
};

TEST_F(HotPlug, AScannerIsThereByItselfAndKeepsItsIdOnAnotherPort) {
  start();
  EXPECT_TRUE(is_alone());
  plug("1-2", 4);
  const std::string id = other_device();
  ASSERT_NE(id, "") << counter_.daemon().transcript();
  unplug("1-2");
  EXPECT_TRUE(is_alone()) << counter_.daemon().transcript();
  plug("1-3", 7);
  EXPECT_EQ(other_device(), id) << counter_.daemon().transcript();
  const protocol::Job job = counter_.scan({.device = id, .visit = counter_.open_visit()});
  EXPECT_EQ(job.state, JobState::done) << counter_.daemon().transcript();
  EXPECT_EQ(job.pages, 2);
}

TEST_F(HotPlug, WhatIsPluggedInDuringAScanLeavesItAlone) {
  counter_.script().set("ppm 30");
  start();
  const auto job = counter_.start_scan({.visit = counter_.open_visit(), .pages_expected = 3});
  ASSERT_TRUE(job);
  counter_.await(*job, [](const protocol::Job& state) { return state.pages >= 1; });
  const std::vector<pid_t> worker = counter_.workers("quay-scanner");
  ASSERT_EQ(worker.size(), 1U);
  plug("1-2", 4);
  EXPECT_NE(other_device(), "") << counter_.daemon().transcript();
  unplug("1-2");
  const protocol::Job over = counter_.await_end(*job);
  EXPECT_EQ(over.state, JobState::done) << counter_.daemon().transcript();
  EXPECT_EQ(over.pages, 3);
  EXPECT_TRUE(is_alone());
  EXPECT_EQ(counter_.workers("quay-scanner"), worker) << "the same process";
}

TEST_F(HotPlug, OneThatLetsItsWorkerHangTwiceInARowHasItsPortReset) {
  found_.fault("start hang page=1");
  start();
  plug("1-2", 4);
  const std::string id = other_device();
  ASSERT_NE(id, "") << counter_.daemon().transcript();
  const std::string visit = counter_.open_visit();
  const auto recovery = [&] {
    const auto device = client_->call_as<protocol::Device>("device.describe", protocol::DeviceArguments{{}, id});
    return device && device->recovery ? *device->recovery : protocol::DeviceRecovery{};
  };
  EXPECT_EQ(counter_.code_of(counter_.scan({.device = id, .visit = visit})), "device.timeout");
  EXPECT_EQ(recovery().kills, 1);
  EXPECT_EQ(recovery().resets, 0) << "once may be chance";
  ASSERT_EQ(other_device(), id);
  EXPECT_EQ(counter_.code_of(counter_.scan({.device = id, .visit = visit})), "device.timeout");
  EXPECT_TRUE(rig::wait_until([&] { return recovery().resets == 1; }, kPatience)) << counter_.daemon().transcript();
  EXPECT_EQ(recovery().kills, 2);
  EXPECT_THAT(counter_.quayctl({"devices"}).output, testing::HasSubstr("1 USB port resets"));
}

TEST_F(HotPlug, OneThatIsGoneIsToldAbsent) {
  start();
  plug("1-2", 4);
  const std::string id = other_device();
  ASSERT_NE(id, "") << counter_.daemon().transcript();
  auto events = client::EventStream::open(*client_, {client_->hello().journal, client_->hello().seq});
  ASSERT_TRUE(events);
  unplug("1-2");
  bool told = false;
  const Deadline deadline = deadline_in(kPatience);
  while (!told && SteadyClock::now() < deadline) {
    const auto event = events->next(deadline);
    const bool is_its =
        event && *event && (*event)->type == "device.changed" && (*event)->data.at("id").as_string() == id;
    told = is_its && (*event)->data.at("status").as_string() == "absent";
  }
  EXPECT_TRUE(told) << counter_.daemon().transcript();
}

}  // namespace
}  // namespace quay::system_test
