// SPDX-License-Identifier: Apache-2.0
// LD_PRELOAD: gives a program a video node where the simulator's socket stands. Everything else goes to the C library.
// Knows nothing of V4L2 but how large an ioctl's argument is.
#undef _FORTIFY_SOURCE  // its inline wrappers would stand in the way of ours

#include <dlfcn.h>
#include <fcntl.h>
#include <linux/ioctl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <mutex>
#include <utility>

#include "tests/rig/document_camera/video_wire.hpp"

namespace quay::rig {
namespace {

constexpr std::size_t kMostNodes = 16;

/// The sockets that stand for nodes, and the eventfd of each. An interposer has no owner: the C library calls it.
struct Nodes {
  struct Node {
    int socket = -1;
    int frames = -1;
  };
  std::mutex mutex;
  std::array<Node, kMostNodes> all{};
};

Nodes& nodes() {
  static Nodes known;
  return known;
}

/// The C library's own function of that name.
template <class Function>
Function next_in_line(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

/// -1 for what is no video node.
int frames_of(int socket) {
  const std::scoped_lock lock(nodes().mutex);
  for (const Nodes::Node& node : nodes().all) {
    if (node.socket == socket && socket >= 0) {
      return node.frames;
    }
  }
  return -1;
}

void keep(int socket, int frames) {
  const std::scoped_lock lock(nodes().mutex);
  for (Nodes::Node& node : nodes().all) {
    if (node.socket < 0) {
      node = {socket, frames};
      return;
    }
  }
}

/// Gives its eventfd, to be closed; -1 for what is no video node.
int forget(int socket) {
  const std::scoped_lock lock(nodes().mutex);
  for (Nodes::Node& node : nodes().all) {
    if (node.socket == socket && socket >= 0) {
      return std::exchange(node, {}).frames;
    }
  }
  return -1;
}

bool send_bytes(int socket, const void* bytes, std::size_t size) {
  const char* at = static_cast<const char*>(bytes);
  while (size > 0) {
    const ssize_t sent = ::send(socket, at, size, MSG_NOSIGNAL);
    if (sent <= 0 && errno != EINTR) {
      return false;
    }
    at += sent > 0 ? sent : 0;
    size -= sent > 0 ? static_cast<std::size_t>(sent) : 0;
  }
  return true;
}

/// `descriptor`: the one that came beside the bytes; -1 when none did.
bool receive_bytes(int socket, void* bytes, std::size_t size, int* descriptor) {
  char* at = static_cast<char*>(bytes);
  while (size > 0) {
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    iovec part{at, size};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return false;
    }
    const cmsghdr* head = CMSG_FIRSTHDR(&message);
    if (head != nullptr && head->cmsg_type == SCM_RIGHTS && descriptor != nullptr) {
      std::memcpy(descriptor, CMSG_DATA(head), sizeof(int));
    }
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

/// 0 or an errno. A simulator that is gone is a camera that was pulled out.
int call(int socket, std::uint64_t request, void* argument, std::size_t size, int* descriptor) {
  const VideoCall head{request, size};
  VideoAnswer answer;
  const bool done = send_bytes(socket, &head, sizeof head) && send_bytes(socket, argument, size) &&
                    receive_bytes(socket, &answer, sizeof answer, descriptor) && answer.size <= size &&
                    receive_bytes(socket, argument, answer.size, nullptr);
  return done ? static_cast<int>(answer.error) : ENODEV;
}

int connect_to(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (std::strlen(path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  std::strcpy(address.sun_path, path);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char hello = 0;
  int frames = -1;
  if (socket < 0 || ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      !receive_bytes(socket, &hello, 1, &frames) || hello != kVideoHello || frames < 0) {
    ::close(socket);
    errno = ENODEV;
    return -1;
  }
  keep(socket, frames);
  return socket;
}

/// A node that is gone has POLLERR, and so has one that waits for nothing.
short events_of(const pollfd& socket, const pollfd& frames) {
  const bool gone = (socket.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
  return static_cast<short>(gone ? POLLERR : frames.revents & POLLIN);
}

}  // namespace
}  // namespace quay::rig

extern "C" {

int open(const char* path, int flags, ...) {
  using Open = int (*)(const char*, int, ...);
  std::va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  const int fd = quay::rig::next_in_line<Open>("open")(path, flags, mode);
  struct stat about {};
  const bool is_socket = fd < 0 && errno == ENXIO && ::stat(path, &about) == 0 && S_ISSOCK(about.st_mode);
  return is_socket ? quay::rig::connect_to(path) : fd;
}

int open64(const char* path, int flags, ...) __attribute__((alias("open")));

int close(int fd) {
  const auto close_it = quay::rig::next_in_line<int (*)(int)>("close");
  if (const int frames = quay::rig::forget(fd); frames >= 0) {
    close_it(frames);
  }
  return close_it(fd);
}

int ioctl(int fd, unsigned long request, ...) noexcept {
  std::va_list more;
  va_start(more, request);
  void* argument = va_arg(more, void*);
  va_end(more);
  if (quay::rig::frames_of(fd) < 0) {
    return quay::rig::next_in_line<int (*)(int, unsigned long, ...)>("ioctl")(fd, request, argument);
  }
  const int error = quay::rig::call(fd, request, argument, _IOC_SIZE(request), nullptr);
  errno = error;
  return error == 0 ? 0 : -1;
}

void* mmap(void* address, size_t length, int protection, int flags, int fd, off_t offset) noexcept {
  const auto map = quay::rig::next_in_line<void* (*)(void*, size_t, int, int, int, off_t)>("mmap");
  if (fd < 0 || quay::rig::frames_of(fd) < 0) {
    return map(address, length, protection, flags, fd, offset);
  }
  quay::rig::MapWish wish{length, static_cast<std::uint64_t>(offset)};
  int memory = -1;
  const int error = quay::rig::call(fd, 0, &wish, sizeof wish, &memory);
  if (error != 0 || memory < 0) {
    errno = error != 0 ? error : EIO;
    return MAP_FAILED;
  }
  void* start = map(address, length, protection, flags, memory, offset);
  ::close(memory);
  return start;
}

void* mmap64(void* address, size_t length, int protection, int flags, int fd, off_t offset) noexcept
    __attribute__((alias("mmap")));

int poll(pollfd* watched, nfds_t count, int timeout) {
  const auto wait = quay::rig::next_in_line<int (*)(pollfd*, nfds_t, int)>("poll");
  const int frames = count == 1 ? quay::rig::frames_of(watched->fd) : -1;
  if (frames < 0) {
    return wait(watched, count, timeout);
  }
  pollfd both[2] = {{watched->fd, 0, 0}, {frames, POLLIN, 0}};
  const int ready = wait(both, 2, timeout);
  watched->revents = ready > 0 ? quay::rig::events_of(both[0], both[1]) : static_cast<short>(0);
  return ready > 0 ? 1 : ready;
}

int __poll_chk(pollfd* watched, nfds_t count, int timeout, size_t /*room*/) { return poll(watched, count, timeout); }
}
