// SPDX-License-Identifier: Apache-2.0
// What every verb of quayctl knows, and the only ways it speaks: facts on standard output (words or JSON), faults on
// standard error, one exit code for each kind of fault.
#pragma once

#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "base/error.hpp"
#include "clients/cpp/client.hpp"
#include "ctl/language.hpp"

namespace quay::ctl {

/// Exit codes, as quayctl(1) lists them.
enum class Exit : int {
  ok = 0,
  failed = 1,       ///< a technician or a developer has to look
  usage = 2,        ///< the command line or a file named there is wrong
  unreachable = 3,  ///< no quayd, or no right to speak to it
  clerk = 4,        ///< a person at the device can put it right: paper, cover, cable
  wait = 5,         ///< the same again later may work
  interrupted = 130,
};

/// What the options before the verb said.
struct Session {
  Language language = Language::en;
  bool json = false;  ///< one JSON object a line on standard output, faults included
  std::filesystem::path run_directory;
  std::string tcp;  ///< tcp://127.0.0.1:PORT, with the two keys; empty: run_directory
  std::string server_key;
  std::filesystem::path key_file;

  /// Prints `line` and a line end to standard output.
  void print(std::string_view line) const;
  void print(const protocol::json::value& value) const;

  /// Prints a remark for people to standard error. Nothing with --json.
  void remark(std::string_view line) const;

  /// Says what went wrong: sentence, code and detail on standard error, or {"error": {...}} on standard output with
  /// --json. Returns the exit code.
  int complain(const Error& error) const;

  std::string_view say(std::string_view vi, std::string_view en) const { return ctl::say(language, vi, en); }

  /// Connects to quayd in run_directory, or at `tcp` when that was given.
  Result<client::Client> connect(Milliseconds patience = client::kConnectPatience) const;
};

/// Who has to act decides the exit code.
Exit exit_code_of(const Error& error);

/// The sentence of a fault in one language: "Paper jam: ... [paper.jam] (device 'demo', sane_read: detail)".
std::string fault_text(Language language, const Error& error);

/// The sentence that belongs to a wire code, or the code itself when this build does not know it.
std::string sentence_of(Language language, const std::string& wire_code);

}  // namespace quay::ctl
