// SPDX-License-Identifier: Apache-2.0
// What tests of the configuration share: a text that must be taken, and the lines that say what is wrong with one.
#pragma once

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "daemon/service/config.hpp"

namespace quay::daemon::service {

inline Config parse(const std::string& text) {
  const auto config = parse_config(text, "quay.toml");
  EXPECT_TRUE(config) << (config ? "" : config.error().detail);
  return config.value_or(Config{});
}

inline std::vector<std::string> mistakes(const std::string& text) {
  const auto config = parse_config(text, "quay.toml");
  if (config) {
    return {};
  }
  EXPECT_EQ(config.error().code, Errc::config_invalid);
  std::istringstream lines(config.error().detail);
  std::vector<std::string> list;
  for (std::string line; std::getline(lines, line);) {
    list.push_back(line);
  }
  return list;
}

}  // namespace quay::daemon::service
