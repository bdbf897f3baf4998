// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/card_commands.hpp"

#include <algorithm>

#include "daemon/commands/query.hpp"
#include "daemon/documents/page_list.hpp"
#include "daemon/jobs/usage.hpp"
#include "identity/card_number.hpp"
#include "identity/sex.hpp"
#include "protocol/client/page_report.hpp"

namespace quay::daemon::commands {

namespace frames = protocol::worker;
using loop::Awaitable;
using protocol::CardField;
using protocol::CardReadArguments;
using protocol::CardSource;

namespace {

constexpr std::int32_t kLongestWait = 300;
constexpr std::uint64_t kLargestCodes = 256U * 1024;
/// A card that slipped may be laid back within this; the clerk hears of a failure within three seconds.
constexpr std::int64_t kLaidBackMs = 2'500;

auto wrong(std::string text) { return failure(Errc::request_bad_argument, "card.read", "/args/" + std::move(text)); }

/// Says what is wrong, never what was said: it is a citizen's.
Status check_arguments(const CardReadArguments& arguments) {
  const auto& fields = arguments.fields;
  if (fields.empty() || std::find(fields.begin(), fields.end(), CardField::other) != fields.end()) {
    return wrong("fields: names of fields were expected, at least one");
  }
  if (arguments.source == CardSource::other) {
    return wrong("source: qr or chip was expected");
  }
  if (arguments.wait_s < 0 || arguments.wait_s > kLongestWait) {
    return wrong("wait_s: 0 to 300 were expected");
  }
  if (arguments.can && !identity::is_digits(*arguments.can, 6)) {
    return wrong("can: six digits were expected");
  }
  if (arguments.number && !identity::is_digits(*arguments.number, 12)) {
    return wrong("number: twelve digits were expected");
  }
  if (arguments.source == CardSource::qr && !arguments.capture_id) {
    return wrong("capture_id: a page with the card's QR code was expected");
  }
  return {};
}

Result<storage::CaptureRow> capture_of(storage::Journal& journal, const VisitId& visit, const CaptureId& capture) {
  const auto row = journal.capture(capture);
  if (!row) {
    return failure(row.error());
  }
  if (!*row || (*row)->visit != visit) {
    return failure(Errc::capture_unknown, "card.read", quoted(capture.value));
  }
  return **row;
}

/// What the barcodes of the newest generation say. Errors: capture_not_ready while it is being made.
Result<std::vector<protocol::CodeBody>> codes_of(storage::Journal& journal, const storage::Spool& spool,
                                                 const storage::CaptureRow& capture) {
  const auto generations = journal.generations(capture.capture);
  if (!generations) {
    return failure(generations.error());
  }
  const std::int32_t newest = generations->empty() ? 1 : generations->back().generation;
  for (std::int32_t number = newest; number > 0; --number) {
    const std::string name = documents::rendition_name("codes", number);
    const auto row = journal.rendition(capture.capture.value, name);
    if (!row) {
      return failure(row.error());
    }
    if (!*row) {
      continue;
    }
    const auto bytes = spool.read({capture.visit, capture.capture.value, name}, 0, kLargestCodes);
    if (!bytes) {
      return failure(bytes.error());
    }
    boost::system::error_code error;
    const protocol::json::value list =
        boost::json::parse(std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()), error);
    return protocol::from_json<std::vector<protocol::CodeBody>>(list);
  }
  const bool made = capture.state != protocol::CaptureState::captured;
  return failure(made ? Errc::card_qr_missing : Errc::capture_not_ready, "card.read", capture.capture.value);
}

Result<identity::QrPayload> card_among(const std::vector<protocol::CodeBody>& codes) {
  Error error = make_error(Errc::card_qr_missing, "card.read", "no QR code");
  for (const protocol::CodeBody& code : codes) {
    if (code.format != "QRCode") {
      continue;
    }
    auto card = identity::parse_qr(code.text);
    if (card) {
      return card;
    }
    error = card.error();
  }
  return failure(error);
}

void keep(std::optional<std::string>& into, const CardReadArguments& arguments, CardField field,
          const std::string& value) {
  const bool wanted = std::find(arguments.fields.begin(), arguments.fields.end(), field) != arguments.fields.end();
  if (wanted && !value.empty()) {
    into = value;
  }
}

protocol::CardValues values_of(const CardReadArguments& arguments, const identity::QrPayload& card) {
  protocol::CardValues values;
  keep(values.number, arguments, CardField::number, card.number);
  keep(values.old_number, arguments, CardField::old_number, card.old_number);
  keep(values.name, arguments, CardField::name, card.name);
  keep(values.birth_date, arguments, CardField::birth_date, identity::iso(card.birth));
  keep(values.sex, arguments, CardField::sex, identity::sex_of(card.sex));
  keep(values.residence, arguments, CardField::residence, card.residence);
  keep(values.issue_date, arguments, CardField::issue_date, card.issued ? identity::iso(*card.issued) : "");
  return values;
}

/// What opens the chip, and what it is held against. Cards that only open with the zone take one of the days on which
/// they may end.
frames::ReadCard worker_order(const CardReadArguments& arguments, const std::optional<identity::QrPayload>& card) {
  frames::ReadCard order;
  const std::string number = card ? card->number : arguments.number.value_or("");
  order.can = arguments.can.value_or(identity::can_of(number));
  if (card) {
    const std::string birth = identity::zone_spelling(card->birth);
    const std::string document = identity::document_number_of(card->number);
    for (const identity::Date& day : identity::possible_expiries(card->birth, card->issued)) {
      order.zones.push_back({{}, document, birth, identity::zone_spelling(day)});
    }
    if (identity::may_have_no_end(card->birth, card->issued)) {
      order.zones.push_back({{}, document, birth, std::string(identity::kNoEnd)});
    }
    order.qr = frames::CardFacts{{}, card->number, card->name, identity::iso(card->birth)};
  }
  order.fields = arguments.fields;
  order.wait_ms = std::int64_t{1'000} * arguments.wait_s;
  order.laid_back_ms = kLaidBackMs;
  return order;
}

/// For the journal: what was asked, without what opens the card.
protocol::json::object told_of(CardReadArguments arguments) {
  arguments.can.reset();
  arguments.number.reset();
  return protocol::to_json_object(arguments);
}

}  // namespace

void CardCommands::add_to(CommandSet& commands) {
  commands.add({"card.read",
                core::Role::front_end,
                Subject::visit,
                Effect::starts,
                handler(this, &CardCommands::read),
                false,
                {},
                Access::logged});
  commands.add({"card.get",
                core::Role::front_end,
                Subject::visit,
                Effect::reads,
                handler(this, &CardCommands::get),
                false,
                {},
                Access::logged});
}

Awaitable<Outcome> CardCommands::read(RequestPtr request) {
  const auto arguments = arguments_of<CardReadArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (const Status good = check_arguments(*arguments); !good) {
    co_return failure(good.error());
  }
  std::optional<identity::QrPayload> card;
  if (arguments->capture_id) {
    const VisitId visit{arguments->visit};
    const CaptureId capture{*arguments->capture_id};
    const auto found = co_await read_qr(visit, capture);
    if (!found) {
      co_return failure(found.error());
    }
    card = *found;
  }
  if (arguments->source == CardSource::qr) {
    co_return give_qr(*arguments, *card);
  }
  auto order = chip_order(request->command, *arguments, card);
  if (!order) {
    co_return failure(order.error());
  }
  const JobId job = order->job;
  Outcome outcome = co_await starter_.start(request, *std::move(order), 0);
  if (!outcome) {
    services_.cards.forget(job);
  }
  co_return std::move(outcome);
}

Awaitable<Result<identity::QrPayload>> CardCommands::read_qr(VisitId visit, CaptureId capture) {
  const auto look = [visit, capture](storage::Journal& journal, storage::Spool& spool) -> Result<identity::QrPayload> {
    if (const Status open = jobs::check_open(journal, visit, "card.read"); !open) {
      return failure(open.error());
    }
    const auto row = capture_of(journal, visit, capture);
    if (!row) {
      return failure(row.error());
    }
    const auto codes = codes_of(journal, spool, *row);
    return codes ? card_among(*codes) : Result<identity::QrPayload>(failure(codes.error()));
  };
  co_return co_await services_.ledger.run(look);
}

/// There is nothing to wait for: the job is over before it is told of.
Outcome CardCommands::give_qr(const CardReadArguments& arguments, const identity::QrPayload& card) {
  protocol::CardReading reading;
  reading.source = CardSource::qr;
  reading.parts = {protocol::CardPart::identity};
  reading.complete = true;
  reading.values = values_of(arguments, card);
  const JobId job{random_uuid()};
  services_.cards.keep({job, VisitId{arguments.visit}, DeviceId{}}, std::move(reading));
  protocol::Job told;
  told.job = job.value;
  told.kind = "card";
  told.visit = arguments.visit;
  told.state = protocol::JobState::done;
  return success(told);
}

std::string CardCommands::only_reader() const {
  for (const protocol::Device& device : services_.devices.snapshot()) {
    if (device.kind == protocol::DeviceKind::card) {
      return device.id;
    }
  }
  return {};
}

Result<jobs::CaptureOrder> CardCommands::chip_order(const protocol::Command& command,
                                                    const CardReadArguments& arguments,
                                                    const std::optional<identity::QrPayload>& card) {
  if (only_reader().empty()) {
    return failure(Errc::card_chip_disabled, "card.read", "card.chip is not set in the configuration");
  }
  if (!card && !arguments.can && !arguments.number) {
    return failure(Errc::card_key_missing, "card.read", "can, number or capture_id was expected");
  }
  jobs::CaptureOrder order;
  order.job = JobId{random_uuid()};
  order.kind = "card";
  order.visit = VisitId{arguments.visit};
  order.device = DeviceId{arguments.device.value_or(only_reader())};
  order.arguments = told_of(arguments);
  order.consent = protocol::ConsentKind::chip;
  order.stall = patience_;
  order.ask = [wish = worker_order(arguments, card)](std::uint64_t request) {
    frames::ReadCard frame = wish;
    frame.request = request;
    return frames::ToWorker(std::move(frame));
  };
  const jobs::CardDesk::Reference reference{order.job, order.visit, order.device};
  services_.cards.begin(reference, std::chrono::seconds(arguments.wait_s));
  order.take = [this, reference](supervise::Incoming incoming) {
    count_citizen(incoming);
    services_.cards.take(reference, std::move(incoming));
  };
  order.request_id = command.request_id;
  order.deadline = deadline_of(command);
  return order;
}

/// Who was here today counts once, also with his card read twice. Nothing waits for it, and nothing fails with it.
void CardCommands::count_citizen(const supervise::Incoming& incoming) {
  const auto* part = std::get_if<frames::CardRead>(&incoming.message);
  if (part != nullptr && part->values.number) {
    services_.tasks.spawn("citizen", jobs::count_citizen(services_.ledger, services_.log, *part->values.number));
  }
}

Awaitable<Outcome> CardCommands::get(RequestPtr request) {
  const auto arguments = arguments_of<protocol::CardGetArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const Status open = co_await check_open_visit(services_.ledger, arguments->visit, request->command.cmd);
  if (!open) {
    co_return failure(open.error());
  }
  const auto reading = services_.cards.get(JobId{arguments->job}, VisitId{arguments->visit});
  if (!reading) {
    co_return failure(reading.error());
  }
  co_return success(*reading);
}

}  // namespace quay::daemon::commands
