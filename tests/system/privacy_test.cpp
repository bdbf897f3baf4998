// SPDX-License-Identifier: Apache-2.0
// Nothing leaks, and nothing stays: a whole visit through the real daemon on a disk of its own, then a search for
// pieces of the pages, for names and numbers, in every block of that disk, in logs, command lines and what could be
// dumped.
#include <elf.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include <fmt/format.h>

#include "tests/system/counter.hpp"
#include "tests/system/disk_image.hpp"

namespace quay::system_test {
namespace {

constexpr std::size_t kPieceBytes = 24;
constexpr const char* kOperator = "nv-MARK-0412";
constexpr const char* kProcedure = "1.004222-MARK";
constexpr int kDpi = 100;

using Pieces = std::vector<std::string>;

/// Pieces of `bytes` that are like no other: spread over it, each with many different bytes.
Pieces pieces_of(std::string_view bytes, std::size_t most = 40) {
  Pieces pieces;
  const std::size_t step = std::max<std::size_t>(kPieceBytes, bytes.size() / 400);
  for (std::size_t at = step; at + kPieceBytes < bytes.size() && pieces.size() < most; at += step) {
    const std::string piece(bytes.substr(at, kPieceBytes));
    if (std::set<char>(piece.begin(), piece.end()).size() >= 14) {
      pieces.push_back(piece);
    }
  }
  return pieces;
}

std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::uint64_t first_bytes(const char* text) {
  std::uint64_t number = 0;
  std::memcpy(&number, text, sizeof number);
  return number;
}

/// How many of `pieces` (8 bytes or more each) are in `haystack`. One pass, since a disk is large.
std::size_t hits(const std::string& haystack, const Pieces& pieces) {
  std::vector<bool> begins(65'536);
  std::multimap<std::uint64_t, std::string_view> by_begin;
  for (const std::string& piece : pieces) {
    const std::uint64_t begin = first_bytes(piece.data());
    begins[begin & 0xffffU] = true;
    by_begin.emplace(begin, piece);
  }
  std::set<std::string_view> found;
  const std::string_view all(haystack);
  for (std::size_t at = 0; at + sizeof(std::uint64_t) <= all.size(); ++at) {
    const std::uint64_t begin = first_bytes(all.data() + at);
    if (!begins[begin & 0xffffU]) {
      continue;
    }
    const auto [from, to] = by_begin.equal_range(begin);
    for (auto piece = from; piece != to; ++piece) {
      if (all.substr(at).starts_with(piece->second)) {
        found.insert(piece->second);
      }
    }
  }
  return found.size();
}

/// What a process has in memfds: pages.
std::string page_buffers_of(pid_t process) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/fd")) {
    std::error_code gone;
    if (std::filesystem::read_symlink(entry.path(), gone).string().starts_with("/memfd:")) {
      std::ifstream stream(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(stream), {});
    }
  }
  return all;
}

std::string file_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A visit with three pages and a document, all of it fetched as a front end would.
class MarkedVisit : public testing::Test {
 protected:
  MarkedVisit()
      : counter_({.sheets = 3}), disk_(counter_.path() / "state.img", counter_.path() / "state", 96ULL << 20U) {}

  void SetUp() override {
    counter_.start();
    protocol::VisitOpenArguments who;
    who.operator_id = kOperator;
    who.procedure = kProcedure;
    visit_ = counter_.open_visit(who);
    client::Client client = counter_.connect();
    const protocol::Job job = counter_.scan({.visit = visit_, .resolution_dpi = kDpi});
    ASSERT_EQ(job.state, protocol::JobState::done) << counter_.daemon().transcript();
    protocol::DocumentAssembleArguments wanted;
    wanted.visit = visit_;
    wanted.captures = job.captures;
    const auto document = client.call_as<protocol::Document>("document.assemble", wanted);
    ASSERT_TRUE(document) << describe(document.error());
    take(client, document->document, "document");
    for (const protocol::Capture& page : counter_.captures(visit_)) {
      take(client, page.capture, "preview");
      take(client, page.capture, "page");
    }
    for (const pid_t worker : counter_.workers("quay-scanner")) {
      raw_ = pieces_of(page_buffers_of(worker), 200);
    }
  }

  void take(client::Client& client, const std::string& id, const std::string& rendition) {
    const auto file = client::fetch_image(client, id, rendition, deadline_in(Milliseconds(10'000)));
    ASSERT_TRUE(file) << describe(file.error());
    const Pieces some = pieces_of(text_of(file->bytes));
    content_.insert(content_.end(), some.begin(), some.end());
    facts_.push_back(id);
    facts_.push_back(file->sha256);
  }

  std::vector<pid_t> processes() const {
    std::vector<pid_t> all = counter_.workers("quay-scanner");
    const std::vector<pid_t> imaging = counter_.workers("quay-imaging");
    all.insert(all.end(), imaging.begin(), imaging.end());
    return all;
  }

  void close() {
    client::Client client = counter_.connect();
    const auto closed = client.call_as<protocol::VisitClosed>("visit.close", protocol::VisitArguments{{}, visit_});
    ASSERT_TRUE(closed) << describe(closed.error());
    closed_ = *closed;
  }

  Counter counter_;
  DiskImage disk_;
  std::string visit_;
  Pieces content_;  ///< of previews, pages and the document
  Pieces raw_;      ///< of what lies in the scanner worker's page buffers: raw pages
  Pieces facts_;    ///< ids and SHA-256 of all of them
  protocol::VisitClosed closed_;
};

TEST_F(MarkedVisit, WhileItIsOpenNothingOfAPageIsOutsideTheSealedObjects) {
  ASSERT_GT(content_.size(), 100U);
  ASSERT_TRUE(raw_.size() > 30 || ::geteuid() != 0) << "root may look into the workers";
  const std::string blocks = disk_.blocks();
  EXPECT_EQ(hits(blocks, content_), 0U);
  EXPECT_EQ(hits(blocks, raw_), 0U);
  EXPECT_GT(hits(blocks, facts_), 0U) << "the search finds what is there: the journal knows the pages until the purge";
  EXPECT_EQ(hits(blocks, {kOperator}), 1U) << "in journal and access log, as docs/privacy.md says";
}

TEST_F(MarkedVisit, LogsAndCommandLinesSayNothingOfIt) {
  std::string said = counter_.daemon().output() + counter_.daemon().errors();
  std::vector<pid_t> all = processes();
  all.push_back(counter_.daemon().pid());
  for (const pid_t process : all) {
    said += file_text("/proc/" + std::to_string(process) + "/cmdline");
    said += file_text("/proc/" + std::to_string(process) + "/environ");
  }
  EXPECT_FALSE(said.empty());
  EXPECT_EQ(hits(said, content_) + hits(said, raw_) + hits(said, facts_) + hits(said, {kOperator, kProcedure}), 0U);
}

TEST_F(MarkedVisit, NoProcessLeavesACoreDumpWhenItCrashes) {
  std::vector<pid_t> all = processes();
  all.push_back(counter_.daemon().pid());
  ASSERT_GE(all.size(), 3U);
  for (const pid_t process : all) {
    const std::string limits = file_text("/proc/" + std::to_string(process) + "/limits");
    EXPECT_TRUE(std::regex_search(limits, std::regex("Max core file size +0 +0 "))) << limits;
  }
  counter_.daemon().send_signal(SIGSEGV);
  const auto ended = counter_.daemon().wait();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->signal, SIGSEGV);
  EXPECT_FALSE(std::filesystem::exists("core")) << "in the working directory, where Linux puts it by itself";
  EXPECT_FALSE(std::filesystem::exists("core." + std::to_string(counter_.daemon().pid())));
}

/// A core dump of a running process, as a debugger of root's takes it.
std::string core_of(pid_t process, const std::filesystem::path& folder) {
  const std::string name = (folder / "core").string();
  const std::string command = fmt::format("gcore -o '{}' {} >/dev/null 2>&1", name, process);
  const std::filesystem::path file = name + "." + std::to_string(process);
  std::string core = std::system(command.c_str()) == 0 ? file_text(file) : "";
  std::filesystem::remove(file);
  return core;
}

/// A debugger always takes the pages that the kernel shares with every process (vdso(7)).
constexpr std::uint64_t kVdsoBytes = 16 * 1024;

/// Bytes of memory in a core dump (elf(5)); what else it holds are notes: registers, names of mapped files.
std::uint64_t memory_in(const std::string& core) {
  Elf64_Ehdr head{};
  std::memcpy(&head, core.data(), std::min(sizeof head, core.size()));
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < head.e_phnum; ++i) {
    Elf64_Phdr segment{};
    const std::string raw = core.substr(head.e_phoff + i * sizeof segment, sizeof segment);
    std::memcpy(&segment, raw.data(), raw.size());
    bytes += segment.p_type == PT_LOAD ? segment.p_filesz : 0;
  }
  return bytes;
}

TEST_F(MarkedVisit, ACoreDumpThatIsTakenAllTheSameHoldsNoPage) {
  std::vector<pid_t> all = processes();
  all.push_back(counter_.daemon().pid());
  ASSERT_GE(all.size(), 3U);
  if (::geteuid() != 0) {
    EXPECT_EQ(core_of(all.back(), counter_.path()), "") << "only root can take one";
    return;
  }
  for (const pid_t process : all) {
    const std::string core = core_of(process, counter_.path());
    ASSERT_EQ(core.substr(1, 3), "ELF") << process;
    EXPECT_LE(memory_in(core), kVdsoBytes);
    EXPECT_EQ(hits(core, {kOperator, kProcedure}), 0U);
  }
  const pid_t scanner = counter_.workers("quay-scanner").at(0);
  std::ofstream(fmt::format("/proc/{}/coredump_filter", scanner)) << "0x33";
  const std::string usual = core_of(scanner, counter_.path());
  EXPECT_GT(memory_in(usual), 1U << 20U);
  EXPECT_GT(hits(usual, raw_), 0U) << "so a dump as others leave it would hold the page";
}

TEST_F(MarkedVisit, AfterThePurgeNothingOfItIsOnTheWholeDisk) {
  disk_.settle();
  const std::string journal =
      file_text(counter_.path() / "state/journal.db") + file_text(counter_.path() / "state/journal.db-wal");
  std::smatch wrapped;
  ASSERT_TRUE(std::regex_search(journal, wrapped, std::regex("01[0-9a-f]{160}"))) << "the wrapped key of the visit";
  close();
  ASSERT_TRUE(closed_.receipt);
  EXPECT_EQ(closed_.pages, 3);
  EXPECT_EQ(closed_.documents, 1);
  const std::string files = everything_in(counter_.path() / "state");
  EXPECT_EQ(hits(files, content_) + hits(files, raw_), 0U);
  EXPECT_EQ(hits(files, facts_), 0U) << "ids and hashes of pages";
  EXPECT_EQ(hits(files, {wrapped.str()}), 0U);
  const std::string blocks = disk_.blocks();
  EXPECT_EQ(hits(blocks, content_) + hits(blocks, raw_), 0U);
  Pieces hashes;
  std::copy_if(facts_.begin(), facts_.end(), std::back_inserter(hashes),
               [](const std::string& fact) { return fact.size() == 64; });
  EXPECT_EQ(hits(blocks, hashes), 0U);
  EXPECT_EQ(hits(blocks, {wrapped.str()}), 0U) << "also not in blocks that the file system has given back";
  EXPECT_EQ(hits(blocks, {closed_.receipt->hash}), 1U) << "the receipt stays";
}

TEST_F(MarkedVisit, ThePurgeIsAnEventWithItsReceiptAndTheEventsBeforeKeepTheirNumbers) {
  close();
  client::Client client = counter_.connect();
  const auto replay = client.call_as<protocol::ReplayResult>("replay", protocol::ReplayArguments{{}, 1, 200, {}});
  ASSERT_TRUE(replay);
  std::uint64_t next = 1;
  for (const auto& event : replay->events) {
    EXPECT_EQ(event.at("seq").to_number<std::uint64_t>(), next++);
    const std::string type(event.at("type").as_string());
    if (type.starts_with("capture.") || type.starts_with("document.")) {
      EXPECT_EQ(boost::json::serialize(event.at("data")), R"({"erased":true})") << type;
    }
  }
  const auto& last = replay->events.back();
  EXPECT_EQ(last.at("type").as_string(), "visit.closed");
  EXPECT_EQ(last.at("data").at("receipt").at("hash").as_string(), closed_.receipt->hash);
}

}  // namespace
}  // namespace quay::system_test
