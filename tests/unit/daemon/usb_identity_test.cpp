// SPDX-License-Identifier: Apache-2.0
#include "daemon/core/usb_identity.hpp"

#include <gmock/gmock.h>

namespace quay::daemon::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

UsbDevice plugged_at(const std::string& port, std::int32_t address, const std::string& serial = {}) {
  return {{}, port, 1, address, "04a9", "1909", serial};
}

TEST(UsbAddress, IsReadInTheSpellingsOfTheDrivers) {
  EXPECT_EQ(usb_address_of("genesys:libusb:001:004"), (UsbAddress{1, 4}));
  EXPECT_EQ(usb_address_of("usb:002,113"), (UsbAddress{2, 113}));
}

TEST(UsbAddress, IsNotSeenInOtherNames) {
  for (const char* name : {"", "airscan:e0:HP", "pixma:04A91909_ABC", "usb:", "usb:001", "usb:001,", "usb:001,x",
                           "libusb:001:004:more", "ptpip:192.168.1.1", "usb:99999999999,1"}) {
    EXPECT_EQ(usb_address_of(name), std::nullopt) << name;
  }
}

TEST(UsbIdentity, IsTheSameOnAnotherPortAndAtAnotherAddress) {
  const UsbDevice here = plugged_at("1-2", 4, "ABC");
  const UsbDevice there = plugged_at("1-3", 9, "ABC");
  EXPECT_EQ(usb_identity(here, std::vector{here}), "04a9:1909:ABC");
  EXPECT_EQ(usb_identity(there, std::vector{there}), "04a9:1909:ABC");
}

TEST(UsbIdentity, OfADeviceWithoutANumberIsItsPort) {
  const UsbDevice device = plugged_at("1-2", 4);
  EXPECT_EQ(usb_identity(device, std::vector{device}), "04a9:1909@1-2");
}

TEST(UsbIdentity, OfTwinsWithOneNumberIsTheirPort) {
  const std::vector<UsbDevice> twins{plugged_at("1-2", 4, "0001"), plugged_at("1-3", 5, "0001")};
  EXPECT_EQ(usb_identity(twins[0], twins), "04a9:1909@1-2");
  EXPECT_EQ(usb_identity(twins[1], twins), "04a9:1909@1-3");
}

const auto kName = [](const std::string& found) { return std::string_view(found); };

TEST(FoundDevices, StayWhileTheyArePluggedInAlsoWhenNobodyFindsThem) {
  const std::vector<UsbDevice> plugged{plugged_at("1-2", 4)};
  const std::vector<std::string> known{"genesys:libusb:001:004"};
  EXPECT_THAT(still_there(known, {}, plugged, kName), ElementsAre("genesys:libusb:001:004")) << "it scans";
  EXPECT_THAT(still_there(known, {}, std::vector<UsbDevice>{}, kName), IsEmpty()) << "it was pulled out";
}

TEST(FoundDevices, ThatArePluggedAnewHaveTheirNewName) {
  const std::vector<UsbDevice> plugged{plugged_at("1-2", 7)};
  const std::vector<std::string> known{"genesys:libusb:001:004"};
  const std::vector<std::string> fresh{"genesys:libusb:001:007"};
  EXPECT_THAT(still_there(known, fresh, plugged, kName), ElementsAre("genesys:libusb:001:007"));
}

TEST(FoundDevices, OfTwoDriversAreOneDevice) {
  const std::vector<UsbDevice> plugged{plugged_at("1-2", 4)};
  const std::vector<std::string> fresh{"epson2:libusb:001:004", "epsonds:libusb:001:004", "net:somewhere"};
  EXPECT_THAT(still_there({}, fresh, plugged, kName), ElementsAre("epson2:libusb:001:004", "net:somewhere"));
}

TEST(FoundDevices, ThatAreNotOnUsbAreThoseFoundNow) {
  const std::vector<std::string> known{"airscan:old"};
  const std::vector<std::string> fresh{"airscan:new"};
  EXPECT_THAT(still_there(known, fresh, std::vector<UsbDevice>{}, kName), ElementsAre("airscan:new"));
}

}  // namespace
}  // namespace quay::daemon::core
