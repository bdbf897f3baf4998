// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/service_key.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include <fmt/format.h>

#include "base/unique_fd.hpp"
#include "crypto/aead.hpp"
#include "crypto/derive.hpp"
#include "crypto/hex.hpp"
#include "daemon/storage/draft.hpp"

namespace quay::daemon::storage {
namespace {

constexpr std::size_t kFewestBytes = 32;
constexpr std::size_t kMostBytes = 4096;

tl::unexpected<Error> unusable(const std::filesystem::path& file, int error_number) {
  return failure(errno_error(Errc::key_unusable, "service key " + file.string(), error_number));
}

/// All of a small file, into a page that nobody else sees. `size` receives how much it was.
Result<crypto::Secret> read_secret(int fd, const std::filesystem::path& file, std::size_t& size) {
  auto secret = crypto::Secret::create(kMostBytes);
  if (!secret) {
    return secret;
  }
  size = 0;
  for (ssize_t got = 1; got > 0 && size < kMostBytes;) {
    const auto rest = secret->bytes().subspan(size);
    got = ::read(fd, rest.data(), rest.size());
    if (got < 0) {
      return unusable(file, errno);
    }
    size += static_cast<std::size_t>(got);
  }
  if (size < kFewestBytes) {
    return failure(Errc::key_unusable, "service key " + file.string(),
                   fmt::format("{} bytes where at least {} were expected", size, kFewestBytes));
  }
  return secret;
}

/// A key of our own making is for nobody else; what systemd hands out has systemd's rights.
Status check_rights(int fd, const std::filesystem::path& file) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) {
    return unusable(file, errno);
  }
  if (!S_ISREG(status.st_mode) || (status.st_mode & 0077U) != 0 || status.st_uid != ::geteuid()) {
    return failure(Errc::key_unusable, "service key " + file.string(),
                   fmt::format("mode {:o} of user {} where 600 of user {} was expected", status.st_mode & 0777U,
                               status.st_uid, ::geteuid()));
  }
  return {};
}

/// There is a whole key under that name afterwards, or none. Losing the race to make it is fine.
Status make_key_file(const std::filesystem::path& folder) {
  const UniqueFd directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) {
    return unusable(folder, errno);
  }
  const auto key = crypto::Secret::random(kFewestBytes);
  if (!key) {
    return failure(key.error());
  }
  auto draft = Draft::create(directory.get());
  if (!draft) {
    return failure(draft.error());
  }
  if (Status written = draft->write(key->bytes()); !written) {
    return written;
  }
  if (::fdatasync(draft->fd()) != 0) {
    return unusable(folder, errno);
  }
  if (Status named = draft->publish(ServiceKey::kFileName); !named && named.error().native.name != "EEXIST") {
    return named;
  }
  return ::fsync(directory.get()) == 0 ? Status() : Status(unusable(folder, errno));
}

Result<UniqueFd> open_key_file(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / ServiceKey::kFileName;
  UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd && errno == ENOENT) {
    if (Status made = make_key_file(folder); !made) {
      return failure(made.error());
    }
    fd.reset(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  }
  if (!fd) {
    return unusable(file, errno);
  }
  if (Status checked = check_rights(fd.get(), file); !checked) {
    return failure(checked.error());
  }
  return fd;
}

}  // namespace

Result<ServiceKey> ServiceKey::load(const ServiceKeySource& source) {
  std::filesystem::path file = source.credentials_directory / kCredentialName;
  const bool in_service = !source.credentials_directory.empty();
  UniqueFd fd(in_service ? ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1);
  if (in_service && !fd && errno != ENOENT) {
    return unusable(file, errno);
  }
  const bool from_credential = static_cast<bool>(fd);
  if (!from_credential) {
    file = source.state_directory / kFileName;
    auto opened = open_key_file(source.state_directory);
    if (!opened) {
      return failure(opened.error());
    }
    fd = std::move(*opened);
  }
  std::size_t size = 0;
  const auto content = read_secret(fd.get(), file, size);
  if (!content) {
    return failure(content.error());
  }
  const auto root = crypto::derive_key(content->bytes().first(size), {}, "quay service key v1");
  auto key = root ? derive(*root) : failure(root.error());
  if (key) {
    key->from_credential_ = from_credential;
  }
  return key;
}

Result<crypto::Secret> ServiceKey::access_log_key() const {
  return crypto::derive_key(access_log_.bytes(), {}, "lines v1");
}

Result<ServiceKey> ServiceKey::random() {
  const auto root = crypto::Secret::random(kFewestBytes);
  return root ? derive(*root) : failure(root.error());
}

Result<ServiceKey> ServiceKey::derive(const crypto::Secret& root) {
  auto wrapping = crypto::derive_key(root.bytes(), {}, "quay wrapping v1");
  auto access_log = crypto::derive_key(root.bytes(), {}, "quay access log v1");
  const auto id = crypto::derive_key(root.bytes(), {}, "quay key id v1");
  if (!wrapping || !access_log || !id) {
    return failure(Errc::key_unusable, "service key", "its keys could not be derived");
  }
  return ServiceKey(std::move(*wrapping), std::move(*access_log), crypto::to_hex(id->bytes().first(4)));
}

}  // namespace quay::daemon::storage
