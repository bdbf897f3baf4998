// SPDX-License-Identifier: Apache-2.0
// What the commands visit.* and audit.* take and give: one citizen at the counter, what was agreed, what is left, and
// who saw what.
#pragma once

#include "protocol/client/access_report.hpp"
#include "protocol/json/reader.hpp"

namespace quay::protocol {

/// State of a visit, as `visit.open`, `visit.close` and `state.get` give it.
struct Visit : AllOptional {
  std::string visit;
  std::string state;  ///< open | closed
  std::string opened_at;
};

/// What visit.open and visit.adopt give: the visit and the proof that it is yours. Only a digest of `visit_key` is
/// kept: it goes into the envelope of every command that concerns the visit, and nowhere else.
struct VisitOpened : AllOptional {
  std::string visit;
  std::string state;
  std::string opened_at;
  std::string visit_key;
};

struct VisitArguments : AllRequired {
  std::string visit;
};

/// Who serves the citizen (a staff code, 1 to 32 of A-Z a-z 0-9 . _ -) and for which procedure (1 to 64 of the same and
/// /). Both may be left out; neither is about the citizen.
struct VisitOpenArguments : AllOptional {
  std::string operator_id;
  std::string procedure;
};

/// Where the access log says that a visit was purged: the number of the line, and its hash.
struct PurgeReceipt : AllOptional {
  std::uint64_t n = 0;
  std::string hash;
};

/// What is left of a visit: counts. `reason`: closed | delivered | idle | too_old | clock | no_key
struct VisitClosed : AllOptional {
  std::string visit;
  std::string state;
  std::string opened_at;
  std::string closed_at;
  std::string reason;
  std::int32_t pages = 0;
  std::int32_t documents = 0;
  std::uint64_t bytes = 0;
  std::optional<PurgeReceipt> receipt;
};

/// The citizen agrees to one kind of use, or takes it back.
enum class ConsentKind : std::uint8_t { portrait, id_card_image, chip };
BOOST_DESCRIBE_ENUM(ConsentKind, portrait, id_card_image, chip)

struct ConsentArguments {
  std::string visit;
  ConsentKind kind = ConsentKind::portrait;
  bool given = true;
  static constexpr bool is_optional(std::string_view name) { return name == "given"; }
};

struct Consent : AllOptional {
  ConsentKind kind = ConsentKind::portrait;
  std::string given_at;
  std::optional<std::string> withdrawn_at;
};

/// The portal has the document, or, without one, all of the visit.
struct DeliveredArguments {
  std::string visit;
  std::optional<std::string> document;
  static constexpr bool is_optional(std::string_view name) { return name == "document"; }
};

/// A visit as its owner sees it. The seconds left are those until it is purged by itself.
struct VisitDetails : AllOptional {
  std::string visit;
  std::string state;
  std::string opened_at;
  std::string operator_id;
  std::string procedure;
  std::vector<Consent> consents;
  std::int32_t pages = 0;
  std::int32_t documents = 0;
  std::uint64_t bytes = 0;
  std::optional<std::string> delivered_at;
  std::optional<std::string> closed_at;
  std::optional<std::string> reason;
  std::optional<std::int64_t> seconds_left;
};

struct VisitListResult : AllOptional {
  std::vector<Visit> visits;
};

// ---- access log ---------------------------------------------------------------------------------------------------

struct AuditListArguments : AllOptional {
  std::uint64_t from = 1;    ///< number of the first line wanted
  std::int32_t limit = 100;  ///< at most 200
};

struct AuditListResult : AllOptional {
  std::uint64_t last = 0;           ///< number of the newest line
  std::vector<json::object> lines;  ///< as they are kept, oldest first
};

BOOST_DESCRIBE_STRUCT(VisitArguments, (), (visit))
BOOST_DESCRIBE_STRUCT(Visit, (), (visit, state, opened_at))
BOOST_DESCRIBE_STRUCT(VisitOpened, (), (visit, state, opened_at, visit_key))
BOOST_DESCRIBE_STRUCT(VisitOpenArguments, (), (operator_id, procedure))
BOOST_DESCRIBE_STRUCT(PurgeReceipt, (), (n, hash))
BOOST_DESCRIBE_STRUCT(VisitClosed, (), (visit, state, opened_at, closed_at, reason, pages, documents, bytes, receipt))
BOOST_DESCRIBE_STRUCT(ConsentArguments, (), (visit, kind, given))
BOOST_DESCRIBE_STRUCT(Consent, (), (kind, given_at, withdrawn_at))
BOOST_DESCRIBE_STRUCT(DeliveredArguments, (), (visit, document))
BOOST_DESCRIBE_STRUCT(VisitDetails, (),
                      (visit, state, opened_at, operator_id, procedure, consents, pages, documents, bytes, delivered_at,
                       closed_at, reason, seconds_left))
BOOST_DESCRIBE_STRUCT(VisitListResult, (), (visits))
BOOST_DESCRIBE_STRUCT(AuditListArguments, (), (from, limit))
BOOST_DESCRIBE_STRUCT(AuditListResult, (), (last, lines))

}  // namespace quay::protocol
