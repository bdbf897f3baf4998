// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/ownership.hpp"

#include <algorithm>
#include <array>

#include "crypto/sha256.hpp"

namespace quay::daemon::commands {
namespace {

using storage::Journal;

/// How the journal finds the visit that `id` belongs to; nothing when there is no such thing.
using FindVisit = Result<std::optional<VisitId>> (*)(Journal&, const std::string&);

template <class Row>
Result<std::optional<VisitId>> visit_in(const Result<std::optional<Row>>& row) {
  if (!row) {
    return failure(row.error());
  }
  return *row ? std::optional((*row)->visit) : std::nullopt;
}

Result<std::optional<VisitId>> of_visit(Journal& journal, const std::string& id) {
  return visit_in(journal.visit(VisitId{id}));
}
Result<std::optional<VisitId>> of_job(Journal& journal, const std::string& id) {
  return visit_in(journal.job(JobId{id}));
}
Result<std::optional<VisitId>> of_capture(Journal& journal, const std::string& id) {
  return visit_in(journal.capture(CaptureId{id}));
}
Result<std::optional<VisitId>> of_document(Journal& journal, const std::string& id) {
  return visit_in(journal.document(DocumentId{id}));
}
Result<std::optional<VisitId>> of_image(Journal& journal, const std::string& id) {
  auto visit = of_capture(journal, id);
  return visit && !*visit ? of_document(journal, id) : visit;
}

struct SubjectRow {
  Subject subject;
  std::string_view argument;
  FindVisit find;
  Errc unknown;
};

constexpr std::array kSubjects{
    SubjectRow{Subject::visit, "visit", of_visit, Errc::visit_unknown},
    SubjectRow{Subject::job, "job", of_job, Errc::job_unknown},
    SubjectRow{Subject::capture, "capture", of_capture, Errc::capture_unknown},
    SubjectRow{Subject::document, "document", of_document, Errc::document_unknown},
    SubjectRow{Subject::image, "id", of_image, Errc::capture_unknown},
};

Result<VisitId> visit_of(Journal& journal, const SubjectRow& subject, const protocol::Command& command) {
  const protocol::json::value* argument = command.args.if_contains(subject.argument);
  if (argument == nullptr || !argument->is_string()) {
    return failure(Errc::request_bad_argument, command.cmd,
                   "/args/" + std::string(subject.argument) + ": a string was expected");
  }
  const std::string id(argument->get_string());
  const auto visit = subject.find(journal, id);
  if (!visit) {
    return failure(visit.error());
  }
  if (!*visit) {
    return failure(subject.unknown, command.cmd, quoted(id));
  }
  return **visit;
}

const SubjectRow* subject_of(const CommandEntry& entry) {
  return std::find_if(kSubjects.begin(), kSubjects.end(),
                      [&](const SubjectRow& row) { return row.subject == entry.subject; });
}

bool fits(const storage::VisitAccess& access, const Request& request) {
  const std::optional<std::string>& key = request.command.visit_key;
  if (!key || access.owner != request.peer.owner) {
    return false;
  }
  const std::string digest = crypto::sha256_hex(std::string_view(*key));
  return std::find(access.key_digests.begin(), access.key_digests.end(), digest) != access.key_digests.end();
}

}  // namespace

std::optional<VisitId> visit_concerned(Journal& journal, const CommandEntry& entry, const Request& request) {
  const auto* subject = subject_of(entry);
  if (subject == kSubjects.end()) {
    return std::nullopt;
  }
  const auto visit = visit_of(journal, *subject, request.command);
  return visit ? std::optional(*visit) : std::nullopt;
}

Status check_owner(Journal& journal, const CommandEntry& entry, const Request& request) {
  const auto* subject = subject_of(entry);
  if (subject == kSubjects.end()) {
    return {};
  }
  const auto visit = visit_of(journal, *subject, request.command);
  if (!visit) {
    return failure(visit.error());
  }
  if (entry.technician_needs_no_key && request.peer.roles.any_of(core::Role::technician)) {
    return {};
  }
  const auto access = journal.visit_access(*visit);
  if (!access) {
    return failure(access.error());
  }
  if (!*access || !fits(**access, request)) {
    return failure(
        Errc::visit_not_owner, request.command.cmd,
        request.command.visit_key ? "/visit_key is not a key of this visit for this account" : "/visit_key: missing");
  }
  return {};
}

Status check_adoption(Journal& journal, const VisitId& visit, const core::Peer& peer, bool technicians) {
  const auto row = journal.visit(visit);
  if (!row) {
    return failure(row.error());
  }
  if (!*row || !(*row)->open) {
    return failure(*row ? Errc::visit_closed : Errc::visit_unknown, "visit.adopt", quoted(visit.value));
  }
  const auto access = journal.visit_access(visit);
  if (!access) {
    return failure(access.error());
  }
  const bool own = *access && (*access)->owner == peer.owner;
  if (!own && !(technicians && peer.roles.any_of(core::Role::technician))) {
    return failure(Errc::visit_not_owner, "visit.adopt", "another account opened it");
  }
  return {};
}

VisitKey make_visit_key() {
  VisitKey made;
  made.key = random_secret();
  made.digest = crypto::sha256_hex(std::string_view(made.key));
  return made;
}

}  // namespace quay::daemon::commands
