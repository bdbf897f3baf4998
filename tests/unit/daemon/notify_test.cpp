// SPDX-License-Identifier: Apache-2.0
// What quayd tells systemd, read from a real datagram socket as systemd would.
#include "daemon/service/notify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "base/unique_fd.hpp"

namespace quay::daemon::service {
namespace {

using testing::MatchesRegex;

class NotifyTest : public testing::Test {
 protected:
  NotifyTest() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    // An abstract address: no file to clean up.
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = "quay-notify-test-" + std::to_string(::getpid());
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
    ::setenv("NOTIFY_SOCKET", ("@" + name).c_str(), 1);
  }
  ~NotifyTest() override {
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
    ::unsetenv("WATCHDOG_PID");
  }

  /// The next datagram; "nothing" when there is none. sendmsg on a datagram socket is done when it returns.
  std::string received() const {
    std::array<char, 4096> text{};
    const ssize_t size = ::recv(socket_.get(), text.data(), text.size(), 0);
    return size < 0 ? "nothing" : std::string(text.data(), static_cast<std::size_t>(size));
  }

  UniqueFd socket_;
  Notify notify_;
};

TEST_F(NotifyTest, SaysReadyTogetherWithTheFirstStatus) {
  notify_.ready("2 scanners");
  EXPECT_EQ(received(), "READY=1\nSTATUS=2 scanners");
}

TEST_F(NotifyTest, SaysItsStatusOnOneLine) {
  notify_.status("spool full\nREADY=1");
  EXPECT_EQ(received(), "STATUS=spool full READY=1");
}

TEST_F(NotifyTest, SaysThatItIsAliveAndThatItStops) {
  notify_.alive();
  EXPECT_EQ(received(), "WATCHDOG=1");
  notify_.stopping();
  EXPECT_EQ(received(), "STOPPING=1");
}

TEST_F(NotifyTest, SaysWhenItReloadsWithTheTime) {
  notify_.reloading();
  EXPECT_THAT(received(), MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+"));
}

TEST_F(NotifyTest, IsSilentWhenNobodyListens) {
  ::unsetenv("NOTIFY_SOCKET");
  notify_.ready("x");
  notify_.alive();
  EXPECT_EQ(received(), "nothing");
}

TEST_F(NotifyTest, ASocketThatIsGoneDoesNoHarm) {
  ::setenv("NOTIFY_SOCKET", "@quay-nobody-is-here", 1);
  notify_.ready("x");
  EXPECT_EQ(received(), "nothing");
}

TEST_F(NotifyTest, TheWatchdogIsFedTwiceInItsTime) {
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  EXPECT_EQ(notify_.watchdog_interval(), Milliseconds(15'000));
}

TEST_F(NotifyTest, ThereIsNoIntervalWhenSystemdWatchesNobodyOrAnother) {
  EXPECT_EQ(notify_.watchdog_interval(), std::nullopt);
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  EXPECT_EQ(notify_.watchdog_interval(), std::nullopt);
}

TEST_F(NotifyTest, AnAbsurdlyShortWatchdogStillGivesAnInterval) {
  ::setenv("WATCHDOG_USEC", "1", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  EXPECT_EQ(notify_.watchdog_interval(), Milliseconds(1));
}

}  // namespace
}  // namespace quay::daemon::service
