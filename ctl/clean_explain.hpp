// SPDX-License-Identifier: Apache-2.0
// quayctl clean --explain: writes what the pipeline shows of each page as PNG files into one folder. Refuses to know
// what the steps mean.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "imaging/witness.hpp"

namespace quay::ctl {

class Explainer {
 public:
  /// directory: empty for no explanation at all.
  explicit Explainer(std::filesystem::path directory) : directory_(std::move(directory)) {}

  /// Makes the folder. Errors: file_unwritable.
  Status prepare() const;

  /// For pages of which the first is number `first` of the document, from 0; empty when nothing is asked for. Must not
  /// outlive the Explainer. A stage that is shown again replaces all files of it and of those after it.
  imaging::Witness witness(std::size_t first);

  /// What went wrong first in writing, if anything.
  const Status& status() const { return status_; }

 private:
  struct Written {
    std::size_t page;
    imaging::Stage stage;
    std::size_t ordinal;
    std::filesystem::path path;
  };

  void write(std::size_t page, const imaging::Glimpse& glimpse);
  void forget(std::size_t page, const imaging::Glimpse& glimpse);

  std::filesystem::path directory_;
  std::vector<Written> written_;
  Status status_;
};

}  // namespace quay::ctl
