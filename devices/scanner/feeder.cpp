// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/feeder.hpp"

#include <utility>

namespace quay::scanner {
namespace {

using protocol::ScanMode;
using protocol::ScanSource;

/// How often a batch may be started anew after "no more documents". Devices that end a job every 50 sheets, or lose
/// it, need one each time; a bound keeps a backend that is never empty from scanning for ever.
constexpr int kMostRestarts = 3;

ScanMode mode_of(PixelFormat format) {
  switch (format) {
    case PixelFormat::rgb: return ScanMode::color;
    case PixelFormat::gray: return ScanMode::gray;
    case PixelFormat::bitonal: return ScanMode::bitonal;
  }
  return ScanMode::color;
}

}  // namespace

worker::Outcome Feeder::run(const BatchOrder& order) {
  worker::Outcome outcome = read_pages(order);
  handle_.cancel();
  if (job_.cancelled()) {
    outcome.error = job_.cancelled_error("scan");
  }
  return outcome;
}

worker::Outcome Feeder::read_pages(const BatchOrder& order) {
  std::int32_t pages = 0;
  for (;;) {
    Result<ReadPage> page = next_page(pages + 1, order);
    if (!page) {
      const bool ran_dry = page.error().code == Errc::paper_empty && pages > 0;
      return ran_dry ? worker::Outcome{pages, {}} : worker::Outcome{pages, page.error()};
    }
    if (const Status sent = send(*std::move(page), pages + 1, order); !sent) {
      return {pages, sent.error()};
    }
    ++pages;
    const bool enough = order.source == ScanSource::flatbed || pages == order.max_pages;
    if (enough) {
      return {pages, {}};
    }
    if (job_.cancelled()) {
      return {pages, job_.cancelled_error("scan")};
    }
  }
}

/// The next page. "No more documents" after a page is taken for true only when a batch started anew says so too: a
/// device that aborts its job says the same with sheets still loaded.
Result<ReadPage> Feeder::next_page(std::int32_t number, const BatchOrder& order) {
  PageReader reader(handle_, job_, {order.applied.dpi, order.applied.likely_rows});
  Result<ReadPage> page = reader.read(number);
  if (page || page.error().code != Errc::paper_empty || number == 1 || restarts_ == kMostRestarts) {
    return page;
  }
  ++restarts_;
  handle_.cancel();
  Result<ReadPage> again = reader.read(number);
  if (again) {
    log_.warning("the feeder said it was empty after page {}, but was not", number - 1);
  }
  return again;
}

Status Feeder::send(ReadPage page, std::int32_t number, const BatchOrder& order) const {
  worker::frames::PageRead frame;
  frame.buffer = page.buffer.name();
  frame.bytes = page.bytes;
  frame.page = number;
  frame.geometry = page.geometry;
  frame.adjusted = order.applied.adjusted;
  if (const ScanMode got = mode_of(page.geometry.format); got != order.mode) {
    frame.adjusted.push_back({{}, "mode", protocol::enum_name(order.mode), protocol::enum_name(got)});
  }
  Status sent = job_.send(std::move(frame), {page.buffer.fd()});
  if (sent) {
    page.buffer.hand_over();
  }
  return sent;
}

}  // namespace quay::scanner
