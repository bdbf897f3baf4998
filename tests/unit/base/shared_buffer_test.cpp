// SPDX-License-Identifier: Apache-2.0
// The promises of a shared buffer are the kernel's: what a seal forbids is tried and must fail.
#include "base/shared_buffer.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cerrno>

namespace quay {
namespace {

using testing::HasSubstr;

WritableBuffer make_buffer(std::size_t capacity) {
  auto buffer = WritableBuffer::create(capacity);
  EXPECT_TRUE(buffer);
  return std::move(*buffer);
}

UniqueFd duplicate(int fd) { return UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, 0)); }

UniqueFd plain_memfd(std::size_t size, int seals) {
  UniqueFd fd(::memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  EXPECT_EQ(::ftruncate(fd.get(), static_cast<off_t>(size)), 0);
  EXPECT_EQ(::fcntl(fd.get(), F_ADD_SEALS, seals), 0);
  return fd;
}

TEST(SharedBufferTest, WhatTheWriterWritesTheReaderSees) {
  const WritableBuffer writer = make_buffer(8192);
  const auto reader = ReadableBuffer::open(duplicate(writer.fd()), 5000);
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->bytes().size(), 5000U);
  writer.bytes()[0] = 1;
  writer.bytes()[4999] = 2;
  EXPECT_EQ(reader->bytes()[0], 1);
  EXPECT_EQ(reader->bytes()[4999], 2) << "the buffer is the same memory, also when it is written after the opening";
}

TEST(SharedBufferTest, TheReaderCannotMapItForWriting) {
  const WritableBuffer writer = make_buffer(4096);
  EXPECT_EQ(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, writer.fd(), 0), MAP_FAILED);
  EXPECT_EQ(errno, EPERM);
}

TEST(SharedBufferTest, TheReaderCannotMakeItsMappingWritable) {
  const WritableBuffer writer = make_buffer(4096);
  const auto reader = ReadableBuffer::open(duplicate(writer.fd()), 4096);
  ASSERT_TRUE(reader);
  void* address = const_cast<std::uint8_t*>(reader->bytes().data());
  EXPECT_NE(::mprotect(address, 4096, PROT_READ | PROT_WRITE), 0);
}

TEST(SharedBufferTest, NobodyCanWriteThroughTheDescriptor) {
  const WritableBuffer writer = make_buffer(4096);
  EXPECT_EQ(::pwrite(writer.fd(), "x", 1, 0), -1);
  EXPECT_EQ(errno, EPERM);
}

TEST(SharedBufferTest, TheWriterCanNeitherShrinkNorGrowIt) {
  const WritableBuffer writer = make_buffer(4096);
  EXPECT_NE(::ftruncate(writer.fd(), 0), 0) << "a shrunk file would kill its reader with SIGBUS";
  EXPECT_EQ(errno, EPERM);
  EXPECT_NE(::ftruncate(writer.fd(), 1 << 20), 0);
  EXPECT_EQ(errno, EPERM);
}

TEST(SharedBufferTest, TheSealsCannotBeTakenOff) {
  const WritableBuffer writer = make_buffer(4096);
  const int before = ::fcntl(writer.fd(), F_GET_SEALS);
  ::fcntl(writer.fd(), F_ADD_SEALS, 0);
  EXPECT_EQ(::fcntl(writer.fd(), F_GET_SEALS), before);
}

TEST(SharedBufferTest, AReaderRefusesABufferThatLacksASeal) {
  constexpr int kAll[] = {F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_FUTURE_WRITE};
  for (const int missing : kAll) {
    int seals = 0;
    for (const int seal : kAll) {
      seals |= seal == missing ? 0 : seal;
    }
    const auto reader = ReadableBuffer::open(plain_memfd(4096, seals), 4096);
    ASSERT_FALSE(reader) << "without seal " << missing;
    EXPECT_EQ(reader.error().code, Errc::worker_protocol);
    EXPECT_THAT(reader.error().detail, HasSubstr("seals"));
  }
}

TEST(SharedBufferTest, AReaderRefusesWhatIsNoMemfd) {
  for (const char* path : {"/dev/null", "/etc/hostname", "/"}) {
    UniqueFd fd(::open(path, O_RDONLY | O_CLOEXEC));
    const auto reader = ReadableBuffer::open(std::move(fd), 10);
    ASSERT_FALSE(reader) << path;
    EXPECT_EQ(reader.error().code, Errc::worker_protocol);
  }
  EXPECT_FALSE(ReadableBuffer::open(UniqueFd(), 10));
}

TEST(SharedBufferTest, AReaderRefusesASizeThatIsALie) {
  const WritableBuffer writer = make_buffer(4096);
  for (const std::size_t size : {std::size_t{0}, std::size_t{4097}, std::size_t{1} << 40U, ~std::size_t{0}}) {
    const auto reader = ReadableBuffer::open(duplicate(writer.fd()), size);
    ASSERT_FALSE(reader) << size;
    EXPECT_EQ(reader.error().code, Errc::worker_protocol);
    EXPECT_THAT(reader.error().detail, HasSubstr("4096 there"));
  }
  EXPECT_TRUE(ReadableBuffer::open(duplicate(writer.fd()), 4096));
}

TEST(SharedBufferTest, ABufferOfNothingOrOfMoreThanThereIsIsRefused) {
  const auto nothing = WritableBuffer::create(0);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, Errc::bug);
  const auto too_much = WritableBuffer::create(std::size_t{1} << 62U);
  ASSERT_FALSE(too_much);
  EXPECT_EQ(too_much.error().code, Errc::device_no_memory);
}

TEST(SharedBufferTest, TheReaderKeepsThePageWhenTheWriterIsGone) {
  auto writer = std::make_unique<WritableBuffer>(make_buffer(4096));
  writer->bytes()[7] = 77;
  const auto reader = ReadableBuffer::open(duplicate(writer->fd()), 4096);
  ASSERT_TRUE(reader);
  writer.reset();
  EXPECT_EQ(reader->bytes()[7], 77);
}

TEST(SharedBufferTest, MovingABufferMovesItsMapping) {
  WritableBuffer first = make_buffer(4096);
  first.bytes()[0] = 5;
  WritableBuffer second = std::move(first);
  EXPECT_EQ(second.bytes()[0], 5);
  WritableBuffer third = make_buffer(8192);
  third = std::move(second);
  EXPECT_EQ(third.capacity(), 4096U);
  EXPECT_EQ(third.bytes()[0], 5);
}

}  // namespace
}  // namespace quay
