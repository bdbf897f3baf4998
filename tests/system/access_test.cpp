// SPDX-License-Identifier: Apache-2.0
// Who may speak and whose a visit is, as front ends of several users see it.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "clients/cpp/event_stream.hpp"
#include "protocol/client/command_table.hpp"
#include "protocol/client/events.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/system/front_end.hpp"

namespace quay::system_test {
namespace {

/// A section for the account this test runs under.
std::string own_roles(const std::string& roles) {
  return "[[peer]]\nuid = " + std::to_string(::geteuid()) + "\nroles = [" + roles + "]\n";
}

TEST(Access, SocketsAreForTheirGroupOnly) {
  Counter counter;
  counter.start();
  for (const char* socket : {"control", "images", "events"}) {
    struct stat status {};
    ASSERT_EQ(::stat((counter.run_directory() / socket).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0660U) << socket;
  }
  struct stat status {};
  ASSERT_EQ(::stat(counter.run_directory().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0750U);
}

TEST(Access, EveryCommandOfTheTableHasAHandler) {
  Counter counter;
  counter.start();
  client::Client client = counter.connect();
  protocol::for_each_command([&](const auto& row) {
    if (row.endpoint == protocol::Endpoint::control) {
      EXPECT_NE(call(client, std::string(row.name).c_str(), {}), "request.unknown_command") << row.name;
    }
  });
}

TEST(Access, HelloSaysWhoOneIsAndWhatOneMayDo) {
  Counter counter;
  counter.start();
  const protocol::HelloResult hello = counter.connect().hello();
  EXPECT_FALSE(hello.peer.empty());
  EXPECT_EQ(hello.roles, (std::vector<std::string>{"front_end", "technician"}));
  EXPECT_EQ(hello.limits.command_bytes, 64 * 1024);
  EXPECT_GT(hello.limits.commands_per_second, 0);
}

TEST(Access, HelloRefusesAProgramOfAnotherMajorVersionAndNamesBoth) {
  Counter counter;
  counter.start();
  client::Client client = counter.connect();
  EXPECT_EQ(call(client, "hello", {{"api_from", 1}, {"api_to", 3}}), "done");
  const auto refused = client.call("hello", {{"api_from", 2}, {"api_to", 3}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::request_version);
  EXPECT_NE(refused.error().detail.find("2 to 3, quayd speaks 1"), std::string::npos) << refused.error().detail;
}

TEST(Access, AViewerSeesDevicesAndOpensNoVisit) {
  Counter counter;
  counter.write_config(own_roles("\"viewer\""));
  counter.start();
  client::Client client = counter.connect();
  EXPECT_EQ(client.hello().roles, std::vector<std::string>{"viewer"});
  EXPECT_EQ(call(client, "state.get", {}), "done");
  EXPECT_EQ(call(client, "device.list", {}), "done");
  EXPECT_EQ(code_of(open_visit(client)), "peer.not_allowed");
  EXPECT_EQ(call(client, "capture.list", {{"visit", "v"}}), "peer.not_allowed");
  EXPECT_EQ(call(client, "device.lease", {{"visit", "v"}, {"device", kScanner}}), "peer.not_allowed");
}

TEST(Access, ATechnicianEndsAVisitAndSeesNoPageOfIt) {
  Counter counter({.sheets = 1});
  counter.start();
  const std::string visit = counter.open_visit();
  const protocol::Job job = counter.scan({.visit = visit});
  ASSERT_EQ(job.captures.size(), 1U);
  counter.write_config(own_roles("\"technician\""));
  counter.daemon().send_signal(SIGHUP);
  ASSERT_TRUE(
      rig::wait_until([&] { return counter.connect().hello().roles == std::vector<std::string>{"technician"}; }));
  client::Client client = counter.connect();
  EXPECT_EQ(call(client, "capture.get", {{"capture", job.captures[0]}}), "peer.not_allowed");
  EXPECT_EQ(call(client, "visit.adopt", {{"visit", visit}}), "done") << "it is this account's own";
  const auto bytes = client::fetch_image(client, job.captures[0], "page", deadline_in(Milliseconds(5'000)));
  EXPECT_EQ(code_of(bytes), "peer.not_allowed");
  client::Client keyless = *client::Client::connect(counter.run_directory());
  EXPECT_EQ(call(keyless, "visit.close", {{"visit", visit}}), "done");
}

TEST(Access, AStrangerIsRefusedWhateverHeAsks) {
  Counter counter;
  counter.write_config(is_root() ? "" : own_roles(""));
  if (!is_root()) {
    EXPECT_FALSE(counter.try_start()) << "shut out, this account cannot even see that quayd is up";
    return;
  }
  counter.start();
  open_doors(counter);
  const std::string run = counter.run_directory().string();
  EXPECT_EQ(as_nobody([&] { return code_of(client::Client::connect(run)); }), "peer.not_allowed");
}

TEST(Access, AVisitIsNotAnotherAccountsEvenWithItsKey) {
  Counter counter;
  counter.write_config("[[peer]]\nuid = 65534\nroles = [\"front_end\"]\n");
  counter.start();
  open_doors(counter);
  const std::string visit = counter.open_visit();
  const std::string key = counter.key_of(visit);
  const std::string run = counter.run_directory().string();
  const std::string said = as_nobody([&] {
    client::Client client = *client::Client::connect(run);
    client.keys().keep(visit, key);
    const std::string list = call(client, "capture.list", {{"visit", visit}});
    const std::string adopt = call(client, "visit.adopt", {{"visit", visit}});
    const std::string close = call(client, "visit.close", {{"visit", visit}});
    return list + " " + adopt + " " + close + " " + code_of(open_visit(client));
  });
  EXPECT_EQ(said, is_root() ? "visit.not_owner visit.not_owner visit.not_owner done" : "done done done done");
}

TEST(Access, ATechnicianTakesAnothersVisitOverOnlyWhereTheConfigurationSaysSo) {
  const std::string peers = "[[peer]]\nuid = 65534\nroles = [\"front_end\"]\n";
  Counter counter;
  counter.write_config(peers);
  counter.start();
  open_doors(counter);
  const std::string run = counter.run_directory().string();
  const std::string visit = as_nobody([&] {
    client::Client client = *client::Client::connect(run);
    const auto opened = open_visit(client);
    return opened ? opened->visit : code_of(opened.error());
  });
  client::Client client = counter.connect();
  EXPECT_EQ(call(client, "visit.adopt", {{"visit", visit}}), is_root() ? "visit.not_owner" : "done");
  counter.write_config("[access]\ntechnician_may_adopt = true\n" + peers);
  counter.daemon().send_signal(SIGHUP);
  EXPECT_TRUE(rig::wait_until([&] { return call(client, "visit.adopt", {{"visit", visit}}) == "done"; }));
  EXPECT_EQ(call(client, "capture.list", {{"visit", visit}}), "done");
}

TEST(Access, AWishOfAnotherAccountIsAnotherWish) {
  Counter counter;
  counter.write_config("[[peer]]\nuid = 65534\nroles = [\"front_end\"]\n");
  counter.start();
  open_doors(counter);
  client::Client client = counter.connect();
  const auto mine = open_visit(client, "wish-1");
  ASSERT_TRUE(mine);
  const std::string run = counter.run_directory().string();
  const std::string theirs = as_nobody([&] {
    client::Client other = *client::Client::connect(run);
    const auto visit = open_visit(other, "wish-1");
    return visit ? visit->visit : code_of(visit.error());
  });
  EXPECT_EQ(theirs == mine->visit, !is_root());
}

TEST(Access, AVisitNeedsItsKey) {
  Counter counter({.sheets = 1});
  counter.start();
  const std::string visit = counter.open_visit();
  const protocol::Job job = counter.scan({.visit = visit});
  ASSERT_EQ(job.captures.size(), 1U);
  client::Client keyless = *client::Client::connect(counter.run_directory());
  EXPECT_EQ(call(keyless, "capture.list", {{"visit", visit}}), "visit.not_owner");
  EXPECT_EQ(call(keyless, "capture.get", {{"capture", job.captures[0]}}), "visit.not_owner");
  EXPECT_EQ(call(keyless, "scan.start", {{"visit", visit}, {"device", kScanner}}), "visit.not_owner");
  EXPECT_EQ(call(keyless, "document.assemble", {{"visit", visit}, {"captures", {job.captures[0]}}}), "visit.not_owner");
  const auto bytes = client::fetch_image(keyless, job.captures[0], "page", deadline_in(Milliseconds(5'000)));
  EXPECT_EQ(code_of(bytes), "visit.not_owner");
  keyless.keys().keep(visit, std::string(64, 'a'));
  EXPECT_EQ(call(keyless, "capture.list", {{"visit", visit}}), "visit.not_owner");
  const std::string other = counter.open_visit();
  keyless.keys().keep(visit, counter.key_of(other));
  EXPECT_EQ(call(keyless, "capture.list", {{"visit", visit}}), "visit.not_owner") << "the key of another visit";
  client::Client owner = counter.connect();
  EXPECT_EQ(call(owner, "capture.list", {{"visit", visit}}), "done");
}

TEST(Access, AVisitTakenOverHasANewKeyAndEverybodyHearsOfIt) {
  Counter counter;
  counter.start();
  client::Client client = counter.connect();
  auto events = client::EventStream::open(client, {client.hello().journal, client.hello().seq});
  ASSERT_TRUE(events);
  const std::string visit = counter.open_visit();
  client::Client restarted = *client::Client::connect(counter.run_directory());
  ASSERT_EQ(call(restarted, "visit.adopt", {{"visit", visit}}), "done");
  EXPECT_EQ(call(restarted, "capture.list", {{"visit", visit}}), "done");
  client::Client before = counter.connect();
  EXPECT_EQ(call(before, "capture.list", {{"visit", visit}}), "visit.not_owner");
  std::string heard;
  while (heard.find("visit.handed_over") == std::string::npos) {
    const auto event = events->next(deadline_in(Milliseconds(10'000)));
    ASSERT_TRUE(event && *event) << heard;
    heard += (*event)->type + " ";
    EXPECT_EQ(protocol::encode(**event).find("visit_key"), std::string::npos);
  }
}

TEST(Access, NoKeyIsWrittenDown) {
  Counter counter;
  counter.start();
  client::Client client = counter.connect();
  const auto visit = open_visit(client, "wish-1");
  ASSERT_TRUE(visit);
  ASSERT_EQ(visit->visit_key.size(), 64U);
  counter.daemon().send_signal(SIGTERM);
  ASSERT_TRUE(counter.daemon().wait());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(counter.path() / "state")) {
    if (entry.is_regular_file()) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string text((std::istreambuf_iterator<char>(file)), {});
      EXPECT_EQ(text.find(visit->visit_key), std::string::npos) << entry.path();
    }
  }
  EXPECT_EQ(counter.daemon().transcript().find(visit->visit_key), std::string::npos);
}

TEST(Access, AStrangerHearsNoEvents) {
  Counter counter;
  counter.write_config("[[peer]]\nuid = 65534\nroles = []\n");
  counter.start();
  open_doors(counter);
  const std::string events = "ipc://" + (counter.run_directory() / "events").string();
  EXPECT_EQ(as_nobody([&] { return handshake_of(events, {}, zmq::socket_type::sub); }),
            is_root() ? "refused" : "let in");
  EXPECT_EQ(handshake_of(events, {}, zmq::socket_type::sub), "let in");
}

}  // namespace
}  // namespace quay::system_test
