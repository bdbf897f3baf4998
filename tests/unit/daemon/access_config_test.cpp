// SPDX-License-Identifier: Apache-2.0
// Configuration of who may speak: peers, limits, keys.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon/config_support.hpp"

namespace quay::daemon::service {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(AccessConfigTest, WhoMaySpeakIsTakenInTheOrderOfTheFile) {
  const AccessConfig access = parse(R"(
    [access]
    commands_per_second = 5
    commands_in_flight = 3
    lease_grace_ms = 0
    technician_may_adopt = true
    [[peer]]
    user = "clerk.1"
    roles = ["front_end", "viewer"]
    [[peer]]
    uid = 0
    roles = []
    [[peer]]
    group = "quay-support"
    roles = ["technician"]
  )")
                                  .access;
  EXPECT_EQ(access.commands_per_second, 5);
  EXPECT_EQ(access.commands_in_flight, 3);
  EXPECT_EQ(access.lease_grace, Milliseconds(0));
  EXPECT_TRUE(access.technician_may_adopt);
  const std::vector<PeerConfig> expected{{std::nullopt, "clerk.1", "", {"front_end", "viewer"}},
                                         {0, "", "", {}},
                                         {std::nullopt, "", "quay-support", {"technician"}}};
  EXPECT_EQ(access.peers, expected);
}

TEST(AccessConfigTest, APeerIsNamedInOneWayAndHasRoles) {
  EXPECT_THAT(mistakes("[[peer]]\nroles = []\n"), ElementsAre(HasSubstr("found 0 of uid, user and group")));
  EXPECT_THAT(mistakes("[[peer]]\nuid = 1\nuser = \"a\"\nroles = []\n"),
              ElementsAre(HasSubstr("found 2 of uid, user and group")));
  EXPECT_THAT(mistakes("[[peer]]\nuid = 1\n"), ElementsAre(HasSubstr("roles: missing")));
  EXPECT_THAT(mistakes("[[peer]]\nuid = 1\nroles = [\"king\"]\n"), ElementsAre(HasSubstr("viewer, front_end")));
  EXPECT_THAT(mistakes("[[peer]]\nuid = -1\nroles = []\n"), ElementsAre(HasSubstr("uid")));
  EXPECT_THAT(mistakes("[[peer]]\nuser = \"a b\"\nroles = []\n"), ElementsAre(HasSubstr("user")));
}

TEST(AccessConfigTest, APortNeedsAKeyAndClientsNeedTheirOwn) {
  const std::string key(40, 'a');
  const std::string client = "[[tcp.client]]\nname = \"kiosk\"\npublic_key = \"" + key + "\"\nroles = [\"viewer\"]\n";
  const TcpConfig tcp =
      parse("[tcp]\nport = 7319\nserver_secret_key_file = \"/etc/quay/server.key\"\n" + client).access.tcp;
  EXPECT_EQ(tcp.port, 7319);
  EXPECT_EQ(tcp.clients, (std::vector<TcpClientConfig>{{"kiosk", key, {"viewer"}}}));
  EXPECT_THAT(mistakes("[tcp]\nport = 7319\n"), ElementsAre(HasSubstr("names no key")));
  EXPECT_THAT(mistakes("[tcp]\nport = 80\nserver_secret_key_file = \"/k\"\n"), ElementsAre(HasSubstr("from 1024")));
  EXPECT_THAT(mistakes(client + client), ElementsAre(HasSubstr("another client")));
  EXPECT_THAT(mistakes("[[tcp.client]]\nname = \"kiosk\"\npublic_key = \"short\"\nroles = []\n"),
              ElementsAre(HasSubstr("40 characters")));
}

}  // namespace
}  // namespace quay::daemon::service
