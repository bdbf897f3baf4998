// SPDX-License-Identifier: Apache-2.0
// Strong types for the names of things: a visit's id is not a job's id.
#pragma once

#include <compare>
#include <functional>
#include <string>

namespace quay {

template <class Tag>
struct Id {
  std::string value;

  auto operator<=>(const Id&) const = default;
  bool empty() const { return value.empty(); }
};

using DeviceId = Id<struct DeviceTag>;
using VisitId = Id<struct VisitTag>;
using JobId = Id<struct JobTag>;
using CaptureId = Id<struct CaptureTag>;
using DocumentId = Id<struct DocumentTag>;
using RequestId = Id<struct RequestTag>;

/// A random (version 4) UUID in its 36-character spelling, from the kernel's generator. RFC 9562 section 5.4.
std::string random_uuid();

/// 256 random bits from the kernel's generator as 64 hexadecimal digits: a key that nobody guesses.
std::string random_secret();

/// True for the 36-character spelling of any UUID, lower or upper case.
bool is_uuid(const std::string& text);

}  // namespace quay

template <class Tag>
struct std::hash<quay::Id<Tag>> {
  std::size_t operator()(const quay::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.value); }
};
