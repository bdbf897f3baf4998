// SPDX-License-Identifier: Apache-2.0
// quay-usb over the real libudev and libusb.
#include <gmock/gmock.h>

#include "tests/rig/support/sim_usb.hpp"
#include "tests/unit/devices/worker_client.hpp"

namespace quay::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using Device = protocol::worker::UsbDevice;

class Usb : public testing::Test {
 protected:
  WorkerClient& worker(const std::string& look_ms = "50") {
    worker_.emplace(QUAY_USB, std::vector<std::string>{"--serve", "--look-ms", look_ms}, usb.environment());
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

  rig::SimUsb usb;
  std::optional<WorkerClient> worker_;
};

TEST_F(Usb, TellsWhatIsPluggedInButHubs) {
  usb.plug("1-2", 4);
  usb.plug("1-3", 5, "", "09");
  worker();
  EXPECT_THAT(told(), ElementsAre(AllOf(Field(&Device::port, "1-2"), Field(&Device::bus, 1), Field(&Device::address, 4),
                                        Field(&Device::vendor, "04a9"), Field(&Device::product, "1909"),
                                        Field(&Device::serial, "ABC"))));
}

TEST_F(Usb, TellsWhatCameAndWhatWent) {
  worker();
  EXPECT_THAT(told(), IsEmpty());
  usb.plug("1-2", 4);
  EXPECT_THAT(told(), ElementsAre(Field(&Device::address, 4)));
  usb.unplug("1-2");
  EXPECT_THAT(told(), IsEmpty());
  usb.plug("1-2", 5, "");
  EXPECT_THAT(told(), ElementsAre(AllOf(Field(&Device::address, 5), Field(&Device::serial, ""))));
}

TEST_F(Usb, HearsAnEventLongBeforeItWouldLookByItself) {
  ASSERT_TRUE(rig::SimUsb::tells_events()) << "run it by ctest, which sets LD_PRELOAD";
  worker("3600000");
  EXPECT_THAT(told(), IsEmpty());
  usb.plug("1-2", 4);
  EXPECT_THAT(told(), ElementsAre(Field(&Device::port, "1-2")));
}

TEST_F(Usb, ResetsAPort) {
  usb.plug("1-2", 4);
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
