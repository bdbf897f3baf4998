// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/daemon/storage_support.hpp"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "base/unique_fd.hpp"
#include "daemon/storage/purge.hpp"
#include "protocol/client/error_table.hpp"

namespace quay::daemon::storage {
namespace {

std::string read_to_the_end(int fd) {
  std::string text;
  std::array<char, 4096> part{};
  for (ssize_t got = 1; got > 0;) {
    got = ::read(fd, part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  }
  return text;
}

[[noreturn]] void run_child(const std::function<std::string()>& work, int out) {
  std::string text;
  try {
    text = work();
  } catch (const std::exception& problem) {
    text = std::string("exception: ") + problem.what();
  }
  [[maybe_unused]] const ssize_t written = ::write(out, text.data(), text.size());
  ::_exit(0);
}

bool mount_small_disk(const std::filesystem::path& folder, std::uint64_t bytes) {
  const int alone = ::geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER;
  const std::string options = fmt::format("size={},mode=0777", bytes);
  return ::unshare(alone) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", folder.c_str(), "tmpfs", 0, options.c_str()) == 0;
}

void require(bool fine, const char* what) {
  if (!fine) {
    throw std::runtime_error(what);
  }
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "quay-storage-XXXXXX").string();
  require(::mkdtemp(pattern.data()) != nullptr, "mkdtemp");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string in_a_child(const std::function<std::string()>& work) {
  std::array<int, 2> ends{};
  require(::pipe2(ends.data(), O_CLOEXEC) == 0, "pipe2");
  UniqueFd in(ends[0]);
  UniqueFd out(ends[1]);
  const pid_t child = ::fork();
  require(child >= 0, "fork");
  if (child == 0) {
    run_child(work, out.get());
  }
  out.reset();
  const std::string text = read_to_the_end(in.get());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status)) : text;
}

void make_disk_small(const std::filesystem::path& folder, std::uint64_t bytes) {
  if (mount_small_disk(folder, bytes)) {
    return;
  }
  ::signal(SIGXFSZ, SIG_IGN);  // so that a write past the limit fails with EFBIG
  const rlimit limit{bytes, bytes};
  require(::setrlimit(RLIMIT_FSIZE, &limit) == 0, "setrlimit");
}

void break_every_sync() {
  const scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
  require(::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EIO), SCMP_SYS(fsync), 0) == 0, "seccomp fsync");
  require(::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EIO), SCMP_SYS(fdatasync), 0) == 0, "seccomp fdatasync");
  require(::seccomp_load(filter) == 0, "seccomp_load");
  ::seccomp_release(filter);
}

void forbid_unnamed_files() {
  const scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
  constexpr std::uint64_t kUnnamed = O_TMPFILE & ~O_DIRECTORY;
  const scmp_arg_cmp has_the_flag{2, SCMP_CMP_MASKED_EQ, kUnnamed, kUnnamed};
  require(::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EOPNOTSUPP), SCMP_SYS(openat), 1, has_the_flag) == 0,
          "seccomp openat");
  require(::seccomp_load(filter) == 0, "seccomp_load");
  ::seccomp_release(filter);
}

std::string verdict(const Error& error) {
  return fmt::format("{}: {}", protocol::error_row(error.code).wire, describe(error));
}

Spool open_spool(const std::filesystem::path& root, SpoolLimits limits) {
  return must(Spool::open(root, limits, KeyRing(must(ServiceKey::random()))));
}

VisitId admit(Spool& spool, const VisitId& visit) {
  spool.keys().add(visit, must(spool.keys().make(visit)));
  return visit;
}

Store::Store(const std::filesystem::path& folder)
    : journal(must(Journal::open(folder / "journal.db"))),
      spool(must(Spool::open(folder / "spool", SpoolLimits{0}, KeyRing(must(ServiceKey::load({{}, folder})))))) {
  must(unlock_visits(journal, spool));
}

std::vector<std::uint8_t> some_bytes(std::size_t size, std::uint8_t seed) {
  std::vector<std::uint8_t> bytes(size);
  std::uint32_t state = seed + 1U;
  for (std::uint8_t& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>(state >> 24U);
  }
  return bytes;
}

std::string file_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  require(stream.is_open(), "cannot open a file");
  return {std::istreambuf_iterator<char>(stream), {}};
}

void overwrite(const std::filesystem::path& file, std::streamoff at, const std::string& bytes) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(at);
  stream << bytes;
  require(stream.good(), "cannot overwrite a file");
}

SampleVisit sample_visit(int pages) {
  SampleVisit sample;
  sample.visit = VisitRow{VisitId{random_uuid()}, true, "2026-11-24T05:10:00.000Z"};
  sample.job.job.value = random_uuid();
  sample.job.visit = sample.visit.visit;
  sample.job.device.value = "counter-1";
  sample.job.kind = "scan";
  sample.job.state = protocol::JobState::running;
  sample.job.arguments = R"({"profile":"hoso"})";
  sample.job.created_at = "2026-11-24T05:10:01.000Z";
  for (int page = 1; page <= pages; ++page) {
    CaptureRow capture;
    capture.capture.value = random_uuid();
    capture.visit = sample.visit.visit;
    capture.job = sample.job.job;
    capture.device = sample.job.device;
    capture.page = page;
    capture.profile = "hoso";
    capture.geometry = R"({"width":2480})";
    capture.adjusted = "[]";
    capture.raw_bytes = 26'000'000;
    capture.raw_sha256 = std::string(64, 'a');
    sample.captures.push_back(capture);
  }
  return sample;
}

Status keep(Journal& journal, const SampleVisit& sample) {
  return journal.transact([&](Journal& inside) -> Status {
    Status kept = inside.put(sample.visit);
    if (kept) {
      kept = inside.put(sample.job);
    }
    for (std::size_t i = 0; kept && i < sample.captures.size(); ++i) {
      kept = inside.put(sample.captures[i]);
    }
    return kept;
  });
}

Status keep_with_key(Store& store, const SampleVisit& sample) {
  const std::string key = must(store.spool.keys().make(sample.visit.visit));
  Status kept = keep(store.journal, sample);
  if (kept) {
    kept = store.journal.transact([&](Journal& inside) { return inside.keep_key(sample.visit.visit, key); });
  }
  if (kept) {
    store.spool.keys().add(sample.visit.visit, key);
  }
  return kept;
}

Result<protocol::Event> keep_event(Journal& journal, const std::string& type, std::size_t padding) {
  protocol::Event event;
  event.type = type;
  event.at = "2026-11-24T05:10:02.000Z";
  if (padding > 0) {
    event.data["padding"] = std::string(padding, 'x');
  }
  if (Status kept = journal.transact([&](Journal& inside) { return inside.append(event); }); !kept) {
    return failure(kept.error());
  }
  return event;
}

}  // namespace quay::daemon::storage
