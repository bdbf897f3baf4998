// SPDX-License-Identifier: Apache-2.0
#include "devices/camera/phone.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace quay::camera {
namespace {

/// The memory that an iPhone shows to a computer that it does not trust (libgphoto2, camlibs/ptp2/library.c).
constexpr std::string_view kUntrustedFolder = "feedface";

/// PTP's words for a memory that is there and not to be seen (ISO 15740 section 11): 0x200F, 0x2013.
constexpr std::array<std::string_view, 2> kLockedWords{"Access Denied", "Store Not Available"};
/// 0x2008, what an iPhone answers about the memory of kUntrustedFolder.
constexpr std::string_view kUntrustedWords = "Invalid Storage ID";

Status refusal(const Error& error, bool is_apple) {
  const auto says = [&](std::string_view word) { return error.detail.find(word) != std::string::npos; };
  Error answer = error;
  if (std::any_of(kLockedWords.begin(), kLockedWords.end(), says)) {
    answer.code = Errc::phone_locked;
  } else if (says(kUntrustedWords)) {
    answer.code = is_apple ? Errc::phone_not_trusted : Errc::phone_locked;
  } else if (error.code == Errc::device_unsupported) {
    answer.code = Errc::phone_no_file_transfer;
  }
  return failure(std::move(answer));
}

}  // namespace

Status phone_access(const Result<Storage>& asked, bool is_apple) {
  if (!asked) {
    return refusal(asked.error(), is_apple);
  }
  const bool untrusted = std::any_of(asked->folders.begin(), asked->folders.end(), [](const std::string& folder) {
    return folder.find(kUntrustedFolder) != std::string::npos;
  });
  if (untrusted) {
    return failure(Errc::phone_not_trusted, "phone.storage", "the memory of a computer that is not trusted");
  }
  if (asked->folders.empty()) {
    // An iPhone shows none while it is locked, an Android phone until "File transfer" is chosen on it.
    return failure(is_apple ? Errc::phone_locked : Errc::phone_no_file_transfer, "phone.storage", "it shows no memory");
  }
  return {};
}

}  // namespace quay::camera
