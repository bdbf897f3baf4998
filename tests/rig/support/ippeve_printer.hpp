// SPDX-License-Identifier: Apache-2.0
// CUPS's own ippeveprinter as a child of a test: an IPP Everywhere printer that is not ours. It needs a bus to start,
// so it gets one of its own. What it prints is handed to a script, which says as a printer would how many sides came.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "tests/rig/support/child_process.hpp"

namespace quay::rig {

class IppEvePrinter {
 public:
  /// script: of /bin/sh; $1 is the document, its standard error speaks to the printer ("STATE: +media-empty",
  /// "ATTR: job-impressions-completed=3"). Errors: those of ChildProcess::start; worker_start_failed.
  static Result<IppEvePrinter> start(const std::filesystem::path& directory, const std::string& script);

  const std::string& uri() const { return uri_; }
  std::string transcript() { return printer_.transcript(); }

 private:
  IppEvePrinter(ChildProcess bus, ChildProcess printer, std::string uri)
      : bus_(std::move(bus)), printer_(std::move(printer)), uri_(std::move(uri)) {}

  ChildProcess bus_;
  ChildProcess printer_;
  std::string uri_;
};

}  // namespace quay::rig
