// SPDX-License-Identifier: Apache-2.0
// Forms through the whole of quayd: what they ask for, how they look before paper is spent on them, and that nothing of
// a print stays behind its visit.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "clients/cpp/socket.hpp"
#include "protocol/client/envelope.hpp"
#include "tests/system/coded_page.hpp"
#include "tests/system/front_end.hpp"
#include "tests/system/print_counter.hpp"

namespace quay::system_test {
namespace {

using protocol::JobState;
using protocol::PrintState;
using testing::IsEmpty;

/// What form.preview gives: the reply, and the picture behind it.
struct Previewed {
  protocol::Reply reply;
  std::string picture;
};

Previewed preview(PrintCounter& desk, const protocol::FormPreviewArguments& wanted) {
  zmq::context_t context;
  auto images = client::Socket::connect(context, client::Socket::Kind::commands,
                                        client::Address(desk.counter().run_directory()), "images");
  protocol::Command command;
  command.v = 1;
  command.id = "preview";
  command.cmd = "form.preview";
  command.visit_key = desk.counter().key_of(wanted.visit);
  command.args = protocol::to_json_object(wanted);
  const Deadline deadline = deadline_in(Milliseconds(20'000));
  EXPECT_TRUE(images && images->send(protocol::encode(command), deadline));
  const auto frames = images->receive(deadline);
  if (!frames || !*frames || (*frames)->empty()) {
    ADD_FAILURE() << "no reply\n" << desk.counter().daemon().transcript();
    return {};
  }
  const client::Frames& came = **frames;
  const auto reply = protocol::decode_reply(client::text_of(came.front()));
  return {reply.value_or(protocol::Reply{}), came.size() > 1 ? std::string(client::text_of(came.back())) : ""};
}

/// Width or height out of the header of a PNG (ISO/IEC 15948, 11.2.2).
std::uint32_t png_number(const std::string& png, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = at; i < at + 4 && i < png.size(); ++i) {
    number = number << 8U | static_cast<std::uint8_t>(png[i]);
  }
  return number;
}

TEST(PrintForm, AFormIsSeenAsAPictureBeforePaperIsSpentOnIt) {
  PrintCounter desk;
  desk.start();
  protocol::FormPreviewArguments wanted;
  wanted.visit = desk.visit();
  wanted.form = "file-label";
  wanted.values = desk.label().values;
  const Previewed seen = preview(desk, wanted);
  ASSERT_EQ(seen.reply.status, protocol::ReplyStatus::done) << seen.reply.error.value_or(protocol::ErrorBody{}).code;
  const auto result = protocol::from_json<protocol::FormPreviewResult>(
      protocol::json::value(seen.reply.result.value_or(protocol::json::object{})));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->media_type, "image/png");
  EXPECT_EQ(result->bytes, seen.picture.size());
  EXPECT_EQ(result->page, 1);
  EXPECT_EQ(result->pages, 1);
  ASSERT_EQ(seen.picture.substr(1, 3), "PNG");
  EXPECT_NEAR(static_cast<double>(png_number(seen.picture, 16)), result->width, 1);
  EXPECT_NEAR(static_cast<double>(png_number(seen.picture, 20)), result->height, 1);

  wanted.dpi = 200;
  EXPECT_NEAR(png_number(preview(desk, wanted).picture, 16), 2.0 * png_number(seen.picture, 16), 2);
  wanted.dpi = 100;
  wanted.values["applicant"] = "Trần Văn Bưu";
  EXPECT_NE(preview(desk, wanted).picture, seen.picture) << "what was filled in is on it";
  EXPECT_EQ(desk.printer().status("jobs"), "0");
}

TEST(PrintForm, APreviewThatCannotBeSaysWhy) {
  PrintCounter desk;
  desk.start();
  protocol::FormPreviewArguments wanted;
  wanted.visit = desk.visit();
  wanted.form = "file-label";
  wanted.values = desk.label().values;
  const auto code = [&] { return preview(desk, wanted).reply.error.value_or(protocol::ErrorBody{}).code; };
  wanted.page = 2;
  EXPECT_EQ(code(), "document.page_unknown");
  wanted.page = 1;
  wanted.dpi = 201;
  EXPECT_EQ(code(), "request.bad_argument");
  wanted.dpi = 100;
  wanted.values.erase("applicant");
  EXPECT_EQ(code(), "form.field");
  wanted.form = "no-such-form";
  EXPECT_EQ(code(), "form.unknown");
}

TEST(PrintForm, AFilledFormComesOutAndLeavesNoTrace) {
  PrintCounter desk;
  desk.start();
  const std::string id = desk.submit(desk.label());
  const protocol::Job job = desk.await_end(id);
  ASSERT_EQ(job.state, JobState::done) << desk.counter().daemon().transcript();
  EXPECT_EQ(job.kind, "print");
  ASSERT_TRUE(job.print);
  EXPECT_EQ(job.print->state, PrintState::printed);
  EXPECT_EQ(job.print->source, "form");
  EXPECT_EQ(job.print->sheets_expected, 1);
  EXPECT_EQ(job.print->sheets_printed, 1);
  EXPECT_EQ(desk.sheets(id), 1);
  ASSERT_TRUE(desk.client().call("visit.close", {{"visit", desk.visit()}}));
  EXPECT_THAT(files_with(desk.counter().path(), "Nguyễn Thị Quầy"), IsEmpty());
  EXPECT_THAT(files_with(desk.counter().path(), "H26.12-261126-0001"), IsEmpty());
}

TEST(PrintForm, FormsSayWhatTheyAskForAndAMistakeIsToldAtOnce) {
  PrintCounter desk;
  desk.start();
  const auto forms = desk.client().call_as<protocol::FormListResult>("form.list", protocol::NoArguments{});
  ASSERT_TRUE(forms);
  EXPECT_THAT(forms->mistakes, IsEmpty());
  ASSERT_EQ(forms->forms.size(), 3U);
  EXPECT_EQ(forms->forms.front().form, "file-label");
  EXPECT_TRUE(forms->forms.front().fields.front().required);
  protocol::PrintSubmitArguments wrong = desk.label();
  wrong.values.erase("applicant");
  EXPECT_EQ(desk.submit(wrong), "form.field");
  wrong = desk.label();
  wrong.form = "no-such-form";
  EXPECT_EQ(desk.submit(wrong), "form.unknown");
  EXPECT_EQ(desk.printer().status("jobs"), "0");
}

/// Files that hold that text and are newer than `since`, where programs leave what they do not clean up.
std::vector<std::string> left_about(std::filesystem::file_time_type since, const std::string& text) {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const char* folder : {"/tmp", "/var/tmp", "/dev/shm"}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
      if (!entry.is_regular_file(ignored) || entry.last_write_time(ignored) < since) {
        continue;
      }
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string content{std::istreambuf_iterator<char>(file), {}};
      if (content.find(text) != std::string::npos) {
        found.push_back(entry.path().string());
      }
    }
  }
  return found;
}

TEST(PrintForm, LeavesNothingOfAPrintBehindItsVisit) {
  const auto begin = std::filesystem::file_time_type::clock::now() - std::chrono::seconds(1);
  const std::string name = "Lưu " + random_uuid();
  PrintCounter desk;
  desk.start();
  protocol::FormPreviewArguments look;
  look.visit = desk.visit();
  look.form = "file-label";
  look.values = desk.label(name).values;
  EXPECT_EQ(preview(desk, look).reply.status, protocol::ReplyStatus::done);
  const std::string done = desk.submit(desk.label(name), "wish-1");
  EXPECT_EQ(desk.await_end(done).state, JobState::done);
  std::ifstream paper(desk.file_of(done), std::ios::binary);
  const std::string document{std::istreambuf_iterator<char>(paper), {}};
  ASSERT_FALSE(document.empty());
  desk.fault("power-cut at=1");
  const std::string id = desk.submit(desk.label(name));
  EXPECT_EQ(desk.await_end(id).print->state, PrintState::uncertain);
  desk.settle(id, PrintState::not_printed);
  const std::filesystem::path spool = desk.counter().path() / "state/spool";
  EXPECT_FALSE(std::filesystem::is_empty(spool));
  EXPECT_THAT(files_with(spool, "%PDF"), IsEmpty()) << "also before: it is sealed";

  ASSERT_TRUE(desk.client().call("visit.close", {{"visit", desk.visit()}}));
  EXPECT_TRUE(std::filesystem::is_empty(spool));
  for (const std::string& text : {name, document}) {
    EXPECT_THAT(files_with(desk.counter().path(), text), IsEmpty());
    EXPECT_THAT(left_about(begin, text), IsEmpty());
  }
  EXPECT_THAT(files_with(QUAY_FORMS, name), IsEmpty());
  desk.counter().stop_daemon();
  EXPECT_EQ(desk.in_journal("SELECT count(*) FROM job WHERE kind = 'print'"), "2") << "that there were prints stays";
  EXPECT_EQ(desk.in_journal("SELECT count(*) FROM print"), "0");
  EXPECT_EQ(desk.in_journal("SELECT count(*) FROM job WHERE arguments <> '' OR error IS NOT NULL"), "0");
  const std::string events = "SELECT count(*) FROM event WHERE substr(text ->> '$.type', 1, 6) IN ('print.', 'job.fi')";
  EXPECT_NE(desk.in_journal(events), "0");
  EXPECT_EQ(desk.in_journal(events + " AND text -> '$.data' <> '{\"erased\":true}'"), "0");
}

}  // namespace
}  // namespace quay::system_test
