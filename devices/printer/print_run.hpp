// SPDX-License-Identifier: Apache-2.0
// One print from the order to the printer's last word on it. Sends the document at most once in the life of the job,
// over any number of runs: a run begins by asking the printer for a job of that name, and a document leaves only after
// quayd has written down that it may (Placed, Kept). Decides nothing of what a count means: quayd does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "devices/printer/allowance.hpp"
#include "devices/printer/printer_behind.hpp"
#include "devices/printer/printer_link.hpp"
#include "devices/printer/status_watch.hpp"
#include "devices/worker/device.hpp"

namespace quay::printer {

class PrintRun {
 public:
  /// `give_up`: how long the printer may keep a job that nobody wants, or refuse to say what became of one.
  struct Printer {
    const PrinterLink& link;
    StatusWatch& watch;
    Milliseconds give_up;
  };

  /// All of it outlives the run.
  PrintRun(Printer printer, const worker::frames::Print& order, worker::Job& job)
      : printer_(printer),
        link_(printer.link),
        watch_(printer.watch),
        order_(order),
        job_(job),
        sent_(order.sent),
        behind_(order.name) {}

  /// `pdf`: the document.
  /// Errors of the outcome: scan_cancelled; image_unreadable, document_empty; print_format, device_invalid_setting,
  /// print_refused. What paper came is in the last PrintSeen, with an error or without.
  worker::Outcome run(std::span<const std::uint8_t> pdf);

 private:
  Status get_ready(const PdfPages& pages);
  Result<std::optional<JobSeen>> find_earlier() const;
  Status bring_to_printer(const PdfPages& pages, std::span<const std::uint8_t> pdf);
  Status try_to_bring(const std::optional<JobSeen>& earlier, const PdfPages& pages, std::span<const std::uint8_t> pdf);
  bool asks_again(const Error& error);
  void wait_a_while();
  bool wants_document(const JobSeen& job);
  Status may_draw();
  Status make_document(const PdfPages& pages, std::span<const std::uint8_t> pdf);
  Status create();
  Status place();
  void send();
  Status print_at_once();
  Status follow();
  bool gives_up();
  Milliseconds farewell() const;
  bool look();
  bool note_missed();
  bool hear_printer_behind(const JobSeen& queue);
  void stop_if_unwanted(const JobSeen& job);
  bool send_may_wait(Milliseconds silent);
  void tell();
  int sheets() const;
  bool unwanted() const { return order_.withdrawn || job_.withdrawn(); }
  bool must_end() const { return job_.cancelled() || unwanted(); }
  /// quayd ends, or cannot listen: the print is still wanted, and the next run finds its job.
  bool left_to_next_run() const { return job_.cancelled() && !unwanted(); }
  Error cancelled() const { return job_.cancelled_error("print"); }

  Printer printer_;
  const PrinterLink& link_;
  StatusWatch& watch_;
  const worker::frames::Print& order_;
  worker::Job& job_;
  PrinterFacts facts_;
  Ticket ticket_;
  std::vector<std::uint8_t> raster_;
  std::span<const std::uint8_t> document_;
  int id_ = 0;
  bool placed_ = false;  ///< quayd has it on the disk
  bool sent_;
  bool broke_off_ = false;   ///< the document did not leave as a whole
  bool taken_back_ = false;  ///< and so it was cancelled by this run
  bool whole_ = true;
  bool counted_ = false;  ///< the sheets are the printer's own count
  PrinterBehind behind_;
  std::optional<Error> refusal_;
  int missed_ = 0;     ///< looks in a row in which the printer knew no such job
  Deadline heard_{};   ///< when it answered last
  Allowance refused_;  ///< questions about the job
  Allowance kept_;     ///< a job that nobody waits for
  std::optional<JobSeen> seen_;
  std::optional<worker::frames::PrintSeen> told_;
};

}  // namespace quay::printer
