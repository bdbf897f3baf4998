// SPDX-License-Identifier: Apache-2.0
#include "crypto/secret.hpp"

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <sys/random.h>

#include <cerrno>
#include <utility>

namespace quay::crypto {
namespace {

constexpr std::size_t kPageBytes = 4096;

}  // namespace

Result<Secret> Secret::create(std::size_t size) {
  if (size == 0 || size > kPageBytes) {
    return failure(Errc::bug, "secret.create", "1 to 4096 bytes were expected");
  }
  void* page = ::mmap(nullptr, kPageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) {
    return failure(errno_error(Errc::key_unusable, "mmap of a secret", errno));
  }
  Secret secret(static_cast<std::uint8_t*>(page), size);
  const bool hidden = ::mlock(page, kPageBytes) == 0 && ::madvise(page, kPageBytes, MADV_DONTDUMP) == 0 &&
                      ::madvise(page, kPageBytes, MADV_WIPEONFORK) == 0;
  if (!hidden) {
    return failure(errno_error(Errc::key_unusable, "mlock of a secret", errno));
  }
  return secret;
}

Result<Secret> Secret::random(std::size_t size) {
  Result<Secret> secret = create(size);
  if (secret) {
    if (Status filled = fill_random(secret->bytes()); !filled) {
      return failure(filled.error());
    }
  }
  return secret;
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Secret::~Secret() {
  if (data_ != nullptr) {
    ::OPENSSL_cleanse(data_, kPageBytes);
    ::munmap(data_, kPageBytes);
  }
}

void wipe(std::span<std::uint8_t> bytes) { ::OPENSSL_cleanse(bytes.data(), bytes.size()); }

Status fill_random(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno != EINTR) {
      return failure(errno_error(Errc::key_unusable, "getrandom", errno));
    }
    out = out.subspan(static_cast<std::size_t>(got < 0 ? 0 : got));
  }
  return {};
}

}  // namespace quay::crypto
