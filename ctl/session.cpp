// SPDX-License-Identifier: Apache-2.0
#include "ctl/session.hpp"

#include <cstdio>

#include "protocol/client/error_table.hpp"

namespace quay::ctl {
namespace {

void write_line(std::FILE* stream, std::string_view line) {
  fmt::print(stream, "{}\n", line);
  std::fflush(stream);
}

/// "device 'demo', sane_start, SANE_STATUS_JAMMED (6): text", whatever of it there is.
std::string facts_of(const Error& error) {
  std::string facts;
  const auto add = [&](const std::string& fact) { facts += (facts.empty() ? "" : ", ") + fact; };
  if (!error.device_id.empty()) {
    add(fmt::format("device '{}'", error.device_id));
  }
  if (!error.operation.empty()) {
    add(error.operation);
  }
  if (!error.native.name.empty()) {
    add(fmt::format("{} ({})", error.native.name, error.native.number));
  }
  if (!error.detail.empty()) {
    facts += (facts.empty() ? "" : ": ") + error.detail;
  }
  return facts;
}

}  // namespace

Result<client::Client> Session::connect(Milliseconds patience) const {
  auto address = tcp.empty() ? Result<client::Address>(client::Address(run_directory))
                             : client::Address::over_tcp(tcp, server_key, key_file);
  if (!address) {
    return failure(std::move(address).error());
  }
  return client::Client::connect(*std::move(address), patience, "quayctl");
}

void Session::print(std::string_view line) const { write_line(stdout, line); }

void Session::print(const protocol::json::value& value) const { write_line(stdout, protocol::json::serialize(value)); }

void Session::remark(std::string_view line) const {
  if (!json) {
    write_line(stderr, line);
  }
}

int Session::complain(const Error& error) const {
  if (json) {
    print(protocol::json::value{{"error", protocol::to_json(protocol::to_body(error))}});
  } else {
    write_line(stderr, fmt::format("quayctl: {}", fault_text(language, error)));
  }
  return static_cast<int>(exit_code_of(error));
}

Exit exit_code_of(const Error& error) {
  if (error.code == Errc::daemon_unreachable) {
    return Exit::unreachable;
  }
  switch (protocol::error_row(error.code).remedy) {
    case protocol::Remedy::clerk: return Exit::clerk;
    case protocol::Remedy::wait: return Exit::wait;
    case protocol::Remedy::caller: return Exit::usage;
    case protocol::Remedy::technician:
    case protocol::Remedy::bug: return Exit::failed;
  }
  return Exit::failed;
}

std::string fault_text(Language language, const Error& error) {
  const protocol::ErrorRow& row = protocol::error_row(error.code);
  std::string text = fmt::format("{} [{}]", say(language, row.vi, row.en), row.wire);
  if (const std::string facts = facts_of(error); !facts.empty()) {
    text += fmt::format(" ({})", facts);
  }
  return text;
}

std::string sentence_of(Language language, const std::string& wire_code) {
  const auto code = protocol::errc_from_wire(wire_code);
  if (!code) {
    return wire_code;
  }
  const protocol::ErrorRow& row = protocol::error_row(*code);
  return std::string(say(language, row.vi, row.en));
}

}  // namespace quay::ctl
