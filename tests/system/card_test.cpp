// SPDX-License-Identifier: Apache-2.0
// Identity cards through the whole of quayd: by the QR code on a scanned page, by the chip in the real pcscd, and both
// held against each other. What they say goes to the visit that asked and stands nowhere else.

#include <gmock/gmock.h>

#include "clients/cpp/event_stream.hpp"
#include "protocol/client/events.hpp"
#include "protocol/client/usage.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/system/coded_page.hpp"
#include "tests/system/front_end.hpp"

namespace quay::system_test {
namespace {

namespace fs = std::filesystem;

using protocol::CardField;
using protocol::CardMatch;
using protocol::CardReadArguments;
using protocol::CardSource;
using protocol::DeviceStatus;
using protocol::JobState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kNumber = "001190012345";
constexpr const char* kOnTheCard = "001190012345|012345678|Nguyễn Thị Quầy|12051990|Nữ|Số 7 Hàng Bài, Hà Nội|15042021";
constexpr Milliseconds kPatience{20'000};

/// How many were counted since yesterday.
std::int64_t citizens(client::Client& client) {
  const auto day = [](int hours) {
    return rfc3339(std::chrono::system_clock::now() + std::chrono::hours(hours)).substr(0, 10);
  };
  const auto usage =
      client.call_as<protocol::UsageResult>("usage.get", protocol::UsageArguments{{}, day(-24), day(24)});
  std::int64_t counted = 0;
  for (const protocol::UsageRow& row : usage ? usage->rows : std::vector<protocol::UsageRow>()) {
    counted += row.measure == protocol::measure::kCitizens ? row.value : 0;
  }
  return counted;
}

class Card : public testing::Test {
 protected:
  void open(CounterOptions options) {
    options.sheets = 1;
    options.card = true;
    counter_.emplace(options);
    counter_->start();
    visit_ = counter_->open_visit();
    client_.emplace(counter_->connect());
  }

  void consent() { ASSERT_TRUE(client_->call("visit.consent", {{"visit", visit_}, {"kind", "chip"}})); }

  void withdraw() {
    ASSERT_TRUE(client_->call("visit.consent", {{"visit", visit_}, {"kind", "chip"}, {"given", false}}));
  }

  CardReadArguments order(CardSource source = CardSource::chip) const {
    CardReadArguments wanted;
    wanted.visit = visit_;
    wanted.source = source;
    wanted.fields = {CardField::number, CardField::name, CardField::birth_date, CardField::portrait};
    if (source == CardSource::chip) {
      wanted.number = kNumber;
    }
    return wanted;
  }

  std::string refusal(const CardReadArguments& wanted) {
    return code_of(client_->call_as<protocol::Job>("card.read", wanted));
  }

  protocol::Job read(const CardReadArguments& wanted) {
    const auto job = client_->call_as<protocol::Job>("card.read", wanted);
    EXPECT_TRUE(job) << (job ? "" : describe(job.error()));
    if (!job || job->state == JobState::done) {
      return job.value_or(protocol::Job{});
    }
    return counter_->await_end(job->job);
  }

  Result<protocol::CardReading> get(const std::string& job) {
    return client_->call_as<protocol::CardReading>("card.get", protocol::CardGetArguments{{}, visit_, job});
  }

  bool reader_becomes(DeviceStatus status) {
    return rig::wait_until(
        [&] {
          const auto device =
              client_->call_as<protocol::Device>("device.describe", protocol::DeviceArguments{{}, kCardReader});
          return device && device->status == status;
        },
        kPatience);
  }

  std::string scan() {
    const protocol::Job job = counter_->scan({.visit = visit_, .resolution_dpi = 200});
    EXPECT_EQ(job.state, JobState::done) << counter_->daemon().transcript();
    return job.captures.empty() ? "" : job.captures.front();
  }

  std::optional<Counter> counter_;
  std::string visit_;
  std::optional<client::Client> client_;
};

TEST_F(Card, IsReadByItsChipForTheVisitThatAskedAndLeavesNoTrace) {
  open({});
  consent();
  const protocol::Job job = read(order());
  ASSERT_EQ(job.state, JobState::done) << counter_->daemon().transcript();
  EXPECT_EQ(job.kind, "card");
  const auto reading = get(job.job);
  ASSERT_TRUE(reading) << describe(reading.error());
  EXPECT_TRUE(reading->complete);
  EXPECT_EQ(reading->values.number, kNumber);
  EXPECT_EQ(reading->values.name, "NGUYỄN THỊ QUẦY");
  EXPECT_EQ(reading->values.birth_date, "1990-05-12");
  EXPECT_FALSE(reading->values.residence) << "nobody asked for it";
  ASSERT_TRUE(reading->portrait);
  EXPECT_EQ(reading->portrait->media_type, "image/jpeg");
  EXPECT_GT(reading->portrait->base64.size(), 18'000U);
  ASSERT_TRUE(reading->authenticity);
  EXPECT_EQ(reading->authenticity->truth, protocol::CardTruth::valid);
  EXPECT_TRUE(rig::wait_until([&] { return citizens(*client_) == 1; }, Milliseconds(20'000)));

  ASSERT_TRUE(client_->call("visit.close", {{"visit", visit_}}));
  EXPECT_FALSE(get(job.job));
  for (const char* secret : {kNumber, "012345\"", "NGUYEN", "NGUYỄN THỊ"}) {
    EXPECT_THAT(files_with(counter_->path(), secret), IsEmpty()) << secret;
  }
}

TEST_F(Card, TellsEachPartAsItComesWithoutSayingWhatItHolds) {
  open({});
  consent();
  auto events = client::EventStream::open(*client_, {client_->hello().journal, client_->hello().seq});
  ASSERT_TRUE(events);
  const protocol::Job job = read(order());
  ASSERT_EQ(job.state, JobState::done) << counter_->daemon().transcript();
  std::vector<std::string> parts;
  for (bool over = false; !over;) {
    const auto event = events->next(deadline_in(kPatience));
    ASSERT_TRUE(event && *event);
    const std::string text = protocol::json::serialize((*event)->data);
    EXPECT_EQ(text.find("0011900"), std::string::npos) << text;
    if ((*event)->type == protocol::topic::kCardPartRead) {
      EXPECT_EQ((*event)->data.at("job").as_string(), job.job);
      parts.emplace_back((*event)->data.at("part").as_string());
    }
    over = (*event)->type == protocol::topic::kJobFinished;
  }
  EXPECT_THAT(parts, ElementsAre("identity", "details", "portrait", "authenticity"));
}

TEST_F(Card, NeedsTheCitizensConsent) {
  open({});
  EXPECT_EQ(refusal(order()), "visit.consent_missing");
  EXPECT_EQ(counter_->card().status("apdus"), "0") << "the chip was not touched";
  consent();
  EXPECT_EQ(read(order()).state, JobState::done);
}

TEST_F(Card, IsLeftAloneAsSoonAsConsentIsWithdrawn) {
  open({.card_arguments = {"--out"}});
  consent();
  CardReadArguments wanted = order();
  wanted.wait_s = 5;
  const auto job = client_->call_as<protocol::Job>("card.read", wanted);
  ASSERT_TRUE(job) << describe(job.error());
  withdraw();
  EXPECT_EQ(counter_->await_end(job->job).state, JobState::cancelled);
  EXPECT_EQ(code_of(get(job->job)), "job.unknown");
}

TEST_F(Card, IsForgottenAsSoonAsConsentIsWithdrawn) {
  open({});
  consent();
  const protocol::Job job = read(order());
  ASSERT_TRUE(get(job.job));
  withdraw();
  EXPECT_EQ(code_of(get(job.job)), "job.unknown");
}

TEST_F(Card, OfAVisitThatIsClosedIsNeitherReadNorGivenOut) {
  open({});
  consent();
  const protocol::Job job = read(order());
  ASSERT_TRUE(client_->call("visit.close", {{"visit", visit_}}));
  EXPECT_EQ(code_of(get(job.job)), "visit.closed");
  EXPECT_EQ(refusal(order()), "visit.closed");
}

TEST_F(Card, IsReadByATechnicianWithoutAFrontEnd) {
  open({});
  const std::string portrait = (counter_->path() / "portrait.jpg").string();
  EXPECT_EQ(counter_->quayctl({"card", "read"}, "012345\n").code, 4) << "nobody has agreed";
  EXPECT_EQ(counter_->quayctl({"card", "read", "--consent"}, "1234\n").code, 2);
  EXPECT_EQ(counter_->card().status("apdus"), "0") << "the chip was not touched";
  const Said said = counter_->quayctl({"card", "read", "--consent", "--portrait", portrait}, "012345\n");
  EXPECT_EQ(said.code, 0) << said.errors;
  EXPECT_THAT(said.output, HasSubstr("Number: 001190012345\n"));
  EXPECT_THAT(said.output, HasSubstr("The card is genuine"));
  EXPECT_GT(fs::file_size(portrait), 13'000U);
  const Said json = counter_->quayctl({"--json", "card", "read", "--consent", "--field", "name"}, "001190012345\n");
  EXPECT_THAT(json.output, HasSubstr("NGUYỄN THỊ QUẦY"));
  EXPECT_THAT(json.output, Not(HasSubstr("001190012345")));
  const auto visits = client_->call_as<protocol::VisitListResult>("visit.list", protocol::NoArguments{});
  ASSERT_TRUE(visits);
  EXPECT_EQ(visits->visits.size(), 1U) << "its own visits are closed again";
}

TEST_F(Card, OpensByThePictureOfTheCardAlone) {
  rig::TemporaryDirectory paper;
  write_page_with_code(paper / "card.jpg", kOnTheCard);
  open({.escl = true, .pages = {paper / "card.jpg"}});
  consent();
  CardReadArguments wanted = order();
  wanted.number.reset();
  wanted.capture_id = scan();
  const protocol::Job job = read(wanted);
  ASSERT_EQ(job.state, JobState::done) << counter_->daemon().transcript();
  const auto reading = get(job.job);
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->values.name, "NGUYỄN THỊ QUẦY");
  ASSERT_EQ(reading->checks.size(), 3U);
  for (const protocol::CardCheck& check : reading->checks) {
    EXPECT_EQ(check.number, CardMatch::agrees) << check.between;
    EXPECT_EQ(check.name, CardMatch::agrees) << check.between;
    EXPECT_EQ(check.birth_date, CardMatch::agrees) << check.between;
  }
}

TEST_F(Card, IsReadByItsQrCodeWithoutAReader) {
  rig::TemporaryDirectory paper;
  write_page_with_code(paper / "card.jpg", kOnTheCard);
  open({.escl = true, .pages = {paper / "card.jpg"}});
  CardReadArguments wanted = order(CardSource::qr);
  wanted.fields = {CardField::number, CardField::name, CardField::sex, CardField::issue_date};
  wanted.capture_id = scan();
  const auto reading = get(read(wanted).job);
  ASSERT_TRUE(reading) << describe(reading.error());
  EXPECT_EQ(reading->source, CardSource::qr);
  EXPECT_TRUE(reading->complete);
  EXPECT_EQ(reading->values.number, kNumber);
  EXPECT_EQ(reading->values.name, "Nguyễn Thị Quầy");
  EXPECT_EQ(reading->values.sex, "F");
  EXPECT_EQ(reading->values.issue_date, "2021-04-15");
  EXPECT_FALSE(reading->values.birth_date);
  EXPECT_FALSE(reading->authenticity) << "paper proves nothing";
  EXPECT_THAT(files_with(counter_->path(), kNumber), IsEmpty());
}

TEST_F(Card, SaysWhatIsTheMatterWithAPicture) {
  rig::TemporaryDirectory paper;
  write_page_with_code(paper / "other.jpg", "https://example.com/menu");
  open({.escl = true, .pages = {paper / "other.jpg"}});
  CardReadArguments wanted = order(CardSource::qr);
  wanted.capture_id = scan();
  EXPECT_EQ(refusal(wanted), "card.qr_malformed");
  wanted.capture_id = random_uuid();
  EXPECT_EQ(refusal(wanted), "capture.unknown");
  wanted.capture_id.reset();
  EXPECT_EQ(refusal(wanted), "request.bad_argument");
}

TEST_F(Card, ThatFallsSilentFailsWithinTheDeadlineAndIsReadTheNextTime) {
  open({.deadlines = "stall_ms = 2000\nfirst_row_ms = 6000\ncancel_grace_ms = 500\ncard_ms = 3500\n"});
  consent();
  ASSERT_TRUE(counter_->card().tell("fault mute at=8"));
  const protocol::Job job = read(order());
  EXPECT_EQ(job.state, JobState::failed);
  EXPECT_EQ(counter_->code_of(job), "card.mute");
  ASSERT_TRUE(counter_->card().tell("remove"));
  ASSERT_TRUE(counter_->card().tell("insert"));
  ASSERT_TRUE(reader_becomes(DeviceStatus::ready)) << counter_->daemon().transcript();
  EXPECT_EQ(read(order()).state, JobState::done) << counter_->daemon().transcript();
}

TEST_F(Card, OfAWrongNumberIsTriedOnceAndLeavesTheReaderReady) {
  open({});
  consent();
  CardReadArguments wanted = order();
  wanted.number.reset();
  wanted.can = "999999";
  EXPECT_EQ(counter_->code_of(read(wanted)), "card.key_refused");
  EXPECT_EQ(counter_->card().status("tries"), "1");
  EXPECT_TRUE(reader_becomes(DeviceStatus::ready));
  wanted.can = "12345";
  EXPECT_EQ(refusal(wanted), "request.bad_argument");
}

TEST_F(Card, OfAnotherVisitCannotBeFetched) {
  open({});
  consent();
  const protocol::Job job = read(order());
  ASSERT_EQ(job.state, JobState::done);
  const std::string other = counter_->open_visit();
  counter_->share_keys(*client_);
  const auto stolen =
      client_->call_as<protocol::CardReading>("card.get", protocol::CardGetArguments{{}, other, job.job});
  EXPECT_EQ(code_of(stolen), "job.unknown");
  EXPECT_TRUE(get(job.job));
}

TEST_F(Card, ReaderTellsWhoComesAndGoesAndWhetherPcscdIsThere) {
  open({.card_arguments = {"--out"}});
  ASSERT_TRUE(reader_becomes(DeviceStatus::ready)) << counter_->daemon().transcript();
  const auto slot_becomes = [&](protocol::CardSlotState state) {
    return rig::wait_until(
        [&] {
          const auto device =
              client_->call_as<protocol::Device>("device.describe", protocol::DeviceArguments{{}, kCardReader});
          return device && device->card && !device->card->slots.empty() && device->card->slots[0].state == state;
        },
        kPatience);
  };
  EXPECT_TRUE(slot_becomes(protocol::CardSlotState::empty));
  ASSERT_TRUE(counter_->card().tell("insert"));
  EXPECT_TRUE(slot_becomes(protocol::CardSlotState::card));
  ASSERT_TRUE(counter_->card().tell("remove"));
  EXPECT_TRUE(slot_becomes(protocol::CardSlotState::empty));
  ASSERT_TRUE(counter_->card().tell("pcscd stop"));
  EXPECT_TRUE(reader_becomes(DeviceStatus::faulty));
  ASSERT_TRUE(counter_->card().tell("pcscd start"));
  EXPECT_TRUE(reader_becomes(DeviceStatus::ready));
}

TEST(CardConfiguration, LeavesChipsAloneUntilTheOperatorSaysOtherwise) {
  Counter counter;
  counter.start();
  client::Client client = counter.connect();
  const std::string visit = counter.open_visit();
  counter.share_keys(client);
  ASSERT_TRUE(client.call("visit.consent", {{"visit", visit}, {"kind", "chip"}}));
  CardReadArguments wanted;
  wanted.visit = visit;
  wanted.source = CardSource::chip;
  wanted.fields = {CardField::number};
  wanted.number = kNumber;
  EXPECT_EQ(code_of(client.call_as<protocol::Job>("card.read", wanted)), "card.chip_disabled");
}

}  // namespace
}  // namespace quay::system_test
