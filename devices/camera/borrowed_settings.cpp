// SPDX-License-Identifier: Apache-2.0
#include "devices/camera/borrowed_settings.hpp"

#include "devices/camera/gphoto_error.hpp"

namespace quay::camera {

/// Noted before it is set: a camera that is torn away with the answer may have set it.
Status BorrowedSettings::set(Session& session, const char* name, const std::string& value) {
  const auto found = session.choice_setting(name);
  if (!found) {
    return failure(found.error());
  }
  if (*found && (*found)->current != value) {
    loans_.try_emplace(name, Loan{(*found)->current, {}}).first->second.ours = value;
  }
  return session.set_choice(name, value);
}

Status BorrowedSettings::give_back(Session& session) {
  while (!loans_.empty()) {
    const auto& [name, loan] = *loans_.begin();
    const auto now = session.choice_setting(name.c_str());
    if (!now) {
      return failure(now.error());
    }
    const bool is_ours = *now && (*now)->current == loan.ours;
    const Status back = is_ours ? session.set_choice(name.c_str(), loan.before) : Status();
    if (!back && means_torn(back.error())) {
      return back;
    }
    if (!back) {
      log_.warning("{} stays at \"{}\": {}", name, loan.ours, describe(back.error()));
    }
    loans_.erase(loans_.begin());
  }
  return {};
}

}  // namespace quay::camera
