// SPDX-License-Identifier: Apache-2.0
// The worker channel on real sockets: frames keep their bounds, descriptors travel and never leak, a dead peer is an
// error and not a signal.
#include "protocol/worker/seqpacket.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <thread>

#include "protocol/worker/messages.hpp"

namespace quay::protocol::worker {
namespace {

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

class SeqpacketTest : public testing::Test {
 protected:
  SeqpacketTest() {
    auto channel = make_channel();
    EXPECT_TRUE(channel);
    ours_ = std::move(channel->first);
    theirs_ = std::move(channel->second);
  }

  /// Sends what send_packet() would refuse to send, as a hostile worker could.
  void send_raw(std::size_t bytes, std::size_t descriptors) const {
    std::vector<char> text(bytes, 'x');
    iovec part{text.data(), text.size()};
    std::vector<int> numbers(descriptors, theirs_.get());
    std::vector<char> control(CMSG_SPACE(descriptors * sizeof(int)));
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (descriptors > 0) {
      message.msg_control = control.data();
      message.msg_controllen = control.size();
      cmsghdr* header = CMSG_FIRSTHDR(&message);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN(descriptors * sizeof(int));
      std::memcpy(CMSG_DATA(header), numbers.data(), descriptors * sizeof(int));
    }
    ASSERT_EQ(::sendmsg(theirs_.get(), &message, MSG_NOSIGNAL), static_cast<ssize_t>(bytes));
  }

  UniqueFd ours_;
  UniqueFd theirs_;
};

TEST_F(SeqpacketTest, FramesKeepTheirBoundsAndTheirOrder) {
  for (const std::string text : {"first", "second", "x"}) {
    ASSERT_TRUE(send_packet(ours_.get(), text, {}, Blocking::no));
  }
  for (const std::string text : {"first", "second", "x"}) {
    EXPECT_EQ(receive_packet(theirs_.get(), Blocking::no)->text, text);
  }
}

TEST_F(SeqpacketTest, DescriptorsTravelAndAreCloseOnExec) {
  const UniqueFd memfd(::memfd_create("test", MFD_CLOEXEC));
  ASSERT_EQ(::write(memfd.get(), "page", 4), 4);
  ASSERT_TRUE(send_packet(ours_.get(), "here", {memfd.get(), memfd.get()}, Blocking::no));
  const auto packet = receive_packet(theirs_.get(), Blocking::no);
  ASSERT_TRUE(packet);
  ASSERT_EQ(packet->descriptors.size(), 2U);
  for (const UniqueFd& fd : packet->descriptors) {
    std::array<char, 4> text{};
    EXPECT_EQ(::pread(fd.get(), text.data(), text.size(), 0), 4);
    EXPECT_EQ(std::string(text.data(), 4), "page");
    EXPECT_NE(::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC, 0);
    EXPECT_NE(fd.get(), memfd.get());
  }
  EXPECT_NE(::fcntl(ours_.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(SeqpacketTest, TheLargestFrameWithTheMostDescriptorsPasses) {
  const std::vector<int> descriptors(kMostDescriptors, theirs_.get());
  ASSERT_TRUE(send_packet(ours_.get(), std::string(kLargestFrame, 'x'), descriptors, Blocking::no));
  const auto packet = receive_packet(theirs_.get(), Blocking::no);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->text.size(), kLargestFrame);
  EXPECT_EQ(packet->descriptors.size(), kMostDescriptors);
}

TEST_F(SeqpacketTest, AFrameThatIsTooLargeIsNotSent) {
  const Status sent = send_packet(ours_.get(), std::string(kLargestFrame + 1, 'x'), {}, Blocking::no);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::worker_protocol);
  EXPECT_EQ(receive_packet(theirs_.get(), Blocking::no).error().code, Errc::device_busy) << "nothing was sent";
}

TEST_F(SeqpacketTest, TooManyDescriptorsAreNotSent) {
  const Status sent = send_packet(ours_.get(), "x", std::vector<int>(kMostDescriptors + 1, 0), Blocking::no);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::worker_protocol);
}

TEST_F(SeqpacketTest, AFrameThatIsTooLargeIsRefusedAndItsDescriptorsAreClosed) {
  const std::size_t before = open_descriptors();
  send_raw(kLargestFrame + 1, 3);
  const auto packet = receive_packet(ours_.get(), Blocking::no);
  ASSERT_FALSE(packet);
  EXPECT_EQ(packet.error().code, Errc::worker_protocol);
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(SeqpacketTest, MoreDescriptorsThanAllowedAreRefusedAndClosed) {
  const std::size_t before = open_descriptors();
  send_raw(10, 253);  // SCM_MAX_FD
  const auto packet = receive_packet(ours_.get(), Blocking::no);
  ASSERT_FALSE(packet);
  EXPECT_EQ(packet.error().code, Errc::worker_protocol);
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(SeqpacketTest, AChannelThatWasClosedIsACrash) {
  ASSERT_TRUE(send_packet(theirs_.get(), "last words", {}, Blocking::no));
  theirs_.reset();
  EXPECT_EQ(receive_packet(ours_.get(), Blocking::yes)->text, "last words");
  const auto packet = receive_packet(ours_.get(), Blocking::yes);
  ASSERT_FALSE(packet);
  EXPECT_EQ(packet.error().code, Errc::worker_crashed);
}

TEST_F(SeqpacketTest, SendingToADeadPeerIsAnErrorAndNoSignal) {
  std::signal(SIGPIPE, SIG_DFL);  // would end the test program
  theirs_.reset();
  const Status sent = send_packet(ours_.get(), "anyone?", {}, Blocking::no);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::worker_crashed);
  EXPECT_EQ(sent.error().native.name, "EPIPE");
}

TEST_F(SeqpacketTest, NothingThereYetIsNotAnEnd) {
  const auto packet = receive_packet(ours_.get(), Blocking::no);
  ASSERT_FALSE(packet);
  EXPECT_EQ(packet.error().code, Errc::device_busy);
}

TEST_F(SeqpacketTest, APeerThatNeverReadsCostsBoundedMemory) {
  Status sent;
  int frames = 0;
  for (; sent && frames < 1000; ++frames) {
    sent = send_packet(ours_.get(), std::string(kLargestFrame, 'x'), {}, Blocking::no);
  }
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::worker_crashed);
  EXPECT_EQ(sent.error().native.name, "EAGAIN");
  EXPECT_GT(frames, 3) << "room for a few of the largest";
}

TEST_F(SeqpacketTest, ABlockingReceiveWaitsForTheFrame) {
  std::jthread sender([this] { ASSERT_TRUE(send_packet(theirs_.get(), "late", {}, Blocking::yes)); });
  EXPECT_EQ(receive_packet(ours_.get(), Blocking::yes)->text, "late");
}

TEST_F(SeqpacketTest, WhatIsNoSocketIsAnError) {
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  EXPECT_EQ(send_packet(null.get(), "x", {}, Blocking::no).error().native.name, "ENOTSOCK");
  EXPECT_EQ(receive_packet(null.get(), Blocking::no).error().code, Errc::worker_crashed);
}

}  // namespace
}  // namespace quay::protocol::worker
