// SPDX-License-Identifier: Apache-2.0
// The text layer under quayd: later than the page, a rendition of its own, in documents made afterwards, and gone with
// its visit.
#include <array>
#include <cstdio>
#include <fstream>

#include "clients/cpp/event_stream.hpp"
#include "protocol/client/events.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/system/counter.hpp"

namespace quay::system_test {
namespace {

constexpr Milliseconds kPatience{100'000};  // a page is read when the machine has nothing else to do

/// What a reader would copy out of a PDF.
std::string text_of(const client::FetchedFile& file, const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "page.pdf";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(file.bytes.data()), static_cast<std::streamsize>(file.bytes.size()));
  std::string text;
  std::FILE* pipe = ::popen(("pdftotext '" + path.string() + "' -").c_str(), "r");
  std::array<char, 4096> piece{};
  for (std::size_t got = 1; pipe != nullptr && got > 0;) {
    got = std::fread(piece.data(), 1, piece.size(), pipe);
    text.append(piece.data(), got);
  }
  if (pipe != nullptr) {
    ::pclose(pipe);
  }
  return text;
}

/// True once the capture has a rendition of that name.
bool gets(Counter& counter, const std::string& visit, const std::string& rendition) {
  return rig::wait_until(
      [&] {
        const auto captures = counter.captures(visit);
        return !captures.empty() && std::any_of(captures[0].renditions.begin(), captures[0].renditions.end(),
                                                [&](const auto& info) { return info.rendition == rendition; });
      },
      kPatience);
}

class TextLayer : public testing::Test {
 protected:
  TextLayer() : counter_({.sheets = 1, .escl = true, .text_language = "vie"}) {}

  std::string scan_one_page() {
    const std::string visit = counter_.open_visit();
    const protocol::Job job = counter_.scan({.visit = visit, .resolution_dpi = 200});
    EXPECT_EQ(job.state, protocol::JobState::done) << counter_.daemon().transcript();
    capture_ = job.captures.empty() ? "" : job.captures[0];
    return visit;
  }
  protocol::Document assemble(client::Client& client, const std::string& visit) {
    protocol::DocumentAssembleArguments wanted;
    wanted.visit = visit;
    wanted.captures = {capture_};
    const auto document = client.call_as<protocol::Document>("document.assemble", wanted);
    EXPECT_TRUE(document) << describe(document.error());
    return document.value_or(protocol::Document{});
  }

  Counter counter_;
  std::string capture_;
};

TEST_F(TextLayer, ComesAfterThePageAndIsInDocumentsMadeFromThenOn) {
  counter_.start();
  const std::string visit = scan_one_page();
  client::Client client = counter_.connect();
  const protocol::Document before = assemble(client, visit);
  ASSERT_TRUE(gets(counter_, visit, "text")) << counter_.daemon().transcript();
  const protocol::Document after = assemble(client, visit);
  EXPECT_FALSE(before.page_list.at(0).text);
  EXPECT_TRUE(after.page_list.at(0).text);

  const auto plain = client::fetch_image(client, before.document, "document", deadline_in(Milliseconds(10'000)));
  const auto read = client::fetch_image(client, after.document, "document", deadline_in(Milliseconds(10'000)));
  ASSERT_TRUE(plain && read);
  EXPECT_LT(text_of(*plain, counter_.path()).size(), 5U);
  EXPECT_NE(text_of(*read, counter_.path()).find("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), std::string::npos)
      << text_of(*read, counter_.path());
}

TEST_F(TextLayer, IsToldByAnEventThatNamesItsRendition) {
  counter_.start();
  client::Client client = counter_.connect();
  auto events = client::EventStream::open(client, {client.hello().journal, client.hello().seq});
  ASSERT_TRUE(events);
  scan_one_page();
  for (;;) {
    const auto event = events->next(deadline_in(kPatience));
    ASSERT_TRUE(event && *event) << counter_.daemon().transcript();
    if ((*event)->type == "capture.text") {
      const auto data = protocol::from_json<protocol::CaptureText>((*event)->data);
      ASSERT_TRUE(data);
      EXPECT_EQ(data->capture, capture_);
      EXPECT_EQ(data->rendition.rendition, "text");
      break;
    }
  }
}

TEST_F(TextLayer, OfAPageThatWasReadyWhenQuaydDiedIsMadeAfterTheNextStart) {
  counter_.start();
  const std::string visit = scan_one_page();
  counter_.kill_daemon();
  counter_.start();
  EXPECT_TRUE(gets(counter_, visit, "text")) << counter_.daemon().transcript();
}

TEST_F(TextLayer, DoesNotHoldUpTheEndOfItsVisit) {
  counter_.start();
  const std::string visit = scan_one_page();
  client::Client client = counter_.connect();
  ASSERT_TRUE(rig::wait_until([&] { return counter_.workers("quay-imaging").size() > 1; }, kPatience));
  const auto closed = client.call("visit.close", {{"visit", visit}});
  EXPECT_TRUE(closed) << describe(closed.error());
  ASSERT_TRUE(counter_.sim().tell("load 1"));
  const std::string next = scan_one_page();
  EXPECT_TRUE(gets(counter_, next, "text")) << counter_.daemon().transcript();
}

}  // namespace
}  // namespace quay::system_test
