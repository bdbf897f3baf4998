// SPDX-License-Identifier: Apache-2.0
#include "tests/system/print_counter.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <sqlite3.h>

#include "tests/rig/support/wait_until.hpp"
#include "tests/system/front_end.hpp"

namespace quay::system_test {
namespace {

constexpr Milliseconds kPatience{20'000};

}  // namespace

PrintCounter::PrintCounter(std::vector<std::string> printer_arguments)
    : counter_({.sheets = 2,
                .deadlines = "stall_ms = 2000\nfirst_row_ms = 6000\ncancel_grace_ms = 500\nprint_stale_ms = 1000\n"
                             "print_stop_ms = 1500\n"}) {
  auto printer = rig::SimPrinter::start(paper_.path(), std::move(printer_arguments));
  if (!printer) {
    throw std::runtime_error(describe(printer.error()));
  }
  printer_ = *std::move(printer);
  configure();
}

void PrintCounter::configure(const std::string& keys, const std::string& more) { configure_as(kPrinter, keys, more); }

void PrintCounter::configure_as(const std::string& id, const std::string& keys, const std::string& more) {
  counter_.write_config(
      fmt::format("[printer]\nforms_directory = \"{}\"\n[[printer.device]]\nid = \"{}\"\nuri = \"{}\"\n"
                  "look_ms = 200\n{}{}",
                  QUAY_FORMS, id, printer_->uri(), keys, more));
}

void PrintCounter::start() {
  counter_.start();
  ASSERT_TRUE(counter_.device_becomes(protocol::DeviceStatus::ready, kPrinter)) << counter_.daemon().transcript();
  visit_ = counter_.open_visit();
  client_.emplace(counter_.connect());
}

void PrintCounter::connect_again() {
  client_.emplace(counter_.connect());
  counter_.share_keys(*client_);
}

void PrintCounter::fault(const std::string& words) {
  const auto said = printer_->tell("fault " + words);
  ASSERT_TRUE(said) << describe(said.error());
}

protocol::PrintSubmitArguments PrintCounter::label(const std::string& name) const {
  protocol::PrintSubmitArguments wanted;
  wanted.visit = visit_;
  wanted.form = "file-label";
  wanted.values = {{"dossier_code", "H26.12-261126-0001"}, {"applicant", name}, {"procedure", "Chứng thực"}};
  wanted.media = "A4";
  return wanted;
}

std::string PrintCounter::submit(const protocol::PrintSubmitArguments& wanted, const std::string& request_id) {
  client::CallOptions options;
  if (!request_id.empty()) {
    options.request_id = request_id;
  }
  const auto job = client_->call_as<protocol::JobAccepted>("print.submit", wanted, options);
  return job ? job->job : code_of(job.error());
}

protocol::Job PrintCounter::get(const std::string& job) {
  return client_->call_as<protocol::Job>("job.get", protocol::JobArguments{{}, job}).value_or(protocol::Job{});
}

bool PrintCounter::becomes(const std::string& job, protocol::PrintState state) {
  return rig::wait_until(
      [&] {
        const protocol::Job now = get(job);
        return now.print && now.print->state == state;
      },
      kPatience);
}

bool PrintCounter::waits_for(const std::string& job, const std::string& code) {
  return rig::wait_until(
      [&] {
        const protocol::Job now = get(job);
        return now.print &&
               std::find(now.print->reasons.begin(), now.print->reasons.end(), code) != now.print->reasons.end();
      },
      kPatience);
}

protocol::Job PrintCounter::settle(const std::string& job, protocol::PrintState state) {
  const auto settled = client_->call_as<protocol::Job>("print.settle", protocol::PrintSettleArguments{{}, job, state});
  EXPECT_TRUE(settled) << (settled ? "" : describe(settled.error()));
  return settled.value_or(protocol::Job{});
}

std::string PrintCounter::in_journal(const std::string& sql) const {
  sqlite3* database = nullptr;
  std::string said;
  const auto read = [](void* into, int, char** columns, char**) {
    *static_cast<std::string*>(into) = columns[0] != nullptr ? columns[0] : "";
    return 0;
  };
  EXPECT_EQ(::sqlite3_open((counter_.path() / "state/journal.db").c_str(), &database), SQLITE_OK);
  EXPECT_EQ(::sqlite3_exec(database, sql.c_str(), read, &said, nullptr), SQLITE_OK) << ::sqlite3_errmsg(database);
  ::sqlite3_close(database);
  return said;
}

int PrintCounter::sheets(const std::string& job) const {
  int counted = 0;
  for (const auto& [name, sheets] : printer_->sheets()) {
    counted += name.starts_with("quay-" + job) ? sheets : 0;
  }
  return counted;
}

}  // namespace quay::system_test
