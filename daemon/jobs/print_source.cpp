// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/print_source.hpp"

#include <fmt/format.h>

#include "daemon/documents/page_list.hpp"
#include "daemon/jobs/document_view.hpp"

namespace quay::daemon::jobs {

namespace {

constexpr const char* kOperation = "print.submit";

}  // namespace

std::string print_name(const storage::PrintRow& print) {
  return fmt::format("quay-{}-{}", print.job.value, print.attempt);
}

storage::ObjectName print_object(const VisitId& visit, const JobId& job) { return {visit, job.value, "print"}; }

Result<std::vector<std::uint8_t>> document_bytes(storage::Journal& journal, const storage::Spool& spool,
                                                 const VisitId& visit, const DocumentId& document) {
  const auto state = document_state(journal, document, kOperation);
  if (!state) {
    return failure(state.error());
  }
  if (state->row.visit != visit) {
    return failure(Errc::document_unknown, kOperation, document.value + " is not of this visit");
  }
  const std::string name = documents::rendition_name("document", state->row.revision);
  const auto file = journal.rendition(document.value, name);
  if (!file) {
    return failure(file.error());
  }
  if (!*file) {
    return failure(Errc::rendition_unknown, kOperation, name);
  }
  return spool.read({visit, document.value, name}, 0, (*file)->info.bytes);
}

Result<std::vector<std::uint8_t>> printed_bytes(storage::Journal& journal, const storage::Spool& spool,
                                                const VisitId& visit, const JobId& print) {
  const auto row = journal.print(print);
  if (!row) {
    return failure(row.error());
  }
  if (!*row || (*row)->visit != visit) {
    return failure(Errc::job_unknown, kOperation, "\"" + print.value.substr(0, 64) + "\" is no print of this visit");
  }
  return spool.read(print_object(visit, print), 0, (*row)->bytes);
}

}  // namespace quay::daemon::jobs
