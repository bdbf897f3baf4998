// SPDX-License-Identifier: Apache-2.0
#include "devices/card/forgetful_heap.hpp"

#include <malloc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <new>

#include <openssl/crypto.h>

namespace {

constexpr std::size_t kStackDepth = 192U * 1024;

/// glibc may give more than was asked for: all of it may have been used.
void forget(void* block) noexcept {
  if (block != nullptr) {
    ::explicit_bzero(block, ::malloc_usable_size(block));
    std::free(block);
  }
}

void* allocate(std::size_t size) {
  void* block = std::malloc(std::max<std::size_t>(size, 1));
  if (block == nullptr) {
    throw std::bad_alloc();
  }
  return block;
}

void* allocate_aligned(std::size_t size, std::size_t alignment) {
  void* block = nullptr;
  if (::posix_memalign(&block, std::max(alignment, sizeof(void*)), std::max<std::size_t>(size, 1)) != 0) {
    throw std::bad_alloc();
  }
  return block;
}

void* openssl_allocate(std::size_t size, const char* /*file*/, int /*line*/) { return std::malloc(size); }

void openssl_free(void* block, const char* /*file*/, int /*line*/) { forget(block); }

/// realloc() would leave the old bytes behind when it moves them.
void* openssl_reallocate(void* block, std::size_t size, const char* /*file*/, int /*line*/) {
  if (block == nullptr) {
    return std::malloc(size);
  }
  if (size == 0) {
    forget(block);
    return nullptr;
  }
  void* moved = std::malloc(size);
  if (moved != nullptr) {
    std::memcpy(moved, block, std::min(size, ::malloc_usable_size(block)));
    forget(block);
  }
  return moved;
}

}  // namespace

// The array and nothrow forms of the library call these.
void* operator new(std::size_t size) { return allocate(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate_aligned(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* block) noexcept { forget(block); }
void operator delete(void* block, std::size_t /*size*/) noexcept { forget(block); }
void operator delete(void* block, std::align_val_t /*alignment*/) noexcept { forget(block); }
void operator delete(void* block, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept { forget(block); }

namespace quay::card {

bool make_openssl_forget() { return CRYPTO_set_mem_functions(openssl_allocate, openssl_reallocate, openssl_free) == 1; }

void forget_stack() {
  std::array<unsigned char, kStackDepth> below;  // NOLINT(cppcoreguidelines-pro-type-member-init): it is overwritten
  ::explicit_bzero(below.data(), below.size());
}

}  // namespace quay::card
