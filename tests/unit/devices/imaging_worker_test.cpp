// SPDX-License-Identifier: Apache-2.0
// The real quay-imaging over its channel: a page in, a preview and a document out, and nothing else possible.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <qpdf/qpdf-c.h>
#include <sys/mman.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>

#include "imaging/codec/decode.hpp"
#include "imaging/profile.hpp"
#include "protocol/client/page_report.hpp"
#include "protocol/client/profiles.hpp"
#include "tests/rig/support/page_images.hpp"
#include "tests/unit/devices/worker_client.hpp"
#include "tests/unit/imaging/person.hpp"

namespace quay::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::uint8_t> file_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Image real_page() {
  auto page = imaging::decode(file_bytes(rig::page_images().front()));
  EXPECT_TRUE(page);
  return *std::move(page);
}

WritableBuffer sealed(std::span<const std::uint8_t> bytes) {
  auto buffer = WritableBuffer::create(bytes.size());
  EXPECT_TRUE(buffer);
  std::ranges::copy(bytes, buffer->bytes().begin());
  return *std::move(buffer);
}

frames::ProcessPage order_for(const Image& page, const std::string& profile) {
  frames::ProcessPage order;
  order.request = 1;
  order.bytes = page.pixels().size();
  order.profile = profile;
  order.geometry.width = page.size().width;
  order.geometry.height = page.size().height;
  order.geometry.stride_bytes = page.stride_bytes();
  order.geometry.format = page.format();
  order.geometry.dpi = page.dpi().value;
  return order;
}

/// The sizes of a PDF's pages in millimetres, as an independent library reads them.
std::vector<PaperSize> pages_of(const std::vector<std::uint8_t>& bytes) {
  const std::unique_ptr<_qpdf_data, void (*)(qpdf_data)> pdf(qpdf_init(), [](qpdf_data data) { qpdf_cleanup(&data); });
  qpdf_set_suppress_warnings(pdf.get(), QPDF_TRUE);
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  EXPECT_EQ(qpdf_read_memory(pdf.get(), "rendition", text, bytes.size(), nullptr), QPDF_SUCCESS);
  std::vector<PaperSize> sizes;
  for (int i = 0; i < qpdf_get_num_pages(pdf.get()); ++i) {
    const qpdf_oh box =
        qpdf_oh_get_key(pdf.get(), qpdf_get_page_n(pdf.get(), static_cast<std::size_t>(i)), "/MediaBox");
    const auto side = [&](int near_edge, int far_edge) {
      const double points = qpdf_oh_get_numeric_value(pdf.get(), qpdf_oh_get_array_item(pdf.get(), box, far_edge)) -
                            qpdf_oh_get_numeric_value(pdf.get(), qpdf_oh_get_array_item(pdf.get(), box, near_edge));
      return Millimetres{points / kPointsPerInch * kMillimetresPerInch};
    };
    sizes.push_back({side(0, 2), side(1, 3)});
  }
  EXPECT_EQ(qpdf_more_warnings(pdf.get()), QPDF_FALSE);
  return sizes;
}

class ImagingWorker : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(worker_.greeted()); }

  Answers process(const Image& page, const std::string& profile) {
    const WritableBuffer pixels = sealed(page.pixels());
    return worker_.ask(order_for(page, profile), {pixels.fd()});
  }

  WorkerClient worker_{QUAY_IMAGING, {}, {{"LC_ALL", "C.UTF-8"}}};
};

TEST_F(ImagingWorker, MakesAPreviewFirstAndThenADocumentOfTheTrueSize) {
  const Image page = real_page();
  const Answers answers = process(page, "hoso");
  ASSERT_EQ(answers.code(), "");
  EXPECT_THAT(answers.order, ElementsAre("preview", "rendition", "finished"));
  EXPECT_THAT(answers.preview_bytes, testing::Contains(0xD8)) << "a JPEG";
  EXPECT_EQ(answers.preview_bytes[0], 0xFF);
  EXPECT_LE(std::max(answers.preview->width, answers.preview->height), 900);
  EXPECT_EQ(answers.rendition->media_type, "application/pdf");
  const std::vector<PaperSize> sizes = pages_of(answers.rendition_bytes);
  ASSERT_EQ(sizes.size(), 1U);
  EXPECT_NEAR(sizes[0].width.value, answers.rendition->width_mm, 0.1);
  EXPECT_NEAR(sizes[0].height.value, answers.rendition->height_mm, 0.1);
  EXPECT_NEAR(sizes[0].width.value, to_millimetres(page.size().width, page.dpi()).value, 8);
  EXPECT_LT(answers.rendition_bytes.size(), page.pixels().size() / 10);
}

TEST(ImagingProfiles, AreThoseThatClientsMayAskFor) {
  std::vector<std::string_view> names;
  for (const imaging::Profile& profile : imaging::profiles()) {
    names.push_back(profile.name);
  }
  EXPECT_THAT(names, testing::UnorderedElementsAreArray(protocol::kProfileNames));
}

TEST_F(ImagingWorker, ReportsWhatItFoundAndDid) {
  const Image page = real_page();
  const Answers answers = process(page, "hoso");
  ASSERT_EQ(answers.code(), "");
  const auto report = protocol::from_json<protocol::PageReport>(answers.rendition->report);
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_EQ(report->input.width, page.size().width);
  EXPECT_EQ(report->output.width, answers.rendition->width);
  EXPECT_EQ(report->bytes, answers.rendition_bytes.size());
  EXPECT_EQ(report->transform.size(), 9U);
  EXPECT_EQ(report->quad_px.size(), 4U);
  EXPECT_FALSE(report->steps.empty());
}

TEST_F(ImagingWorker, FindsAFaceLockedInAndRefusesAWallWithoutOne) {
  Image picture = imaging::testing::flat({900, 1200}, {232, 233, 235}, {0});
  EXPECT_EQ(process(picture, "portrait").code(), "portrait.no_face");
  imaging::testing::draw_person(picture, {.middle = {450, 470}, .head_px = 420});
  const Answers answers = process(picture, "portrait");
  ASSERT_EQ(answers.code(), "");
  EXPECT_EQ(answers.rendition->width, 354);
  EXPECT_EQ(answers.rendition->height, 472);
  const std::vector<PaperSize> sizes = pages_of(answers.rendition_bytes);
  ASSERT_EQ(sizes.size(), 1U);
  EXPECT_NEAR(sizes[0].width.value, 30, 0.1);
  EXPECT_NEAR(sizes[0].height.value, 40, 0.1);
}

TEST_F(ImagingWorker, TakesBitonalAndGrayPages) {
  for (const PixelFormat format : {PixelFormat::bitonal, PixelFormat::gray}) {
    Image page(format, {1654, 2339}, Dpi{200});
    std::ranges::fill(page.pixels(), format == PixelFormat::gray ? 250 : 0);
    EXPECT_EQ(process(page, "hoso").code(), "") << static_cast<int>(format);
  }
}

TEST_F(ImagingWorker, AnUnknownProfileIsTheCallersMistake) {
  EXPECT_EQ(process(real_page(), "glossy").code(), "request.bad_argument");
  EXPECT_EQ(process(real_page(), "").code(), "request.bad_argument");
}

TEST_F(ImagingWorker, GeometryThatDoesNotFitThePixelsIsRefusedAndTheNextPageWorks) {
  const Image page = real_page();
  const WritableBuffer pixels = sealed(page.pixels());
  const auto code = [&](auto spoil) {
    frames::ProcessPage order = order_for(page, "hoso");
    spoil(order);
    return worker_.ask(order, {pixels.fd()}).code();
  };
  constexpr std::int32_t kLargest = std::numeric_limits<std::int32_t>::max();
  EXPECT_EQ(code([](auto& order) { order.geometry.height += 1; }), "worker.protocol");
  EXPECT_EQ(code([](auto& order) { order.geometry.width += 1; }), "worker.protocol");
  EXPECT_EQ(code([](auto& order) { order.geometry.stride_bytes -= 1; }), "worker.protocol");
  EXPECT_EQ(code([](auto& order) { order.geometry.stride_bytes = std::uint64_t{1} << 63U; }), "worker.protocol");
  EXPECT_EQ(code([](auto& order) { order.geometry.width = 0; }), "worker.protocol");
  EXPECT_EQ(code([](auto& order) { order.geometry.height = -1; }), "worker.protocol");
  EXPECT_EQ(code([&](auto& order) { order.geometry.width = order.geometry.height = kLargest; }), "worker.protocol");
  EXPECT_EQ(code([](auto& order) { order.geometry = {}; }), "worker.protocol");
  EXPECT_EQ(code([](auto& order) { order.bytes = 0; }), "worker.protocol");
  EXPECT_EQ(code([](auto& order) { order.bytes += 1; }), "worker.protocol") << "more than the buffer holds";
  EXPECT_EQ(code([](auto& order) { order.bytes = 1000; }), "worker.protocol");
  EXPECT_EQ(code([](auto&) {}), "");
}

TEST_F(ImagingWorker, NonsenseResolutionsDoNoHarm) {
  const Image page = real_page();
  for (const double dpi : {-5.0, 0.0, 1e-300, 1e300}) {
    frames::ProcessPage order = order_for(page, "hoso");
    order.geometry.dpi = dpi;
    const WritableBuffer pixels = sealed(page.pixels());
    EXPECT_EQ(worker_.ask(order, {pixels.fd()}).code(), "") << dpi;
  }
}

TEST_F(ImagingWorker, OnlySealedBuffersAreRead) {
  const Image page = real_page();
  const UniqueFd unsealed(::memfd_create("unsealed", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  ASSERT_EQ(::ftruncate(unsealed.get(), static_cast<off_t>(page.pixels().size())), 0);
  EXPECT_EQ(worker_.ask(order_for(page, "hoso"), {unsealed.get()}).code(), "worker.protocol");
  EXPECT_EQ(worker_.ask(order_for(page, "hoso"), {}).code(), "worker.protocol");
  EXPECT_EQ(worker_.ask(order_for(page, "hoso"), {unsealed.get(), unsealed.get()}).code(), "worker.protocol");
}

TEST_F(ImagingWorker, JoinsPagesInTheOrderGiven) {
  const WritableBuffer first = sealed(process(real_page(), "hoso").rendition_bytes);
  Image small(PixelFormat::gray, {827, 1169}, Dpi{200});
  std::ranges::fill(small.pixels(), 240);
  const WritableBuffer second = sealed(process(small, "original").rendition_bytes);
  const frames::Assemble order{{}, 9, {second.capacity(), first.capacity(), second.capacity()}, {}};
  const Answers answers = worker_.ask(order, {second.fd(), first.fd(), second.fd()});
  ASSERT_EQ(answers.code(), "");
  EXPECT_THAT(answers.order, ElementsAre("rendition", "finished"));
  EXPECT_EQ(answers.rendition->pages, 3);
  const std::vector<PaperSize> sizes = pages_of(answers.rendition_bytes);
  ASSERT_EQ(sizes.size(), 3U);
  EXPECT_EQ(sizes[0], sizes[2]);
  EXPECT_LT(sizes[0].width.value, sizes[1].width.value);
}

TEST_F(ImagingWorker, TurnsPagesOfADocumentAndSaysWhatItIs) {
  const WritableBuffer page = sealed(process(real_page(), "hoso").rendition_bytes);
  const frames::Assemble order{{}, 9, {page.capacity(), page.capacity()}, {0, 270}};
  const Answers answers = worker_.ask(order, {page.fd(), page.fd()});
  ASSERT_EQ(answers.code(), "");
  const std::vector<PaperSize> sizes = pages_of(answers.rendition_bytes);
  ASSERT_EQ(sizes.size(), 2U);
  EXPECT_NEAR(sizes[0].width.value, sizes[1].height.value, 0.01);
  EXPECT_NEAR(sizes[0].height.value, sizes[1].width.value, 0.01);
  const auto report = protocol::from_json<protocol::DocumentReport>(answers.rendition->report);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->pdf_version, "1.7");
  EXPECT_EQ(report->conformance, "PDF/A-2b");
  const frames::Assemble askew{{}, 9, {page.capacity()}, {45}};
  EXPECT_EQ(worker_.ask(askew, {page.fd()}).code(), "image.unsupported");
  const frames::Assemble uneven{{}, 9, {page.capacity()}, {90, 90}};
  EXPECT_EQ(worker_.ask(uneven, {page.fd()}).code(), "worker.protocol");
}

TEST_F(ImagingWorker, MakesAPageAnewAsItsSettingsSay) {
  const Image page = real_page();
  const WritableBuffer pixels = sealed(page.pixels());
  const auto anew = [&](const protocol::PageSettings& settings) {
    frames::ProcessPage order = order_for(page, "original");
    order.settings = settings;
    return worker_.ask(order, {pixels.fd()});
  };
  const Answers turned = anew({{}, 90, 0, "", 0, {}, {}, {}});
  ASSERT_EQ(turned.code(), "");
  EXPECT_EQ(turned.rendition->width, page.size().height);
  EXPECT_EQ(turned.rendition->height, page.size().width);
  EXPECT_GT(turned.preview->width, turned.preview->height);
  const Answers jpeg = anew({{}, 0, 0, "jpeg", 0, {}, {}, {}});
  EXPECT_EQ(jpeg.rendition->media_type, "image/jpeg");
  EXPECT_EQ(jpeg.rendition_bytes[1], 0xD8);
  const Answers coarse = anew({{}, 0, 100, "", 0, {}, {}, {}});
  EXPECT_NEAR(coarse.rendition->dpi, 200, 0.5) << "never below the legal floor";
  EXPECT_EQ(anew({{}, 45, 0, "", 0, {}, {}, {}}).code(), "worker.protocol");
  EXPECT_EQ(anew({{}, 0, 0, "tiff", 0, {}, {}, {}}).code(), "worker.protocol");
}

TEST_F(ImagingWorker, EachStepOfCleaningCanBeLeftOutOrAsked) {
  const Image page = real_page();
  const WritableBuffer pixels = sealed(page.pixels());
  frames::ProcessPage order = order_for(page, "hoso");
  order.settings.whiten = false;
  const auto whitened = [&] {
    const Answers answers = worker_.ask(order, {pixels.fd()});
    return protocol::from_json<protocol::PageReport>(answers.rendition->report)->whitened;
  };
  EXPECT_FALSE(whitened());
  order.settings.whiten = true;
  EXPECT_TRUE(whitened());
}

TEST_F(ImagingWorker, RefusesToJoinWhatItDidNotMake) {
  const WritableBuffer nonsense = sealed(std::vector<std::uint8_t>(500, '%'));
  EXPECT_THAT(worker_.ask(frames::Assemble{{}, 1, {500}, {}}, {nonsense.fd()}).code(), HasSubstr("image."));
  EXPECT_EQ(worker_.ask(frames::Assemble{{}, 2, {}, {}}, {}).code(), "document.empty");
  EXPECT_EQ(worker_.ask(frames::Assemble{{}, 3, {500, 500}, {}}, {nonsense.fd()}).code(), "worker.protocol");
}

TEST_F(ImagingWorker, HasNoScanner) { EXPECT_EQ(worker_.ask(frames::Describe{{}, 1}).code(), "device.unsupported"); }

TEST_F(ImagingWorker, ACancelledPageEndsWithoutARendition) {
  const Image page = real_page();
  const WritableBuffer pixels = sealed(page.pixels());
  worker_.send(order_for(page, "hoso"), {pixels.fd()});
  worker_.send(frames::Cancel{{}, 1});
  const Answers answers = worker_.collect();
  EXPECT_EQ(answers.code(), "scan.cancelled");
  EXPECT_FALSE(answers.rendition);
}

std::string proc_text(pid_t pid, const char* name) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(ImagingWorker, IsLockedInBeforeItSaysHello) {
  EXPECT_THAT(proc_text(worker_.pid(), "status"), HasSubstr("Seccomp:\t2\n"));
  EXPECT_THAT(proc_text(worker_.pid(), "status"), HasSubstr("NoNewPrivs:\t1\n"));
}

TEST_F(ImagingWorker, LeavesWhenTheChannelCloses) {
  worker_.close_channel();
  EXPECT_EQ(worker_.ending(), "exit status 0");
}

}  // namespace
}  // namespace quay::test
