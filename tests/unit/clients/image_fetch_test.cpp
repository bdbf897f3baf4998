// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/image_fetch.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "tests/rig/support/temporary_directory.hpp"
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

TEST(ImageFetch, WaitsWhenTheDaemonHasEnoughAndAsksAgain) {
  const File file(6 * protocol::kLargestChunk);
  int refusals = 0;
  const auto fetched = fetch_with([&](const Command& command) {
    const bool refuse = ++refusals % 3 == 0 && refusals < 12;
    return Answers{refuse ? Answer{refused(command.id, Errc::request_too_many)} : chunk_of(file, command)};
  });
  ASSERT_TRUE(fetched) << fetched.error().detail;
  EXPECT_EQ(text(*fetched), file.bytes);
}

/// A fetch into a file, and which chunks it asked for.
class FetchToFile : public testing::Test {
 protected:
  Result<std::string> fetch(const Script& script) {
    asked_.clear();
    ScriptedDaemon daemon([this, script](const Command& command) {
      asked_.push_back(protocol::from_json<protocol::FetchArguments>(command.args)->offset);
      return script(command);
    });
    auto client = *Client::connect(daemon.run_directory());
    return fetch_image_to(client, "doc", "document", path_, deadline_in(std::chrono::seconds(60)));
  }
  std::string content(const std::filesystem::path& path) const {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  rig::TemporaryDirectory folder_;
  std::filesystem::path path_ = folder_.path() / "out.pdf";
  std::filesystem::path part_ = folder_.path() / "out.pdf.part";
  std::vector<std::uint64_t> asked_;
};

TEST_F(FetchToFile, GoesOnWhereAnEarlierProgramWasInterrupted) {
  const File file(5 * protocol::kLargestChunk + 99);
  const auto broken = fetch([&](const Command& command) {
    const auto offset = protocol::from_json<protocol::FetchArguments>(command.args)->offset;
    return offset < 3 * protocol::kLargestChunk ? Answers{chunk_of(file, command)}
                                                : Answers{{refused(command.id, Errc::daemon_stopping)}};
  });
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, Errc::daemon_stopping);
  EXPECT_FALSE(std::filesystem::exists(path_));
  const std::uint64_t kept = std::filesystem::file_size(part_);
  EXPECT_GT(kept, 0U);
  EXPECT_EQ(content(part_), file.bytes.substr(0, kept));
  const auto fetched = fetch([&](const Command& command) { return Answers{chunk_of(file, command)}; });
  ASSERT_TRUE(fetched) << describe(fetched.error());
  EXPECT_EQ(*fetched, file.sha256);
  EXPECT_EQ(*std::min_element(asked_.begin(), asked_.end()), kept) << "nothing is fetched twice";
  EXPECT_EQ(content(path_), file.bytes);
  EXPECT_FALSE(std::filesystem::exists(part_));
}

TEST_F(FetchToFile, TheRestOfSomethingElseDoesNotGetIntoTheFile) {
  const File file(2 * protocol::kLargestChunk + 5);
  const auto whole = [&](const Command& command) {
    const auto offset = protocol::from_json<protocol::FetchArguments>(command.args)->offset;
    return offset > file.bytes.size() ? Answers{{refused(command.id, Errc::request_bad_argument)}}
                                      : Answers{chunk_of(file, command)};
  };
  for (const std::size_t rest : {std::size_t{1000}, file.bytes.size(), 3 * file.bytes.size()}) {
    std::ofstream(part_, std::ios::binary) << std::string(rest, 'x');
    const auto fetched = fetch(whole);
    ASSERT_TRUE(fetched) << describe(fetched.error());
    EXPECT_EQ(content(path_), file.bytes) << rest;
  }
}

TEST_F(FetchToFile, ThatCannotBeWrittenIsSaid) {
  path_ = folder_.path() / "no/such/folder";
  const auto fetched = fetch([](const Command&) { return Answers{}; });
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, Errc::file_unwritable);
}

}  // namespace
}  // namespace quay::client
