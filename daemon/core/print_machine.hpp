// SPDX-License-Identifier: Apache-2.0
// The life of a print, and what the printer's last word on it means: two tables. Paper is never taken on trust: a print
// is printed when the printer counted the sheets expected, and what cannot be known is asked of the clerk.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/error.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon::core {

enum class PrintEvent : std::uint8_t {
  placed,      ///< the printer has a job for it: its document may leave
  taken_back,  ///< no sheet came and none can come: it may be sent again
  printed,
  not_printed,
  partly,
  uncertain,
  clerk_saw_it,      ///< print.settle
  clerk_saw_nothing  ///< print.settle
};

struct PrintTransition {
  protocol::PrintState from;
  PrintEvent event;
  protocol::PrintState to;
};

std::span<const PrintTransition> print_transitions();

/// The state after `event`, or nothing when `event` has no meaning in `state`.
std::optional<protocol::PrintState> step(protocol::PrintState state, PrintEvent event);

/// Nothing more happens to it by itself.
bool is_over(protocol::PrintState state);

/// How the printer's job ended, or that it did not. `open`: it was still there when it was asked last.
enum class PrinterEnd : std::uint8_t { missing, open, stopped_early, completed };

/// Sheets that the printer counted, against those expected.
enum class SheetCount : std::uint8_t { untold, none, expected, other };

/// What is known when a worker is done with a print.
struct PrintFacts {
  PrinterEnd end = PrinterEnd::missing;
  SheetCount count = SheetCount::untold;
  bool sent = false;       ///< the document may have left this machine
  bool whole = true;       ///< the printer remembers the job's whole history
  bool broke_off = false;  ///< the document did not leave as a whole, and the worker took the job back
};

PrintFacts facts_of(const protocol::worker::PrintSeen& seen, std::int32_t sheets_expected);

struct PrintVerdict {
  PrintEvent event = PrintEvent::uncertain;
  Errc code = Errc::print_uncertain;  ///< of what did not become `printed`
};

struct OutcomeRow {
  PrinterEnd end;
  SheetCount count;
  PrintVerdict verdict;
};

/// Every end with every count, for a document that may have left.
std::span<const OutcomeRow> print_outcomes();

/// `trust_uncounted`: the operator says that this printer's "completed" is to be believed without a count.
PrintVerdict judge(const PrintFacts& facts, bool trust_uncounted);

}  // namespace quay::daemon::core
