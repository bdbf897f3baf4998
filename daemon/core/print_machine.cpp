// SPDX-License-Identifier: Apache-2.0
#include "daemon/core/print_machine.hpp"

#include <algorithm>
#include <array>

namespace quay::daemon::core {

using protocol::PrintState;
using protocol::worker::PrinterJobState;

namespace {

constexpr std::array kTransitions{
    PrintTransition{PrintState::queued, PrintEvent::placed, PrintState::sending},
    PrintTransition{PrintState::queued, PrintEvent::taken_back, PrintState::queued},
    PrintTransition{PrintState::queued, PrintEvent::not_printed, PrintState::not_printed},
    // An earlier run of this machine had sent it: its printer is found to have the job.
    PrintTransition{PrintState::queued, PrintEvent::printed, PrintState::printed},
    PrintTransition{PrintState::queued, PrintEvent::partly, PrintState::partly},
    PrintTransition{PrintState::queued, PrintEvent::uncertain, PrintState::uncertain},
    PrintTransition{PrintState::sending, PrintEvent::placed, PrintState::sending},
    PrintTransition{PrintState::sending, PrintEvent::taken_back, PrintState::queued},
    PrintTransition{PrintState::sending, PrintEvent::printed, PrintState::printed},
    PrintTransition{PrintState::sending, PrintEvent::not_printed, PrintState::not_printed},
    PrintTransition{PrintState::sending, PrintEvent::partly, PrintState::partly},
    PrintTransition{PrintState::sending, PrintEvent::uncertain, PrintState::uncertain},
    PrintTransition{PrintState::uncertain, PrintEvent::clerk_saw_it, PrintState::printed},
    PrintTransition{PrintState::uncertain, PrintEvent::clerk_saw_nothing, PrintState::not_printed},
    PrintTransition{PrintState::partly, PrintEvent::clerk_saw_it, PrintState::printed},
    PrintTransition{PrintState::partly, PrintEvent::clerk_saw_nothing, PrintState::not_printed},
};

constexpr PrintVerdict kPrinted{PrintEvent::printed, Errc::bug};  // no error goes with it
constexpr PrintVerdict kNoSheets{PrintEvent::not_printed, Errc::print_no_sheets};
constexpr PrintVerdict kRefused{PrintEvent::not_printed, Errc::print_refused};
constexpr PrintVerdict kPartly{PrintEvent::partly, Errc::print_uncertain};
constexpr PrintVerdict kUncertain{PrintEvent::uncertain, Errc::print_uncertain};
constexpr PrintVerdict kAgain{PrintEvent::taken_back, Errc::print_not_sent};

constexpr std::array kOutcomes{
    OutcomeRow{PrinterEnd::completed, SheetCount::expected, kPrinted},
    OutcomeRow{PrinterEnd::completed, SheetCount::none, kNoSheets},  // "done", and nothing came
    OutcomeRow{PrinterEnd::completed, SheetCount::other, kPartly},
    OutcomeRow{PrinterEnd::completed, SheetCount::untold, kUncertain},
    OutcomeRow{PrinterEnd::stopped_early, SheetCount::expected, kPrinted},  // stopped behind its last sheet
    OutcomeRow{PrinterEnd::stopped_early, SheetCount::none, kRefused},
    OutcomeRow{PrinterEnd::stopped_early, SheetCount::other, kPartly},
    OutcomeRow{PrinterEnd::stopped_early, SheetCount::untold, kUncertain},
    OutcomeRow{PrinterEnd::open, SheetCount::expected, kUncertain},
    OutcomeRow{PrinterEnd::open, SheetCount::none, kUncertain},
    OutcomeRow{PrinterEnd::open, SheetCount::other, kUncertain},
    OutcomeRow{PrinterEnd::open, SheetCount::untold, kUncertain},
    OutcomeRow{PrinterEnd::missing, SheetCount::expected, kUncertain},
    OutcomeRow{PrinterEnd::missing, SheetCount::none, kUncertain},
    OutcomeRow{PrinterEnd::missing, SheetCount::other, kUncertain},
    OutcomeRow{PrinterEnd::missing, SheetCount::untold, kUncertain},
};

PrinterEnd end_of(PrinterJobState state) {
  switch (state) {
    case PrinterJobState::missing: return PrinterEnd::missing;
    case PrinterJobState::completed: return PrinterEnd::completed;
    case PrinterJobState::canceled:
    case PrinterJobState::aborted: return PrinterEnd::stopped_early;
    case PrinterJobState::pending:
    case PrinterJobState::held:
    case PrinterJobState::processing:
    case PrinterJobState::stopped: break;
  }
  return PrinterEnd::open;
}

SheetCount count_of(std::int32_t sheets, std::int32_t expected) {
  if (sheets < 0) {
    return SheetCount::untold;
  }
  if (sheets == 0) {
    return SheetCount::none;
  }
  return sheets == expected ? SheetCount::expected : SheetCount::other;
}

}  // namespace

std::span<const PrintTransition> print_transitions() { return kTransitions; }

std::optional<PrintState> step(PrintState state, PrintEvent event) {
  const auto* found = std::find_if(kTransitions.begin(), kTransitions.end(), [&](const PrintTransition& transition) {
    return transition.from == state && transition.event == event;
  });
  return found == kTransitions.end() ? std::nullopt : std::optional(found->to);
}

bool is_over(PrintState state) { return state != PrintState::queued && state != PrintState::sending; }

PrintFacts facts_of(const protocol::worker::PrintSeen& seen, std::int32_t sheets_expected) {
  return {end_of(seen.state), count_of(seen.sheets, sheets_expected), seen.sent, seen.whole, seen.broke_off};
}

std::span<const OutcomeRow> print_outcomes() { return kOutcomes; }

PrintVerdict judge(const PrintFacts& facts, bool trust_uncounted) {
  if (!facts.sent) {
    return kAgain;
  }
  const bool no_sheet = facts.count == SheetCount::none || facts.count == SheetCount::untold;
  if (facts.broke_off && facts.end == PrinterEnd::stopped_early && no_sheet) {
    return kAgain;  // the printer never had the whole document, and dropped what it had
  }
  if (facts.end == PrinterEnd::completed && !facts.whole) {
    return kUncertain;
  }
  if (facts.end == PrinterEnd::completed && facts.count == SheetCount::untold && trust_uncounted) {
    return kPrinted;
  }
  const auto* row = std::find_if(kOutcomes.begin(), kOutcomes.end(), [&](const OutcomeRow& one) {
    return one.end == facts.end && one.count == facts.count;
  });
  return row == kOutcomes.end() ? kUncertain : row->verdict;
}

}  // namespace quay::daemon::core
