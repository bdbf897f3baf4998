// SPDX-License-Identifier: Apache-2.0
// The real quay-card over its channel, through the real pcscd, on citizen ID cards that are whole, odd, false, or torn
// away at the worst moment.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <winscard.h>

#include <gmock/gmock.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "protocol/json/writer.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/unit/devices/card_setup.hpp"

namespace quay::test {
namespace {

using protocol::CardField;
using protocol::CardMatch;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::uint8_t> file(const std::string& name) {
  std::ifstream stream(std::string(QUAY_TEST_CARDS_DIRECTORY) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(CardWorker, ReadsTheWholeCardPartByPart) {
  CardSetup setup;
  const Answers answers = setup.worker()->ask(whole_card());
  ASSERT_EQ(answers.code(), "");
  EXPECT_THAT(answers.order, ElementsAre("identity", "details", "portrait", "authenticity", "finished"));
  const protocol::CardValues values = values_of(answers);
  EXPECT_EQ(values.number, "001190012345");
  EXPECT_EQ(values.name, "NGUYỄN THỊ QUẦY");
  EXPECT_EQ(values.birth_date, "1990-05-12");
  EXPECT_EQ(values.sex, "F");
  EXPECT_EQ(values.nationality, "Việt Nam");
  EXPECT_EQ(values.expiry_date, "2030-05-12");
  EXPECT_EQ(values.issue_date, "2021-04-15");
  EXPECT_EQ(values.old_number, "012345678");
  EXPECT_EQ(values.residence, "Số 7 Phố Hàng Bài, Hoàn Kiếm, Hà Nội");
  EXPECT_THAT(values.parents, ElementsAre("NGUYỄN VĂN CHA", "TRẦN THỊ MẸ"));
  EXPECT_FALSE(values.spouse) << "a field that the card does not have";
  EXPECT_EQ(answers.card[2].frame.portrait_media_type, "image/jpeg");
  EXPECT_EQ(answers.card[2].portrait, file("portrait.jpg"));
  EXPECT_EQ(truth_of(answers), "valid");
  EXPECT_EQ(answers.card[3].frame.authenticity->opened_by, "pace");
}

TEST(CardWorker, LetsOutOnlyWhatWasAskedFor) {
  CardSetup setup;
  const Answers answers = setup.worker()->ask(identity_only());
  EXPECT_THAT(answers.order, ElementsAre("identity", "authenticity", "finished"));
  protocol::CardValues only;
  only.number = "001190012345";
  only.birth_date = "1990-05-12";
  EXPECT_EQ(protocol::to_json(values_of(answers)), protocol::to_json(only));
}

TEST(CardWorker, GivesAPortraitInJpeg2000AsItIs) {
  CardSetup setup({}, rig::Portrait::jpeg2000);
  frames::ReadCard order = identity_only();
  order.fields = {CardField::portrait};
  const Answers answers = setup.worker()->ask(order);
  ASSERT_EQ(answers.code(), "");
  EXPECT_EQ(answers.card[1].frame.portrait_media_type, "image/jp2");
  EXPECT_EQ(answers.card[1].portrait, file("portrait.jp2"));
}

TEST(CardWorker, HoldsTheChipAgainstTheQrCode) {
  CardSetup setup;
  frames::ReadCard order = whole_card();
  order.qr = frames::CardFacts{{}, "001190012345", "Nguyễn Thị Quầy", "1990-05-13"};
  const Answers answers = setup.worker()->ask(order);
  ASSERT_EQ(answers.code(), "");
  const auto& first = answers.card[0].frame.checks;
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].between, "qr zone");
  EXPECT_EQ(first[0].number, CardMatch::agrees);
  EXPECT_EQ(first[0].name, CardMatch::agrees);
  EXPECT_EQ(first[0].birth_date, CardMatch::differs);
  EXPECT_EQ(answers.card[1].frame.checks.size(), 2U);
}

// ---- odd cards ----------------------------------------------------------------------------------------------------

struct OddCard {
  std::string name;
  std::vector<std::string> arguments;
  std::string opened_by = "pace";
};

class OddCards : public testing::TestWithParam<OddCard> {};

TEST_P(OddCards, AreReadAllTheSame) {
  CardSetup setup(GetParam().arguments);
  frames::ReadCard order = whole_card();
  order.zones = {{{}, "190012345", "900512", "300512"}};
  const Answers answers = setup.worker()->ask(order);
  ASSERT_EQ(answers.code(), "") << answers.finished->error.value_or(protocol::ErrorBody{}).detail.value_or("");
  EXPECT_EQ(values_of(answers).name, "NGUYỄN THỊ QUẦY");
  EXPECT_EQ(truth_of(answers), "valid");
  EXPECT_EQ(answers.card.back().frame.authenticity->opened_by, GetParam().opened_by);
  EXPECT_EQ(answers.card[2].portrait, file("portrait.jpg"));
}

INSTANTIATE_TEST_SUITE_P(
    CardWorker, OddCards,
    testing::Values(OddCard{"NoMasterFile", {"--no-master-file"}},
                    OddCard{"CardAccessOnlyInTheMasterFile", {"--card-access", "mf"}},
                    OddCard{"NoCardAccess", {"--card-access", "missing"}},
                    OddCard{"NoCardAccessAndNoMasterFile", {"--card-access", "missing", "--no-master-file"}},
                    OddCard{"PaceRefused", {"--no-pace"}, "bac"}, OddCard{"NoBac", {"--no-bac"}},
                    OddCard{"ExtendedRefused", {"--no-extended"}}, OddCard{"AtMost1023", {"--most-read", "1023"}},
                    OddCard{"AtMost222", {"--most-read", "222"}}, OddCard{"AtMost159", {"--most-read", "159"}},
                    OddCard{"AtMost128", {"--most-read", "128"}},
                    OddCard{"Aes192Nist256", {"--pace-protocol", "aes192", "--curve", "12"}},
                    OddCard{"Aes256Brainpool384", {"--pace-protocol", "aes256", "--curve", "16"}},
                    OddCard{"TripleDes", {"--pace-protocol", "3des"}},
                    OddCard{"RsaActiveAuthentication", {"--active", "rsa", "--no-chip-authentication"}},
                    OddCard{"ChipAuthenticationAlone", {"--active", "none"}},
                    OddCard{"ChipAuthenticationBesideAKeyOfAnUnknownKind", {"--active", "ed25519"}}),
    [](const auto& one) { return one.param.name; });

TEST(CardWorker, RemembersTheLongestPieceThatAReaderAndCardGetThrough) {
  CardSetup setup({"--most-read", "160"});
  const auto worker = setup.worker();
  frames::ReadCard order = identity_only();
  EXPECT_EQ(worker->ask(order).code(), "");
  const int first = setup.status("apdus");
  setup.tell("fault none");  // counts from here
  order.request = 2;
  EXPECT_EQ(worker->ask(order).code(), "");
  EXPECT_LT(setup.status("apdus"), first);
}

TEST(CardWorker, TakesUnreadableDetailsForNoFailure) {
  CardSetup setup({"--no-details"});
  const Answers answers = setup.worker()->ask(whole_card());
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(values_of(answers).name, "NGUYEN THI QUAY");
  EXPECT_FALSE(values_of(answers).residence);
}

struct UnreadableCard {
  std::string name;
  std::vector<std::string> arguments;
  std::string code;
  std::string parts;
};

class UnreadableCards : public testing::TestWithParam<UnreadableCard> {};

TEST_P(UnreadableCards, AreAskedOnceNotUntilTheWaitIsOver) {
  CardSetup setup(GetParam().arguments);
  const auto worker = setup.worker();
  frames::ReadCard order = whole_card();
  order.wait_ms = 300'000;
  const Answers answers = worker->ask(order);
  EXPECT_EQ(answers.code(), GetParam().code);
  EXPECT_EQ(fmt::format("{}", fmt::join(answers.order, " ")), GetParam().parts);
  EXPECT_LT(setup.status("apdus"), 100);
}

INSTANTIATE_TEST_SUITE_P(
    CardWorker, UnreadableCards,
    testing::Values(UnreadableCard{"Zone", {"--withhold", "1"}, "card.data_malformed", "finished"},
                    UnreadableCard{"Portrait", {"--withhold", "2"}, "card.data_malformed", "identity details finished"},
                    UnreadableCard{"Everything", {"--no-pace", "--no-bac"}, "card.key_missing", "finished"}),
    [](const auto& one) { return one.param.name; });

// ---- keys ---------------------------------------------------------------------------------------------------------

TEST(CardWorker, TriesAWrongNumberOnceAndNeverWhenOneTryIsLeft) {
  CardSetup setup({"--tries", "3"});
  const auto worker = setup.worker();
  frames::ReadCard order = identity_only();
  order.can = "999999";
  EXPECT_EQ(worker->ask(order).code(), "card.key_refused");
  EXPECT_EQ(setup.status("tries"), 1);
  order.request = 2;
  EXPECT_EQ(worker->ask(order).code(), "card.key_refused");
  EXPECT_EQ(setup.status("tries"), 2);
  order.request = 3;
  EXPECT_EQ(worker->ask(order).code(), "card.tries_low");
  EXPECT_EQ(setup.status("tries"), 2) << "the last try is the citizen's";
}

TEST(CardWorker, AsksForAKey) {
  CardSetup setup;
  frames::ReadCard order = identity_only();
  order.can = "";
  EXPECT_EQ(setup.worker()->ask(order).code(), "card.key_missing");
}

// ---- torn, mute, gone ---------------------------------------------------------------------------------------------

TEST(CardWorker, TornAtAnyCommandFailsCleanlyAndReadsTheNextTime) {
  CardSetup setup;
  const auto worker = setup.worker();
  frames::ReadCard order = whole_card();
  order.laid_back_ms = 0;
  ASSERT_EQ(worker->ask(order).code(), "");
  setup.tell("fault none");
  order.request = 2;
  ASSERT_EQ(worker->ask(order).code(), "");
  const int commands = setup.status("apdus");
  ASSERT_GT(commands, 25);
  for (int at = 1; at <= commands; ++at) {
    setup.tell(fmt::format("fault torn at={}", at));
    order.request += 1;
    const Answers answers = worker->ask(order);
    EXPECT_EQ(answers.code(), "card.removed") << "torn at command " << at;
    setup.tell("insert");
    if (HasFailure()) {
      break;
    }
  }
  order.request += 1;
  EXPECT_EQ(worker->ask(order).code(), "");
}

TEST(CardWorker, LaidBackInTimeIsReadOnWhereItStopped) {
  CardSetup setup;
  const auto worker = setup.worker();
  setup.tell("fault torn at=24");
  worker->send(whole_card());
  ASSERT_TRUE(rig::wait_until([&] { return setup.sim().status("inserted") == "0"; }));
  setup.tell("insert");
  const Answers answers = worker->collect();
  ASSERT_EQ(answers.code(), "");
  EXPECT_THAT(answers.order, ElementsAre("identity", "details", "portrait", "authenticity", "finished"));
  EXPECT_EQ(truth_of(answers), "valid");
}

TEST(CardWorker, GarbledAnswersAreNotTakenForTheCards) {
  CardSetup setup;
  const auto worker = setup.worker();
  setup.tell("fault garble at=16");
  const std::string code = worker->ask(whole_card()).code();
  EXPECT_TRUE(code.empty() || code == "card.protocol") << code;
  EXPECT_EQ(setup.status("struck"), 1);
}

TEST(CardWorker, WaitsForACardAndCanBeStopped) {
  CardSetup setup({"--out"});
  const auto worker = setup.worker();
  frames::ReadCard order = identity_only();
  order.wait_ms = 100;
  EXPECT_EQ(worker->ask(order).code(), "card.absent");
  order.request = 2;
  order.wait_ms = 60'000;
  worker->send(order);
  worker->send(frames::Cancel{{}, 2});
  EXPECT_EQ(worker->collect().code(), "scan.cancelled");
  order.request = 3;
  worker->send(order);
  setup.tell("insert");
  EXPECT_EQ(worker->collect().code(), "");
}

TEST(CardWorker, TellsWhoComesAndGoesWithoutBeingAsked) {
  CardSetup setup({"--slots", "bank,citizen,sam", "--out"});
  const auto worker = setup.worker();
  const auto cards = [&](std::size_t count) {
    const auto reached = [&](const frames::FromWorker& message) {
      const auto* news = std::get_if<frames::Described>(&message);
      const auto& slots = news != nullptr && news->card ? news->card->slots : std::vector<protocol::CardSlot>();
      const auto full = std::count_if(slots.begin(), slots.end(),
                                      [](const auto& slot) { return slot.state == protocol::CardSlotState::card; });
      return static_cast<std::size_t>(full) != count;
    };
    worker->collect_while(reached);
    return true;
  };
  EXPECT_TRUE(cards(2));
  setup.tell("insert 1");
  EXPECT_TRUE(cards(3));
  setup.tell("remove 1");
  EXPECT_TRUE(cards(2));
}

TEST(CardWorker, TakesTheSlotWhoseCardAnswersTheApplication) {
  CardSetup setup({"--slots", "bank,sam,citizen"});
  const auto worker = setup.worker();
  const Answers answers = worker->ask(identity_only());
  ASSERT_EQ(answers.code(), "");
  const Answers described = worker->ask(frames::Describe{{}, 2});
  ASSERT_TRUE(described.described);
  std::vector<std::string> ours;
  for (const protocol::CardSlot& slot : described.described->card->slots) {
    if (slot.identity_card.value_or(false)) {
      ours.push_back(fmt::format("{} {}", slot.reader, protocol::enum_name(slot.interface)));
    }
  }
  EXPECT_THAT(ours, ElementsAre("Quay Sim Reader 2 00 00 contactless"));
  EXPECT_EQ(described.described->card->slots.size(), 4U);
}

TEST(CardWorker, OfAnotherKindIsRefused) {
  CardSetup setup({"--slots", "bank"});
  frames::ReadCard order = identity_only();
  order.wait_ms = 500;
  EXPECT_EQ(setup.worker()->ask(order).code(), "card.unsupported");
}

TEST(CardWorker, FindsPcscdAgainAfterItWasAway) {
  CardSetup setup;
  const auto worker = setup.worker();
  ASSERT_EQ(worker->ask(identity_only()).code(), "");
  setup.tell("pcscd stop");
  frames::ReadCard order = identity_only();
  order.request = 2;
  order.wait_ms = 1'000;
  EXPECT_EQ(worker->ask(order).code(), "card.service_down");
  setup.tell("pcscd start");
  setup.tell("insert");
  order.request = 3;
  order.wait_ms = 15'000;
  EXPECT_EQ(worker->ask(order).code(), "");
}

TEST(CardWorker, NamesTheProgramThatHoldsTheCard) {
  CardSetup setup;
  ASSERT_EQ(::setenv("PCSCLITE_CSOCK_NAME", setup.sim().pcscd_socket().c_str(), 1), 0);
  SCARDCONTEXT context = 0;
  SCARDHANDLE card = 0;
  DWORD protocol = 0;
  ASSERT_EQ(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context), SCARD_S_SUCCESS);
  ASSERT_TRUE(rig::wait_until([&] {
    return SCardConnect(context, "Quay Sim Reader 00 00", SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T1, &card, &protocol) ==
           SCARD_S_SUCCESS;
  }));
  const auto worker = setup.worker();
  const Answers held = worker->ask(identity_only());
  EXPECT_EQ(held.code(), "device.busy");
  EXPECT_THAT(held.finished->error->holder.value_or(""), HasSubstr(fmt::format("(process {})", ::getpid())));
  SCardDisconnect(card, SCARD_LEAVE_CARD);

  ASSERT_EQ(SCardConnect(context, "Quay Sim Reader 00 00", SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &protocol),
            SCARD_S_SUCCESS);
  ASSERT_EQ(SCardBeginTransaction(card), SCARD_S_SUCCESS);
  frames::ReadCard order = identity_only();
  order.request = 2;
  EXPECT_EQ(worker->ask(order).code(), "device.busy");
  ASSERT_EQ(SCardEndTransaction(card, SCARD_RESET_CARD), SCARD_S_SUCCESS);
  order.request = 3;
  EXPECT_EQ(worker->ask(order).code(), "") << "the other program reset the card";
  SCardReleaseContext(context);
}

/// Everything that a process has in memory; nothing when the kernel does not let us look.
std::optional<std::string> memory_of(pid_t pid) {
  std::ifstream maps(fmt::format("/proc/{}/maps", pid));
  std::ifstream memory(fmt::format("/proc/{}/mem", pid), std::ios::binary);
  if (!memory || maps.peek() == std::char_traits<char>::eof()) {
    return std::nullopt;
  }
  std::string all;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t from = 0;
    std::uintptr_t to = 0;
    std::array<char, 5> rights{};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &from, &to, rights.data()) != 3 || rights[0] != 'r') {
      continue;
    }
    std::string piece(to - from, '\0');
    memory.clear();
    memory.seekg(static_cast<std::streamoff>(from));
    memory.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    all += piece.substr(0, static_cast<std::size_t>(std::max<std::streamsize>(memory.gcount(), 0)));
  }
  return all;
}

TEST(CardWorker, ForgetsWhatItRead) {
  CardSetup setup;
  const auto worker = setup.worker();
  frames::ReadCard order = whole_card();
  order.qr = frames::CardFacts{{}, "001190012345", "Nguyễn Thị Quầy", "1990-05-12"};
  order.zones = {{{}, "190012345", "900512", "300512"}};
  ASSERT_EQ(worker->ask(order).code(), "");
  worker->ask(
      frames::Describe{{}, 2});  // it forgets after it has said that it is done: the next request finds that over
  const auto memory = memory_of(worker->pid());
  if (!memory) {
    EXPECT_NE(::geteuid(), 0U) << "the worker lets nobody but root look into it";
    return;
  }
  EXPECT_NE(memory->find("Reads identity cards for quayd"), std::string::npos) << "the search finds what is there";
  for (const std::string& secret :
       {std::string("001190012345"), std::string("190012345"), std::string("NGUYỄN THỊ QUẦY"),
        std::string("NGUYEN<<THI<QUAY"), std::string("Nguyễn Thị Quầy"), std::string("Phố Hàng Bài"),
        std::string("TRẦN THỊ MẸ"), std::string("12/05/1990"), std::string("1990-05-12")}) {
    EXPECT_EQ(memory->find(secret), std::string::npos) << secret;
  }
}

/// A pcscd that takes connections and never says a word.
class HungPcscd {
 public:
  explicit HungPcscd(const std::filesystem::path& socket)
      : listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket.string().copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_.get(), 4), 0);
  }

 private:
  UniqueFd listener_;
};

TEST(CardList, OfAPcscdThatHangsEndsWithAnError) {
  const rig::TemporaryDirectory directory;
  const HungPcscd pcscd(directory.path() / "pcscd.comm");
  WorkerClient list(QUAY_CARD, {"--list"}, {{"PCSCLITE_CSOCK_NAME", directory.path() / "pcscd.comm"}});
  EXPECT_EQ(list.ending(), "exit status 1");
}

TEST(CardWorker, WithoutPcscdSaysSo) {
  WorkerClient worker(QUAY_CARD, {"--serve"}, {{"PCSCLITE_CSOCK_NAME", "/nowhere/pcscd.comm"}});
  EXPECT_EQ(worker.ask(frames::Describe{{}, 1}).code(), "card.service_down");
}

}  // namespace
}  // namespace quay::test
