// SPDX-License-Identifier: Apache-2.0
// Writes what the quaytest backend reads: a SANE_CONFIG_DIR with one scanner whose paper, pace and faults the test
// chooses, and changes between scans.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace quay::rig {

/// Every change is on disk when the call returns, whole or not at all. Throws std::system_error when it cannot write.
class FaultScript {
 public:
  /// Makes `directory` the SANE_CONFIG_DIR of the scanner "quaytest:0" with `sheets` sheets of page_images().
  explicit FaultScript(std::filesystem::path directory, int sheets = 3);

  /// A line of quaytest.conf other than a fault: "ppm 60". A setting of the same name is replaced.
  void set(std::string_view setting);
  /// What goes wrong from the next sane_start on, beside what was set before: "read JAMMED page=2 bytes=1000".
  void fault(std::string_view text);
  /// No more faults from the next sane_start on.
  void heal();

  /// Takes the sheets out and puts `sheets` in; the first is again the first picture.
  void load(int sheets);
  int sheets_left() const;
  void unplug();
  void plug();
  /// The scan button is pressed; the backend shows it until it was read once.
  void press();

  /// The lines that the backend traced: "start page=1", "read hang page=2".
  std::string trace() const;

  /// SANE_CONFIG_DIR and LD_LIBRARY_PATH for a program that shall find the scanner through libsane.
  std::map<std::string, std::string> environment() const;
  const std::filesystem::path& directory() const { return directory_; }

 private:
  void write() const;

  std::filesystem::path directory_;
  std::map<std::string, std::string> settings_;
  std::vector<std::string> pages_;
  std::vector<std::string> faults_;
};

}  // namespace quay::rig
