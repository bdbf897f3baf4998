// SPDX-License-Identifier: Apache-2.0
// The sockets on 127.0.0.1: whoever holds a key of the list, nobody else, and on no other address.
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "clients/cpp/event_stream.hpp"
#include "clients/cpp/live_view.hpp"
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
  explicit TcpCounter(const CounterOptions& options = {})
      : counter_(options), server_(*client::make_key_pair()), kiosk_(*client::make_key_pair()), port_(free_port()) {
    const std::filesystem::path file = counter_.path() / "server.key";
    std::ofstream(file) << server_.secret_key << "\n";
    ::chmod(file.c_str(), 0600);
    std::ofstream(key_file()) << kiosk_.secret_key << "\n";
    counter_.write_config("[tcp]\nport = " + std::to_string(port_) + "\nserver_secret_key_file = \"" + file.string() +
                          "\"\n[[tcp.client]]\nname = \"kiosk\"\npublic_key = \"" + kiosk_.public_key +
                          "\"\nroles = [\"front_end\"]\n");
  }

  Counter& counter() { return counter_; }
  Keys keys() const { return {server_.public_key, kiosk_}; }
  std::string endpoint(int socket) const { return "tcp://127.0.0.1:" + std::to_string(port_ + socket); }
  int port() const { return port_; }
  /// The kiosk's own key, as `quayctl keys new` makes it.
  std::filesystem::path key_file() const { return counter_.path() / "kiosk.key"; }
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

TEST(Tcp, QuayctlAndTheCppClientDoThereWhatTheyDoElsewhere) {
  TcpCounter tcp;
  tcp.counter().start();
  const auto quayctl = [&](const std::string& server_key, std::vector<std::string> words) {
    rig::ChildOptions options;
    options.arguments = {std::string(QUAY_BIN_DIRECTORY) + "/quayctl",
                         "--lang",
                         "en",
                         "--connect",
                         tcp.endpoint(0),
                         "--server-key",
                         server_key,
                         "--key-file",
                         tcp.key_file().string()};
    options.arguments.insert(options.arguments.end(), words.begin(), words.end());
    options.output_directory = tcp.counter().path();
    auto child = rig::ChildProcess::start(options);
    const auto ended = child ? child->wait() : decltype(child->wait()){};
    return std::to_string(ended ? ended->code : -1) + " " + (child ? child->output() + child->errors() : "");
  };
  const std::string pdf = (tcp.counter().path() / "out.pdf").string();
  EXPECT_TRUE(quayctl(tcp.keys().server, {"scan", "-o", pdf, "--source", "adf", "--dpi", "75"}).starts_with("0 "));
  EXPECT_TRUE(std::filesystem::exists(pdf));
  const std::string refused = quayctl(client::make_key_pair()->public_key, {"status"});
  EXPECT_TRUE(refused.starts_with("3 ")) << refused;
  EXPECT_NE(refused.find("is that the server's key"), std::string::npos) << refused;
  EXPECT_TRUE(quayctl("short", {"status"}).starts_with("2 "));
  const auto address = client::Address::over_tcp(tcp.endpoint(0), tcp.keys().server, tcp.key_file());
  ASSERT_TRUE(address);
  auto front_end = client::Client::connect(*address);
  ASSERT_TRUE(front_end) << describe(front_end.error());
  EXPECT_EQ(front_end->hello().peer, "kiosk");
  auto events = client::EventStream::open(*front_end, {front_end->hello().journal, front_end->hello().seq});
  const auto visit = front_end->call_as<protocol::VisitOpened>("visit.open", protocol::NoArguments{});
  ASSERT_TRUE(events && visit);
  const auto event = events->next(deadline_in(Milliseconds(10'000)));
  ASSERT_TRUE(event && *event);
  EXPECT_EQ((*event)->visit, visit->visit);
}

TEST(Tcp, ALiveViewIsRefusedInWordsBeforeACameraLooksAtTheCounter) {
  TcpCounter tcp({.document_camera = true});
  tcp.counter().start();
  ASSERT_TRUE(tcp.counter().device_becomes(protocol::DeviceStatus::ready, kOverhead));
  const auto address = client::Address::over_tcp(tcp.endpoint(0), tcp.keys().server, tcp.key_file());
  auto front_end = address ? client::Client::connect(*address) : failure(address.error());
  ASSERT_TRUE(front_end) << describe(front_end.error());
  const auto visit = open_visit(*front_end);
  ASSERT_TRUE(visit) << describe(visit.error());
  protocol::CameraLiveArguments wish;
  wish.visit = visit->visit;
  wish.device = kOverhead;
  wish.frames_per_second = 15;
  EXPECT_EQ(code_of(client::LiveView::open(*front_end, wish)), "device.unsupported");
  protocol::CameraCaptureArguments page;
  page.visit = visit->visit;
  page.device = kOverhead;
  page.settings.image_size = "640x480";
  const auto job = front_end->call_as<protocol::JobAccepted>("camera.capture", page);
  ASSERT_TRUE(job) << describe(job.error());
  EXPECT_TRUE(rig::wait_until([&] {
    const auto now = front_end->call_as<protocol::Job>("job.get", protocol::JobArguments{{}, job->job});
    return now && now->state == protocol::JobState::done;
  }));
  EXPECT_EQ(tcp.counter().document_camera().status("streams"), "1") << "that of the page";
}

TEST(Tcp, AnAddressThatCannotBeMeantIsRefusedInWords) {
  const TcpCounter tcp;
  const auto why = [&](const std::string& connect, const std::string& key, const std::filesystem::path& file) {
    const auto address = client::Address::over_tcp(connect, key, file);
    return address ? "taken" : code_of(address.error());
  };
  EXPECT_EQ(why(tcp.endpoint(0), tcp.keys().server, tcp.key_file()), "taken");
  for (const char* connect : {"tcp://127.0.0.1", "tcp://127.0.0.1:", "tcp://127.0.0.1:0", "tcp://127.0.0.1:65534",
                              "tcp://10.0.0.1:7320", "tcp://127.0.0.1:7320x", "ipc:///run/quay/events"}) {
    EXPECT_EQ(why(connect, tcp.keys().server, tcp.key_file()), "usage") << connect;
  }
  EXPECT_EQ(why(tcp.endpoint(0), "", tcp.key_file()), "usage");
  EXPECT_EQ(why(tcp.endpoint(0), tcp.keys().server, "/nonexistent/key"), "file.unreadable");
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
