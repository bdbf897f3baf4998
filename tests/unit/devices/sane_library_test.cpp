// SPDX-License-Identifier: Apache-2.0
// The parts that call libsane, one by one, inside this process: option panel, page reader, settings. The backends are
// libsane's own `test` and `pnm`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "devices/scanner/option_panel.hpp"
#include "devices/scanner/page_reader.hpp"
#include "devices/scanner/settings.hpp"
#include "protocol/worker/seqpacket.hpp"
#include "tests/rig/support/temporary_directory.hpp"

namespace quay::scanner {
namespace {

/// sane_init with `backends` in a private dll.conf, once for the process: as in the worker, never undone.
class Library {
 public:
  static Library& instance() {
    static Library library;
    return library;
  }
  const std::filesystem::path& directory() const { return directory_.path(); }

 private:
  Library() {
    std::ofstream(directory_ / "dll.conf") << "test\npnm\n";
    std::ofstream(directory_ / "test.conf") << "enable-test-options true\n";
    ::setenv("SANE_CONFIG_DIR", directory_.path().c_str(), 1);
    EXPECT_EQ(::sane_init(nullptr, nullptr), SANE_STATUS_GOOD);
  }

  rig::TemporaryDirectory directory_;
};

class SaneLibrary : public testing::Test {
 protected:
  SaneHandle open(const std::string& name) {
    Library::instance();
    auto handle = SaneHandle::open(name, canceller_);
    EXPECT_TRUE(handle);
    return *std::move(handle);
  }

  Canceller canceller_;
};

TEST_F(SaneLibrary, AValueIsMovedToWhatIsAllowedAndReadBack) {
  const SaneHandle handle = open("test:0");
  OptionPanel panel(handle);
  EXPECT_DOUBLE_EQ(*panel.set_number("resolution", 300.4), 300);
  EXPECT_DOUBLE_EQ(*panel.number("resolution"), 300);
  EXPECT_DOUBLE_EQ(*panel.set_number("resolution", 99'999), 1200);
  EXPECT_DOUBLE_EQ(*panel.set_number("int-constraint-range", 5), 6) << "steps of 2 from 4, halves go up";
  EXPECT_DOUBLE_EQ(*panel.set_number("int-constraint-word-list", 40), 42);
}

TEST_F(SaneLibrary, TheBackendsOwnRoundingIsSeen) {
  const SaneHandle handle = open("test:0");
  OptionPanel panel(handle);
  const Result<double> got = panel.set_number("int-inexact", 1000);
  ASSERT_TRUE(got);
  EXPECT_NE(*got, 1000) << "the backend changes the value and says SANE_INFO_INEXACT";
  EXPECT_DOUBLE_EQ(*got, *panel.number("int-inexact"));
}

TEST_F(SaneLibrary, SettingOneOptionMayChangeTheOthers) {
  const SaneHandle handle = open("test:0");
  OptionPanel panel(handle);
  ASSERT_TRUE(panel.set_text("mode", "Gray"));
  EXPECT_EQ(panel.settable("three-pass"), nullptr);
  ASSERT_TRUE(panel.set_text("mode", "Color"));
  EXPECT_NE(panel.settable("three-pass"), nullptr);
  EXPECT_EQ(*panel.text("mode"), "Color");
}

TEST_F(SaneLibrary, FlagsAreSetAndRead) {
  const SaneHandle handle = open("test:0");
  OptionPanel panel(handle);
  ASSERT_TRUE(panel.set_flag("hand-scanner", true));
  EXPECT_TRUE(*panel.flag("hand-scanner"));
}

TEST_F(SaneLibrary, WhatCannotBeSetSaysSo) {
  const SaneHandle handle = open("test:0");
  OptionPanel panel(handle);
  EXPECT_EQ(panel.set_number("no-such-option", 1).error().code, Errc::device_unsupported);
  EXPECT_EQ(panel.set_number("mode", 1).error().code, Errc::device_unsupported) << "a text, not a number";
  EXPECT_EQ(panel.set_text("resolution", "300").error().code, Errc::device_unsupported);
  EXPECT_EQ(panel.set_flag("bool-soft-detect", true).error().code, Errc::device_unsupported) << "read-only";
  EXPECT_EQ(panel.flag("bool-hard-select").error().code, Errc::device_unsupported) << "cannot be read";
  EXPECT_EQ(panel.set_number("gamma-table", 1).error().code, Errc::device_unsupported) << "an array";
  EXPECT_EQ(panel.set_text("mode", std::string(5000, 'x')).error().code, Errc::device_invalid_setting);
  const Status refused = panel.set_text("source", "Moon");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::device_invalid_setting);
  EXPECT_EQ(refused.error().detail, "setting option source");
}

TEST_F(SaneLibrary, ASecondOpenerIsToldTheDeviceIsBusy) {
  const SaneHandle first = open("pnm:0");
  Canceller another;
  const auto second = SaneHandle::open("pnm:0", another);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::device_busy);
}

// ---- pages through the pnm backend: the only one of libsane's that shows a picture of ours -------------------------

constexpr PixelSize kPictureSize{300, 200};

/// A picture in which every pixel differs from its neighbours.
std::vector<std::uint8_t> picture(std::size_t samples) {
  std::vector<std::uint8_t> pixels(samples * static_cast<std::size_t>(kPictureSize.width * kPictureSize.height));
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    pixels[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
  }
  return pixels;
}

class PnmPage : public SaneLibrary {
 protected:
  /// Scans `pixels` as a PNM file of `kind` ("P5", "P6") with `flag` switched on.
  Result<ReadPage> scan(const std::string& kind, const std::vector<std::uint8_t>& pixels,
                        const std::string& flag = {}) {
    const std::filesystem::path path = Library::instance().directory() / "page.pnm";
    std::ofstream(path, std::ios::binary) << kind << "\n300 200\n255\n" << std::string(pixels.begin(), pixels.end());
    const SaneHandle handle = open("pnm:0");
    OptionPanel panel(handle);
    EXPECT_TRUE(panel.set_text("filename", path));
    if (!flag.empty()) {
      EXPECT_TRUE(panel.set_flag(flag, true));
    }
    Result<ReadPage> page = PageReader(handle, job_, {150, 0}).read(1);
    handle.cancel();
    return page;
  }

  std::pair<UniqueFd, UniqueFd> ends_ = *protocol::worker::make_channel();
  worker::Channel channel_{std::move(ends_.first)};
  worker::BufferPool pool_{1};
  worker::Job job_{channel_, pool_, 1};
};

TEST_F(PnmPage, ColourComesThroughUnchanged) {
  const auto page = scan("P6", picture(3));
  ASSERT_TRUE(page) << describe(page.error());
  EXPECT_EQ(page->geometry.format, PixelFormat::rgb);
  EXPECT_EQ(page->geometry.width, kPictureSize.width);
  EXPECT_EQ(page->geometry.height, kPictureSize.height);
  EXPECT_DOUBLE_EQ(page->geometry.width_mm, 50.8);
  EXPECT_TRUE(std::ranges::equal(page->buffer.bytes().first(page->bytes), picture(3)));
}

TEST_F(PnmPage, GrayComesThroughUnchanged) {
  const auto page = scan("P5", picture(1));
  ASSERT_TRUE(page) << describe(page.error());
  EXPECT_EQ(page->geometry.format, PixelFormat::gray);
  EXPECT_TRUE(std::ranges::equal(page->buffer.bytes().first(page->bytes), picture(1)));
}

TEST_F(PnmPage, ThreePassesMakeTheSamePixels) {
  const auto page = scan("P6", picture(3), "three-pass");
  ASSERT_TRUE(page) << describe(page.error());
  EXPECT_TRUE(std::ranges::equal(page->buffer.bytes().first(page->bytes), picture(3)));
}

TEST_F(PnmPage, AHandScannersPageHasTheSamePixels) {
  const auto page = scan("P6", picture(3), "hand-scanner");
  ASSERT_TRUE(page) << describe(page.error());
  EXPECT_EQ(page->geometry.height, kPictureSize.height);
  EXPECT_TRUE(std::ranges::equal(page->buffer.bytes().first(page->bytes), picture(3)));
}

TEST_F(PnmPage, StatusesOfTheBackendKeepTheirCodes) {
  const std::pair<const char*, Errc> cases[] = {
      {"status-jammed", Errc::paper_jam},       {"status-nodocs", Errc::paper_empty},
      {"status-coveropen", Errc::cover_open},   {"status-ioerror", Errc::device_io},
      {"status-nomem", Errc::device_no_memory}, {"status-accessdenied", Errc::device_access_denied},
  };
  for (const auto& [flag, code] : cases) {
    const auto page = scan("P5", picture(1), flag);
    ASSERT_FALSE(page) << flag;
    EXPECT_EQ(page.error().code, code) << flag;
  }
}

TEST_F(PnmPage, ACancelledJobGetsNoPage) {
  job_.cancel();
  const auto page = scan("P6", picture(3));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, Errc::scan_cancelled);
}

}  // namespace
}  // namespace quay::scanner
