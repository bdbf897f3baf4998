// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/sane_handle.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "devices/scanner/sane_error.hpp"

namespace quay::scanner {

Result<SaneHandle> SaneHandle::open(const std::string& name, Canceller& canceller) {
  SANE_Handle handle = nullptr;
  SANE_Status status = ::sane_open(name.c_str(), &handle);
  if (status == SANE_STATUS_INVAL) {
    const SANE_Device** list = nullptr;
    ::sane_get_devices(&list, SANE_FALSE);
    status = ::sane_open(name.c_str(), &handle);
  }
  if (status != SANE_STATUS_GOOD) {
    return failure(sane_error(status, "sane_open"));
  }
  return SaneHandle(handle, canceller);
}

SaneHandle::SaneHandle(SANE_Handle handle, Canceller& canceller) : handle_(handle), canceller_(&canceller) {
  canceller_->watch(handle_);
}

SaneHandle::SaneHandle(SaneHandle&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), canceller_(other.canceller_) {}

SaneHandle::~SaneHandle() {
  if (handle_ != nullptr) {
    canceller_->unwatch();
    ::sane_close(handle_);
  }
}

Status SaneHandle::start() const { return sane_status(::sane_start(handle_), "sane_start"); }

Result<SANE_Parameters> SaneHandle::parameters() const {
  SANE_Parameters parameters{};
  if (const Status status = sane_status(::sane_get_parameters(handle_, &parameters), "sane_get_parameters"); !status) {
    return failure(status.error());
  }
  return parameters;
}

Result<ReadResult> SaneHandle::read(std::span<SANE_Byte> room) const {
  const auto most = static_cast<SANE_Int>(std::min<std::size_t>(room.size(), std::numeric_limits<SANE_Int>::max()));
  SANE_Int length = 0;
  const SANE_Status status = ::sane_read(handle_, room.data(), most, &length);
  if (status == SANE_STATUS_EOF) {
    return ReadResult{0, true};
  }
  if (status != SANE_STATUS_GOOD) {
    return failure(sane_error(status, "sane_read"));
  }
  if (length < 0 || length > most) {
    return failure(Errc::device_io, "sane_read", "the backend says it wrote " + std::to_string(length) + " bytes");
  }
  return ReadResult{static_cast<std::size_t>(length), false};
}

void SaneHandle::cancel() const { canceller_->cancel_now(); }

}  // namespace quay::scanner
