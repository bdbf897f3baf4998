// SPDX-License-Identifier: Apache-2.0
#include "devices/document_camera/video_error.hpp"

#include <cerrno>

namespace quay::document_camera {
namespace {

Errc code_of(int number) {
  switch (number) {
    case ENOENT:
    case ENODEV:
    case ENXIO: return Errc::device_absent;
    case EACCES:
    case EPERM: return Errc::device_access_denied;
    case EBUSY: return Errc::device_busy;  // another program streams (VIDIOC_S_FMT, VIDIOC_REQBUFS, VIDIOC_STREAMON)
    case ENOSPC: return Errc::camera_usb_bandwidth;  // uvcvideo: no alternate setting is wide enough
    case ENOMEM: return Errc::device_no_memory;
    case ENOTTY: return Errc::device_unsupported;
    case ERANGE: return Errc::device_invalid_setting;
    case ETIMEDOUT: return Errc::device_timeout;
    default: return Errc::device_io;
  }
}

}  // namespace

Error video_error(int number, std::string operation) {
  return errno_error(code_of(number), std::move(operation), number);
}

}  // namespace quay::document_camera
