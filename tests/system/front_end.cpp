// SPDX-License-Identifier: Apache-2.0
#include "tests/system/front_end.hpp"

#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

namespace quay::system_test {

constexpr uid_t kNobody = 65534;

std::string call(client::Client& client, const char* command, const protocol::json::object& args) {
  return code_of(client.call(command, args));
}

Result<protocol::VisitOpened> open_visit(client::Client& client, const std::string& request_id) {
  const client::CallOptions options{client::kCallPatience, request_id, {}};
  return client.call_as<protocol::VisitOpened>("visit.open", protocol::NoArguments{}, options);
}

bool is_root() { return ::geteuid() == 0; }

std::string as_nobody(const std::function<std::string()>& work) {
  int pipe[2] = {-1, -1};
  if (::geteuid() != 0 || ::pipe(pipe) != 0) {
    return work();
  }
  const pid_t child = ::fork();
  if (child == 0) {
    const bool changed = ::setgroups(0, nullptr) == 0 && ::setresgid(kNobody, kNobody, kNobody) == 0 &&
                         ::setresuid(kNobody, kNobody, kNobody) == 0;
    const std::string said = changed ? work() : "cannot become nobody";
    const ssize_t written = ::write(pipe[1], said.data(), said.size());
    ::_exit(written == static_cast<ssize_t>(said.size()) ? 0 : 1);
  }
  ::close(pipe[1]);
  std::string said;
  char part[512];
  for (ssize_t got = 0; (got = ::read(pipe[0], part, sizeof part)) > 0;) {
    said.append(part, static_cast<std::size_t>(got));
  }
  ::close(pipe[0]);
  ::waitpid(child, nullptr, 0);
  return said;
}

void open_doors(const Counter& counter) {
  ::chmod(counter.path().c_str(), 0755);
  ::chmod(counter.run_directory().c_str(), 0755);
  for (const char* socket : {"control", "images", "events"}) {
    ::chmod((counter.run_directory() / socket).c_str(), 0666);
  }
}

void use_keys(zmq::socket_t& socket, const Keys& keys) {
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::rcvtimeo, 10'000);
  if (!keys.server.empty()) {
    socket.set(zmq::sockopt::curve_serverkey, keys.server);
    socket.set(zmq::sockopt::curve_publickey, keys.own.public_key);
    socket.set(zmq::sockopt::curve_secretkey, keys.own.secret_key);
  }
}

std::string handshake_of(const std::string& endpoint, const Keys& keys, zmq::socket_type type) {
  zmq::context_t context;
  zmq::socket_t socket(context, type);
  zmq::socket_t monitor(context, zmq::socket_type::pair);
  use_keys(socket, keys);
  monitor.set(zmq::sockopt::linger, 0);
  monitor.set(zmq::sockopt::rcvtimeo, 10'000);
  zmq_socket_monitor(socket.handle(), "inproc://monitor", ZMQ_EVENT_ALL);
  monitor.connect("inproc://monitor");
  socket.connect(endpoint);
  for (zmq::message_t event, address; monitor.recv(event) && monitor.recv(address);) {
    std::uint16_t number = 0;
    std::memcpy(&number, event.data(), sizeof number);
    if (number == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
      return "let in";
    }
    if (number == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH || number == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL ||
        number == ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL || number == ZMQ_EVENT_DISCONNECTED) {
      return "refused";
    }
  }
  return "no handshake";
}

}  // namespace quay::system_test
