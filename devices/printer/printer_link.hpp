// SPDX-License-Identifier: Apache-2.0
// The IPP operations that printing takes, each on a connection of its own: one that hangs spoils no other. Says what
// the printer said; decides nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "devices/printer/ipp_connection.hpp"
#include "devices/printer/printer_facts.hpp"
#include "devices/printer/ticket.hpp"

namespace quay::printer {

/// NativeStatus::api of what a printer answered in IPP; its number is the status of RFC 8011.
inline constexpr const char* kIppApi = "IPP";

/// A job as the printer tells of it.
struct JobSeen {
  int id = 0;
  std::string name;
  protocol::worker::PrinterJobState state = protocol::worker::PrinterJobState::missing;
  int impressions = -1;  ///< job-impressions-completed; -1: it does not say
  int sheets = -1;       ///< job-media-sheets-completed; the same
  std::vector<std::string> reasons;

  bool over() const;
  /// It works on its document, or did.
  bool has_document() const;
  /// The printer still waits for its document, and has printed nothing of it.
  bool awaits_document() const;
};

class PrinterLink {
 public:
  explicit PrinterLink(Endpoint endpoint) : endpoint_(std::move(endpoint)) {}

  const Endpoint& endpoint() const { return endpoint_; }

  // Errors of all: those of IppConnection; print_refused, print_format, device_busy, printer_stopped as the printer's
  // status says.
  Result<PrinterFacts> facts() const;
  /// The job of that number, if it bears that name: a printer that was turned off counts from 1 again.
  Result<std::optional<JobSeen>> job(int id, const std::string& name) const;
  /// The newest job of that name, running or over.
  Result<std::optional<JobSeen>> find(const std::string& name) const;
  /// Create-Job; gives its number.
  Result<int> create(const std::string& name, const Ticket& ticket, const PrinterFacts& facts) const;
  /// Send-Document, the only one of its job.
  Status send(int id, Format format, std::span<const std::uint8_t> document, const Patience& patience) const;
  /// Print-Job, for printers without Create-Job; gives its number.
  Result<int> print(const std::string& name, const Ticket& ticket, const PrinterFacts& facts,
                    std::span<const std::uint8_t> document, const Patience& patience) const;
  Status cancel(int id) const;
  /// Jobs that are over, of this user.
  Result<std::vector<JobSeen>> finished() const;
  /// CUPS: forgets a job that is over, and its documents.
  Status purge(int id) const;
  /// Resume-Printer: a stopped queue goes on.
  Status resume() const;

 private:
  IppMessage request(ipp_op_t operation) const;
  Result<IppMessage> ask(const IppMessage& request, std::span<const std::uint8_t> document = {},
                         const Patience& patience = at_most(Milliseconds(5'000))) const;
  Result<std::vector<JobSeen>> jobs(const char* which) const;
  Result<std::optional<JobSeen>> find_among(const char* which, const std::string& name) const;

  Endpoint endpoint_;
};

}  // namespace quay::printer
