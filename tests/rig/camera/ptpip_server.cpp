// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/camera/ptpip_server.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <optional>

#include "tests/rig/camera/ptp_codes.hpp"

namespace quay::rig {
namespace {

// Packet types (CIPA DC-005 section 2.3).
constexpr std::uint32_t kInitCommandRequest = 1;
constexpr std::uint32_t kInitCommandAck = 2;
constexpr std::uint32_t kInitEventRequest = 3;
constexpr std::uint32_t kInitEventAck = 4;
constexpr std::uint32_t kOperationRequest = 6;
constexpr std::uint32_t kOperationResponse = 7;
constexpr std::uint32_t kEvent = 8;
constexpr std::uint32_t kStartData = 9;
constexpr std::uint32_t kEndData = 12;

constexpr std::size_t kHeaderBytes = 8;
constexpr std::uint32_t kLargestPacket = 16 * 1024 * 1024;
constexpr std::uint32_t kHostSendsData = 2;
constexpr std::size_t kGuidBytes = 16;

struct Packet {
  std::uint32_t type = 0;
  Bytes body;
};

bool receive_all(int fd, std::span<std::uint8_t> into) {
  while (!into.empty()) {
    const ssize_t got = ::recv(fd, into.data(), into.size(), 0);
    if (got <= 0) {
      return false;
    }
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

std::optional<Packet> receive_packet(int fd) {
  std::array<std::uint8_t, kHeaderBytes> header{};
  if (!receive_all(fd, header)) {
    return std::nullopt;
  }
  PtpReader reader(header);
  const std::uint32_t length = reader.u32();
  Packet packet{reader.u32(), {}};
  if (length < kHeaderBytes || length > kLargestPacket) {
    return std::nullopt;
  }
  packet.body.resize(length - kHeaderBytes);
  return receive_all(fd, packet.body) ? std::optional(std::move(packet)) : std::nullopt;
}

Bytes framed(std::uint32_t type, const Bytes& body) {
  PtpWriter writer;
  writer.u32(static_cast<std::uint32_t>(kHeaderBytes + body.size())).u32(type).bytes(body);
  return writer.take();
}

bool send_packet(int fd, std::uint32_t type, PtpWriter body) { return send_all(fd, framed(type, body.take())); }

PtpWriter command_ack() {
  PtpWriter writer;
  writer.u32(1).bytes(Bytes(kGuidBytes, 0x51));
  for (const char c : std::string_view("quay-sim-camera")) {
    writer.u16(static_cast<std::uint8_t>(c));
  }
  writer.u16(0).u32(0x00010000);
  return writer;
}

/// A request with the data that the host sends along with it.
std::optional<PtpRequest> receive_request(int fd) {
  const auto packet = receive_packet(fd);
  if (!packet || packet->type != kOperationRequest) {
    return std::nullopt;
  }
  PtpReader reader(packet->body);
  const bool with_data = reader.u32() == kHostSendsData;
  PtpRequest request;
  request.operation = reader.u16();
  request.transaction = reader.u32();
  for (std::uint32_t& parameter : request.parameters) {
    parameter = reader.u32();
  }
  for (bool more = with_data; more;) {
    const auto data = receive_packet(fd);
    if (!data) {
      return std::nullopt;
    }
    constexpr std::size_t kTransaction = 4;
    if (data->type != kStartData && data->body.size() >= kTransaction) {
      request.data.insert(request.data.end(), data->body.begin() + kTransaction, data->body.end());
    }
    more = data->type != kEndData;
  }
  return request;
}

bool wait_until_cut(int fd) { return !wait_while_connected(fd, deadline_in(Milliseconds(3'600'000))); }

}  // namespace

PtpIpServer::PtpIpServer(std::uint16_t port, CameraModel& camera)
    : camera_(camera), server_(LoopbackPort{port}, [this](int fd) { serve(fd); }) {
  camera_.set_tell([this](CameraEvent event) { tell(event); });
}

PtpIpServer::~PtpIpServer() {
  camera_.set_tell({});
  unplug();
}

Status PtpIpServer::plug() { return server_.open(); }

void PtpIpServer::unplug() { server_.close(); }

void PtpIpServer::serve(int fd) {
  const auto first = receive_packet(fd);
  if (first && first->type == kInitCommandRequest && send_packet(fd, kInitCommandAck, command_ack())) {
    serve_commands(fd);
  } else if (first && first->type == kInitEventRequest) {
    serve_events(fd);
  }
}

void PtpIpServer::serve_commands(int fd) {
  {
    const std::scoped_lock lock(mutex_);
    commands_ = fd;
  }
  while (const auto request = receive_request(fd)) {
    if (!serve_one(fd, *request)) {
      break;
    }
  }
  camera_.start_live_view(false);
  cut(fd);
}

void PtpIpServer::serve_events(int fd) {
  {
    const std::scoped_lock lock(mutex_);
    events_ = fd;
  }
  if (send_packet(fd, kInitEventAck, {})) {
    wait_until_cut(fd);
  }
  const std::scoped_lock lock(mutex_);
  events_ = events_ == fd ? -1 : events_;
}

/// False when the connection is over.
bool PtpIpServer::serve_one(int fd, const PtpRequest& request) {
  const CameraFaultKind fault = camera_.strike(request.operation);
  if (fault == CameraFaultKind::hang) {
    return wait_until_cut(fd) && false;
  }
  if (fault == CameraFaultKind::drop) {
    return false;
  }
  const PtpAnswer reply = answer(camera_, request, fault == CameraFaultKind::long_size);
  if (fault == CameraFaultKind::bad_length) {
    PtpWriter nonsense;
    send_all(fd, nonsense.u32(0xFFFFFFF0).u32(reply.data ? kStartData : kOperationResponse).take());
    return wait_until_cut(fd) && false;
  }
  if (reply.data && !send_data(fd, request, *reply.data, fault)) {
    return false;
  }
  PtpWriter response;
  response.u16(reply.code).u32(request.transaction);
  return send_packet(fd, kOperationResponse, std::move(response));
}

bool PtpIpServer::send_data(int fd, const PtpRequest& request, const Bytes& data, CameraFaultKind fault) {
  const bool half = fault == CameraFaultKind::cut || fault == CameraFaultKind::short_data;
  const std::span<const std::uint8_t> part = std::span(data).first(half ? data.size() / 2 : data.size());
  PtpWriter start;
  start.u32(request.transaction).u64(fault == CameraFaultKind::short_data ? part.size() : data.size());
  if (!send_packet(fd, kStartData, std::move(start))) {
    return false;
  }
  PtpWriter end;
  end.u32(request.transaction).bytes(part);
  return send_packet(fd, kEndData, std::move(end)) && fault != CameraFaultKind::cut;
}

/// Both connections go together, as when the camera's radio does; not those of a session that came since.
void PtpIpServer::cut(int fd) {
  ::shutdown(fd, SHUT_RDWR);
  const std::scoped_lock lock(mutex_);
  if (events_ >= 0 && commands_ == fd) {
    ::shutdown(events_, SHUT_RDWR);
  }
  commands_ = commands_ == fd ? -1 : commands_;
}

void PtpIpServer::tell(CameraEvent event) {
  PtpWriter writer;
  writer.u16(event.code).u32(0).u32(event.parameter);
  const std::scoped_lock lock(mutex_);
  if (events_ >= 0) {
    send_packet(events_, kEvent, std::move(writer));
  }
}

}  // namespace quay::rig
