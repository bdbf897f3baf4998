// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/printer_link.hpp"

#include <algorithm>
#include <array>

#include <cups/cups.h>
#include <fmt/format.h>

#include "base/text.hpp"

namespace quay::printer {

using protocol::worker::PrinterJobState;

namespace {

constexpr const char* kUser = "quay";
constexpr std::size_t kLongestMessage = 160;  // bytes

struct JobStateRow {
  int ipp;
  PrinterJobState state;
};

constexpr std::array kJobStates{
    JobStateRow{IPP_JSTATE_PENDING, PrinterJobState::pending},
    JobStateRow{IPP_JSTATE_HELD, PrinterJobState::held},
    JobStateRow{IPP_JSTATE_PROCESSING, PrinterJobState::processing},
    JobStateRow{IPP_JSTATE_STOPPED, PrinterJobState::stopped},
    JobStateRow{IPP_JSTATE_CANCELED, PrinterJobState::canceled},
    JobStateRow{IPP_JSTATE_ABORTED, PrinterJobState::aborted},
    JobStateRow{IPP_JSTATE_COMPLETED, PrinterJobState::completed},
};

struct StatusRow {
  ipp_status_t ipp;
  Errc code;
};

/// What is not here is print_refused.
constexpr std::array kStatuses{
    StatusRow{IPP_STATUS_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, Errc::print_format},
    StatusRow{IPP_STATUS_ERROR_DOCUMENT_FORMAT_ERROR, Errc::print_format},
    StatusRow{IPP_STATUS_ERROR_BUSY, Errc::device_busy},
    StatusRow{IPP_STATUS_ERROR_SERVICE_UNAVAILABLE, Errc::device_busy},
    StatusRow{IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS, Errc::printer_stopped},
    StatusRow{IPP_STATUS_ERROR_NOT_FOUND, Errc::job_unknown},
    StatusRow{IPP_STATUS_ERROR_GONE, Errc::job_unknown},
};

const std::vector<std::string>& job_attributes() {
  static const std::vector<std::string> names{"job-id",
                                              "job-name",
                                              "job-state",
                                              "job-state-reasons",
                                              "job-impressions-completed",
                                              "job-media-sheets-completed"};
  return names;
}

Error refusal(const IppMessage& answer) {
  const ipp_status_t status = answer.status();
  const auto* row =
      std::find_if(kStatuses.begin(), kStatuses.end(), [&](const StatusRow& one) { return one.ipp == status; });
  Error error = make_error(row == kStatuses.end() ? Errc::print_refused : row->code, "printer.answer",
                           std::string(cut_utf8(answer.text("status-message"), kLongestMessage)));
  error.native = {kIppApi, ippErrorString(status), static_cast<std::int64_t>(status)};
  return error;
}

PrinterJobState state_of(int ipp) {
  const auto* row =
      std::find_if(kJobStates.begin(), kJobStates.end(), [&](const JobStateRow& one) { return one.ipp == ipp; });
  return row == kJobStates.end() ? PrinterJobState::missing : row->state;
}

JobSeen job_of(const IppMessage& answer) {
  JobSeen job;
  job.id = answer.integer("job-id").value_or(0);
  job.name = answer.text("job-name");
  job.state = state_of(answer.integer("job-state").value_or(0));
  job.impressions = answer.integer("job-impressions-completed").value_or(-1);
  job.sheets = answer.integer("job-media-sheets-completed").value_or(-1);
  job.reasons = answer.texts("job-state-reasons");
  return job;
}

/// Get-Jobs answers with one group a job: each becomes a message of its own.
std::vector<JobSeen> jobs_of(const IppMessage& answer) {
  std::vector<JobSeen> jobs;
  IppMessage one(ippNew());
  bool some = false;
  const auto close = [&] {
    if (std::exchange(some, false)) {
      jobs.push_back(job_of(one));
    }
    one = IppMessage(ippNew());
  };
  for (ipp_attribute_t* at = ippFirstAttribute(answer.get()); at != nullptr; at = ippNextAttribute(answer.get())) {
    if (ippGetGroupTag(at) != IPP_TAG_JOB || ippGetName(at) == nullptr) {
      close();
    } else {
      ippCopyAttribute(one.get(), at, 0);
      some = true;
    }
  }
  close();
  return jobs;
}

bool says(const JobSeen& job, std::string_view reason) {
  return std::find(job.reasons.begin(), job.reasons.end(), reason) != job.reasons.end();
}

}  // namespace

bool JobSeen::over() const {
  return state == PrinterJobState::completed || state == PrinterJobState::canceled || state == PrinterJobState::aborted;
}

bool JobSeen::has_document() const {
  const bool works = state == PrinterJobState::processing || state == PrinterJobState::stopped;
  return works || state == PrinterJobState::completed || impressions > 0 || sheets > 0;
}

bool JobSeen::awaits_document() const {
  const bool waits = state == PrinterJobState::pending || state == PrinterJobState::held;
  return waits && (says(*this, "job-incoming") || says(*this, "job-data-insufficient")) && impressions <= 0 &&
         sheets <= 0;
}

IppMessage PrinterLink::request(ipp_op_t operation) const {
  return IppMessage::request(operation, endpoint_.printer_uri, kUser);
}

Result<IppMessage> PrinterLink::ask(const IppMessage& request, std::span<const std::uint8_t> document,
                                    const Patience& patience) const {
  const auto connection = IppConnection::open(endpoint_);
  if (!connection) {
    return failure(connection.error());
  }
  auto answer = (*connection)->exchange(request, document, patience);
  if (answer && answer->status() >= IPP_STATUS_REDIRECTION_OTHER_SITE) {
    return failure(refusal(*answer));
  }
  return answer;
}

Result<PrinterFacts> PrinterLink::facts() const {
  IppMessage wish = request(IPP_OP_GET_PRINTER_ATTRIBUTES);
  wish.add_keywords(IPP_TAG_OPERATION, "requested-attributes", wanted_attributes());
  const auto answer = ask(wish);
  if (!answer) {
    return failure(answer.error());
  }
  if (!answer->integer("printer-state")) {
    return failure(Errc::device_io, "printer.attributes", "the printer does not say its state");
  }
  return facts_of(*answer);
}

Result<std::optional<JobSeen>> PrinterLink::job(int id, const std::string& name) const {
  IppMessage wish = request(IPP_OP_GET_JOB_ATTRIBUTES);
  wish.add_integer(IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", id);
  wish.add_keywords(IPP_TAG_OPERATION, "requested-attributes", job_attributes());
  const auto answer = ask(wish);
  if (!answer) {
    const bool unknown = answer.error().code == Errc::job_unknown;
    return unknown ? Result<std::optional<JobSeen>>(std::nullopt) : failure(answer.error());
  }
  JobSeen job = job_of(*answer);
  if (job.state == PrinterJobState::missing) {
    return failure(Errc::device_io, "printer.job", "the printer does not say its job's state");
  }
  job.id = id;
  return job.name == name ? std::optional(std::move(job)) : std::nullopt;
}

Result<std::vector<JobSeen>> PrinterLink::jobs(const char* which) const {
  IppMessage wish = request(IPP_OP_GET_JOBS);
  wish.add_text(IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", which);
  wish.add_keywords(IPP_TAG_OPERATION, "requested-attributes", job_attributes());
  const auto answer = ask(wish);
  if (answer) {
    return jobs_of(*answer);
  }
  const bool none = answer.error().code == Errc::job_unknown;
  return none ? Result<std::vector<JobSeen>>(std::vector<JobSeen>()) : failure(answer.error());
}

Result<std::optional<JobSeen>> PrinterLink::find_among(const char* which, const std::string& name) const {
  auto all = jobs(which);
  if (!all) {
    return failure(all.error());
  }
  std::optional<JobSeen> newest;
  for (JobSeen& job : *all) {
    if (job.name == name && (!newest || job.id > newest->id)) {
      newest = std::move(job);
    }
  }
  return newest;
}

Result<std::vector<JobSeen>> PrinterLink::finished() const { return jobs("completed"); }

Status PrinterLink::purge(int id) const {
  IppMessage wish = request(IPP_OP_CANCEL_JOB);
  wish.add_integer(IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", id);
  wish.add_boolean(IPP_TAG_OPERATION, "purge-job", true);
  const auto answer = ask(wish);
  return answer ? Status() : Status(failure(answer.error()));
}

Result<std::optional<JobSeen>> PrinterLink::find(const std::string& name) const {
  auto running = find_among("not-completed", name);
  return !running || *running ? std::move(running) : find_among("completed", name);
}

Result<int> PrinterLink::create(const std::string& name, const Ticket& ticket, const PrinterFacts& facts) const {
  IppMessage wish = request(IPP_OP_CREATE_JOB);
  wish.add_text(IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", name);
  wish.add_boolean(IPP_TAG_OPERATION, "ipp-attribute-fidelity", false);
  add_to(wish, ticket, facts);
  const auto answer = ask(wish);
  if (!answer) {
    return failure(answer.error());
  }
  const auto id = answer->integer("job-id");
  return id ? Result<int>(*id) : failure(Errc::device_io, "printer.create", "the printer gave its job no number");
}

Status PrinterLink::send(int id, Format format, std::span<const std::uint8_t> document,
                         const Patience& patience) const {
  IppMessage wish = request(IPP_OP_SEND_DOCUMENT);
  wish.add_integer(IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", id);
  wish.add_text(IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", std::string(media_type_of(format)));
  wish.add_boolean(IPP_TAG_OPERATION, "last-document", true);
  const auto answer = ask(wish, document, patience);
  return answer ? Status() : Status(failure(answer.error()));
}

Result<int> PrinterLink::print(const std::string& name, const Ticket& ticket, const PrinterFacts& facts,
                               std::span<const std::uint8_t> document, const Patience& patience) const {
  IppMessage wish = request(IPP_OP_PRINT_JOB);
  wish.add_text(IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", name);
  wish.add_boolean(IPP_TAG_OPERATION, "ipp-attribute-fidelity", false);
  wish.add_text(IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", std::string(media_type_of(ticket.format)));
  add_to(wish, ticket, facts);
  const auto answer = ask(wish, document, patience);
  if (!answer) {
    return failure(answer.error());
  }
  const auto id = answer->integer("job-id");
  return id ? Result<int>(*id) : failure(Errc::device_io, "printer.print", "the printer gave its job no number");
}

Status PrinterLink::cancel(int id) const {
  IppMessage wish = request(IPP_OP_CANCEL_JOB);
  wish.add_integer(IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", id);
  const auto answer = ask(wish);
  return answer ? Status() : Status(failure(answer.error()));
}

Status PrinterLink::resume() const {
  const auto answer = ask(request(IPP_OP_RESUME_PRINTER));
  return answer ? Status() : Status(failure(answer.error()));
}

}  // namespace quay::printer
