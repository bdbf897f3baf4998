// SPDX-License-Identifier: Apache-2.0
#include "ctl/clean_explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "base/atomic_file.hpp"
#include "imaging/codec/picture_files.hpp"

namespace quay::ctl {

namespace fs = std::filesystem;

Status Explainer::prepare() const {
  std::error_code error;
  if (!directory_.empty() && !fs::create_directories(directory_, error) && !fs::is_directory(directory_, error)) {
    return failure(Errc::file_unwritable, directory_.string(), error ? error.message() : "not a directory");
  }
  return {};
}

imaging::Witness Explainer::witness(std::size_t first) {
  if (directory_.empty()) {
    return {};
  }
  return [this, first](const imaging::Glimpse& glimpse) { write(first + glimpse.part, glimpse); };
}

/// A page that is encoded anew, to make it smaller, may have fewer layers than before.
void Explainer::forget(std::size_t page, const imaging::Glimpse& glimpse) {
  const auto again = [&](const Written& one) {
    return one.page == page && one.stage == glimpse.stage && one.ordinal == glimpse.ordinal;
  };
  if (std::none_of(written_.begin(), written_.end(), again)) {
    return;
  }
  const auto late = [&](const Written& one) { return one.page == page && one.stage >= glimpse.stage; };
  for (const Written& one : written_) {
    std::error_code gone;
    if (late(one)) {
      fs::remove(one.path, gone);
    }
  }
  written_.erase(std::remove_if(written_.begin(), written_.end(), late), written_.end());
}

void Explainer::write(std::size_t page, const imaging::Glimpse& glimpse) {
  if (!status_) {
    return;
  }
  forget(page, glimpse);
  const auto bytes = imaging::encode_png(glimpse.picture);
  if (!bytes) {
    status_ = failure(bytes.error());
    return;
  }
  const std::string ordinal = glimpse.ordinal > 0 ? fmt::format("-{}", glimpse.ordinal) : "";
  const fs::path path = directory_ / fmt::format("page-{:03}-{:02}-{}{}.png", page + 1, static_cast<int>(glimpse.stage),
                                                 stage_name(glimpse.stage), ordinal);
  status_ = write_atomically(path, *bytes);
  written_.push_back({page, glimpse.stage, glimpse.ordinal, path});
}

}  // namespace quay::ctl
