// SPDX-License-Identifier: Apache-2.0
// What device workers print with --list, without a channel: an array of one of these.
#pragma once

#include <string>

#include "protocol/json/reader.hpp"

namespace quay::protocol::worker {

/// One scanner that `quay-scanner --list` found: an array of these on standard output, without a channel.
struct FoundScanner : AllOptional {
  std::string sane_name;  ///< what `quay-scanner --device` takes
  std::string vendor;
  std::string model;
  std::string type;  ///< SANE's words: "flatbed scanner", "sheetfed scanner", ...
};
BOOST_DESCRIBE_STRUCT(FoundScanner, (), (sane_name, vendor, model, type))

/// One camera that `quay-camera --list` found: an array of these on standard output, without a channel.
struct FoundCamera : AllOptional {
  std::string model;  ///< libgphoto2's name of it, what `quay-camera --model` takes
  std::string port;   ///< "usb:001,004", what `quay-camera --port` takes
};
BOOST_DESCRIBE_STRUCT(FoundCamera, (), (model, port))

/// One document camera that `quay-document-camera --list` found: an array of these on standard output.
struct FoundDocumentCamera : AllOptional {
  std::string name;   ///< what the camera calls itself
  std::string video;  ///< its lasting name: what `quay-document-camera --video` takes
};
BOOST_DESCRIBE_STRUCT(FoundDocumentCamera, (), (name, video))

}  // namespace quay::protocol::worker
