// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/access_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

#include <fmt/format.h>

#include "daemon/storage/room.hpp"

namespace quay::daemon::storage {
namespace {

constexpr const char* kFile = "access.log";

tl::unexpected<Error> failed(const std::string& operation, int error_number) {
  return failure(
      errno_error(errc_of_write(error_number, Errc::access_log_failed), "access log: " + operation, error_number));
}

/// Calls `take(text)` with each whole line. False when the last one has no newline.
template <class Take>
bool for_each_line(const std::filesystem::path& file, Take take) {
  std::ifstream stream(file, std::ios::binary);
  bool whole = true;
  for (std::string text; std::getline(stream, text);) {
    whole = !stream.eof();
    take(std::string_view(text), whole);
  }
  return whole;
}

Status sync_folder(const std::filesystem::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd && ::fsync(fd.get()) == 0 ? Status() : Status(failed("fsync of its folder", errno));
}

bool is_set_aside(const std::string& name) {
  return name.starts_with("access-") && name.ends_with(".log") && name.find_first_not_of("0123456789", 7) == 19;
}

/// The end of the log as its lines come, held against what the journal knows.
struct Tail {
  const audit::Head& known;
  const crypto::Secret& key;
  audit::Head newest{0, audit::no_hash()};
  bool fits = known.n == 0;

  void take(std::string_view text) {
    const auto line = audit::parse_line(text);
    if (!line || line->record.n <= known.n) {
      fits = fits || (line && line->record.n == known.n && line->hash == known.hash);
      newest = line ? audit::Head{line->record.n, line->hash} : newest;
      return;
    }
    const bool genuine = audit::is_whole(*line) && audit::is_sealed_with(*line, key) &&
                         line->record.n == newest.n + 1 && line->record.prev == newest.hash;
    fits = fits && genuine;
    newest = audit::Head{line->record.n, line->hash};
  }
};

}  // namespace

Result<AccessLog> AccessLog::open(std::filesystem::path folder, const ServiceKey& key, Journal& journal,
                                  AccessLogLimits limits) {
  auto seal = key.access_log_key();
  const auto known = journal.access_head();
  if (!seal || !known) {
    return failure(seal ? known.error() : seal.error());
  }
  AccessLog log(std::move(folder), std::move(*seal), key.id(), limits);
  if (Status opened = log.open_file(); !opened) {
    return failure(opened.error());
  }
  log.anchored_ = audit::Head{known->n, known->n == 0 ? audit::no_hash() : known->hash};
  if (Status taken = log.take_up(log.anchored_); !taken) {
    return failure(taken.error());
  }
  return log;
}

Status AccessLog::open_file() {
  const std::filesystem::path path = folder_ / kFile;
  file_.reset(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  struct stat status {};
  if (!file_ || ::fchmod(file_.get(), 0600) != 0 || ::fstat(file_.get(), &status) != 0) {
    return failed("open", errno);
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
  return sync_folder(folder_);
}

/// Finds the end of the log. What the journal knows must be there; what comes after it must be genuine.
Status AccessLog::take_up(const audit::Head& known) {
  Tail tail{known, key_};
  std::uint64_t whole_bytes = 0;
  const auto take = [&](std::string_view text, bool whole) {
    if (whole) {
      whole_bytes += text.size() + 1;
      tail.take(text);
    }
  };
  const std::vector<std::filesystem::path> all = files();
  if (size_ == 0 && all.size() > 1) {
    for_each_line(all[all.size() - 2], take);
    whole_bytes = 0;
  }
  if (!for_each_line(folder_ / kFile, take)) {
    if (::ftruncate(file_.get(), static_cast<off_t>(whole_bytes)) != 0) {
      return failed("cut of a half line", errno);
    }
    size_ = whole_bytes;
  }
  const bool sound = tail.fits && tail.newest.n >= known.n;
  head_ = sound ? tail.newest : known;
  if (!sound) {
    damage_ = failure(Errc::access_log_broken, "access log",
                      fmt::format("it ends with record {}; the journal knows record {}, which is not in it as it was "
                                  "written",
                                  tail.newest.n, known.n));
  }
  return {};
}

Result<audit::Head> AccessLog::append(audit::AccessRecord record) {
  if (failed_) {
    return failure(Errc::access_log_failed, "access log", "a sync failed before: restart quayd");
  }
  if (size_ > limits_.file_bytes) {
    if (Status aside = set_aside(); !aside) {
      return failure(aside.error());
    }
  }
  record.n = head_.n + 1;
  record.key = key_id_;
  record.prev = head_.hash;
  auto line = audit::seal(record, key_);
  if (!line) {
    return failure(line.error());
  }
  const ssize_t written = ::write(file_.get(), line->text.data(), line->text.size());
  if (written != static_cast<ssize_t>(line->text.size())) {
    const int reason = written < 0 ? errno : ENOSPC;
    failed_ = ::ftruncate(file_.get(), static_cast<off_t>(size_)) != 0;
    return failed("write", reason);
  }
  if (::fdatasync(file_.get()) != 0) {
    failed_ = true;
    return failed("fdatasync", errno);
  }
  size_ += line->text.size();
  head_ = audit::Head{record.n, std::move(line->hash)};
  return head_;
}

Status AccessLog::anchor(Journal& journal) {
  if (anchored_.n == head_.n) {
    return {};
  }
  const Status known = journal.transact([this](Journal& open) { return open.put(AccessHead{head_.n, head_.hash}); });
  if (known) {
    anchored_ = head_;
  }
  return known;
}

Status AccessLog::set_aside() {
  const std::filesystem::path name = folder_ / fmt::format("access-{:012}.log", head_.n);
  if (::rename((folder_ / kFile).c_str(), name.c_str()) != 0) {
    return failed("rename", errno);
  }
  if (Status opened = open_file(); !opened) {
    return opened;
  }
  std::vector<std::filesystem::path> all = files();
  all.pop_back();
  for (std::size_t i = 0; i + limits_.files < all.size(); ++i) {
    ::unlink(all[i].c_str());
  }
  return {};
}

std::vector<std::filesystem::path> AccessLog::files() const {
  std::vector<std::filesystem::path> all;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, ignored)) {
    if (is_set_aside(entry.path().filename())) {
      all.push_back(entry.path());
    }
  }
  std::sort(all.begin(), all.end());
  all.push_back(folder_ / kFile);
  return all;
}

Result<protocol::AccessReport> AccessLog::verify() const {
  audit::Verifier verifier(&key_, key_id_);
  for (const std::filesystem::path& file : files()) {
    verifier.next_file(file.filename());
    for_each_line(file, [&](std::string_view text, bool) { verifier.next_line(text); });
  }
  return verifier.finish(head_);
}

Result<std::vector<std::string>> AccessLog::lines(std::uint64_t from, std::size_t limit) const {
  std::vector<std::string> found;
  for (const std::filesystem::path& file : files()) {
    for_each_line(file, [&](std::string_view text, bool) {
      const auto line = found.size() < limit ? audit::parse_line(text) : std::nullopt;
      if (line && line->record.n >= from) {
        found.emplace_back(text);
      }
    });
  }
  return found;
}

}  // namespace quay::daemon::storage
