// SPDX-License-Identifier: Apache-2.0
// What a trace tells of a frame.
#include "protocol/worker/redact.hpp"

#include <gmock/gmock.h>

#include "protocol/json/writer.hpp"
#include "protocol/worker/codec.hpp"

namespace quay::protocol::worker {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kSecret = "Nguyễn Thị Quầy 001190012345";

template <class Frame>
std::string told_to_worker(Frame frame) {
  return json::serialize(redacted(ToWorker{std::move(frame)}));
}

template <class Frame>
std::string told_from_worker(Frame frame) {
  return json::serialize(redacted(FromWorker{std::move(frame)}));
}

TEST(Redacted, TellsNothingOfACardOrItsHolder) {
  ReadCard asked;
  asked.can = kSecret;
  asked.zones = {{{}, kSecret, kSecret, kSecret}};
  asked.qr = CardFacts{{}, kSecret, kSecret, kSecret};
  EXPECT_THAT(told_to_worker(asked), Not(HasSubstr(kSecret)));
  CardRead read;
  read.values.number = kSecret;
  read.values.name = kSecret;
  read.portrait_media_type = kSecret;
  EXPECT_THAT(told_from_worker(read), Not(HasSubstr(kSecret)));
}

TEST(Redacted, TellsNothingOfWhatStandsOnAPageOrForm) {
  SetForm form;
  form.values = {{"name", kSecret}, {"age", 77777}};
  EXPECT_THAT(told_to_worker(form), Not(HasSubstr(kSecret)));
  EXPECT_THAT(told_to_worker(form), Not(HasSubstr("77777")));
  Print print;
  print.name = kSecret;
  EXPECT_THAT(told_to_worker(print), Not(HasSubstr(kSecret)));
  Rendition page;
  page.report = {{"codes", {{{"text", kSecret}}}}};
  EXPECT_THAT(told_from_worker(page), Not(HasSubstr(kSecret)));
  FrameJudged judged;
  judged.look = kSecret;
  judged.sheet = kSecret;
  EXPECT_THAT(told_from_worker(judged), Not(HasSubstr(kSecret)));
}

TEST(Redacted, TellsNothingOfACitizensPhone) {
  Described phone;
  phone.guest = true;
  phone.identity.model = kSecret;
  EXPECT_THAT(told_from_worker(phone), Not(HasSubstr(kSecret)));
  phone.guest = false;
  EXPECT_THAT(told_from_worker(phone), HasSubstr(kSecret)) << "a device of the counter is told";
}

TEST(Redacted, TellsSizesAndWhatWasLeftOut) {
  ReadCard asked;
  asked.request = 9;
  asked.can = "123456";
  asked.qr = CardFacts{};
  asked.wait_ms = 30'000;
  const json::object told = redacted(ToWorker{asked});
  EXPECT_EQ(told.at("type").as_string(), "read_card");
  EXPECT_EQ(told.at("request").to_number<int>(), 9);
  EXPECT_EQ(told.at("can").as_string(), "<6 bytes>");
  EXPECT_EQ(told.at("wait_ms").to_number<int>(), 30'000);
  EXPECT_EQ(json::serialize(told.at("redacted")), R"(["zones","qr"])");
}

TEST(Redacted, CanBeDecodedAgain) {
  Scan scan;
  scan.settings.source = ScanSource::adf_duplex;
  const auto again = decode_to_worker(told_to_worker(scan));
  ASSERT_TRUE(again) << describe(again.error());
  EXPECT_EQ(std::get<Scan>(*again).settings.source, ScanSource::adf_duplex);
  CardRead read;
  read.values.name = kSecret;
  EXPECT_TRUE(decode_from_worker(told_from_worker(read)));
}

}  // namespace
}  // namespace quay::protocol::worker
