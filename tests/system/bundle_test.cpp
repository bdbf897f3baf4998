// SPDX-License-Identifier: Apache-2.0
// quayctl bundle in the middle of a visit in which everything was read: nothing of the citizen is in it.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/system/coded_page.hpp"
#include "tests/system/front_end.hpp"

namespace quay::system_test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kNumber = "001190012345";
constexpr const char* kOnTheCard = "001190012345|012345678|Nguyễn Thị Quầy|12051990|Nữ|Số 7 Hàng Bài, Hà Nội|15042021";

class Bundle : public testing::Test {
 protected:
  Bundle() {
    const fs::path paper = directory_.path() / "paper";
    fs::create_directories(paper);
    write_page_with_code(paper / "card.jpg", kOnTheCard);
    counter_.emplace(CounterOptions{.sheets = 1, .escl = true, .pages = {paper / "card.jpg"}, .card = true});
    counter_->start();
  }

  /// quayctl bundle, unpacked. Gives the folder.
  fs::path make() {
    const fs::path log = directory_.path() / "log";
    std::ofstream(log) << counter_->daemon().transcript();
    file_ = directory_.path() / "bundle.tar.gz";
    const Said said = counter_->quayctl({"bundle", "-o", file_.string(), "--log", log.string()});
    EXPECT_EQ(said.code, 0) << said.errors;
    const std::string unpack = "tar -xzf '" + file_.string() + "' -C '" + directory_.path().string() + "'";
    EXPECT_EQ(std::system(unpack.c_str()), 0);
    return directory_.path() / "quay-bundle";
  }

  rig::TemporaryDirectory directory_;
  std::optional<Counter> counter_;
  fs::path file_;
};

TEST_F(Bundle, HoldsNothingOfTheCitizenOrTheClerk) {
  const std::string visit = counter_->open_visit({{}, "hoa.nguyen", "1.004194"});
  const std::string key = counter_->key_of(visit);
  client::Client client = counter_->connect();
  ASSERT_TRUE(client.call("visit.consent", {{"visit", visit}, {"kind", "chip"}}));
  EXPECT_EQ(counter_->scan({.visit = visit, .resolution_dpi = 200}).state, protocol::JobState::done);
  protocol::CardReadArguments wanted;
  wanted.visit = visit;
  wanted.source = protocol::CardSource::chip;
  wanted.fields = {protocol::CardField::number, protocol::CardField::name, protocol::CardField::portrait};
  wanted.number = kNumber;
  const auto job = client.call_as<protocol::Job>("card.read", wanted);
  ASSERT_TRUE(job) << describe(job.error());
  EXPECT_EQ(counter_->await_end(job->job).state, protocol::JobState::done) << counter_->daemon().transcript();

  const fs::path folder = make();
  for (const std::string& secret : {std::string(kNumber), std::string("012345"), std::string("Quầy"),
                                    std::string("NGUY"), std::string("Hàng Bài"), std::string("hoa.nguyen"), key}) {
    EXPECT_THAT(files_with(folder, secret), IsEmpty()) << secret;
  }
  EXPECT_THAT(files_with(folder, "page_read"), Not(IsEmpty())) << "the search finds what is there";
  EXPECT_THAT(files_with(folder, "card_read"), Not(IsEmpty()));
}

TEST_F(Bundle, IsSmallAndSaysWhatIsInIt) {
  const fs::path folder = make();
  EXPECT_LE(fs::file_size(file_), 200U * 1024U);
  for (const char* part : {"README.txt", "machine.txt", "doctor.jsonl", "quay.toml", "quayd.log", "devices.jsonl",
                           "scanner-1.session", "card.session"}) {
    EXPECT_TRUE(fs::exists(folder / part)) << part;
  }
  EXPECT_THAT(files_with(folder, "\"sources\":[\"flatbed\",\"adf\",\"adf_duplex\"]"), Not(IsEmpty()));
}

TEST_F(Bundle, LosesTheOlderLinesWhereAllOfItWouldBeTooMuch) {
  const fs::path log = directory_.path() / "log";
  {
    std::ofstream file(log);
    std::uint64_t word = 88172645463325252U;
    for (int line = 0; line < 60'000; ++line) {
      word ^= word << 13U, word ^= word >> 7U, word ^= word << 17U;  // what no packer makes small (xorshift64)
      file << word << " line " << line << "\n";
    }
  }
  file_ = directory_.path() / "large.tar.gz";
  EXPECT_EQ(counter_->quayctl({"bundle", "-o", file_.string(), "--log", log.string()}).code, 0);
  EXPECT_LE(fs::file_size(file_), 200U * 1024U);
  const std::string newest =
      "tar -xzOf '" + file_.string() + "' quay-bundle/quayd.log | tail -1 | grep -q 'line 59999'";
  EXPECT_EQ(std::system(newest.c_str()), 0);
}

TEST_F(Bundle, IsMadeWithoutQuaydAndWritesOverNothing) {
  counter_->stop_daemon();
  const fs::path folder = make();
  EXPECT_THAT(files_with(folder, "quayd did not answer"), Not(IsEmpty()));
  const Said again = counter_->quayctl({"bundle", "-o", file_.string()});
  EXPECT_NE(again.code, 0);
  EXPECT_THAT(again.errors, HasSubstr("file.unwritable"));
}

}  // namespace
}  // namespace quay::system_test
