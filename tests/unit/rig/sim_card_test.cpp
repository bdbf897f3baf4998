// SPDX-License-Identifier: Apache-2.0
// The simulated readers as a client of the real pcscd sees them. One test, since libpcsclite remembers the place of its
// socket for the life of a process.
#include "tests/rig/support/sim_card.hpp"

#include <winscard.h>

#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include <gmock/gmock.h>

#include "tests/rig/support/temporary_directory.hpp"
#include "tests/rig/support/wait_until.hpp"

namespace quay::rig {
namespace {

using testing::ElementsAre;

std::vector<std::string> readers(SCARDCONTEXT context) {
  std::array<char, 1024> names{};
  DWORD size = names.size();
  std::vector<std::string> list;
  if (SCardListReaders(context, nullptr, names.data(), &size) == SCARD_S_SUCCESS) {
    for (const char* name = names.data(); *name != '\0'; name += list.back().size() + 1) {
      list.emplace_back(name);
    }
  }
  return list;
}

struct Card {
  SCARDHANDLE handle = 0;
  DWORD protocol = 0;
};

bool connect(SCARDCONTEXT context, const char* reader, Card& card) {
  const DWORD either = SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1;
  return SCardConnect(context, reader, SCARD_SHARE_SHARED, either, &card.handle, &card.protocol) == SCARD_S_SUCCESS;
}

/// The status word, or what came instead of one: vpcd calls a card that is torn away a success without an answer.
std::string select_icao(const Card& card) {
  const std::array<std::uint8_t, 12> apdu{0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01};
  std::array<std::uint8_t, 258> answer{};
  DWORD size = answer.size();
  const SCARD_IO_REQUEST* way = card.protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
  const LONG sent = SCardTransmit(card.handle, way, apdu.data(), apdu.size(), nullptr, answer.data(), &size);
  if (sent != SCARD_S_SUCCESS || size < 2) {
    return "nothing";
  }
  return fmt::format("{:02X}{:02X}", answer[0], answer[1]);
}

TEST(SimulatedReaders, HoldACitizensCardThatComesAndGoesBesideOthers) {
  const TemporaryDirectory directory;
  const auto sim = SimCard::start(directory.path(), {Portrait::jpeg, {"--slots", "bank,citizen,sam"}});
  ASSERT_TRUE(sim) << describe(sim.error());
  ASSERT_EQ(::setenv("PCSCLITE_CSOCK_NAME", sim->pcscd_socket().c_str(), 1), 0);
  SCARDCONTEXT context = 0;
  ASSERT_EQ(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context), SCARD_S_SUCCESS);
  EXPECT_THAT(readers(context), ElementsAre("Quay Sim Reader 00 00", "Quay Sim Reader 00 01", "Quay Sim Reader 2 00 00",
                                            "Quay Sim Reader 2 00 01"));
  Card bank;
  Card citizen;
  ASSERT_TRUE(wait_until([&] { return connect(context, "Quay Sim Reader 00 00", bank); }));
  ASSERT_TRUE(wait_until([&] { return connect(context, "Quay Sim Reader 00 01", citizen); }));
  EXPECT_EQ(select_icao(bank), "6A82");
  EXPECT_EQ(select_icao(citizen), "9000");
  EXPECT_EQ(sim->status("apdus", 1), "1");

  ASSERT_TRUE(sim->tell("fault 1 status at=1 sw=6F00"));
  EXPECT_EQ(select_icao(citizen), "6F00");
  EXPECT_EQ(select_icao(citizen), "9000") << "a fault strikes once";
  ASSERT_TRUE(sim->tell("fault 1 torn at=1"));
  EXPECT_EQ(select_icao(citizen), "nothing");
  EXPECT_EQ(sim->status("inserted", 1), "0");
  ASSERT_TRUE(sim->tell("insert 1"));
  EXPECT_TRUE(wait_until([&] { return connect(context, "Quay Sim Reader 00 01", citizen); }));

  ASSERT_TRUE(sim->tell("pcscd stop"));
  EXPECT_TRUE(wait_until([&] { return SCardIsValidContext(context) != SCARD_S_SUCCESS || readers(context).empty(); }));
  EXPECT_TRUE(sim->tell("pcscd start"));
}

}  // namespace
}  // namespace quay::rig
