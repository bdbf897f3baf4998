// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>

#include "base/unique_fd.hpp"
#include "clients/cpp/curve_keys.hpp"

namespace quay::client {
namespace {

constexpr std::string_view kTcp = "tcp://127.0.0.1:";
constexpr unsigned kLargestPort = 65'533;  // images is two further
constexpr std::array<std::string_view, 3> kSockets{"events", "control", "images"};
constexpr std::size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;

Status probe_at(int domain, const sockaddr* address, socklen_t size, const std::string& where) {
  const UniqueFd fd(::socket(domain, SOCK_STREAM | SOCK_CLOEXEC | (domain == AF_UNIX ? SOCK_NONBLOCK : 0), 0));
  const int rc = ::connect(fd.get(), address, size);
  if (rc == 0 || errno == EAGAIN) {
    return {};
  }
  const bool forbidden = errno == EACCES;
  Error error = errno_error(Errc::daemon_unreachable, "connect " + where, errno);
  if (forbidden) {
    error.detail += "; only root and members of the group of that socket may speak to quayd";
  }
  return failure(std::move(error));
}

std::uint16_t port_in(const std::string& connect) {
  unsigned port = 0;
  const std::string_view digits = std::string_view(connect).substr(std::min(kTcp.size(), connect.size()));
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool good =
      connect.starts_with(kTcp) && error == std::errc{} && end == digits.data() + digits.size() && port <= kLargestPort;
  return good ? static_cast<std::uint16_t>(port) : std::uint16_t{0};
}

}  // namespace

Result<Address> Address::over_tcp(const std::string& connect, const std::string& server_key,
                                  const std::filesystem::path& key_file) {
  Address address("");
  address.port_ = port_in(connect);
  if (address.port_ == 0) {
    return failure(Errc::usage, "connect " + connect,
                   "tcp://127.0.0.1:PORT was expected, PORT as in [tcp] of quay.toml");
  }
  if (!is_curve_key(server_key)) {
    return failure(Errc::usage, "connect " + connect, "the server's key, 40 characters, was expected too");
  }
  std::ifstream file(key_file);
  std::string secret;
  if (!std::getline(file, secret)) {
    return failure(errno_error(Errc::file_unreadable, "key " + key_file.string(), errno));
  }
  const auto public_key = public_key_of(secret);
  if (!public_key) {
    return failure(Errc::usage, "key " + key_file.string(), "one line of 40 characters was expected");
  }
  address.keys_ = CurveIdentity{server_key, *public_key, secret};
  return address;
}

std::uint16_t Address::port_of(std::string_view name) const {
  std::uint16_t port = port_;
  for (const std::string_view socket : kSockets) {
    if (socket == name) {
      break;
    }
    ++port;
  }
  return port;
}

Result<std::string> Address::endpoint(std::string_view name) const {
  if (keys_ && name == "live") {
    return failure(Errc::device_unsupported, "camera.live", "frames are given on the machine of the camera only");
  }
  if (keys_) {
    return std::string(kTcp) + std::to_string(port_of(name));
  }
  const std::string path = directory_ / name;
  if (path.size() > kLongestPath) {
    return failure(Errc::usage, "connect " + path, "the path of a socket may have at most 107 characters");
  }
  return "ipc://" + path;
}

Status Address::probe(std::string_view name) const {
  const auto where = endpoint(name);
  if (!where) {
    return failure(where.error());
  }
  if (keys_) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_of(name));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return probe_at(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof(address), *where);
  }
  const std::string path = directory_ / name;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return probe_at(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof(address), path);
}

std::string_view Address::hint() const {
  return keys_ ? "; is that the server's key, and is yours in its list ([[tcp.client]] of quay.toml)?" : "";
}

}  // namespace quay::client
