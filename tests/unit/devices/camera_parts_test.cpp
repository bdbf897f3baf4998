// SPDX-License-Identifier: Apache-2.0
#include "devices/camera/picture_check.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "devices/camera/gphoto_error.hpp"
#include "devices/camera/phone.hpp"

#include <gphoto2/gphoto2-result.h>

namespace quay::camera {
namespace {

/// A file that begins and ends as a JPEG does, with an embedded picture near its beginning.
std::vector<std::uint8_t> jpeg(std::size_t size) {
  std::vector<std::uint8_t> file(size, 0x11);
  file[0] = 0xFF;
  file[1] = 0xD8;
  file[20] = 0xFF;
  file[21] = 0xD9;
  file[size - 2] = 0xFF;
  file[size - 1] = 0xD9;
  return file;
}

Errc code_of(std::span<const std::uint8_t> file) {
  const auto checked = check_picture(file);
  return checked ? Errc::count_ : checked.error().code;
}

TEST(PictureCheck, AWholeJpegIsTaken) { EXPECT_EQ(code_of(jpeg(1'000'000)), Errc::count_); }

TEST(PictureCheck, PaddingBehindTheEndIsNoFault) {
  std::vector<std::uint8_t> file = jpeg(1'000'000);
  file.resize(file.size() + 4096);
  EXPECT_EQ(code_of(file), Errc::count_);
}

TEST(PictureCheck, ACutOneIsNotSavedByTheEndOfItsThumbnail) {
  const std::vector<std::uint8_t> whole = jpeg(1'000'000);
  for (const std::size_t size : {1'000U, 500'000U, 999'999U}) {
    EXPECT_EQ(code_of(std::span(whole).first(size)), Errc::scan_page_incomplete) << size;
  }
}

/// A file of the boxes that a phone's HEIC has: ftyp, meta, mdat.
std::vector<std::uint8_t> heic(std::string_view brand, std::uint8_t pixels) {
  std::vector<std::uint8_t> file{0, 0, 0, 16, 'f', 't', 'y', 'p'};
  file.insert(file.end(), brand.begin(), brand.end());
  file.insert(file.end(), {0, 0, 0, 0, 0, 0, 0, 8, 'm', 'e', 't', 'a', 0, 0, 0, static_cast<std::uint8_t>(8 + pixels)});
  file.insert(file.end(), {'m', 'd', 'a', 't'});
  file.resize(file.size() + pixels);
  return file;
}

TEST(PictureCheck, AHeicIsKnownByItsBrand) {
  for (const char* brand : {"heic", "heix", "mif1"}) {
    EXPECT_EQ(check_picture(heic(brand, 100)).value_or(""), "image/heic") << brand;
  }
  EXPECT_EQ(code_of(heic("isom", 100)), Errc::image_unsupported) << "a film";
  EXPECT_EQ(check_picture(jpeg(1000)).value_or(""), "image/jpeg");
}

TEST(PictureCheck, AHeicThatEndsWithinABoxIsCutShort) {
  const std::vector<std::uint8_t> whole = heic("heic", 100);
  for (const std::size_t size : {17U, 40U, 131U}) {
    EXPECT_EQ(code_of(std::span(whole).first(size)), Errc::scan_page_incomplete) << size;
  }
}

TEST(PictureCheck, WhatIsNoPictureIsNamed) {
  EXPECT_EQ(code_of(std::vector<std::uint8_t>{}), Errc::image_unsupported);
  EXPECT_EQ(code_of(std::vector<std::uint8_t>(100, 0x49)), Errc::image_unsupported);
}

TEST(PictureCheck, NamesTellPicturesFromRawFilesAndFilms) {
  for (const char* name : {"IMG_0001.JPG", "a.b.jpeg", "IMG_0042.HEIC", "x.heif"}) {
    EXPECT_EQ(kind_of_name(name), FileKind::picture) << name;
  }
  for (const char* name : {"IMG_0001.CR2", "DSC.NEF", "a.dng"}) {
    EXPECT_EQ(kind_of_name(name), FileKind::raw) << name;
  }
  for (const char* name : {"MOV_1.MP4", "jpg", "", "IMG_0042.MOV", "a.aae"}) {
    EXPECT_EQ(kind_of_name(name), FileKind::other) << name;
  }
}

Storage shown(std::vector<std::string> folders) { return {std::move(folders), std::nullopt}; }

Errc access(const Result<Storage>& asked, bool is_apple) {
  const Status seen = phone_access(asked, is_apple);
  return seen ? Errc::count_ : seen.error().code;
}

Result<Storage> refused(const char* words) { return failure(gphoto_error(GP_ERROR, "storage", words)); }

TEST(PhoneAccess, IsReadOutOfWhatTheDriverAnswers) {
  EXPECT_EQ(access(shown({"/store_00010001"}), false), Errc::count_);
  EXPECT_EQ(access(shown({}), false), Errc::phone_no_file_transfer);
  EXPECT_EQ(access(shown({}), true), Errc::phone_locked);
  EXPECT_EQ(access(shown({"/store_feedface"}), true), Errc::phone_not_trusted);
  EXPECT_EQ(access(refused("PTP Invalid Storage ID"), true), Errc::phone_not_trusted);
  EXPECT_EQ(access(refused("PTP Access Denied"), false), Errc::phone_locked);
  EXPECT_EQ(access(refused("PTP Store Not Available"), true), Errc::phone_locked);
  EXPECT_EQ(access(refused("PTP I/O error"), true), Errc::device_io);
}

TEST(GphotoError, ANumberHasACodeAndKeepsItsName) {
  const Error error = gphoto_error(GP_ERROR_CAMERA_BUSY, "capture", "PTP Device Busy");
  EXPECT_EQ(error.code, Errc::device_busy);
  EXPECT_EQ(error.native.api, "gphoto2");
  EXPECT_EQ(error.native.number, GP_ERROR_CAMERA_BUSY);
}

TEST(GphotoError, WhereTheNumberSaysNothingTheWordsDo) {
  EXPECT_EQ(gphoto_error(GP_ERROR, "capture", "PTP Store Full").code, Errc::camera_store_full);
  EXPECT_EQ(gphoto_error(GP_ERROR, "capture", "Out of Focus").code, Errc::camera_no_focus);
  EXPECT_EQ(gphoto_error(GP_ERROR, "capture", "something else").code, Errc::device_io);
}

TEST(CameraOpening, SilenceIsAHungCameraOnUsbAndOneThatIsOffOnTheNetwork) {
  EXPECT_EQ(trouble_of_opening(Errc::device_timeout, "usb:001,004"), Errc::device_timeout);
  EXPECT_EQ(trouble_of_opening(Errc::device_timeout, "ptpip:192.0.2.8"), Errc::device_absent);
  EXPECT_EQ(trouble_of_opening(Errc::device_io, "usb:001,004"), Errc::device_absent);
  EXPECT_EQ(trouble_of_opening(Errc::device_busy, "usb:001,004"), Errc::device_busy);
}

}  // namespace
}  // namespace quay::camera
