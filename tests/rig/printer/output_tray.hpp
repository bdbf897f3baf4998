// SPDX-License-Identifier: Apache-2.0
// What came out of the simulated printer, on disk, so that it outlives the printer: a line for every sheet with the
// name of its job, and every document as it came over the wire.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace quay::rig {

class OutputTray {
 public:
  /// Makes the folder. Sheets of an earlier printer stay in it.
  explicit OutputTray(std::filesystem::path folder);

  /// A sheet of that job falls into the tray.
  void drop_sheet(const std::string& job_name);
  /// Keeps a document as it came; `ending`: pdf, pwg, urf.
  void keep_document(const std::string& job_name, const std::string& ending, std::span<const std::uint8_t> bytes);

  std::size_t sheets() const;

 private:
  std::filesystem::path folder_;
  mutable std::mutex mutex_;
};

/// The jobs' names of the sheets in such a folder, in the order in which they fell.
std::vector<std::string> sheets_in(const std::filesystem::path& folder);

}  // namespace quay::rig
