// SPDX-License-Identifier: Apache-2.0
// document.*, portal.list: pages bound into files, edited with undo, described for an upload, held against portals.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/services.hpp"
#include "daemon/jobs/document_draft.hpp"
#include "daemon/loop/turns.hpp"

namespace quay::daemon::commands {

class DocumentCommands {
 public:
  explicit DocumentCommands(Services& services) : services_(services), turns_(services.loop) {}

  void add_to(CommandSet& commands);

 private:
  using DraftPtr = std::shared_ptr<const jobs::DocumentDraft>;
  using File = std::optional<storage::RenditionRow>;
  struct Bound {
    DraftPtr draft;
    std::shared_ptr<const jobs::BoundDocument> file;
  };

  loop::Awaitable<Outcome> assemble(RequestPtr request);
  loop::Awaitable<Outcome> edit(RequestPtr request);
  loop::Awaitable<Outcome> label(RequestPtr request);
  loop::Awaitable<Outcome> get(RequestPtr request);
  loop::Awaitable<Outcome> list(RequestPtr request);
  loop::Awaitable<Outcome> manifest(RequestPtr request);
  loop::Awaitable<Outcome> preflight(RequestPtr request);
  loop::Awaitable<Outcome> portals(RequestPtr request);

  using MakeDraft = std::function<Result<jobs::DocumentDraft>(storage::Journal&)>;
  loop::Awaitable<Outcome> change(RequestPtr request, DocumentId document, MakeDraft make);
  loop::Awaitable<Result<Bound>> bind(DraftPtr draft);
  loop::Awaitable<Result<Bound>> fit(Bound bound, std::uint64_t limit);
  loop::Awaitable<Outcome> carry_out(RequestPtr request, Bound bound);
  loop::Awaitable<Outcome> commit(RequestPtr request, DraftPtr draft, File file);
  loop::Awaitable<void> remove(DraftPtr draft, std::vector<std::string> names);

  Services& services_;
  loop::Turns turns_;  ///< edits of one document, one after another
};

}  // namespace quay::daemon::commands
