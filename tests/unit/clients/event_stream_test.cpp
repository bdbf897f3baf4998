// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/event_stream.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include "base/unique_fd.hpp"
#include "protocol/client/events.hpp"
#include "tests/unit/clients/scripted_daemon.hpp"

namespace quay::client {
namespace {

using protocol::Command;
using protocol::Event;

constexpr std::chrono::seconds kLong{30};

Event event_at(std::uint64_t seq, const std::string& journal = "first") {
  Event event;
  event.type = "capture.ready";
  event.journal = journal;
  event.seq = seq;
  return event;
}

Event heartbeat_at(std::uint64_t seq) {
  Event event;
  event.type = protocol::topic::kHeartbeat;
  event.journal = "first";
  event.data = {{"seq", seq}};
  return event;
}

/// A journal that ends with event `newest`.
Script journal_up_to(std::uint64_t newest, const std::string& journal = "first") {
  return [newest, journal](const Command& command) {
    const auto arguments = protocol::from_json<protocol::ReplayArguments>(command.args);
    protocol::ReplayResult page;
    page.journal = journal;
    page.seq = newest;
    for (std::uint64_t seq = arguments->from; seq <= newest && page.events.size() < 3; ++seq) {
      page.events.push_back(protocol::to_json_object(event_at(seq, journal)));
    }
    return Answers{{done(command, protocol::to_json_object(page))}};
  };
}

/// A client that follows a scripted daemon from event 10 on.
struct Following {
  explicit Following(Script script) : daemon(std::move(script)), client(*Client::connect(daemon.run_directory())) {
    stream.emplace(*EventStream::open(client, Cursor{"first", 10}));
    daemon.await_subscriber();
  }

  std::uint64_t next_seq() {
    const auto event = stream->next(deadline_in(kLong));
    return event && *event ? (*event)->seq.value_or(0) : 0;
  }

  ScriptedDaemon daemon;
  Client client;
  std::optional<EventStream> stream;
};

TEST(EventStream, GivesEachEventOnceAndInOrder) {
  Following f(journal_up_to(12));
  for (const std::uint64_t seq : {10U, 11U, 11U, 12U}) {
    f.daemon.publish(event_at(seq));
  }
  EXPECT_EQ(f.next_seq(), 11U);
  EXPECT_EQ(f.next_seq(), 12U);
}

TEST(EventStream, FetchesWhatIsMissingInAsManyPagesAsItTakes) {
  Following f(journal_up_to(18));
  f.daemon.publish(event_at(18));
  for (std::uint64_t seq = 11; seq <= 18; ++seq) {
    EXPECT_EQ(f.next_seq(), seq);
  }
  EXPECT_EQ(f.stream->position().seq, 18U);
}

TEST(EventStream, FetchesALostLastEventAfterTheHeartbeat) {
  Following f(journal_up_to(11));
  f.daemon.publish(heartbeat_at(10));
  f.daemon.publish(heartbeat_at(11));
  EXPECT_EQ(f.next_seq(), 11U);
}

TEST(EventStream, BeginsAnewWithANewJournal) {
  Following f(journal_up_to(2, "second"));
  f.daemon.publish(event_at(2, "second"));
  const auto told = f.stream->next(deadline_in(kLong));
  ASSERT_TRUE(told && *told);
  EXPECT_EQ((*told)->type, kJournalChanged);
  EXPECT_EQ((*told)->data.at("before"), "first");
  EXPECT_EQ(f.next_seq(), 1U);
  EXPECT_EQ(f.next_seq(), 2U);
  EXPECT_EQ(f.stream->position(), (Cursor{"second", 2}));
}

TEST(EventStream, FramesOfAJournalThatIsNoMoreAreNotNews) {
  Following f(journal_up_to(2, "second"));
  f.daemon.publish(event_at(1, "second"));
  f.daemon.publish(event_at(11, "first"));
  f.daemon.publish(event_at(2, "second"));
  EXPECT_EQ(f.next_seq(), 0U) << "journal.changed has no number";
  EXPECT_EQ(f.next_seq(), 1U);
  EXPECT_EQ(f.next_seq(), 2U);
  EXPECT_EQ(f.stream->position(), (Cursor{"second", 2}));
}

/// A journal whose events before `oldest` are gone; `newest` is its last number.
Script journal_cut_at(std::uint64_t oldest, std::uint64_t newest) {
  return [=](const Command& command) {
    const auto arguments = protocol::from_json<protocol::ReplayArguments>(command.args);
    protocol::ReplayResult page;
    page.journal = "first";
    page.seq = newest;
    page.oldest = oldest;
    page.truncated = arguments->from < oldest;
    if (page.truncated) {
      page.captures.push_back({{}, "a-capture", "a-visit", "a-job", 1, "ready"});
    }
    for (std::uint64_t seq = std::max(oldest, arguments->from); seq <= newest; ++seq) {
      page.events.push_back(protocol::to_json_object(event_at(seq)));
    }
    page.next = newest + 1;
    return Answers{{done(command, protocol::to_json_object(page))}};
  };
}

TEST(EventStream, SaysWhatIsOpenWhenTheEventsThatToldOfItAreGone) {
  Following f(journal_cut_at(20, 21));
  f.daemon.publish(event_at(21));
  const auto told = f.stream->next(deadline_in(kLong));
  ASSERT_TRUE(told && *told);
  EXPECT_EQ((*told)->type, kReplayTruncated);
  EXPECT_EQ((*told)->data.at("oldest"), 20);
  EXPECT_EQ((*told)->data.at("captures").at(0).at("capture"), "a-capture");
  EXPECT_EQ(f.next_seq(), 20U);
  EXPECT_EQ(f.next_seq(), 21U);
}

TEST(EventStream, AsksNoMoreForEventsThatAreAllGone) {
  int asked = 0;
  const Script cut = journal_cut_at(31, 30);
  Following f([&](const Command& command) {
    ++asked;
    return cut(command);
  });
  f.daemon.publish(heartbeat_at(30));
  const auto told = f.stream->next(deadline_in(kLong));
  ASSERT_TRUE(told && *told);
  EXPECT_EQ((*told)->type, kReplayTruncated);
  f.daemon.publish(heartbeat_at(30));
  f.daemon.publish(event_at(31));
  EXPECT_EQ(f.next_seq(), 31U);
  EXPECT_EQ(asked, 1);
}

TEST(EventStream, ReturnsNothingWhenTheOtherDescriptorIsReadable) {
  Following f(journal_up_to(10));
  const UniqueFd wake(::eventfd(1, EFD_CLOEXEC));
  const auto event = f.stream->next(deadline_in(kLong), wake.get());
  ASSERT_TRUE(event);
  EXPECT_EQ(*event, std::nullopt);
}

TEST(EventStream, GivesTheErrorOfAFailedReplayAndGoesOnAfterwards) {
  bool first = true;
  const Script healthy = journal_up_to(12);
  Following f([&first, healthy](const Command& command) {
    return std::exchange(first, false) ? Answers{{refused(command.id, Errc::daemon_stopping)}} : healthy(command);
  });
  f.daemon.publish(event_at(12));
  const auto failed = f.stream->next(deadline_in(kLong));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::daemon_stopping);
  EXPECT_EQ(f.next_seq(), 11U);
  EXPECT_EQ(f.next_seq(), 12U);
}

TEST(EventStream, RefusesAMessageThatIsNoEventAndGoesOnAfterwards) {
  Following f(journal_up_to(11));
  f.daemon.publish_frames({"capture.ready", "11", "not json"});
  f.daemon.publish_frames({"only one frame"});
  for (int i = 0; i < 2; ++i) {
    const auto refused = f.stream->next(deadline_in(kLong));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::request_malformed);
  }
  f.daemon.publish(event_at(11));
  EXPECT_EQ(f.next_seq(), 11U);
}

}  // namespace
}  // namespace quay::client
