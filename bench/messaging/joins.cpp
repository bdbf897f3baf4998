// SPDX-License-Identifier: Apache-2.0
#include "bench/messaging/counter.hpp"
#include "bench/messaging/figures.hpp"

namespace quay::bench {
namespace {

constexpr std::chrono::microseconds kBetween{100};

/// Joins with topics `hb` and `e` while events come, and counts the joins after which the first event was not the one
/// behind the number that the first `hb` told.
int gaps_after_joining(const std::string& path, int joins) {
  int gaps = 0;
  for (int i = 0; i < joins; ++i) {
    zmq::context_t context;
    zmq::socket_t socket(context, zmq::socket_type::sub);
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::rcvtimeo, 5000);
    socket.set(zmq::sockopt::subscribe, "e");
    socket.set(zmq::sockopt::subscribe, "hb");
    socket.connect("ipc://" + path);
    long told = -1;
    for (zmq::message_t message; socket.recv(message);) {
      const std::string text = message.to_string();
      if (text.rfind("hb", 0) == 0) {
        told = std::max(told, std::stol(text.substr(2)));
      } else if (told >= 0) {
        const long number = std::stol(text.substr(1));
        gaps += number > told + 1 ? 1 : 0;
        break;
      }
    }
  }
  return gaps;
}

/// A publisher of numbered events that tells newcomers where it stands: before each event when `greets`, as quayd does,
/// or by libzmq's welcome message.
void publish_until(const std::atomic<bool>& stop, zmq::socket_t& socket, bool greets) {
  for (long number = 1; !stop; ++number) {
    zmq::message_t subscription;
    while (socket.recv(subscription, zmq::recv_flags::dontwait)) {
      if (greets) {
        socket.send(zmq::buffer("hb" + std::to_string(number - 1)), zmq::send_flags::none);
      }
    }
    socket.send(zmq::buffer("e" + std::to_string(number)), zmq::send_flags::none);
    if (!greets) {
      socket.set(zmq::sockopt::xpub_welcome_msg, "hb" + std::to_string(number));
    }
    std::this_thread::sleep_for(kBetween);
  }
}

int measure(bool greets, int joins) {
  const Room room;
  zmq::context_t context;
  zmq::socket_t socket(context, zmq::socket_type::xpub);
  socket.set(zmq::sockopt::xpub_verbose, greets);
  socket.bind("ipc://" + (room / "events"));
  std::atomic<bool> stop = false;
  std::thread publisher([&] { publish_until(stop, socket, greets); });
  const int gaps = gaps_after_joining(room / "events", joins);
  stop = true;
  publisher.join();
  return gaps;
}

}  // namespace

protocol::json::object measure_joins(double scale) {
  const int joins = static_cast<int>(500 * scale);
  return {{"joins", joins}, {"greeting_gaps", measure(true, joins)}, {"welcome_gaps", measure(false, joins)}};
}

}  // namespace quay::bench
