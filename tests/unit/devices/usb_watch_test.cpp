// SPDX-License-Identifier: Apache-2.0
// quay-usb over the real libudev and libusb; the USB is umockdev's.
#include <gmock/gmock.h>
#include <umockdev.h>

#include <memory>

#include <fmt/format.h>

#include "base/freed.hpp"
#include "tests/unit/devices/worker_client.hpp"

namespace quay::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using Device = protocol::worker::UsbDevice;

constexpr const char* kBus = "/devices/pci0000:00/0000:00:14.0/usb1";

/// A device descriptor (USB 2.0, 9.6.1) of 04a9:1909 and one configuration without interfaces.
constexpr const char* kDescriptors = "12010002000000400000a90409190001010203010902090000010100801000";

class Usb : public testing::Test {
 protected:
  void plug(const std::string& port, int address, const std::string& more = "A: serial=ABC\n") {
    add(port, address, "00", more);
  }

  void add(const std::string& port, int address, const std::string& device_class, const std::string& more) {
    const std::string text = fmt::format(
        "P: {}/{}\nN: bus/usb/001/{:03}\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: DEVNAME=/dev/bus/usb/001/{:03}\n"
        "A: busnum=1\\n\nA: devnum={}\\n\nA: idVendor=04a9\\n\nA: idProduct=1909\\n\nA: bDeviceClass={}\\n\nH: "
        "descriptors={}\n{}\n",
        kBus, port, address, address, address, device_class, kDescriptors, more);
    GError* error = nullptr;
    EXPECT_TRUE(umockdev_testbed_add_from_string(bed_.get(), text.c_str(), &error))
        << (error != nullptr ? error->message : "");
  }

  void unplug(const std::string& port) {
    const std::string path = fmt::format("/sys{}/{}", kBus, port);
    umockdev_testbed_remove_device(bed_.get(), path.c_str());
    umockdev_testbed_uevent(bed_.get(), "/sys/devices", "change");  // the event itself is of what is gone
  }

  WorkerClient& worker(const std::string& look_ms = "50") {
    const std::map<std::string, std::string> environment{{"LD_PRELOAD", "libumockdev-preload.so.0"},
                                                         {"UMOCKDEV_DIR", std::string(root_.get())}};
    worker_.emplace(QUAY_USB, std::vector<std::string>{"--serve", "--look-ms", look_ms}, environment);
    EXPECT_TRUE(worker_->greeted());
    return *worker_;
  }

  /// What the worker tells next of its own accord.
  std::vector<Device> told() {
    const auto reply = worker_->next();
    const auto* news = reply ? std::get_if<frames::Described>(&reply->message) : nullptr;
    EXPECT_TRUE(news != nullptr && news->request == 0 && news->usb);
    return news != nullptr && news->usb ? news->usb->devices : std::vector<Device>{};
  }

  std::unique_ptr<UMockdevTestbed, Freed<g_object_unref>> bed_{umockdev_testbed_new()};
  std::unique_ptr<char, Freed<g_free>> root_{umockdev_testbed_get_root_dir(bed_.get())};
  std::optional<WorkerClient> worker_;
};

TEST_F(Usb, TellsWhatIsPluggedInButHubs) {
  plug("1-2", 4);
  add("1-3", 5, "09", "");
  worker();
  EXPECT_THAT(told(), ElementsAre(AllOf(Field(&Device::port, "1-2"), Field(&Device::bus, 1), Field(&Device::address, 4),
                                        Field(&Device::vendor, "04a9"), Field(&Device::product, "1909"),
                                        Field(&Device::serial, "ABC"))));
}

TEST_F(Usb, TellsWhatCameAndWhatWent) {
  worker();
  EXPECT_THAT(told(), IsEmpty());
  plug("1-2", 4);
  EXPECT_THAT(told(), ElementsAre(Field(&Device::address, 4)));
  unplug("1-2");
  EXPECT_THAT(told(), IsEmpty());
  plug("1-2", 5);
  EXPECT_THAT(told(), ElementsAre(Field(&Device::address, 5)));
}

TEST_F(Usb, HearsAnEventLongBeforeItWouldLookByItself) {
  worker("3600000");
  EXPECT_THAT(told(), IsEmpty());
  plug("1-2", 4);
  EXPECT_THAT(told(), ElementsAre(Field(&Device::port, "1-2")));
}

TEST_F(Usb, ResetsAPort) {
  plug("1-2", 4);
  const Answers answers = worker().ask(frames::ResetUsb{{}, 1, 1, 4});
  EXPECT_EQ(answers.code(), "");
}

TEST_F(Usb, ResetsNothingThatIsNotThere) {
  const Answers answers = worker().ask(frames::ResetUsb{{}, 1, 1, 99});
  EXPECT_EQ(answers.code(), "device.absent");
}

TEST_F(Usb, DoesNothingElse) { EXPECT_EQ(worker().ask(frames::Describe{{}, 1}).code(), "worker.protocol"); }

}  // namespace
}  // namespace quay::test
