// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/printer_behind.hpp"

#include "devices/printer/refusals.hpp"

namespace quay::printer {
namespace {

JobSeen with_sheets(JobSeen job, int sheets) {
  job.sheets = sheets;
  job.impressions = -1;
  return job;
}

/// Its filter made no page, so that none can have left.
bool sent_nothing(const JobSeen& queue) {
  return queue.impressions == 0 && queue.state != protocol::worker::PrinterJobState::completed;
}

/// Not so a printer that wants to know who asks: only its queue can say.
bool may_answer_later(const Error& error) { return is_transport(error) || error.native.api == kIppApi; }

}  // namespace

PrinterBehind::Word PrinterBehind::hear(const std::string& device_uri, const JobSeen& queue, Milliseconds patience) {
  const auto endpoint = endpoint_of_uri(device_uri);
  if (!endpoint) {  // nobody to ask is not the same as one that forgot
    return {with_sheets(queue, -1), false, true};
  }
  auto found = PrinterLink(*endpoint).find(name_);
  if (!found) {
    const bool again = may_answer_later(found.error()) && !silent_.used_up(patience);
    return {last_.value_or(with_sheets(queue, -1)), again, false};
  }
  silent_.renew();
  if (*found) {
    last_ = *std::move(found);
    return {*last_, !last_->over(), true};
  }
  const bool nothing = sent_nothing(queue);
  return {with_sheets(queue, nothing ? 0 : -1), false, nothing};
}

void PrinterBehind::cancel(const std::string& device_uri) const {
  const auto endpoint = endpoint_of_uri(device_uri);
  if (endpoint && last_ && !last_->over()) {
    [[maybe_unused]] const Status asked = PrinterLink(*endpoint).cancel(last_->id);
  }
}

}  // namespace quay::printer
