// SPDX-License-Identifier: Apache-2.0
// One print from the order to the printer's last word on it. Sends the document at most once in the life of the job,
// over any number of runs: a run begins by asking the printer for a job of that name, and a document leaves only after
// quayd has written down that it may (Placed, Kept). Decides nothing of what a count means: quayd does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "devices/printer/printer_link.hpp"
#include "devices/printer/status_watch.hpp"
#include "devices/worker/device.hpp"

namespace quay::printer {

class PrintRun {
 public:
  /// All of it outlives the run. `pdf`: the document.
  PrintRun(const PrinterLink& link, StatusWatch& watch, const worker::frames::Print& order, worker::Job& job)
      : link_(link), watch_(watch), order_(order), job_(job), sent_(order.sent) {}

  /// Errors of the outcome: scan_cancelled; image_unreadable, document_empty; print_format, device_invalid_setting,
  /// print_refused. What paper came is in the last PrintSeen, with an error or without.
  worker::Outcome run(std::span<const std::uint8_t> pdf);

 private:
  Status get_ready(const PdfPages& pages);
  Result<std::optional<JobSeen>> find_earlier() const;
  Status bring_to_printer(const PdfPages& pages, std::span<const std::uint8_t> pdf);
  Status try_to_bring(const PdfPages& pages, std::span<const std::uint8_t> pdf);
  bool wants_document(const JobSeen& job);
  Status make_document(const PdfPages& pages, std::span<const std::uint8_t> pdf);
  Status create();
  Status place();
  void send();
  void print_at_once();
  Status follow();
  bool look();
  bool note_missed();
  bool hear_printer_behind();
  void take_word_of(const std::optional<JobSeen>& at_printer);
  void stop_if_unwanted(const JobSeen& job);
  bool send_may_wait(Milliseconds silent);
  void tell();
  int sheets() const;
  bool waits_out(const Error& error) const;
  bool unwanted() const { return order_.withdrawn || job_.withdrawn(); }
  bool must_end() const { return job_.cancelled() || unwanted(); }
  Error cancelled() const { return job_.cancelled_error("print"); }

  const PrinterLink& link_;
  StatusWatch& watch_;
  const worker::frames::Print& order_;
  worker::Job& job_;
  PrinterFacts facts_;
  Ticket ticket_;
  std::vector<std::uint8_t> raster_;
  std::span<const std::uint8_t> document_;
  int id_ = 0;
  bool sent_;
  bool broke_off_ = false;   ///< the document did not leave as a whole
  bool taken_back_ = false;  ///< and so it was cancelled by this run
  bool whole_ = true;
  bool counted_ = false;                     ///< the sheets are the printer's own count
  Deadline waited_behind_{Deadline::max()};  ///< until then the printer behind a queue is asked
  std::optional<Error> refusal_;
  int missed_ = 0;    ///< looks in a row in which the printer knew no such job
  Deadline heard_{};  ///< when it answered last
  std::optional<JobSeen> seen_;
  std::optional<worker::frames::PrintSeen> told_;
};

}  // namespace quay::printer
