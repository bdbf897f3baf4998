// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/scanner/http.hpp"

#include <sys/socket.h>

#include <array>

#include <gmock/gmock.h>

#include "base/unique_fd.hpp"
#include "tests/rig/control/socket_server.hpp"

namespace quay::rig {
namespace {

class Http : public testing::Test {
 protected:
  Http() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0) {
      server_.reset(ends[0]);
      client_.reset(ends[1]);
    }
  }

  void say(std::string_view text) { ASSERT_TRUE(send_all(client_.get(), text)); }

  UniqueFd server_;
  UniqueFd client_;
};

TEST_F(Http, RequestsThatArriveTogetherAreReadOneByOne) {
  say("POST /a HTTP/1.1\r\ncontent-LENGTH: 5\r\n\r\nhelloGET /b HTTP/1.1\r\nConnection: close\r\n\r\n");
  HttpReader reader(server_.get());
  const auto first = reader.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->method, "POST");
  EXPECT_EQ(first->target, "/a");
  EXPECT_EQ(first->body, "hello");
  EXPECT_TRUE(first->keep_alive);
  const auto second = reader.next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->target, "/b");
  EXPECT_FALSE(second->keep_alive);
}

TEST_F(Http, WhatIsNoRequestEndsTheConversation) {
  for (const char* text : {"nonsense\r\n\r\n", "GET /\r\n\r\n", "POST /a HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                           "POST /a HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"}) {
    say(text);
    HttpReader reader(server_.get());
    EXPECT_FALSE(reader.next()) << text;
  }
}

TEST_F(Http, AnEndlessHeadIsRefused) {
  HttpReader reader(server_.get());
  std::thread sender([this] {
    const std::string much(16 * 1024, 'x');
    for (int i = 0; i < 8; ++i) {
      send_all(client_.get(), much);
    }
  });
  EXPECT_FALSE(reader.next());
  ::shutdown(server_.get(), SHUT_RDWR);
  sender.join();
}

TEST_F(Http, APeerThatLeavesEndsTheConversation) {
  say("GET /a HT");
  client_.reset();
  HttpReader reader(server_.get());
  EXPECT_FALSE(reader.next());
}

TEST_F(Http, AResponseHeadEndsWithAnEmptyLine) {
  const std::string head = head_of({.status = 201, .location = "/job/1", .keep_alive = false});
  EXPECT_THAT(head, testing::StartsWith("HTTP/1.1 201 Created\r\n"));
  EXPECT_THAT(head, testing::HasSubstr("\r\nLocation: /job/1\r\n"));
  EXPECT_THAT(head, testing::EndsWith("\r\nConnection: close\r\n\r\n"));
}

}  // namespace
}  // namespace quay::rig
