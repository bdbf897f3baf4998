// SPDX-License-Identifier: Apache-2.0
#include "devices/camera/picture_check.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "devices/camera/gphoto_error.hpp"

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
  const Status checked = check_picture(file);
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

TEST(PictureCheck, WhatIsNoJpegIsNamed) {
  EXPECT_EQ(code_of(std::vector<std::uint8_t>{}), Errc::image_unsupported);
  EXPECT_EQ(code_of(std::vector<std::uint8_t>(100, 0x49)), Errc::image_unsupported);
}

TEST(PictureCheck, OnlyNamesOfJpegFilesAreTaken) {
  EXPECT_TRUE(is_jpeg_name("IMG_0001.JPG"));
  EXPECT_TRUE(is_jpeg_name("a.b.jpeg"));
  for (const char* name : {"IMG_0001.CR2", "DSC.NEF", "MOV_1.MP4", "jpg", ""}) {
    EXPECT_FALSE(is_jpeg_name(name)) << name;
  }
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

}  // namespace
}  // namespace quay::camera
