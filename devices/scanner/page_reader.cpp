// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/page_reader.hpp"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/units.hpp"
#include "devices/scanner/missing_data.hpp"

namespace quay::scanner {
namespace {

using worker::frames::Stage;

constexpr std::int32_t kLikelyRows = 3600;  // A4 at 300 dpi and a little
constexpr unsigned kAllBands = 0b111;
constexpr Milliseconds kEmptyReadPause{1};  // after a blocking read that gave nothing: some backends poll

}  // namespace

Result<ReadPage> PageReader::read(std::int32_t page) {
  Result<worker::BufferLease> buffer = job_.buffer(likely_bytes(), page);
  if (!buffer) {
    return failure(buffer.error());
  }
  job_.progress(Stage::feeding, page);
  Result<FrameLayout> first = start_frame();
  if (!first) {
    return failure(first.error());
  }
  const std::size_t needed = first->page_bytes(static_cast<std::size_t>(first->rows));
  if (const Status grown = buffer->grow(needed, 0); !grown) {
    return failure(grown.error());
  }
  const Result<std::size_t> rows = read_bands(*buffer, *first, page);
  if (!rows) {
    return failure(rows.error());
  }
  return finish(*std::move(buffer), *first, *rows);
}

/// Reads the one frame of an ordinary page, or the three of a three-pass one. The number of rows.
Result<std::size_t> PageReader::read_bands(worker::BufferLease& buffer, const FrameLayout& first, std::int32_t page) {
  FrameLayout layout = first;
  std::optional<std::size_t> rows;
  unsigned bands = 0;
  for (;;) {
    FrameSink sink(layout, buffer);
    if (const Status read = read_frame(sink, layout, page); !read) {
      return failure(read.error());
    }
    if (rows.value_or(sink.rows()) != sink.rows()) {
      return failure(Errc::scan_page_incomplete, "sane_read", "colour bands of unequal length");
    }
    rows = sink.rows();
    bands |= layout.band < 0 ? kAllBands : 1U << static_cast<unsigned>(layout.band);
    if (bands == kAllBands) {
      return *rows;
    }
    if (layout.last_frame) {
      return failure(Errc::scan_page_incomplete, "sane_read", "a colour band is missing");
    }
    const Result<FrameLayout> next = next_band(first);
    if (!next) {
      return failure(next.error());
    }
    layout = *next;
  }
}

/// What the device says before the start may be off (SANE standard 4.3.8), so this only sizes the first buffer.
std::size_t PageReader::likely_bytes() const {
  const Result<SANE_Parameters> parameters = handle_.parameters();
  const Result<FrameLayout> layout = parameters ? layout_of(*parameters) : failure(parameters.error());
  if (!layout) {
    return 1;
  }
  const std::int32_t expected = expectation_.rows > 0 ? expectation_.rows : kLikelyRows;
  const auto rows = static_cast<std::size_t>(layout->rows > 0 ? layout->rows : expected);
  return std::min(layout->page_bytes(rows), kMostPageBytes);
}

Result<FrameLayout> PageReader::start_frame() const {
  Status started = handle_.start();
  if (job_.cancelled()) {
    return failure(job_.cancelled_error("sane_start"));
  }
  if (!started) {
    return failure(started.error());
  }
  const Result<SANE_Parameters> parameters = handle_.parameters();
  if (!parameters) {
    return failure(parameters.error());
  }
  return layout_of(*parameters);
}

Status PageReader::read_frame(FrameSink& sink, const FrameLayout& layout, std::int32_t page) {
  for (;;) {
    const Result<ReadResult> got = handle_.read(sink.room());
    if (job_.cancelled()) {
      // Backends answer a cancelled read with CANCELLED, GOOD or EOF alike.
      return failure(job_.cancelled_error("sane_read"));
    }
    if (!got) {
      return failure(got.error());
    }
    if (got->end) {
      return sink.check_complete();
    }
    if (got->bytes == 0) {
      std::this_thread::sleep_for(kEmptyReadPause);
      continue;
    }
    if (Status taken = sink.take(got->bytes); !taken) {
      return taken;
    }
    job_.progress(Stage::reading, page, static_cast<std::int32_t>(sink.rows()), layout.rows);
  }
}

/// The next band of a three-pass page, which must have the shape of the first.
Result<FrameLayout> PageReader::next_band(const FrameLayout& first) const {
  Result<FrameLayout> next = start_frame();
  if (!next) {
    return next;
  }
  FrameLayout same_shape = *next;
  same_shape.band = first.band;
  same_shape.last_frame = first.last_frame;
  if (next->band < 0 || same_shape != first) {
    return failure(Errc::device_io, "sane_get_parameters", "the colour bands of a page differ in shape");
  }
  return next;
}

Result<ReadPage> PageReader::finish(worker::BufferLease buffer, const FrameLayout& layout, std::size_t rows) const {
  const std::uint64_t bytes = layout.page_bytes(rows);
  const Dpi dpi{expectation_.dpi};
  const PixelSize size{layout.width, static_cast<std::int32_t>(rows)};
  const ImageView view{buffer.bytes().first(bytes), size, layout.page_row_bytes, layout.format, dpi};
  if (const std::int32_t filled = filled_rows_at_end(view); filled >= kFilledRowsOfACutPage) {
    return failure(Errc::scan_page_incomplete, "sane_read",
                   fmt::format("the last {} rows are what a JPEG decoder makes of missing data", filled));
  }
  protocol::PageGeometry geometry;
  geometry.width = size.width;
  geometry.height = size.height;
  geometry.stride_bytes = layout.page_row_bytes;
  geometry.format = layout.format;
  geometry.dpi = dpi.value;
  if (dpi.value > 0) {
    geometry.width_mm = to_millimetres(size.width, dpi).value;
    geometry.height_mm = to_millimetres(size.height, dpi).value;
  }
  return ReadPage{std::move(buffer), bytes, geometry};
}

}  // namespace quay::scanner
