// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/image_fetch.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <fmt/format.h>

#include <array>

#include "tests/unit/clients/scripted_daemon.hpp"

namespace quay::client {
namespace {

using protocol::Command;

/// Bytes that differ from chunk to chunk, and their digest.
struct File {
  explicit File(std::size_t size) : bytes(size, '\0') {
    for (std::size_t i = 0; i < size; ++i) {
      bytes[i] = static_cast<char>(i * 31 + i / protocol::kLargestChunk);
    }
    std::array<unsigned char, 32> digest{};
    ::EVP_Q_digest(nullptr, "SHA256", nullptr, bytes.data(), bytes.size(), digest.data(), nullptr);
    for (const unsigned char byte : digest) {
      sha256 += fmt::format("{:02x}", byte);
    }
  }

  std::string bytes;
  std::string sha256;
};

Answer chunk_of(const File& file, const Command& command) {
  const auto asked = *protocol::from_json<protocol::FetchArguments>(command.args);
  const std::string part = file.bytes.substr(asked.offset, asked.length);
  protocol::FetchResult header;
  header.id = asked.id;
  header.rendition = asked.rendition;
  header.offset = asked.offset;
  header.bytes = part.size();
  header.total = file.bytes.size();
  header.sha256 = file.sha256;
  return {done(command, protocol::to_json_object(header)), part};
}

Result<FetchedFile> fetch_with(Script script) {
  ScriptedDaemon daemon(std::move(script));
  auto client = *Client::connect(daemon.run_directory());
  return fetch_image(client, "doc", "document", deadline_in(std::chrono::seconds(60)));
}

std::string text(const FetchedFile& file) { return {file.bytes.begin(), file.bytes.end()}; }

TEST(ImageFetch, PutsALargeFileTogether) {
  const File file(3 * protocol::kLargestChunk + 12'345);
  const auto fetched = fetch_with([&](const Command& command) { return Answers{chunk_of(file, command)}; });
  ASSERT_TRUE(fetched) << fetched.error().detail;
  EXPECT_EQ(text(*fetched), file.bytes);
  EXPECT_EQ(fetched->sha256, file.sha256);
}

TEST(ImageFetch, TakesAnEmptyFile) {
  const File file(0);
  const auto fetched = fetch_with([&](const Command& command) { return Answers{chunk_of(file, command)}; });
  ASSERT_TRUE(fetched) << fetched.error().detail;
  EXPECT_TRUE(fetched->bytes.empty());
}

TEST(ImageFetch, AsksAgainForAChunkThatNeverCame) {
  const File file(3 * protocol::kLargestChunk);
  int commands = 0;
  const auto fetched = fetch_with(
      [&](const Command& command) { return ++commands == 2 ? Answers{} : Answers{chunk_of(file, command)}; });
  ASSERT_TRUE(fetched) << fetched.error().detail;
  EXPECT_EQ(text(*fetched), file.bytes);
  EXPECT_EQ(commands, 4) << "three chunks, one of them twice";
}

TEST(ImageFetch, RefusesBytesThatDoNotFitTheAnnouncedDigest) {
  const File file(1000);
  const auto fetched = fetch_with([&](const Command& command) {
    Answer chunk = chunk_of(file, command);
    chunk[1][500] ^= 1;
    return Answers{chunk};
  });
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, Errc::spool_corrupt);
}

TEST(ImageFetch, GivesBackWhatTheDaemonRefused) {
  const auto fetched =
      fetch_with([](const Command& command) { return Answers{{refused(command.id, Errc::capture_not_ready)}}; });
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, Errc::capture_not_ready);
}

TEST(ImageFetch, RefusesAReplyWithoutItsBytes) {
  const File file(1000);
  const auto fetched = fetch_with([&](const Command& command) { return Answers{{chunk_of(file, command).front()}}; });
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, Errc::request_malformed);
}

TEST(ImageFetch, RefusesAChunkThatIsShorterThanAsked) {
  const File file(2 * protocol::kLargestChunk);
  const auto fetched = fetch_with([&](const Command& command) {
    Answer chunk = chunk_of(file, command);
    chunk[1].resize(10);
    return Answers{chunk};
  });
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, Errc::request_malformed);
}

}  // namespace
}  // namespace quay::client
