// SPDX-License-Identifier: Apache-2.0
// A counter with a printer: the real quayd over the simulated one, what was printed by print, and front end's short
// words.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/client/printing.hpp"
#include "tests/rig/support/sim_printer.hpp"
#include "tests/system/counter.hpp"

namespace quay::system_test {

inline constexpr const char* kPrinter = "printer-1";

class PrintCounter {
 public:
  explicit PrintCounter(std::vector<std::string> printer_arguments = {});

  /// Starts quayd and opens a visit.
  void start();
  Counter& counter() { return counter_; }
  client::Client& client() { return *client_; }
  rig::SimPrinter& printer() { return *printer_; }
  const std::string& visit() const { return visit_; }

  /// Writes the configuration with these more keys for the printer.
  void configure(const std::string& keys = {}, const std::string& more = {});
  /// The same for a printer that was given another name.
  void configure_as(const std::string& id, const std::string& keys = {}, const std::string& more = {});
  void fault(const std::string& words);
  /// A client of a daemon that was started again.
  void connect_again();

  /// A label on A4: one sheet.
  protocol::PrintSubmitArguments label(const std::string& name = "Nguyễn Thị Quầy") const;
  /// Gives the job, or the wire code of the refusal.
  std::string submit(const protocol::PrintSubmitArguments& wanted, const std::string& request_id = {});
  protocol::Job get(const std::string& job);
  protocol::Job await_end(const std::string& job) { return counter_.await_end(job); }
  bool becomes(const std::string& job, protocol::PrintState state);
  bool waits_for(const std::string& job, const std::string& code);
  /// The clerk's word on a print; gives the job as it is then.
  protocol::Job settle(const std::string& job, protocol::PrintState state);
  /// Carries out `sql` in the journal of a quayd that has ended; gives the first column of the last row.
  std::string in_journal(const std::string& sql) const;
  /// What the printer got of that print's first attempt.
  std::filesystem::path file_of(const std::string& job) const { return printer_->tray() / ("quay-" + job + "-1.pdf"); }
  /// Sheets of that print in the tray, of all its attempts.
  int sheets(const std::string& job) const;

 private:
  rig::TemporaryDirectory paper_;
  std::optional<rig::SimPrinter> printer_;
  Counter counter_;
  std::optional<client::Client> client_;
  std::string visit_;
};

}  // namespace quay::system_test
