// SPDX-License-Identifier: Apache-2.0
#include "base/shared_buffer.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include <fmt/format.h>

namespace quay {
namespace {

constexpr int kWriterSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE;

}  // namespace

Mapping::Mapping(Mapping&& other) noexcept
    : address_(std::exchange(other.address_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(address_, other.address_);
  std::swap(size_, other.size_);
  return *this;
}

Mapping::~Mapping() {
  if (address_ != nullptr) {
    ::munmap(address_, size_);
  }
}

Result<WritableBuffer> WritableBuffer::create(std::size_t capacity) {
  if (capacity == 0) {
    return failure(Errc::bug, "memfd_create", "capacity 0");
  }
  UniqueFd fd(::memfd_create("quay-page", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) {
    return failure(errno_error(Errc::device_no_memory, "memfd_create", errno));
  }
  if (::ftruncate(fd.get(), static_cast<off_t>(capacity)) != 0) {
    return failure(errno_error(Errc::device_no_memory, "ftruncate", errno));
  }
  void* address = ::mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (address == MAP_FAILED) {
    return failure(errno_error(Errc::device_no_memory, "mmap", errno));
  }
  Mapping mapping(address, capacity);
  if (::fcntl(fd.get(), F_ADD_SEALS, kWriterSeals) != 0) {
    return failure(errno_error(Errc::device_no_memory, "fcntl F_ADD_SEALS", errno));
  }
  return WritableBuffer(std::move(fd), std::move(mapping));
}

Result<ReadableBuffer> ReadableBuffer::open(UniqueFd fd, std::size_t size) {
  const int seals = ::fcntl(fd.get(), F_GET_SEALS);
  if (seals < 0 || (seals & kWriterSeals) != kWriterSeals) {
    return failure(Errc::worker_protocol, "buffer.open",
                   fmt::format("seals {:#x} where {:#x} were expected", seals, kWriterSeals));
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || size == 0 || static_cast<std::size_t>(status.st_size) < size) {
    return failure(Errc::worker_protocol, "buffer.open",
                   fmt::format("{} bytes announced, {} there", size, status.st_size));
  }
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
  if (address == MAP_FAILED) {
    return failure(errno_error(Errc::device_no_memory, "mmap", errno));
  }
  return ReadableBuffer(std::move(fd), Mapping(address, size));
}

}  // namespace quay
