// SPDX-License-Identifier: Apache-2.0
#include "ctl/progress_bar.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace quay::ctl {
namespace {

constexpr std::size_t kBarCells = 20;
constexpr std::size_t kUsualColumns = 80;

std::string_view stage_word(Language language, const std::string& stage) {
  if (stage == "opening") {
    return say(language, "mở máy quét", "opening the scanner");
  }
  if (stage == "feeding") {
    return say(language, "nạp giấy", "feeding");
  }
  if (stage == "reading") {
    return say(language, "đang quét", "reading");
  }
  if (stage == "cleaning") {
    return say(language, "làm sạch", "cleaning");
  }
  return say(language, "chờ", "waiting");
}

std::size_t terminal_columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsualColumns;
}

/// The first `columns` characters of UTF-8 text.
std::string cut(const std::string& text, std::size_t columns) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins_character = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (begins_character && ++characters > columns) {
      return text.substr(0, i);
    }
  }
  return text;
}

}  // namespace

std::string bar_text(Language language, const ScanProgress& progress, std::size_t columns) {
  const std::size_t full = static_cast<std::size_t>(progress.percent()) * kBarCells / 100;
  const std::string bar = std::string(full, '#') + std::string(kBarCells - full, '-');
  const std::string text =
      fmt::format("[{}] {:3} %  {} {}, {}  ({} {}, {} {})", bar, progress.percent(), say(language, "trang", "page"),
                  std::max(progress.page(), 1), stage_word(language, progress.stage()), progress.captured(),
                  say(language, "đã lưu", "safe"), progress.settled(), say(language, "xong", "clean"));
  return cut(text, columns);
}

ProgressBar::ProgressBar(const Session& session)
    : session_(session),
      style_(session.json                   ? Style::silent
             : ::isatty(STDERR_FILENO) != 0 ? Style::bar
                                            : Style::lines) {}

void ProgressBar::show(const ScanProgress& progress) {
  if (style_ == Style::lines) {
    for (; pages_said_ < progress.captured(); ++pages_said_) {
      session_.remark(fmt::format("{} {} {}", session_.say("trang", "page"), pages_said_ + 1,
                                  session_.say("đã lưu an toàn", "is safe")));
    }
  }
  if (style_ != Style::bar) {
    return;
  }
  std::string text = bar_text(session_.language, progress, terminal_columns() - 1);
  if (text != shown_) {
    fmt::print(stderr, "\r{}\033[K", text);
    std::fflush(stderr);
    shown_ = std::move(text);
  }
}

void ProgressBar::clear() {
  if (!shown_.empty()) {
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
    shown_.clear();
  }
}

}  // namespace quay::ctl
