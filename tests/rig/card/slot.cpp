// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/card/slot.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "tests/rig/control/socket_server.hpp"

namespace quay::rig::card {
namespace {

/// pcscd asks vpcd every 400 ms whether the card is there. A card that left and came back between two such looks
/// confuses it (1.9.9: the slot then stays empty), and no hand is that quick.
constexpr Milliseconds kSeenToLeave{900};

enum class Control : std::uint8_t { off = 0, on = 1, reset = 2, answer_to_reset = 4 };

/// Interface bytes, then historical bytes; the check byte is computed.
Bytes atr_of(Role role) {
  Bytes atr;
  switch (role) {
    case Role::citizen: atr = {0x3B, 0x88, 0x80, 0x01, 0x00, 0x73, 0xC8, 0x40, 0x13, 0x00, 0x90, 0x00}; break;
    case Role::bank: return {0x3B, 0x65, 0x00, 0x00, 0x20, 0x63, 0xCB, 0x68, 0x00};
    default: return {0x3B, 0x65, 0x00, 0x00, 0x00, 0x53, 0x41, 0x4D, 0x31};
  }
  std::uint8_t check = 0;
  for (std::size_t i = 1; i < atr.size(); ++i) {
    check = static_cast<std::uint8_t>(check ^ atr[i]);
  }
  atr.push_back(check);
  return atr;
}

Result<UniqueFd> connect_to(std::uint16_t port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (!fd || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return failure(errno_error(Errc::device_absent, "rig.vpcd", errno));
  }
  const int yes = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return fd;
}

/// vpcd sends length and body apart, without TCP_NODELAY: an acknowledgement that waits costs 40 ms an APDU.
bool receive_all(int fd, std::span<std::uint8_t> into) {
  while (!into.empty()) {
    const int yes = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof yes);
    const ssize_t got = ::recv(fd, into.data(), into.size(), 0);
    if (got <= 0) {
      return false;
    }
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

bool send_message(int fd, View body) { return send_all(fd, join({number(body.size(), 2), body})); }

/// A card that knows nothing of identity documents.
Response stranger(const Command& command) {
  return Response::of(command.ins == 0xA4 ? StatusWord::not_found : StatusWord::unknown_instruction);
}

bool computes_on_curve(const Command& command) { return command.ins == 0x86 || command.ins == 0x88; }

}  // namespace

Slot::Slot(Role role, Application* application, std::uint16_t port)
    : role_(role), application_(application), port_(port) {}

Slot::~Slot() { remove(); }

Status Slot::insert() {
  {
    const std::scoped_lock lock(mutex_);
    if (inserted_ || role_ == Role::empty) {
      return {};
    }
  }
  remove();  // a card that was torn away has left its thread behind
  std::this_thread::sleep_until(back_at_);
  auto wire = connect_to(port_);
  if (!wire) {
    return failure(wire.error());
  }
  const std::scoped_lock lock(mutex_);
  wire_ = std::move(*wire);
  inserted_ = true;
  apdus_ = 0;
  thread_ = std::thread([this] { serve(); });
  return {};
}

void Slot::remove() {
  cut();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Slot::cut() {
  const std::scoped_lock lock(mutex_);
  if (std::exchange(inserted_, false)) {
    back_at_ = deadline_in(kSeenToLeave);
  }
  if (wire_) {
    ::shutdown(wire_.get(), SHUT_RDWR);
  }
  changed_.notify_all();
}

void Slot::order(Fault fault) {
  const std::scoped_lock lock(mutex_);
  fault_ = fault;
  apdus_ = 0;
  changed_.notify_all();
}

void Slot::set_speed(Speed speed) {
  const std::scoped_lock lock(mutex_);
  speed_ = speed;
}

std::string Slot::status_line() const {
  const std::scoped_lock lock(mutex_);
  return fmt::format("inserted={} apdus={} struck={}", inserted_ ? 1 : 0, apdus_, struck_);
}

// ---- the wire's thread --------------------------------------------------------------------------------------------

void Slot::serve() {
  while (serve_one()) {
  }
  if (application_ != nullptr) {
    application_->power_off();
  }
  cut();
  const std::scoped_lock lock(mutex_);
  wire_.reset();
}

bool Slot::serve_one() {
  const auto message = receive();
  if (!message) {
    return false;
  }
  return message->size() == 1 ? control(message->front()) : exchange(*message);
}

std::optional<Bytes> Slot::receive() const {
  Bytes size(2);
  if (!receive_all(wire_.get(), size)) {
    return std::nullopt;
  }
  Bytes body(static_cast<std::size_t>(size[0] << 8 | size[1]));
  return !body.empty() && receive_all(wire_.get(), body) ? std::optional(body) : std::nullopt;
}

bool Slot::control(std::uint8_t code) {
  const auto what = static_cast<Control>(code);
  if (what == Control::answer_to_reset) {
    return send_message(wire_.get(), atr_of(role_));
  }
  if (application_ != nullptr) {
    application_->power_off();
  }
  return true;
}

Fault Slot::fault_now() {
  const std::scoped_lock lock(mutex_);
  ++apdus_;
  if (fault_.kind == FaultKind::none || apdus_ != fault_.at) {
    return {};
  }
  ++struck_;
  return std::exchange(fault_, {});
}

bool Slot::exchange(View apdu) {
  const Fault fault = fault_now();
  if (fault.kind == FaultKind::torn) {
    return false;
  }
  if (fault.kind == FaultKind::mute) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !inserted_; });
    return false;
  }
  const auto command = parse_command(apdu);
  Response response = Response::of(StatusWord::wrong_length);
  if (fault.kind == FaultKind::status) {
    response.sw = fault.sw;
  } else if (command) {
    response = application_ != nullptr ? application_->carry_out(*command) : stranger(*command);
  }
  Bytes bytes = encode(response);
  if (fault.kind == FaultKind::garble) {
    bytes[bytes.size() / 2] ^= 1U;
  }
  take_time(command.value_or(Command{}), apdu.size() + bytes.size());
  return send_message(wire_.get(), bytes);
}

void Slot::take_time(const Command& command, std::size_t bytes) const {
  Speed speed;
  {
    const std::scoped_lock lock(mutex_);
    speed = speed_;
  }
  const auto time = speed.command + speed.byte * bytes + (computes_on_curve(command) ? speed.curve : speed.byte * 0);
  if (time.count() > 0) {
    std::this_thread::sleep_for(time);
  }
}

}  // namespace quay::rig::card
