// SPDX-License-Identifier: Apache-2.0
// The sockets on 127.0.0.1: whoever holds a key of the list, nobody else, and on no other address.
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "tests/rig/support/wait_until.hpp"
#include "tests/system/front_end.hpp"

namespace quay::system_test {
namespace {

std::string ask_over_tcp(const std::string& endpoint, const Keys& keys, const std::string& command) {
  zmq::context_t context;
  zmq::socket_t socket(context, zmq::socket_type::dealer);
  use_keys(socket, keys);
  socket.connect(endpoint);
  socket.send(zmq::buffer(command), zmq::send_flags::none);
  zmq::message_t answer;
  return socket.recv(answer) ? answer.to_string() : "no answer";
}

/// Local addresses, as /proc/net/tcp and tcp6 write them, that somebody listens on at `port`.
std::vector<std::string> listeners_on(int port) {
  std::vector<std::string> found;
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream file(table);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
      std::istringstream words(line);
      std::string number, local, remote, state;
      words >> number >> local >> remote >> state;
      const std::size_t colon = local.find(':');
      if (state == "0A" && std::stoi(local.substr(colon + 1), nullptr, 16) == port) {
        found.push_back(local.substr(0, colon));
      }
    }
  }
  return found;
}

/// A port that is free, with the three above it. Tests that run at once look at different ones.
int free_port() {
  constexpr int kPorts = 4;
  for (int port = 20'000 + kPorts * (::getpid() % 10'000); port < 65'000; port += kPorts) {
    const bool all_free = listeners_on(port).empty() && listeners_on(port + 1).empty() &&
                          listeners_on(port + 2).empty() && listeners_on(port + 3).empty();
    if (all_free) {
      return port;
    }
  }
  return 0;
}

/// A counter whose sockets are on 127.0.0.1 too, and one client that may use them.
class TcpCounter {
 public:
  TcpCounter() : server_(*client::make_key_pair()), kiosk_(*client::make_key_pair()), port_(free_port()) {
    const std::filesystem::path file = counter_.path() / "server.key";
    std::ofstream(file) << server_.secret_key << "\n";
    ::chmod(file.c_str(), 0600);
    counter_.write_config("[tcp]\nport = " + std::to_string(port_) + "\nserver_secret_key_file = \"" + file.string() +
                          "\"\n[[tcp.client]]\nname = \"kiosk\"\npublic_key = \"" + kiosk_.public_key +
                          "\"\nroles = [\"front_end\"]\n");
  }

  Counter& counter() { return counter_; }
  Keys keys() const { return {server_.public_key, kiosk_}; }
  std::string endpoint(int socket) const { return "tcp://127.0.0.1:" + std::to_string(port_ + socket); }
  int port() const { return port_; }
  /// How the handshake with events (0), control (1) or images (2) ends.
  std::string handshake(int socket, const Keys& keys) const {
    return handshake_of(endpoint(socket), keys, socket == 0 ? zmq::socket_type::sub : zmq::socket_type::dealer);
  }

 private:
  Counter counter_;
  client::KeyPair server_;
  client::KeyPair kiosk_;
  int port_;
};

TEST(Tcp, AKnownKeyIsAFrontEndOfItsOwnName) {
  TcpCounter tcp;
  tcp.counter().start();
  for (int socket = 0; socket < 3; ++socket) {
    EXPECT_EQ(tcp.handshake(socket, tcp.keys()), "let in") << socket;
  }
  const std::string hello = ask_over_tcp(tcp.endpoint(1), tcp.keys(), R"({"v":1,"id":"a","cmd":"hello","args":{}})");
  EXPECT_NE(hello.find(R"("peer":"kiosk","roles":["front_end"])"), std::string::npos) << hello;
  const std::string theirs = tcp.counter().open_visit();
  const std::string list = R"({"v":1,"id":"a","cmd":"capture.list","visit_key":")" + tcp.counter().key_of(theirs) +
                           R"(","args":{"visit":")" + theirs + "\"}}";
  EXPECT_NE(ask_over_tcp(tcp.endpoint(1), tcp.keys(), list).find("visit.not_owner"), std::string::npos);
}

TEST(Tcp, AnUnknownKeyAndNoKeyGetNoFurtherThanTheHandshake) {
  TcpCounter tcp;
  tcp.counter().start();
  Keys stranger = tcp.keys();
  stranger.own = *client::make_key_pair();
  for (int socket = 0; socket < 3; ++socket) {
    EXPECT_EQ(tcp.handshake(socket, stranger), "refused") << socket;
    EXPECT_EQ(tcp.handshake(socket, {}), "refused") << socket;
  }
  Keys impostor = tcp.keys();
  impostor.server = client::make_key_pair()->public_key;
  EXPECT_EQ(tcp.handshake(1, impostor), "refused") << "a client that expects another daemon";
}

TEST(Tcp, AKeyTakenOffTheListIsOutAfterAReload) {
  TcpCounter tcp;
  tcp.counter().start();
  tcp.counter().write_config();
  tcp.counter().daemon().send_signal(SIGHUP);
  EXPECT_TRUE(rig::wait_until([&] { return tcp.handshake(1, tcp.keys()) == "refused"; }));
}

TEST(Tcp, NothingListensBeyondThisMachine) {
  TcpCounter tcp;
  tcp.counter().start();
  for (int socket = 0; socket < 3; ++socket) {
    EXPECT_EQ(listeners_on(tcp.port() + socket), std::vector<std::string>{"0100007F"}) << "proc(5): 127.0.0.1";
  }
  EXPECT_TRUE(listeners_on(tcp.port() + 3).empty());
}

TEST(Tcp, QuayctlMakesAPairAndNeverOverwritesASecret) {
  Counter counter;
  const std::string file = (counter.path() / "new.key").string();
  const auto make = [&](std::string& output) {
    rig::ChildOptions options;
    options.arguments = {std::string(QUAY_BIN_DIRECTORY) + "/quayctl", "keys", "new", file};
    options.output_directory = counter.path();
    auto child = rig::ChildProcess::start(options);
    const auto ended = child ? child->wait() : decltype(child->wait()){};
    output = child ? child->output() : "";
    return ended ? ended->code : -1;
  };
  std::string output;
  EXPECT_EQ(make(output), 0);
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  std::string secret;
  std::getline(std::ifstream(file) >> std::ws, secret);
  char public_key[41] = {};
  ASSERT_EQ(zmq_curve_public(public_key, secret.c_str()), 0) << secret;
  EXPECT_EQ(output, std::string(public_key) + "\n");
  EXPECT_EQ(make(output), 2) << "file.unwritable";
}

TEST(Tcp, ASecretKeyThatOthersMayReadIsRefused) {
  TcpCounter tcp;
  ::chmod((tcp.counter().path() / "server.key").c_str(), 0644);
  EXPECT_FALSE(tcp.counter().try_start());
  EXPECT_NE(tcp.counter().daemon().errors().find("chmod 600"), std::string::npos)
      << tcp.counter().daemon().transcript();
}

}  // namespace
}  // namespace quay::system_test
