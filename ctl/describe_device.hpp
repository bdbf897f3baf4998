// SPDX-License-Identifier: Apache-2.0
// A device in one line for people.
#pragma once

#include <string>

#include "ctl/language.hpp"
#include "protocol/client/device.hpp"

namespace quay::ctl {

/// "demo  ready  Quay Simulator": id, status in words, name; each reason as a sentence on a line of its own.
std::string describe_device(Language language, const protocol::Device& device);

/// What a scanner can do: "adf, flatbed; color, gray; 75-600 dpi; up to 216 x 356 mm".
std::string describe_scanner(const protocol::ScannerCapabilities& scanner);

/// "ACS ACR1252 00 00: a card; contactless; ATR 3B88...", one slot of a card reader.
std::string describe_slot(Language language, const protocol::CardSlot& slot);

/// What a camera can do and how it stands: "capture, live view; battery 80 %; 100 pictures left".
std::string describe_camera(Language language, const protocol::CameraCapabilities& camera);

/// What a printer takes and what lies in it: "directly; application/pdf; both sides; A4, A5; loaded: A4".
std::string describe_printer(Language language, const protocol::PrinterCapabilities& printer);

}  // namespace quay::ctl
