// SPDX-License-Identifier: Apache-2.0
#include "protocol/worker/seqpacket.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "protocol/worker/messages.hpp"

namespace quay::protocol::worker {
namespace {

constexpr int kSocketBufferBytes = 512 * 1024;

void take_descriptors(msghdr& message, std::vector<UniqueFd>& out) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
      out.emplace_back(fd);
    }
  }
}

}  // namespace

Result<std::pair<UniqueFd, UniqueFd>> make_channel() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return failure(errno_error(Errc::worker_start_failed, "socketpair", errno));
  }
  for (const int end : ends) {
    ::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &kSocketBufferBytes, sizeof kSocketBufferBytes);
  }
  return std::pair(UniqueFd(ends[0]), UniqueFd(ends[1]));
}

Status send_packet(int socket, const std::string& text, const std::vector<int>& descriptors, Blocking blocking) {
  if (text.size() > kLargestFrame || descriptors.size() > kMostDescriptors) {
    return failure(Errc::worker_protocol, "worker.send",
                   std::to_string(text.size()) + " bytes and " + std::to_string(descriptors.size()) + " descriptors");
  }
  iovec part{const_cast<char*>(text.data()), text.size()};
  std::vector<char> control(descriptors.empty() ? 0 : CMSG_SPACE(descriptors.size() * sizeof(int)));
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!descriptors.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size() * sizeof(int));
  }
  const int flags = MSG_NOSIGNAL | (blocking == Blocking::no ? MSG_DONTWAIT : 0);
  ssize_t sent = -1;
  do {
    sent = ::sendmsg(socket, &message, flags);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) {
    return failure(errno_error(Errc::worker_crashed, "worker.send", errno));
  }
  return {};
}

Result<Packet> receive_packet(int socket, Blocking blocking) {
  Packet packet;
  packet.text.resize(kLargestFrame);
  iovec part{packet.text.data(), packet.text.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostDescriptors * sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const int flags = MSG_CMSG_CLOEXEC | (blocking == Blocking::no ? MSG_DONTWAIT : 0);
  ssize_t received = -1;
  do {
    received = ::recvmsg(socket, &message, flags);
  } while (received < 0 && errno == EINTR);
  if (received < 0) {
    const bool nothing_yet = errno == EAGAIN || errno == EWOULDBLOCK;
    return failure(errno_error(nothing_yet ? Errc::device_busy : Errc::worker_crashed, "worker.receive", errno));
  }
  take_descriptors(message, packet.descriptors);
  if (received == 0) {
    return failure(Errc::worker_crashed, "worker.receive", "the channel was closed");
  }
  if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
    return failure(Errc::worker_protocol, "worker.receive", "a frame longer than allowed");
  }
  packet.text.resize(static_cast<std::size_t>(received));
  return packet;
}

}  // namespace quay::protocol::worker
