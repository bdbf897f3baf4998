// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/backend/device.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <thread>

#include <fmt/format.h>

#include "tests/rig/backend/counter_state.hpp"
#include "tests/rig/backend/misfortune.hpp"

namespace quay::rig {
namespace {

constexpr double kUnitsPerInch = 300;
constexpr double kSecondsPerMinute = 60;
constexpr auto kBetweenLooks = Milliseconds(2);

double to_millimetres(int units) { return units / kUnitsPerInch * kMillimetresPerInch; }
int to_units(double millimetres) {
  return static_cast<int>(std::lround(millimetres / kMillimetresPerInch * kUnitsPerInch));
}

PixelFormat format_of(const std::string& mode) {
  return mode == "Color" ? PixelFormat::rgb : mode == "Gray" ? PixelFormat::gray : PixelFormat::bitonal;
}

SteadyClock::duration span_of(double seconds) {
  return std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(seconds));
}

/// `picture` in the corner of a white sheet with `height` rows of `row_bytes`, as the bytes that sane_read returns.
Bytes on_white(const Image& picture, std::size_t row_bytes, std::int32_t height) {
  const std::uint8_t white = picture.format() == PixelFormat::bitonal ? 0x00 : 0xff;
  Bytes sheet(row_bytes * static_cast<std::size_t>(height), white);
  for (std::int32_t y = 0; y < std::min(height, picture.size().height); ++y) {
    std::memcpy(sheet.data() + static_cast<std::size_t>(y) * row_bytes, picture.row(y),
                std::min(row_bytes, picture.stride_bytes()));
  }
  return sheet;
}

}  // namespace

Device::Device(Script script, std::vector<PaperSide> paper)
    : script_(std::move(script)),
      pages_(std::make_unique<PageStore>(std::move(paper))),
      options_(script_.resolutions, to_millimetres(pages_->bed().width), to_millimetres(pages_->bed().height)) {}

SANE_Status Device::read_sensor(Option option, void* value) const {
  bool on = false;
  update_state(script_.state, initial_state(script_), [&](CounterState& state) {
    on = option == Option::scan_button ? state.pressed : state.sheets > 0;
    state.pressed = state.pressed && option != Option::scan_button;  // a press is seen once
  });
  *static_cast<SANE_Bool*>(value) = on ? SANE_TRUE : SANE_FALSE;
  return SANE_STATUS_GOOD;
}

SANE_Status Device::control(Option option, SANE_Action action, void* value, SANE_Int* info) {
  SANE_Int changed = 0;
  SANE_Status status = SANE_STATUS_INVAL;
  if (action == SANE_ACTION_GET_VALUE) {
    const bool sensor = option == Option::scan_button || option == Option::page_loaded;
    status = sensor ? read_sensor(option, value) : options_.get(option, value);
  } else if (action == SANE_ACTION_SET_VALUE) {
    status = scanning_ ? SANE_STATUS_DEVICE_BUSY : options_.set(option, value, changed);
  }
  if (info != nullptr) {
    *info = changed;
  }
  return status;
}

Device::Geometry Device::geometry() const {
  Geometry geometry;
  const double left = std::min(options_.millimetres(Option::tl_x), options_.millimetres(Option::br_x));
  const double top = std::min(options_.millimetres(Option::tl_y), options_.millimetres(Option::br_y));
  const double width = std::abs(options_.millimetres(Option::br_x) - options_.millimetres(Option::tl_x));
  const double height = std::abs(options_.millimetres(Option::br_y) - options_.millimetres(Option::tl_y));
  const Dpi dpi{static_cast<double>(options_.resolution())};
  geometry.settings = {options_.resolution(),
                       format_of(options_.mode()),
                       {to_units(left), to_units(top), to_units(width), to_units(height)}};
  geometry.size = {std::max(1, to_pixels(Millimetres{width}, dpi)), std::max(1, to_pixels(Millimetres{height}, dpi))};
  geometry.bytes_per_line =
      static_cast<SANE_Int>(packed_row_bytes(geometry.settings.format, geometry.size.width)) + script_.row_padding;
  return geometry;
}

SANE_Parameters Device::parameters() const {
  const Geometry now = scanning_ ? scanned_ : geometry();
  SANE_Parameters parameters{};
  parameters.format = now.settings.format == PixelFormat::rgb ? SANE_FRAME_RGB : SANE_FRAME_GRAY;
  parameters.last_frame = SANE_TRUE;
  parameters.depth = now.settings.format == PixelFormat::bitonal ? 1 : 8;
  parameters.pixels_per_line = now.size.width;
  parameters.bytes_per_line = now.bytes_per_line;
  parameters.lines = script_.lines_unknown ? -1 : now.size.height;
  return parameters;
}

bool Device::wait_for(Deadline until) const {
  while (!cancelled_ && SteadyClock::now() < until) {
    std::this_thread::sleep_until(std::min(until, deadline_in(kBetweenLooks)));
  }
  return !cancelled_;
}

SANE_Status Device::warm_up() {
  if (!warm_ && !wait_for(deadline_in(span_of(script_.warm_up_seconds)))) {
    return SANE_STATUS_CANCELLED;
  }
  warm_ = true;
  return SANE_STATUS_GOOD;
}

SANE_Status Device::start() {
  auto script = read_script();
  if (!script) {
    return SANE_STATUS_INVAL;
  }
  script_ = std::move(*script);
  const ScriptedFault* on_cancel = find_fault(script_, Place::cancel, 0, 0);
  cancel_strikes_ = on_cancel != nullptr && on_cancel->action != Action::status;
  if (cancelled_.exchange(false)) {
    end_of_page(SANE_STATUS_CANCELLED);
  }
  scanning_ = false;
  ++page_;
  trace(script_, fmt::format("start page={}", page_));
  if (read_state(script_.state, initial_state(script_)).unplugged) {
    return end_of_page(SANE_STATUS_IO_ERROR);
  }
  if (const auto fault = strike(script_, Place::start, page_, 0)) {
    return end_of_page(*fault);
  }
  std::size_t picture = 0;
  SANE_Status status = warm_up();
  if (status == SANE_STATUS_GOOD) {
    status = feed(picture);
  }
  if (status == SANE_STATUS_GOOD) {
    status = scan(picture);
  }
  return status == SANE_STATUS_GOOD ? status : end_of_page(status);
}

SANE_Status Device::feed(std::size_t& picture) {
  if (options_.source() == kFlatbed) {
    picture = 0;
    return SANE_STATUS_GOOD;
  }
  if (back_side_due_) {
    picture = *back_side_due_;
    back_side_due_.reset();
    return SANE_STATUS_GOOD;
  }
  std::optional<std::size_t> sheet;
  update_state(script_.state, initial_state(script_), [&](CounterState& state) {
    if (state.sheets > 0) {
      --state.sheets;
      sheet = static_cast<std::size_t>(state.fed++);
    }
  });
  if (!sheet) {
    return SANE_STATUS_NO_DOCS;
  }
  const bool duplex = options_.source() == kAdfDuplex;
  picture = duplex ? 2 * *sheet : *sheet;
  if (duplex) {
    back_side_due_ = picture + 1;
  }
  return SANE_STATUS_GOOD;
}

SANE_Status Device::scan(std::size_t picture) {
  scanned_ = geometry();
  const auto image = pages_->picture(picture, scanned_.settings);
  if (!image) {
    return SANE_STATUS_INVAL;
  }
  data_ = on_white(*image, static_cast<std::size_t>(scanned_.bytes_per_line), scanned_.size.height);
  sent_ = 0;
  page_start_ = SteadyClock::now();
  scanning_ = true;
  return SANE_STATUS_GOOD;
}

SANE_Status Device::end_of_page(SANE_Status status) {
  scanning_ = false;
  if (status != SANE_STATUS_EOF) {
    page_ = 0;
    back_side_due_.reset();
  }
  return status;
}

SANE_Status Device::finish_cancel() {
  const ScriptedFault* fault = find_fault(script_, Place::cancel, 0, 0);
  const bool scripted = fault != nullptr && fault->action == Action::status;
  const SANE_Status status = scripted ? fault->status : SANE_STATUS_CANCELLED;
  end_of_page(SANE_STATUS_CANCELLED);
  return status;
}

std::optional<std::size_t> Device::bytes_scanned() {
  const double by_ppm = script_.pages_per_minute > 0 ? kSecondsPerMinute / script_.pages_per_minute : 0;
  const double line_seconds = std::max(by_ppm / scanned_.size.height, script_.line_delay_us * 1e-6);
  if (line_seconds <= 0) {
    return data_.size();
  }
  const auto row_bytes = static_cast<std::size_t>(scanned_.bytes_per_line);
  const std::size_t next_row = sent_ / row_bytes + 1;
  if (!wait_for(page_start_ + span_of(line_seconds * static_cast<double>(next_row)))) {
    return std::nullopt;
  }
  const double passed = std::chrono::duration<double>(SteadyClock::now() - page_start_).count();
  return std::min(data_.size(), std::max(next_row, static_cast<std::size_t>(passed / line_seconds)) * row_bytes);
}

SANE_Status Device::read(SANE_Byte* data, SANE_Int capacity, SANE_Int& length) {
  length = 0;
  if (cancelled_) {
    return finish_cancel();
  }
  if (!scanning_) {
    return SANE_STATUS_INVAL;
  }
  if (const auto fault = strike(script_, Place::read, page_, sent_)) {
    return end_of_page(*fault);
  }
  if (sent_ == data_.size()) {
    return end_of_page(SANE_STATUS_EOF);
  }
  const auto scanned = bytes_scanned();
  if (!scanned) {
    return finish_cancel();
  }
  std::size_t count = std::min(*scanned - sent_, static_cast<std::size_t>(capacity));
  if (script_.read_limit > 0) {
    count = std::min(count, static_cast<std::size_t>(script_.read_limit));
  }
  for (const ScriptedFault& fault : script_.faults) {
    const bool ahead = fault.place == Place::read && (fault.page == 0 || fault.page == page_) && fault.bytes > sent_;
    count = ahead ? std::min(count, fault.bytes - sent_) : count;
  }
  std::memcpy(data, data_.data() + sent_, count);
  sent_ += count;
  length = static_cast<SANE_Int>(count);
  return SANE_STATUS_GOOD;
}

void Device::cancel() {
  if (cancel_strikes_) {
    suffer(script_, *find_fault(script_, Place::cancel, 0, 0), 0);
  }
  cancelled_ = true;
}

}  // namespace quay::rig
