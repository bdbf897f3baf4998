// SPDX-License-Identifier: Apache-2.0
#include "devices/camera/gphoto_error.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <gphoto2/gphoto2-result.h>

namespace quay::camera {
namespace {

struct NumberRow {
  int number;
  Errc code;
};

constexpr std::array kNumbers{
    NumberRow{GP_ERROR_BAD_PARAMETERS, Errc::device_invalid_setting},
    NumberRow{GP_ERROR_NO_MEMORY, Errc::camera_store_full},  // what ptp2 returns for PTP's StoreFull event
    NumberRow{GP_ERROR_UNKNOWN_PORT, Errc::device_absent},
    NumberRow{GP_ERROR_NOT_SUPPORTED, Errc::device_unsupported},
    NumberRow{GP_ERROR_IO, Errc::device_io},
    NumberRow{GP_ERROR_TIMEOUT, Errc::device_timeout},
    NumberRow{GP_ERROR_IO_INIT, Errc::device_absent},
    NumberRow{GP_ERROR_IO_READ, Errc::device_io},
    NumberRow{GP_ERROR_IO_WRITE, Errc::device_io},
    NumberRow{GP_ERROR_IO_USB_FIND, Errc::device_absent},
    NumberRow{GP_ERROR_IO_USB_CLAIM, Errc::device_busy},
    NumberRow{GP_ERROR_IO_LOCK, Errc::device_busy},
    NumberRow{GP_ERROR_CORRUPTED_DATA, Errc::scan_page_incomplete},
    NumberRow{GP_ERROR_MODEL_NOT_FOUND, Errc::device_absent},
    NumberRow{GP_ERROR_FILE_NOT_FOUND, Errc::camera_no_picture},
    NumberRow{GP_ERROR_CAMERA_BUSY, Errc::device_busy},
    NumberRow{GP_ERROR_CANCEL, Errc::scan_cancelled},
    NumberRow{GP_ERROR_CAMERA_ERROR, Errc::device_io},
    NumberRow{GP_ERROR_NO_SPACE, Errc::camera_store_full},
};

struct WordRow {
  std::string_view word;
  Errc code;
};

/// ptp_strerror() of libgphoto2 2.5, in English: the worker's LANG is C.
constexpr std::array kWords{
    WordRow{"Store Full", Errc::camera_store_full},
    WordRow{"ran full", Errc::camera_store_full},
    WordRow{"Focus", Errc::camera_no_focus},
    WordRow{"Device Busy", Errc::device_busy},
    WordRow{"Access Denied", Errc::device_access_denied},
    WordRow{"Invalid Storage ID", Errc::device_access_denied},
    WordRow{"Store Not Available", Errc::camera_store_full},
    WordRow{"Timeout", Errc::device_timeout},
    WordRow{"I/O error", Errc::device_io},
};

}  // namespace

Error gphoto_error(int number, std::string operation, const std::string& said) {
  const auto* row =
      std::find_if(kNumbers.begin(), kNumbers.end(), [&](const auto& one) { return one.number == number; });
  Errc code = row == kNumbers.end() ? Errc::device_io : row->code;
  if (number == GP_ERROR) {
    const auto* word = std::find_if(kWords.begin(), kWords.end(),
                                    [&](const auto& one) { return said.find(one.word) != std::string::npos; });
    code = word == kWords.end() ? Errc::device_io : word->code;
  }
  Error error = make_error(code, std::move(operation), said);
  error.native = {"gphoto2", gp_result_as_string(number), number};
  return error;
}

Errc trouble_of_opening(Errc code, std::string_view port) {
  const bool silent = code == Errc::device_timeout;
  if (silent && port.starts_with("usb:")) {
    return code;
  }
  return silent || code == Errc::device_io ? Errc::device_absent : code;
}

bool means_torn(const Error& error) {
  return error.code == Errc::device_io || error.code == Errc::device_timeout || error.code == Errc::device_absent;
}

}  // namespace quay::camera
