// SPDX-License-Identifier: Apache-2.0
#include "ctl/scan_progress.hpp"

#include <algorithm>

namespace quay::ctl {
namespace {

namespace topic = protocol::topic;

/// A plain string member of an event's data, or "".
std::string text_member(const protocol::json::object& data, const char* name) {
  const protocol::json::value* found = data.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

}  // namespace

bool ScanProgress::take(const protocol::Event& event) {
  if (text_member(event.data, "job") != job_) {
    return false;
  }
  const std::string capture = text_member(event.data, "capture");
  if (event.type == topic::kJobProgress) {
    if (const auto progress = protocol::from_json<protocol::JobProgress>(event.data)) {
      take_progress(*progress);
    }
  } else if (event.type == topic::kCaptureCaptured) {
    captured_.insert(capture);
  } else if (event.type == topic::kCaptureReady || event.type == topic::kCaptureFailed) {
    settled_.insert(capture);
  } else if (event.type == topic::kJobFinished) {
    if (auto job = protocol::from_json<protocol::Job>(event.data)) {
      take_outcome(std::move(*job));
    }
  }
  return true;
}

void ScanProgress::take_progress(const protocol::JobProgress& progress) {
  page_ = progress.page;
  percent_ = std::clamp(progress.percent, 0, 100);
  stage_ = progress.stage;
}

void ScanProgress::take_outcome(protocol::Job job) {
  captured_.insert(job.captures.begin(), job.captures.end());
  outcome_ = std::move(job);
}

bool ScanProgress::is_over() const {
  return outcome_ && std::includes(settled_.begin(), settled_.end(), captured_.begin(), captured_.end());
}

}  // namespace quay::ctl
