// SPDX-License-Identifier: Apache-2.0
// Settings that a job changed on a camera, and what they were before: they are given back when it ends, so that the
// next visit finds the camera as its owner left it.
#pragma once

#include <map>
#include <string>

#include "base/log.hpp"
#include "devices/camera/session.hpp"

namespace quay::camera {

class BorrowedSettings {
 public:
  explicit BorrowedSettings(const Log& log) : log_(log) {}

  /// Sets it and remembers what it was. Errors: as Session::set_choice; device_invalid_setting.
  Status set(Session& session, const char* name, const std::string& value);

  /// Sets back what is still as it was set; what a hand has turned meanwhile stays. Errors: the session is torn; what
  /// is left is given back the next time.
  Status give_back(Session& session);

 private:
  struct Loan {
    std::string before;
    std::string ours;
  };

  const Log& log_;
  std::map<std::string, Loan> loans_;  ///< by the driver's name of the setting
};

}  // namespace quay::camera
