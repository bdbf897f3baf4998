// SPDX-License-Identifier: Apache-2.0
// Documents over the real daemon: assembled, edited, undone, made anew. What a PDF shows is judged by programs that
// share no code with ours: qpdf, pdfinfo, mutool.
#include "clients/cpp/event_stream.hpp"
#include "protocol/client/error_table.hpp"
#include "tests/system/document_counter.hpp"

namespace quay::system_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(Documents, OfMorePagesThanOneFileMayHaveIsRefusedBeforeAnyOfThemIsLookedFor) {
  open(1);
  const auto code = [&](std::size_t pages) {
    const auto refused = ask<Document>("document.assemble", order(std::vector<std::string>(pages, "of nobody")));
    return refused ? "no error" : std::string(protocol::error_row(refused.error().code).wire);
  };
  EXPECT_EQ(code(251), "document.too_large");
  EXPECT_EQ(code(250), "capture.unknown");
}

TEST_F(Documents, FivePagesAreReorderedReplacedTurnedDroppedAndUndone) {
  open(5);
  std::vector<std::string> alone;
  for (const std::string& capture : captures_) {
    alone.push_back(painted_alone(capture));
  }
  const Document first = assemble(order({captures_.begin(), captures_.begin() + 4}));
  EXPECT_FALSE(first.can_undo);
  EXPECT_THAT(painted(fetch(first)), ElementsAre(alone[0], alone[1], alone[2], alone[3]));

  const Document moved = edited(first.document, {edit(EditOp::move, 4, 1)});
  EXPECT_EQ(moved.revision, 2);
  EXPECT_THAT(painted(fetch(moved)), ElementsAre(alone[3], alone[0], alone[1], alone[2]));

  const Document mended = edited(first.document, {edit(EditOp::replace, 2, captures_[4]), edit(EditOp::drop, 4)});
  EXPECT_THAT(painted(fetch(mended)), ElementsAre(alone[3], alone[4], alone[1]));

  const Document turned = edited(first.document, {turn(2, 90)});
  const std::string info = output_of("pdfinfo -l 3 " + saved(fetch(turned), "turned.pdf"));
  EXPECT_THAT(info, HasSubstr("Pages:           3"));
  const auto size_of = [&](int page) {
    const std::string key = fmt::format("Page {:4} size:", page);
    const std::size_t at = info.find(key);
    double width = 0;
    double height = 0;
    EXPECT_EQ(std::sscanf(info.c_str() + at + key.size(), " %lf x %lf", &width, &height), 2) << info;
    return std::pair(width, height);
  };
  EXPECT_NEAR(size_of(1).first, size_of(2).second, 1);
  EXPECT_NEAR(size_of(1).second, size_of(2).first, 1);

  const Document back = edited(first.document, {edit(EditOp::undo)});
  EXPECT_EQ(back.revision, mended.revision);
  EXPECT_TRUE(back.can_redo);
  EXPECT_THAT(painted(fetch(back)), ElementsAre(alone[3], alone[4], alone[1]));
  EXPECT_EQ(edited(first.document, {edit(EditOp::redo)}).file.sha256, turned.file.sha256);
}

TEST_F(Documents, ARevisionWhoseFileWasDroppedIsMadeAgainByteForByte) {
  open(3);
  const Document first = assemble(order(captures_));
  edited(first.document, {edit(EditOp::move, 3, 1)});
  edited(first.document, {edit(EditOp::drop, 2)});
  const auto gone = client::fetch_image(*client_, first.document, "document", deadline_in(kPatience));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, Errc::rendition_unknown);
  DocumentEdit restore = edit(EditOp::restore);
  restore.revision = 1;
  const Document again = edited(first.document, {restore});
  EXPECT_EQ(again.file.sha256, first.file.sha256);
  EXPECT_EQ(sha256(fetch(again)), first.file.sha256);
}

TEST_F(Documents, UndoOutlivesAKilledDaemonAndEndsWithTheVisit) {
  open(2);
  const Document first = assemble(order(captures_));
  edited(first.document, {edit(EditOp::drop, 1)});
  counter_->kill_daemon();
  counter_->start();
  client_.emplace(counter_->connect());
  const Document back = edited(first.document, {edit(EditOp::undo)});
  EXPECT_EQ(back.file.sha256, first.file.sha256);
  ASSERT_TRUE(ask<protocol::Visit>("visit.close", protocol::VisitArguments{{}, visit_}));
  const auto late = try_edit(first.document, {edit(EditOp::redo)});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::document_unknown);
}

TEST_F(Documents, WhatCannotBeDoneIsRefusedAndNothingChanges) {
  open(2);
  const Document first = assemble(order(captures_));
  const auto code = [&](const std::vector<DocumentEdit>& edits, int revision = 0) {
    const auto refused = try_edit(first.document, edits, revision);
    return refused ? Errc::count_ : refused.error().code;
  };
  EXPECT_EQ(code({edit(EditOp::drop, 3)}), Errc::document_page_unknown);
  EXPECT_EQ(code({edit(EditOp::drop, 1), edit(EditOp::drop, 1)}), Errc::document_empty);
  EXPECT_EQ(code({edit(EditOp::insert, 0, "no-such-capture")}), Errc::capture_unknown);
  EXPECT_EQ(code({edit(EditOp::undo)}), Errc::document_no_such_step);
  EXPECT_EQ(code({edit(EditOp::move, 1, 2)}, 7), Errc::document_changed);
  EXPECT_EQ(code({}), Errc::request_bad_argument);
  const auto same = ask<Document>("document.get", protocol::DocumentArguments{{}, first.document});
  ASSERT_TRUE(same);
  EXPECT_EQ(same->revision, 1);
  EXPECT_EQ(same->file.sha256, first.file.sha256);
  const auto empty = ask<Document>("document.assemble", order({}));
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, Errc::document_empty);
  auto coded = order(captures_);
  coded.code = "not a code";
  EXPECT_EQ(ask<Document>("document.assemble", coded).error().code, Errc::document_code_invalid);
}

TEST_F(Documents, APageThatWasSetAsideIsInNoDocumentUntilItIsTakenBack) {
  open(2);
  const protocol::CapturesArguments second{{}, visit_, {captures_[1]}};
  ASSERT_TRUE(ask<protocol::CapturesResult>("capture.discard", second));
  const auto refused = ask<Document>("document.assemble", order(captures_));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::capture_set_aside);
  const Document document = assemble(order({captures_[0]}));
  const auto inserted = try_edit(document.document, {edit(EditOp::insert, 0, captures_[1])});
  ASSERT_FALSE(inserted);
  EXPECT_EQ(inserted.error().code, Errc::capture_set_aside);
  ASSERT_TRUE(ask<protocol::CapturesResult>("capture.restore", second));
  EXPECT_EQ(assemble(order(captures_)).pages, 2);
}

TEST_F(Documents, ThatAreTooLargeAreMadeLighterFromTheirOriginalsUntilTheyFit) {
  open(2, 300);
  const Document whole = assemble(order(captures_));
  auto wanted = order(captures_);
  wanted.max_bytes = whole.file.bytes * 2 / 3;
  const Document light = assemble(wanted);
  EXPECT_LE(light.file.bytes, wanted.max_bytes);
  EXPECT_TRUE(light.findings.empty());
  EXPECT_EQ(painted(fetch(light)).size(), 2U);
  EXPECT_TRUE(std::any_of(light.page_list.begin(), light.page_list.end(),
                          [](const protocol::DocumentPage& page) { return page.generation > 1; }));
  const Document again = assemble(order(captures_));
  EXPECT_EQ(again.file.sha256, whole.file.sha256) << "the lighter pages are for the document they were made for";
  wanted.fit = false;
  const Document as_it_is = assemble(wanted);
  EXPECT_EQ(as_it_is.file.sha256, whole.file.sha256);
  ASSERT_EQ(as_it_is.findings.size(), 1U);
  EXPECT_EQ(as_it_is.findings[0].code, "portal.file_too_large");
}

TEST_F(Documents, ThatCannotFitAndBeReadStayAsTheyAreAndSaySo) {
  open(1, 150);
  const Document whole = assemble(order(captures_));
  auto wanted = order(captures_);
  wanted.max_bytes = 9000;
  const Document document = assemble(wanted);
  EXPECT_EQ(document.file.sha256, whole.file.sha256);
  ASSERT_EQ(document.findings.size(), 1U);
  EXPECT_EQ(document.findings[0].code, "portal.file_too_large");
}

TEST_F(Documents, AnEditSentTwiceIsDoneOnce) {
  open(3);
  const Document first = assemble(order(captures_));
  protocol::DocumentEditArguments arguments;
  arguments.document = first.document;
  arguments.edits = {edit(EditOp::drop, 1)};
  const auto once = ask<Document>("document.edit", arguments, "drop-it");
  const auto twice = ask<Document>("document.edit", arguments, "drop-it");
  ASSERT_TRUE(once && twice);
  EXPECT_EQ(once->revision, 2);
  EXPECT_EQ(twice->revision, 2);
  EXPECT_EQ(twice->pages, 2);
}

TEST_F(Documents, APageMadeAnewIsAGenerationBesideTheFirst) {
  open(1, 150);
  const std::string& capture = captures_[0];
  const std::vector<std::uint8_t> before = fetch(capture, "page");
  auto events = client::EventStream::open(*client_, {client_->hello().journal, client_->hello().seq});
  ASSERT_TRUE(events);
  protocol::CaptureReworkArguments wanted;
  wanted.capture = capture;
  wanted.profile = "original";
  wanted.settings.rotate_deg = 90;
  const auto made = ask<protocol::CaptureReworkResult>("capture.rework", wanted);
  ASSERT_TRUE(made) << describe(made.error());
  EXPECT_EQ(made->generation, 2);
  for (bool ready = false; !ready;) {
    const auto event = events->next(deadline_in(kPatience));
    ASSERT_TRUE(event && *event) << counter_->daemon().transcript();
    const protocol::json::object& data = (*event)->data;
    ready = (*event)->type == "capture.ready" && data.at("generation").to_number<int>() == 2;
  }
  EXPECT_EQ(fetch(capture, "page"), before);
  EXPECT_FALSE(fetch(capture, "preview-2").empty());
  const auto seen = ask<protocol::Capture>("capture.get", protocol::CaptureArguments{{}, capture});
  ASSERT_TRUE(seen);
  ASSERT_EQ(seen->generations.size(), 1U);
  EXPECT_EQ(seen->generations[0].profile, "original");
  EXPECT_EQ(seen->generations[0].settings.rotate_deg, 90);
  const Document document = assemble(order({capture}));
  ASSERT_EQ(document.page_list.size(), 1U);
  EXPECT_EQ(document.page_list[0].generation, 2);
  EXPECT_EQ(painted(fetch(document)).at(0), painted_alone(capture, "page-2"));
}

TEST_F(Documents, AReworkThatWasCutOffIsFinishedAfterTheRestart) {
  open(1, 150);
  protocol::CaptureReworkArguments wanted;
  wanted.capture = captures_[0];
  ASSERT_TRUE(ask<protocol::CaptureReworkResult>("capture.rework", wanted));
  counter_->kill_daemon();
  counter_->start();
  client_.emplace(counter_->connect());
  protocol::CaptureState state = protocol::CaptureState::captured;
  const Deadline deadline = deadline_in(kPatience);
  while (state == protocol::CaptureState::captured && SteadyClock::now() < deadline) {
    const auto seen = ask<protocol::Capture>("capture.get", protocol::CaptureArguments{{}, captures_[0]});
    ASSERT_TRUE(seen && seen->generations.size() == 1);
    state = seen->generations[0].state;
  }
  EXPECT_EQ(state, protocol::CaptureState::ready);
  EXPECT_FALSE(fetch(captures_[0], "page-2").empty());
}

TEST_F(Documents, TheListOfAVisitHasEachDocumentAsItStands) {
  open(2);
  const Document one = assemble(order({captures_[0]}));
  const Document two = assemble(order({captures_[1]}));
  edited(two.document, {turn(0, 180)});
  const auto list = ask<protocol::DocumentListResult>("document.list", protocol::DocumentListArguments{{}, visit_});
  ASSERT_TRUE(list);
  ASSERT_EQ(list->documents.size(), 2U);
  EXPECT_EQ(list->documents[0].document, one.document);
  EXPECT_EQ(list->documents[1].page_list.at(0).rotate_deg, 180);
}

}  // namespace
}  // namespace quay::system_test
