// SPDX-License-Identifier: Apache-2.0
// One scan as a front end carries it out: visit, job, events until every page is safe and clean, document, bytes.
// Knows no command line; `quayctl scan` (scan.cpp) is its face.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clients/cpp/image_fetch.hpp"
#include "ctl/interrupt.hpp"
#include "ctl/session.hpp"
#include "protocol/client/documents.hpp"

namespace quay::ctl {

/// What is wanted.
struct ScanWish {
  std::string device;  ///< empty: the only scanner there is
  std::string visit;   ///< empty: a new visit, closed at the end
  std::string profile = "hoso";
  std::int32_t max_pages = 0;
  std::int32_t pages_expected = 0;
  protocol::ScanSettings settings;
  std::string code;          ///< of the dossier; empty: none
  std::int32_t ordinal = 0;  ///< of the file in its dossier
  std::string portal;        ///< whose rules the file is held against; empty: none
  std::string kind;
};

/// What came of it. `error` may come together with pages: those are kept in `visit`.
struct ScanOutcome {
  std::string visit;
  std::string job;
  bool own_visit = false;           ///< opened by this scan
  bool interrupted = false;         ///< by Ctrl-C
  std::optional<std::size_t> kept;  ///< pages in the visit, failed ones included; nothing: not known
  std::optional<Error> error;
  std::vector<protocol::Capture> captures;  ///< good pages of the whole visit, in page order
  protocol::Document document;
  client::FetchedFile file;

  std::uint64_t raw_bytes() const;

  /// True when closing the visit can lose nothing: all is delivered, or no page ever came.
  bool may_close_visit() const;
};

/// What pages shall come from: the scanner or camera `wanted`, or the only scanner, or the only camera where there is
/// no scanner. Errors: device_unknown, device_absent, usage (several).
Result<protocol::Device> choose_source(const std::vector<protocol::Device>& devices, const std::string& wanted);

class ProgressBar;

class ScanJob {
 public:
  ScanJob(const Session& session, client::Client& client, Interrupt& interrupt)
      : session_(session), client_(client), interrupt_(interrupt) {}

  /// Runs to the end, however it ends.
  ScanOutcome run(const ScanWish& wish);

  /// Call when the bytes are safe: closes a visit that run() opened, unless pages were left in it.
  void finish(const ScanOutcome& outcome);

 private:
  Status scan(const ScanWish& wish, ScanOutcome& outcome);
  Status open_visit(ScanOutcome& outcome);
  Status start(const ScanWish& wish, ScanOutcome& outcome);
  Status follow(ScanOutcome& outcome);
  Status cancel(ScanOutcome& outcome, ProgressBar& bar);
  Status collect(ScanOutcome& outcome);
  Status assemble(const ScanWish& wish, ScanOutcome& outcome);

  const Session& session_;
  client::Client& client_;
  Interrupt& interrupt_;
};

}  // namespace quay::ctl
