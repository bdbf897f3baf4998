// SPDX-License-Identifier: Apache-2.0
// Edits of a document: each op by example, then 1,000 random documents against a slow model that keeps whole lists.
#include "daemon/documents/page_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

namespace quay::daemon::documents {
namespace {

using protocol::DocumentEdit;
using protocol::EditOp;
using testing::ElementsAre;

Result<PageRef> any_page(const std::string& capture, std::int32_t generation) {
  if (capture.empty()) {
    return failure(Errc::capture_unknown, "test", "");
  }
  return PageRef{CaptureId{capture}, generation == 0 ? 1 : generation, 0};
}

PageList pages(const std::string& letters) {
  PageList list;
  for (const char letter : letters) {
    list.push_back({CaptureId{std::string(1, letter)}, 1, 0});
  }
  return list;
}

std::string letters(const Result<PageList>& list) {
  std::string text;
  for (const PageRef& page : list.value_or(PageList{})) {
    text += page.capture.value;
  }
  return text;
}

DocumentEdit edit(EditOp op, std::int32_t page, std::int32_t to = 0, const std::string& capture = {}) {
  DocumentEdit made;
  made.op = op;
  made.page = page;
  made.to = to;
  made.capture = capture;
  return made;
}

DocumentEdit turn(std::int32_t page, std::int32_t angle) {
  DocumentEdit made = edit(EditOp::rotate, page);
  made.rotate_deg = angle;
  return made;
}

Result<PageList> apply(const std::string& to, const std::vector<DocumentEdit>& edits) {
  return edited(pages(to), edits, any_page);
}

Errc code_of(const Result<PageList>& result) { return result ? Errc::count_ : result.error().code; }

TEST(PageListTest, AMovedPageStandsWhereItWasMoved) {
  EXPECT_EQ(letters(apply("abcd", {edit(EditOp::move, 1, 3)})), "bcad");
  EXPECT_EQ(letters(apply("abcd", {edit(EditOp::move, 4, 1)})), "dabc");
  EXPECT_EQ(letters(apply("abcd", {edit(EditOp::move, 2, 2)})), "abcd");
}

TEST(PageListTest, AnInsertedPageStandsWhereItWasPutOrAtTheEnd) {
  EXPECT_EQ(letters(apply("ab", {edit(EditOp::insert, 0, 1, "x")})), "xab");
  EXPECT_EQ(letters(apply("ab", {edit(EditOp::insert, 0, 3, "x")})), "abx");
  EXPECT_EQ(letters(apply("ab", {edit(EditOp::insert, 0, 0, "x")})), "abx");
}

TEST(PageListTest, EachEditCountsInWhatTheOneBeforeLeft) {
  EXPECT_EQ(letters(apply("abc", {edit(EditOp::drop, 1), edit(EditOp::move, 1, 2), edit(EditOp::replace, 2, 0, "x")})),
            "cx");
}

TEST(PageListTest, TurnsAddUpAndPageZeroTurnsAll) {
  const auto turned = apply("abc", {turn(2, 270), turn(0, 180), turn(1, -90)});
  ASSERT_TRUE(turned);
  EXPECT_THAT((std::vector{(*turned)[0].rotate_deg, (*turned)[1].rotate_deg, (*turned)[2].rotate_deg}),
              ElementsAre(90, 90, 180));
}

TEST(PageListTest, AReplacedPageForgetsTheTurnOfTheOneBefore) {
  const auto replaced = apply("ab", {turn(1, 90), edit(EditOp::replace, 1, 0, "x")});
  ASSERT_TRUE(replaced);
  EXPECT_EQ((*replaced)[0], (PageRef{CaptureId{"x"}, 1, 0}));
}

TEST(PageListTest, WhatCannotBeDoneIsRefusedWithItsCode) {
  EXPECT_EQ(code_of(apply("ab", {edit(EditOp::drop, 3)})), Errc::document_page_unknown);
  EXPECT_EQ(code_of(apply("ab", {edit(EditOp::drop, 0)})), Errc::document_page_unknown);
  EXPECT_EQ(code_of(apply("ab", {edit(EditOp::move, 1, 3)})), Errc::document_page_unknown);
  EXPECT_EQ(code_of(apply("ab", {edit(EditOp::insert, 0, 4, "x")})), Errc::document_page_unknown);
  EXPECT_EQ(code_of(apply("ab", {edit(EditOp::insert, 0, 0, "")})), Errc::capture_unknown);
  EXPECT_EQ(code_of(apply("a", {edit(EditOp::drop, 1)})), Errc::document_empty);
  EXPECT_EQ(code_of(apply("a", {turn(1, 45)})), Errc::request_bad_argument);
  EXPECT_EQ(code_of(apply("a", {turn(1, 90), edit(EditOp::undo, 0)})), Errc::request_bad_argument);
  EXPECT_EQ(code_of(edited(PageList(kMostPages, {CaptureId{"a"}, 1, 0}), std::vector{edit(EditOp::insert, 0, 0, "x")},
                           any_page)),
            Errc::document_too_large);
}

TEST(PageListTest, ARefusalNamesTheEdit) {
  const auto refused = apply("ab", {edit(EditOp::move, 1, 2), edit(EditOp::drop, 7)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().detail, "/args/edits/1/page: 7 where 1 to 2 was expected");
}

/// A document as the daemon keeps it, and beside it all that a person saw: a list for each revision, and two stacks.
class Editor {
 public:
  explicit Editor(PageList first) : lists_{{1, std::move(first)}}, links_{{1, 0}} {}

  void change(const std::vector<DocumentEdit>& edits, const PageList& expected) {
    const auto next = edited(lists_.at(current_), edits, any_page);
    ASSERT_TRUE(next) << next.error().detail;
    ASSERT_EQ(*next, expected);
    const auto number = static_cast<std::int32_t>(links_.size() + 1);
    links_.push_back({number, current_});
    lists_[number] = *next;
    undo_.push_back(current_);
    redo_.clear();
    current_ = number;
  }
  void step(EditOp op) {
    std::vector<std::int32_t>& from = op == EditOp::undo ? undo_ : redo_;
    const bool possible = op == EditOp::undo ? can_undo(links_, current_) : can_redo(links_, current_);
    const auto target = step_target(links_, current_, edit(op, 0));
    ASSERT_EQ(possible, target.has_value());
    if (op == EditOp::undo) {
      ASSERT_EQ(target.has_value(), !from.empty());
    }
    if (!target) {
      ASSERT_EQ(target.error().code, Errc::document_no_such_step);
      return;
    }
    if (!from.empty()) {  // redo may also lead into an older branch, which the stacks of an ordinary editor forget
      ASSERT_EQ(*target, from.back());
      from.pop_back();
    }
    (op == EditOp::undo ? redo_ : undo_).push_back(current_);
    current_ = *target;
  }
  const PageList& list() const { return lists_.at(current_); }

 private:
  std::map<std::int32_t, PageList> lists_;
  std::vector<RevisionLink> links_;
  std::vector<std::int32_t> undo_;
  std::vector<std::int32_t> redo_;
  std::int32_t current_ = 1;
};

/// A random edit that can be done, and what a plain rebuild of the list makes of it.
DocumentEdit random_edit(std::mt19937& random, PageList& model) {
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  const std::size_t at = below(model.size());
  const auto page = static_cast<std::int32_t>(at + 1);
  const std::string fresh(1, static_cast<char>('a' + below(26)));
  const PageRef incoming{CaptureId{fresh}, 1, 0};
  PageList next;
  DocumentEdit made;
  switch (below(model.size() > 1 ? 5 : 4)) {
    case 0: {
      const std::size_t to = below(model.size() + 1);
      for (std::size_t i = 0; i <= model.size(); ++i) {
        if (i == to) {
          next.push_back(incoming);
        }
        if (i < model.size()) {
          next.push_back(model[i]);
        }
      }
      made = edit(EditOp::insert, 0, static_cast<std::int32_t>(to + 1), fresh);
      break;
    }
    case 1: {
      const std::size_t to = below(model.size());
      for (std::size_t i = 0; i < model.size(); ++i) {
        if (i != at) {
          next.push_back(model[i]);
        }
      }
      next.insert(next.begin() + static_cast<std::ptrdiff_t>(to), model[at]);
      made = edit(EditOp::move, page, static_cast<std::int32_t>(to + 1));
      break;
    }
    case 2:
      next = model;
      next[at] = incoming;
      made = edit(EditOp::replace, page, 0, fresh);
      break;
    case 3: {
      const auto quarters = static_cast<std::int32_t>(1 + below(3));
      next = model;
      next[at].rotate_deg = (model[at].rotate_deg + 90 * quarters) % 360;
      made = turn(page, 90 * quarters);
      break;
    }
    default:
      for (std::size_t i = 0; i < model.size(); ++i) {
        if (i != at) {
          next.push_back(model[i]);
        }
      }
      made = edit(EditOp::drop, page);
  }
  model = std::move(next);
  return made;
}

TEST(PageListTest, AThousandRandomDocumentsAreEditedAndUndoneAsTheModelSays) {
  std::mt19937 random(20261126);
  for (int document = 0; document < 1000; ++document) {
    Editor editor(pages(std::string(1 + random() % 8, 'p')));
    for (int gesture = 0; gesture < 25; ++gesture) {
      const auto choice = random() % 10;
      if (choice < 2) {
        editor.step(EditOp::undo);
      } else if (choice == 2) {
        editor.step(EditOp::redo);
      } else {
        PageList model = editor.list();
        std::vector<DocumentEdit> edits;
        for (auto count = 1 + random() % 3; count > 0; --count) {
          edits.push_back(random_edit(random, model));
        }
        editor.change(edits, model);
      }
      ASSERT_FALSE(HasFatalFailure()) << "document " << document << ", gesture " << gesture;
    }
  }
}

TEST(PageListTest, RestoreGoesToAnyRevisionThereIs) {
  const std::vector<RevisionLink> links{{1, 0}, {2, 1}, {3, 1}};
  DocumentEdit restore = edit(EditOp::restore, 0);
  restore.revision = 2;
  EXPECT_EQ(step_target(links, 3, restore).value_or(0), 2);
  restore.revision = 4;
  EXPECT_EQ(step_target(links, 3, restore).error().code, Errc::document_no_such_step);
}

TEST(PageListTest, RedoLeadsToTheNewestBranch) {
  const std::vector<RevisionLink> links{{1, 0}, {2, 1}, {3, 1}};
  EXPECT_EQ(step_target(links, 1, edit(EditOp::redo, 0)).value_or(0), 3);
}

TEST(PageListTest, TheFirstRevisionKeepsThePlainName) {
  EXPECT_EQ(rendition_name("document", 1), "document");
  EXPECT_EQ(rendition_name("document", 12), "document-12");
}

}  // namespace
}  // namespace quay::daemon::documents
