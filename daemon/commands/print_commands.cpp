// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/print_commands.hpp"

#include <algorithm>
#include <array>

#include "daemon/commands/job_replies.hpp"
#include "daemon/commands/query.hpp"
#include "daemon/jobs/document_draft.hpp"
#include "daemon/jobs/make_room.hpp"
#include "daemon/jobs/print_source.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;
using protocol::PrintSubmitArguments;

namespace {

constexpr std::int32_t kMostCopies = 99;
constexpr std::int32_t kLeastDpi = 50;
constexpr std::int32_t kMostDpi = 200;
constexpr std::size_t kLongestMedia = 64;

auto wrong(std::string text) { return failure(Errc::request_bad_argument, "print.submit", "/args/" + std::move(text)); }

struct MediaRow {
  std::string_view word;
  std::string_view name;  ///< of PWG 5101.1
};

constexpr std::array kMedia{MediaRow{"A3", "iso_a3_297x420mm"}, MediaRow{"A4", "iso_a4_210x297mm"},
                            MediaRow{"A5", "iso_a5_148x210mm"}, MediaRow{"A6", "iso_a6_105x148mm"}};

std::string media_name(const std::string& word) {
  const auto* row = std::find_if(kMedia.begin(), kMedia.end(), [&](const MediaRow& one) { return one.word == word; });
  return row == kMedia.end() ? word : std::string(row->name);
}

std::string source_word(const PrintSubmitArguments& wanted) {
  return wanted.form ? "form" : (wanted.document ? "document" : (wanted.again ? "again" : "captures"));
}

Status check_arguments(const PrintSubmitArguments& wanted) {
  const int sources =
      (wanted.document ? 1 : 0) + (wanted.captures.empty() ? 0 : 1) + (wanted.form ? 1 : 0) + (wanted.again ? 1 : 0);
  if (sources != 1) {
    return wrong("document: exactly one of document, captures, form and again was expected");
  }
  if (!wanted.form && !wanted.values.empty()) {
    return wrong("values: only with a form");
  }
  if (wanted.copies < 1 || wanted.copies > kMostCopies) {
    return wrong("copies: 1 to 99 were expected");
  }
  if (wanted.media && (wanted.media->empty() || wanted.media->size() > kLongestMedia)) {
    return wrong("media: A4, A5 or a name of PWG 5101.1 was expected");
  }
  return {};
}

/// For the journal: what was asked, without what was filled in.
std::string told_of(PrintSubmitArguments wanted) {
  wanted.values.clear();
  return boost::json::serialize(protocol::to_json(wanted));
}

std::shared_ptr<jobs::PrintOrder> order_of(const Request& request, const PrintSubmitArguments& wanted,
                                           const std::string& device) {
  auto order = std::make_shared<jobs::PrintOrder>();
  order->job.job = JobId{random_uuid()};
  order->job.visit = VisitId{wanted.visit};
  order->job.device = DeviceId{device};
  order->job.kind = "print";
  order->job.arguments = told_of(wanted);
  order->job.created_at = rfc3339_now();
  order->print.job = order->job.job;
  order->print.visit = order->job.visit;
  order->report.source = source_word(wanted);
  order->report.media = media_name(wanted.media.value_or(""));
  order->report.copies = wanted.copies;
  order->report.duplex = wanted.duplex;
  order->request_id = request.command.request_id;
  return order;
}

protocol::worker::SetForm form_order(const std::string& form, const protocol::json::object& values) {
  protocol::worker::SetForm order;
  order.form = form;
  order.values = values;
  return order;
}

}  // namespace

PrintCommands::PrintCommands(Services& services) : services_(services) {
  services_.prints.when_over([this](const protocol::Job& job, const std::vector<publish::ReplyAddress>& waiters) {
    const protocol::Reply reply = final_reply(job);
    for (const publish::ReplyAddress& waiter : waiters) {
      services_.control.reply(waiter, reply);
    }
  });
}

void PrintCommands::add_to(CommandSet& commands) {
  using core::Role;
  commands.add({"print.submit",
                Role::front_end,
                Subject::visit,
                Effect::starts,
                handler(this, &PrintCommands::submit),
                false,
                {},
                Access::logged});
  commands.add({"print.settle",
                Role::front_end,
                Subject::job,
                Effect::changes,
                handler(this, &PrintCommands::settle),
                false,
                {},
                Access::logged});
  commands.add(
      {"form.list", core::kEverybody, Subject::none, Effect::reads, handler(this, &PrintCommands::list_forms)});
  commands.add(
      {"form.preview", Role::front_end, Subject::visit, Effect::reads, handler(this, &PrintCommands::preview)});
}

Result<std::string> PrintCommands::printer_for(const PrintSubmitArguments& wanted) const {
  std::vector<std::string> printers;
  for (const protocol::Device& device : services_.devices.snapshot()) {
    if (device.kind == protocol::DeviceKind::printer) {
      printers.push_back(device.id);
    } else if (wanted.device == device.id) {
      return failure(Errc::device_unsupported, "print.submit", device.id + " is another kind of device");
    }
  }
  if (!wanted.device && printers.size() > 1) {
    return wrong("device: there are several printers, so one must be named");
  }
  if (!wanted.device && printers.size() == 1) {
    return printers.front();
  }
  const std::string named = wanted.device.value_or("");
  const bool known = std::find(printers.begin(), printers.end(), named) != printers.end();
  return known ? Result<std::string>(named) : failure(Errc::device_unknown, "print.submit", quoted(named));
}

Awaitable<Outcome> PrintCommands::submit(RequestPtr request) {
  const auto arguments = arguments_of<PrintSubmitArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (const Status good = check_arguments(*arguments); !good) {
    co_return failure(good.error());
  }
  const Result<std::string> printer = printer_for(*arguments);
  if (!printer) {
    co_return failure(printer.error());
  }
  const Status open = co_await check_open_visit(services_.ledger, arguments->visit, request->command.cmd);
  if (!open) {
    co_return failure(open.error());
  }
  const auto wanted = std::make_shared<const PrintSubmitArguments>(*arguments);
  Result<SourcePtr> source = co_await source_of(wanted);
  if (!source) {
    co_return failure(source.error());
  }
  const auto order = order_of(*request, *wanted, *printer);
  Outcome outcome = co_await keep(request, order, *source);
  if (outcome) {
    services_.prints.accept(*order);
    outcome->logged = [this, job = order->job.job](const Status& written) { services_.prints.begin(job, written); };
  }
  co_return outcome;
}

Awaitable<Result<PrintCommands::SourcePtr>> PrintCommands::source_of(SubmitPtr wanted) {
  if (wanted->form) {
    co_return co_await set_form(wanted);
  }
  if (!wanted->captures.empty()) {
    co_return co_await bind_captures(wanted);
  }
  const auto read = [wanted](storage::Journal& journal, storage::Spool& spool) {
    const VisitId visit{wanted->visit};
    return wanted->document ? jobs::document_bytes(journal, spool, visit, DocumentId{*wanted->document})
                            : jobs::printed_bytes(journal, spool, visit, JobId{*wanted->again});
  };
  auto bytes = co_await services_.ledger.run(read);
  if (!bytes) {
    co_return failure(bytes.error());
  }
  auto source = std::make_shared<Source>();
  source->copied = *std::move(bytes);
  co_return SourcePtr(std::move(source));
}

Awaitable<Result<PrintCommands::SourcePtr>> PrintCommands::set_form(SubmitPtr wanted) {
  protocol::worker::SetForm order = form_order(*wanted->form, wanted->values);
  auto form = co_await services_.forms.set(std::move(order));
  if (!form) {
    co_return failure(form.error());
  }
  auto source = std::make_shared<Source>();
  source->shared = form->bytes;
  co_return SourcePtr(std::move(source));
}

/// The pages as a document would have them, without making one.
Awaitable<Result<PrintCommands::SourcePtr>> PrintCommands::bind_captures(SubmitPtr wanted) {
  const auto portals = services_.portals.current();
  const auto open = [wanted, portals](storage::Journal& journal, storage::Spool& spool) -> Result<jobs::BindOrder> {
    protocol::DocumentAssembleArguments pages;
    pages.visit = wanted->visit;
    pages.captures = wanted->captures;
    const auto draft = jobs::new_document(journal, *portals, pages);
    return draft ? jobs::open_pages(journal, spool, *draft) : failure(draft.error());
  };
  Result<jobs::BindOrder> order = co_await services_.ledger.run(open);
  if (!order) {
    co_return failure(order.error());
  }
  Result<jobs::BoundDocument> bound = co_await services_.images.bind(std::move(*order));
  if (!bound) {
    co_return failure(bound.error());
  }
  auto source = std::make_shared<Source>();
  source->shared = bound->bytes;
  co_return SourcePtr(std::move(source));
}

/// The bytes first, then the rows that speak of them: a crash between leaves a file that the next start sweeps.
Awaitable<Outcome> PrintCommands::keep(RequestPtr request, std::shared_ptr<jobs::PrintOrder> order, SourcePtr source) {
  const auto change = [order, source](storage::Journal& journal, storage::Spool& spool, jobs::Events&) -> Outcome {
    if (Status open = jobs::check_open(journal, order->job.visit, "print.submit"); !open) {
      return failure(open.error());
    }
    if (Status room = spool.check_room(source->bytes().size()); !room) {
      return failure(room.error());
    }
    const auto stored = spool.write(jobs::print_object(order->job.visit, order->job.job), source->bytes());
    if (!stored) {
      return failure(stored.error());
    }
    order->print.bytes = stored->bytes;
    order->print.sha256 = stored->sha256;
    order->print.report = boost::json::serialize(protocol::to_json(order->report));
    Status put = journal.put(order->job);
    put = put ? journal.put(order->print) : put;
    if (!put) {
      return failure(put.error());
    }
    Success accepted = success(protocol::JobAccepted{{}, order->job.job.value});
    accepted.job = order->job.job;
    return accepted;
  };
  const std::uint64_t room = source->bytes().size();
  Outcome outcome = co_await services_.outcomes.commit(request, change);
  if (!outcome && outcome.error().code == Errc::spool_full) {
    const Status made = co_await jobs::make_room(services_.ledger, room);
    if (made) {
      outcome = co_await services_.outcomes.commit(request, change);
    }
  }
  co_return std::move(outcome);
}

Awaitable<Outcome> PrintCommands::list_forms(RequestPtr) {
  const auto forms = co_await services_.forms.list();
  if (!forms) {
    co_return failure(forms.error());
  }
  co_return success(*forms);
}

Awaitable<Outcome> PrintCommands::preview(RequestPtr request) {
  const auto arguments = arguments_of<protocol::FormPreviewArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (arguments->page < 1 || arguments->dpi < kLeastDpi || arguments->dpi > kMostDpi) {
    co_return failure(Errc::request_bad_argument, "form.preview", "/args: page from 1, dpi 50 to 200 were expected");
  }
  protocol::worker::SetForm order = form_order(arguments->form, arguments->values);
  order.preview_page = arguments->page;
  order.dpi = arguments->dpi;
  const auto picture = co_await services_.forms.set(std::move(order));
  if (!picture) {
    co_return failure(picture.error());
  }
  const auto bytes = picture->bytes->bytes();
  if (bytes.size() > protocol::kLargestChunk) {
    co_return failure(Errc::image_too_large, "form.preview", "ask for fewer dots an inch");
  }
  const protocol::worker::Rendition& said = picture->rendition;
  Success done = success(protocol::FormPreviewResult{{},
                                                     said.media_type,
                                                     bytes.size(),
                                                     arguments->page,
                                                     said.pages,
                                                     static_cast<std::int32_t>(said.width_mm / 25.4 * said.dpi),
                                                     static_cast<std::int32_t>(said.height_mm / 25.4 * said.dpi)});
  done.bytes = std::vector<std::uint8_t>(bytes.begin(), bytes.end());
  co_return std::move(done);
}

}  // namespace quay::daemon::commands
