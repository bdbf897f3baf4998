// SPDX-License-Identifier: Apache-2.0
// print.*, form.*: what is printed becomes one PDF in the sealed spool first, and a row; then it is on its way.
#pragma once

#include <memory>
#include <vector>

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

class PrintCommands {
 public:
  explicit PrintCommands(Services& services);

  void add_to(CommandSet& commands);

 private:
  /// The bytes to print, wherever they came from.
  struct Source {
    std::vector<std::uint8_t> copied;
    std::shared_ptr<ReadableBuffer> shared;
    std::span<const std::uint8_t> bytes() const { return shared ? shared->bytes() : std::span(copied); }
  };
  using SourcePtr = std::shared_ptr<const Source>;
  using SubmitPtr = std::shared_ptr<const protocol::PrintSubmitArguments>;

  loop::Awaitable<Outcome> submit(RequestPtr request);
  loop::Awaitable<Outcome> settle(RequestPtr request);
  loop::Awaitable<Outcome> list_forms(RequestPtr request);
  loop::Awaitable<Outcome> preview(RequestPtr request);

  loop::Awaitable<Result<SourcePtr>> source_of(SubmitPtr wanted);
  loop::Awaitable<Result<SourcePtr>> bind_captures(SubmitPtr wanted);
  loop::Awaitable<Result<SourcePtr>> set_form(SubmitPtr wanted);
  loop::Awaitable<Outcome> keep(RequestPtr request, std::shared_ptr<jobs::PrintOrder> order, SourcePtr source);
  Result<std::string> printer_for(const protocol::PrintSubmitArguments& wanted) const;

  Services& services_;
};

}  // namespace quay::daemon::commands
