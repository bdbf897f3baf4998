// SPDX-License-Identifier: Apache-2.0
#include "audit/verifier.hpp"

#include <fmt/format.h>

namespace quay::audit {

void Verifier::next_file(std::string name) {
  file_ = std::move(name);
  line_ = 0;
}

void Verifier::next_line(std::string_view text) {
  ++line_;
  ++report_.lines;
  const std::optional<ParsedLine> line = parse_line(text);
  if (!line) {
    note(0, AccessFault::malformed, "not a line of the access log");
    return;
  }
  if (!is_whole(*line)) {
    note(line->record.n, AccessFault::edited, "its text is not what was written");
  }
  check_seal(*line);
  check_place(*line);
}

void Verifier::check_seal(const ParsedLine& line) {
  if (key_ == nullptr || line.record.key != key_id_) {
    ++report_.unproved;
  } else if (!is_sealed_with(line, *key_)) {
    note(line.record.n, AccessFault::forged, "its seal was not made with the service key");
  }
}

void Verifier::check_place(const ParsedLine& line) {
  const std::uint64_t n = line.record.n;
  const Head before = newest_.value_or(Head{n == 1 ? 0 : n - 1, n == 1 ? no_hash() : line.record.prev});
  if (!newest_) {
    report_.first = n;
  }
  if (n <= before.n) {
    note(n, AccessFault::moved, fmt::format("it stands behind record {}", before.n));
    return;
  }
  if (n > before.n + 1) {
    note(n, AccessFault::missing, fmt::format("records {} to {} before it are gone", before.n + 1, n - 1));
  } else if (line.record.prev != before.hash) {
    note(n, AccessFault::replaced, "the line before it is not the one it was written after");
  }
  newest_ = Head{n, line.hash};
}

protocol::AccessReport Verifier::finish(const std::optional<Head>& head) {
  const Head newest = newest_.value_or(Head{});
  report_.last = newest.n;
  report_.end_checked = head.has_value();
  if (head && newest.n < head->n) {
    note(newest.n, AccessFault::cut, fmt::format("records {} to {} at the end are gone", newest.n + 1, head->n));
  } else if (head && newest.n > head->n) {
    note(newest.n, AccessFault::unknown, fmt::format("the daemon wrote records up to {}", head->n));
  } else if (head && head->n > 0 && newest.hash != head->hash) {
    note(newest.n, AccessFault::replaced, "the last line is not the one the daemon wrote");
  }
  report_.good = report_.findings.empty();
  return std::move(report_);
}

void Verifier::note(std::uint64_t n, AccessFault fault, std::string text) {
  report_.findings.push_back(protocol::AccessFinding{{}, file_, line_, n, fault, std::move(text)});
}

}  // namespace quay::audit
