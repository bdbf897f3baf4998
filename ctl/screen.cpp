// SPDX-License-Identifier: Apache-2.0
#include "ctl/screen.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "ctl/describe_device.hpp"
#include "ctl/session.hpp"

namespace quay::ctl {
namespace {

constexpr std::chrono::minutes kWindow{1};

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

/// The first `columns` characters; the last three are dots when there are more.
std::string cut(const std::string& line, std::size_t columns) {
  constexpr std::size_t kDots = 3;
  const auto count = static_cast<std::size_t>(std::count_if(line.begin(), line.end(), begins_character));
  if (count <= columns || columns <= kDots) {
    return count <= columns ? line : std::string(columns, '.');
  }
  std::size_t end = 0, kept = 0;
  for (; end < line.size() && (kept < columns - kDots || !begins_character(line[end])); ++end) {
    kept += begins_character(line[end]) ? 1 : 0;
  }
  return line.substr(0, end) + std::string(kDots, '.');
}

void add_text(std::vector<std::string>& lines, const std::string& text) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

void add_devices(std::vector<std::string>& lines, Language language, const protocol::StateResult& state) {
  lines.emplace_back(say(language, "THIẾT BỊ", "DEVICES"));
  for (const protocol::Device& device : state.devices) {
    add_text(lines, "  " + describe_device(language, device));
  }
  if (state.devices.empty()) {
    lines.emplace_back(say(language, "  không có thiết bị nào", "  no device"));
  }
}

void add_jobs(std::vector<std::string>& lines, Language language, const protocol::StateResult& state) {
  lines.emplace_back(say(language, "VIỆC", "JOBS"));
  for (const protocol::Job& job : state.jobs) {
    lines.push_back(fmt::format("  {}  {}  {}  {} {}", job.device, job.kind, protocol::enum_name(job.state), job.pages,
                                say(language, "trang", "pages")));
  }
  if (state.jobs.empty()) {
    lines.emplace_back(say(language, "  không có việc nào", "  nothing to do"));
  }
}

std::string head(Language language, const Counter& counter) {
  const std::size_t waiting = static_cast<std::size_t>(
      std::count_if(counter.state.jobs.begin(), counter.state.jobs.end(),
                    [](const protocol::Job& job) { return job.state == protocol::JobState::queued; }));
  const auto words = say(language, "quayd {}  {}  lượt phục vụ {}  việc {} (chờ {})  {} trang/phút",
                         "quayd {}  {}  visits {}  jobs {} ({} waiting)  {} pages/min");
  return fmt::format(fmt::runtime(words), counter.version, counter.time, counter.state.visits.size(),
                     counter.state.jobs.size(), waiting, counter.page_rate);
}

}  // namespace

void PageRate::note(const std::vector<protocol::Job>& jobs, Deadline now) {
  std::map<std::string, std::int32_t> seen;
  for (const protocol::Job& job : jobs) {
    const auto before = seen_.find(job.job);
    const std::int64_t gain = before == seen_.end() ? 0 : std::max(0, job.pages - before->second);
    if (gain > 0) {
      gains_.push_back({now, gain});
      pages_ += gain;
    }
    seen[job.job] = job.pages;
  }
  seen_ = std::move(seen);
  while (!gains_.empty() && now - gains_.front().at > kWindow) {
    pages_ -= gains_.front().pages;
    gains_.pop_front();
  }
}

std::vector<std::string> screen_lines(Language language, const Counter& counter, std::size_t columns,
                                      std::size_t rows) {
  std::vector<std::string> lines{head(language, counter)};
  lines.push_back(counter.fault);
  add_devices(lines, language, counter.state);
  lines.emplace_back();
  add_jobs(lines, language, counter.state);
  lines.resize(std::min(lines.size(), rows));
  for (std::string& line : lines) {
    line = cut(line, columns);
  }
  return lines;
}

}  // namespace quay::ctl
