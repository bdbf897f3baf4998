// SPDX-License-Identifier: Apache-2.0
// Several papers on one glass under quayd: each becomes a page of the job and of its document, once, over crashes too;
// the whole glass stays there as well.
#include "clients/cpp/event_stream.hpp"
#include "imaging/codec/jpeg.hpp"
#include "protocol/client/error_table.hpp"
#include "protocol/client/events.hpp"
#include "tests/rig/support/temporary_directory.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/system/document_counter.hpp"

namespace quay::system_test {
namespace {

using protocol::CaptureState;
using testing::ElementsAre;

struct Sheet {
  std::int32_t left, top, width, height;
};

/// Two receipts on a dark glass of A4 at 200 dpi; the upper one is 100 mm wide, the lower one 130 mm.
constexpr PixelSize kGlass{1654, 2339};
constexpr std::array<Sheet, 2> kSheets{{{180, 160, 787, 900}, {320, 1270, 1024, 880}}};

void paint(Image& page, const Sheet& box, std::uint8_t level) {
  for (std::int32_t y = box.top; y < box.top + box.height; ++y) {
    std::fill_n(page.row(y) + box.left, box.width, level);
  }
}

void write_glass(const std::filesystem::path& file) {
  Image glass(PixelFormat::gray, kGlass, Dpi{200});
  paint(glass, {0, 0, kGlass.width, kGlass.height}, 28);
  for (const Sheet& sheet : kSheets) {
    paint(glass, sheet, 240);
    for (std::int32_t line = 0; line < 9; ++line) {
      for (std::int32_t word = 0; word < 5 + line % 3; ++word) {
        paint(glass, {sheet.left + 80 + word * 88, sheet.top + 90 + line * 70, 60, 9}, 40);
      }
    }
  }
  const auto bytes = imaging::encode_jpeg(glass.view(), {.quality = 92});
  ASSERT_TRUE(bytes);
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
}

class Papers : public Documents {
 protected:
  void start_counter(int glasses = 1) {
    write_glass(paper_.path() / "glass.jpg");
    const std::vector<std::filesystem::path> pages(static_cast<std::size_t>(glasses), paper_.path() / "glass.jpg");
    CounterOptions options{.sheets = glasses, .escl = true, .pages = pages, .image_workers = 3};
    options.deadlines += "drain_ms = 500\n";
    counter_.emplace(options);
    std::filesystem::create_directories(portal_directory());
    counter_->start();
    visit_ = counter_->open_visit();
    client_.emplace(counter_->connect());
  }
  void scan_glass() {
    start_counter();
    const protocol::Job job = counter_->scan({.visit = visit_, .resolution_dpi = 200});
    ASSERT_EQ(job.state, protocol::JobState::done) << counter_->daemon().transcript();
    captures_ = job.captures;
    ASSERT_EQ(captures_.size(), 1U);
  }
  protocol::Capture seen() {
    const auto capture = ask<protocol::Capture>("capture.get", protocol::CaptureArguments{{}, captures_[0]});
    EXPECT_TRUE(capture) << describe(capture.error());
    return capture.value_or(protocol::Capture{});
  }
  static std::vector<std::int32_t> generations(const Document& document) {
    std::vector<std::int32_t> made;
    for (const protocol::DocumentPage& page : document.page_list) {
      made.push_back(page.generation);
    }
    return made;
  }
  /// Waits for capture.ready of this generation.
  protocol::CaptureReady ready(client::EventStream& events, std::int32_t generation) {
    for (;;) {
      const auto event = events.next(deadline_in(kPatience));
      if (!event || !*event) {
        ADD_FAILURE() << counter_->daemon().transcript();
        return {};
      }
      const auto data = protocol::from_json<protocol::CaptureReady>((*event)->data);
      if ((*event)->type == "capture.ready" && data && data->generation == generation) {
        return *data;
      }
    }
  }

  /// Starts a scan; returns its capture the moment the whole glass is ready and its papers are not.
  std::string scanned_until_whole() {
    auto events = client::EventStream::open(*client_, {client_->hello().journal, client_->hello().seq});
    EXPECT_TRUE(events && counter_->start_scan({.visit = visit_, .resolution_dpi = 200}));
    return events ? ready(*events, 1).capture : "";
  }

  void start_again() {
    counter_->start();
    client_.emplace(counter_->connect());
  }
  static protocol::CaptureReworkArguments paper_of(const std::string& capture, std::int32_t part) {
    protocol::CaptureReworkArguments wanted;
    wanted.capture = capture;
    wanted.settings.part = part;
    return wanted;
  }
  std::ptrdiff_t in_state(CaptureState state) {
    const auto captures = counter_->captures(visit_);
    return std::count_if(captures.begin(), captures.end(), [&](const auto& one) { return one.state == state; });
  }
  /// A capture of whose glass a paper is ready and the whole is not becomes the only one of captures_.
  bool find_paper_without_glass() {
    for (const protocol::Capture& capture : counter_->captures(visit_)) {
      const auto has = [&](const std::string& name) {
        return std::any_of(capture.renditions.begin(), capture.renditions.end(),
                           [&](const auto& one) { return one.rendition == name; });
      };
      if (has("page-2") && !has("page")) {
        captures_ = {capture.capture};
        return true;
      }
    }
    return false;
  }
  /// There are `count` later generations, and all become ready.
  void expect_all_made(std::size_t count) {
    const auto made = [&] {
      const protocol::Capture capture = seen();
      const auto in = [&](CaptureState state) {
        return static_cast<std::size_t>(std::count_if(capture.generations.begin(), capture.generations.end(),
                                                      [&](const auto& one) { return one.state == state; }));
      };
      EXPECT_EQ(in(CaptureState::failed), 0U) << counter_->daemon().transcript();
      return in(CaptureState::ready) == count || HasFailure();
    };
    EXPECT_TRUE(rig::wait_until(made, kPatience)) << counter_->daemon().transcript();
    EXPECT_EQ(seen().generations.size(), count);
  }

  rig::TemporaryDirectory paper_;
};

TEST_F(Papers, OnOneGlassAreAPageEachOfTheirJobAndOfItsDocument) {
  scan_glass();
  const protocol::Capture capture = seen();
  ASSERT_TRUE(capture.report);
  EXPECT_EQ(capture.report->parts, 2);
  ASSERT_EQ(capture.generations.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(capture.generations[i].state, CaptureState::ready);
    EXPECT_EQ(capture.generations[i].settings.part, static_cast<std::int32_t>(i + 1));
  }
  for (const protocol::RenditionInfo& one : capture.renditions) {
    const double width = one.rendition == "page-2" ? 100 : one.rendition == "page-3" ? 130 : 0;
    if (width > 0) {
      EXPECT_NEAR(one.width_mm, width, 1.5) << one.rendition;
    }
  }
  const Document document = assemble(order(captures_));
  EXPECT_THAT(generations(document), ElementsAre(2, 3));
  EXPECT_THAT(painted(fetch(document)),
              ElementsAre(painted_alone(captures_[0], "page-2"), painted_alone(captures_[0], "page-3")));
}

TEST_F(Papers, AreToldOfInTheEventOfTheWholeGlassAndEachInItsOwn) {
  start_counter();
  auto events = client::EventStream::open(*client_, {client_->hello().journal, client_->hello().seq});
  ASSERT_TRUE(events);
  ASSERT_TRUE(counter_->start_scan({.visit = visit_, .resolution_dpi = 200}));
  const protocol::CaptureReady whole = ready(*events, 1), first = ready(*events, 2), second = ready(*events, 3);
  EXPECT_EQ(whole.parts, 2);
  EXPECT_EQ(whole.part, 0);
  EXPECT_EQ(first.part, 1);
  EXPECT_EQ(second.part, 2);
  EXPECT_EQ(second.capture, whole.capture);
}

TEST_F(Papers, WhoseMakingWasCutOffAreMadeOnceAfterTheRestart) {
  start_counter();
  captures_ = {scanned_until_whole()};
  counter_->kill_daemon();
  start_again();
  expect_all_made(2);
  EXPECT_THAT(generations(assemble(order(captures_))), ElementsAre(2, 3));
}

TEST_F(Papers, WhoseMakingAnOrderlyStopCutOffAreMadeAfterTheNextStart) {
  start_counter();
  captures_ = {scanned_until_whole()};
  counter_->freeze("quay-imaging");
  counter_->stop_daemon();
  start_again();
  expect_all_made(2);
  EXPECT_THAT(generations(assemble(order(captures_))), ElementsAre(2, 3));
}

TEST_F(Papers, OneOfWhichWasAskedForAnewAreMadeSoAfterAnOrderlyStopToo) {
  scan_glass();
  counter_->freeze("quay-imaging");
  protocol::CaptureReworkArguments wanted;
  wanted.capture = captures_[0];
  for (wanted.settings.part = 1; wanted.settings.part <= 2; ++wanted.settings.part) {
    ASSERT_TRUE(ask<protocol::CaptureReworkResult>("capture.rework", wanted));
  }
  counter_->stop_daemon();
  start_again();
  expect_all_made(4);
  EXPECT_THAT(generations(assemble(order(captures_))), ElementsAre(4, 5));
}

TEST_F(Papers, OneOfWhichWasMadeBeforeTheWholeGlassAreNotCompleteAndAllAreMadeAfterACrash) {
  start_counter(4);
  counter_->freeze("quay-imaging", 2);  // one of these may be the judge of live views: a page is stuck, others are not
  ASSERT_TRUE(counter_->start_scan({.visit = visit_, .resolution_dpi = 200}));
  ASSERT_TRUE(rig::wait_until(
      [&] { return counter_->captures(visit_).size() == 4 && in_state(CaptureState::ready) >= 2; }, kPatience));
  for (const protocol::Capture& capture : counter_->captures(visit_)) {
    if (capture.state == CaptureState::captured) {
      ASSERT_TRUE(ask<protocol::CaptureReworkResult>("capture.rework", paper_of(capture.capture, 1)));
    }
  }
  ASSERT_TRUE(rig::wait_until([&] { return find_paper_without_glass(); }, kPatience))
      << counter_->daemon().transcript();
  EXPECT_EQ(seen().state, CaptureState::captured);
  const auto refused = ask<Document>("document.assemble", order(captures_));
  EXPECT_EQ(refused ? "no error" : protocol::error_row(refused.error().code).wire, "capture.not_ready");
  counter_->kill_daemon();
  start_again();
  expect_all_made(3);
  EXPECT_THAT(generations(assemble(order(captures_))), ElementsAre(3, 4));
}

TEST_F(Papers, GiveWayToTheWholeGlassThatAPersonMadeAnewAndOneCanBeTurnedAlone) {
  scan_glass();
  auto events = client::EventStream::open(*client_, {client_->hello().journal, client_->hello().seq});
  ASSERT_TRUE(events);
  protocol::CaptureReworkArguments wanted;
  wanted.capture = captures_[0];
  wanted.settings.part = 2;
  wanted.settings.rotate_deg = 90;
  ASSERT_TRUE(ask<protocol::CaptureReworkResult>("capture.rework", wanted));
  EXPECT_EQ(ready(*events, 4).part, 2);
  EXPECT_THAT(generations(assemble(order(captures_))), ElementsAre(2, 4));
  for (const protocol::RenditionInfo& one : seen().renditions) {
    if (one.rendition == "page-4") {
      EXPECT_NEAR(one.height_mm, 130, 1.5);
    }
  }
  wanted.settings = {};
  ASSERT_TRUE(ask<protocol::CaptureReworkResult>("capture.rework", wanted));
  const protocol::CaptureReady whole = ready(*events, 5);
  EXPECT_EQ(whole.part, 0);
  EXPECT_EQ(whole.parts, 1) << "as many as follow by themselves: none";
  EXPECT_EQ(seen().report->parts, 1);
  EXPECT_THAT(generations(assemble(order(captures_))), ElementsAre(5));
}

TEST_F(Papers, OfADocumentThatIsTooLargeAreMadeLighterEachForItself) {
  scan_glass();
  protocol::DocumentAssembleArguments wanted = order(captures_);
  const Document whole = assemble(wanted);
  wanted.max_bytes = whole.file.bytes * 9 / 10;
  const Document fitted = assemble(wanted);
  const protocol::Capture capture = seen();
  ASSERT_EQ(fitted.page_list.size(), 2U);
  std::vector<std::int32_t> parts;
  for (const protocol::DocumentPage& page : fitted.page_list) {
    for (const protocol::Generation& one : capture.generations) {
      if (one.generation == page.generation) {
        parts.push_back(one.settings.part);
      }
    }
  }
  EXPECT_THAT(parts, ElementsAre(1, 2));
}

TEST_F(Papers, ThatAreNotThereCannotBeAskedFor) {
  scan_glass();
  auto events = client::EventStream::open(*client_, {client_->hello().journal, client_->hello().seq});
  ASSERT_TRUE(events);
  protocol::CaptureReworkArguments wanted;
  wanted.capture = captures_[0];
  wanted.settings.part = 3;
  ASSERT_TRUE(ask<protocol::CaptureReworkResult>("capture.rework", wanted));
  for (bool failed = false; !failed;) {
    const auto event = events->next(deadline_in(kPatience));
    ASSERT_TRUE(event && *event) << counter_->daemon().transcript();
    const auto data = protocol::from_json<protocol::CaptureFailed>((*event)->data);
    failed = (*event)->type == "capture.failed" && data && data->generation == 4;
  }
  EXPECT_THAT(generations(assemble(order(captures_))), ElementsAre(2, 3));
}

}  // namespace
}  // namespace quay::system_test
