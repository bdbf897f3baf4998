// SPDX-License-Identifier: Apache-2.0
#include "ctl/describe_device.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ctl/session.hpp"

namespace quay::ctl {
namespace {

std::string_view status_word(Language language, protocol::DeviceStatus status) {
  using enum protocol::DeviceStatus;
  switch (status) {
    case absent: return say(language, "không có mặt", "absent");
    case starting: return say(language, "đang khởi động", "starting");
    case ready: return say(language, "sẵn sàng", "ready");
    case busy: return say(language, "đang bận", "busy");
    case needs_attention: return say(language, "cần xử lý", "needs attention");
    case faulty: return say(language, "lỗi", "faulty");
    case quarantined: return say(language, "tạm dừng dùng", "quarantined");
    case other: break;
  }
  return say(language, "không rõ", "unknown");
}

template <class E>
std::string names(const std::vector<E>& values) {
  std::vector<std::string_view> names;
  names.reserve(values.size());
  for (const E value : values) {
    names.emplace_back(protocol::enum_name(value));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string resolutions(const protocol::ScannerCapabilities& scanner) {
  return scanner.resolutions_dpi.empty()
             ? fmt::format("{}-{} dpi", scanner.min_resolution_dpi, scanner.max_resolution_dpi)
             : fmt::format("{} dpi", fmt::join(scanner.resolutions_dpi, ", "));
}

}  // namespace

std::string describe_device(Language language, const protocol::Device& device) {
  std::string text = fmt::format("{}  {}  {}", device.id, status_word(language, device.status), device.name);
  for (const std::string& reason : device.reasons) {
    text += fmt::format("\n    {} [{}]", sentence_of(language, reason), reason);
  }
  if (const auto& rungs = device.recovery) {
    text += fmt::format("\n    {} {}, {} {}, {} {}", rungs->cancels, say(language, "lần dừng", "times cancelled"),
                        rungs->kills, say(language, "lần khởi động lại", "times restarted"), rungs->resets,
                        say(language, "lần đặt lại cổng USB", "USB port resets"));
  }
  return text;
}

std::string describe_scanner(const protocol::ScannerCapabilities& scanner) {
  return fmt::format("{}; {}; {}; {:.0f} x {:.0f} mm", names(scanner.sources), names(scanner.modes),
                     resolutions(scanner), scanner.max_width_mm, scanner.max_height_mm);
}

std::string describe_slot(Language language, const protocol::CardSlot& slot) {
  std::string state;
  switch (slot.state) {
    case protocol::CardSlotState::empty: state = say(language, "trống", "empty"); break;
    case protocol::CardSlotState::card: state = say(language, "có thẻ", "a card"); break;
    case protocol::CardSlotState::mute:
      state = say(language, "thẻ không trả lời", "a card that does not answer");
      break;
    case protocol::CardSlotState::in_use:
      state = say(language, "chương trình khác giữ thẻ", "held by a program");
      break;
    case protocol::CardSlotState::other: state = say(language, "không rõ", "unknown"); break;
  }
  std::string text = fmt::format("{}: {}", slot.reader, state);
  if (slot.interface != protocol::CardInterface::unknown) {
    text += fmt::format("; {}", protocol::enum_name(slot.interface));
  }
  if (slot.identity_card) {
    text += fmt::format("; {}", *slot.identity_card ? say(language, "căn cước gắn chip", "an identity card")
                                                    : say(language, "không phải căn cước", "no identity card"));
  }
  return slot.atr.empty() ? text : fmt::format("{}; ATR {}", text, slot.atr);
}

std::string describe_camera(Language language, const protocol::CameraCapabilities& camera) {
  std::vector<std::string> facts;
  if (camera.capture) {
    facts.emplace_back(say(language, "chụp ảnh", "capture"));
  }
  if (camera.live_view) {
    facts.emplace_back(say(language, "xem trực tiếp", "live view"));
  }
  if (camera.battery_percent >= 0) {
    facts.push_back(fmt::format("{} {} %", say(language, "pin", "battery"), camera.battery_percent));
  }
  if (camera.pictures_left >= 0) {
    facts.push_back(fmt::format("{} {}", camera.pictures_left, say(language, "ảnh còn trống", "pictures left")));
  }
  return fmt::format("{}", fmt::join(facts, "; "));
}

std::string describe_printer(Language language, const protocol::PrinterCapabilities& printer) {
  const bool queue = printer.path == protocol::PrinterPath::queue;
  std::vector<std::string> facts{
      std::string(queue ? say(language, "qua hàng đợi", "through a queue") : say(language, "trực tiếp", "directly"))};
  if (!printer.format.empty()) {
    facts.push_back(printer.format);
  }
  if (printer.duplex) {
    facts.emplace_back(say(language, "hai mặt", "both sides"));
  }
  if (!printer.media.empty()) {
    facts.push_back(fmt::format("{}", fmt::join(printer.media, ", ")));
  }
  if (!printer.media_ready.empty()) {
    facts.push_back(fmt::format("{}: {}", say(language, "đang nạp", "loaded"), fmt::join(printer.media_ready, ", ")));
  }
  return fmt::format("{}", fmt::join(facts, "; "));
}

}  // namespace quay::ctl
