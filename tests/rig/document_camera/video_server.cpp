// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/document_camera/video_server.hpp"

#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "tests/rig/document_camera/video_session.hpp"
#include "tests/rig/document_camera/video_wire.hpp"

namespace quay::rig {
namespace {

constexpr std::uint64_t kLargestArgument = 16 * 1024;  // of any ioctl: 14 bits of its number

bool receive_all(int fd, void* bytes, std::size_t size) {
  return size == 0 || ::recv(fd, bytes, size, MSG_WAITALL) == static_cast<ssize_t>(size);
}

/// `descriptor`: goes along when it is not negative.
bool send_with(int fd, std::span<const std::uint8_t> bytes, int descriptor) {
  iovec part{const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))]{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (descriptor >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(head), &descriptor, sizeof(int));
  }
  return ::sendmsg(fd, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

std::span<const std::uint8_t> bytes_of(const VideoAnswer& answer) {
  return {reinterpret_cast<const std::uint8_t*>(&answer), sizeof answer};
}

}  // namespace

VideoServer::VideoServer(const std::filesystem::path& node, DocumentCameraModel& camera)
    : camera_(camera), server_(node, [this](int fd) { serve(fd); }) {}

void VideoServer::serve(int fd) {
  const UniqueFd frames(::eventfd(0, EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK));
  const std::uint8_t hello = kVideoHello;
  if (!send_with(fd, {&hello, 1}, frames.get())) {
    return;
  }
  VideoSession session(camera_, frames.get());
  VideoCall call;
  std::vector<std::uint8_t> argument;
  while (receive_all(fd, &call, sizeof call) && call.size <= kLargestArgument) {
    argument.resize(call.size);
    if (!receive_all(fd, argument.data(), argument.size())) {
      return;
    }
    const bool is_map = call.request == 0;
    const int error = is_map ? (session.memory() < 0 ? EINVAL : 0) : session.carry_out(call.request, argument);
    if (error == VideoSession::kHangs) {
      wait_while_connected(fd, Deadline::max());
      return;
    }
    const VideoAnswer answer{error, argument.size()};
    if (!send_with(fd, bytes_of(answer), is_map ? session.memory() : -1) || !send_all(fd, argument)) {
      return;
    }
  }
}

}  // namespace quay::rig
