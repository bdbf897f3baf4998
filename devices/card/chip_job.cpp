// SPDX-License-Identifier: Apache-2.0
#include "devices/card/chip_job.hpp"

#include <algorithm>
#include <chrono>

#include "devices/card/trust_directory.hpp"

namespace quay::card {

namespace frames = worker::frames;
using emrtd::FileId;
using frames::Stage;
using protocol::CardPart;

namespace {

/// The first piece asked for with a reader and kind of card not met before: more saves little, and takes longer to find
/// out where extended commands are dropped.
constexpr std::size_t kHopefulPiece = 1024;
constexpr Milliseconds kAfterReset{1'000};
constexpr Milliseconds kLookAgain{50};
constexpr int kMostTears = 2;
constexpr int kMostResets = 2;
/// Between two signs of life while nobody lays a card down.
constexpr Milliseconds kStillWaiting{1'000};

identity::Date today() {
  const std::chrono::year_month_day now{std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
  return {static_cast<int>(now.year()), static_cast<int>(static_cast<unsigned>(now.month())),
          static_cast<int>(static_cast<unsigned>(now.day()))};
}

std::int64_t unix_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// A card that does not answer is another fault than none.
Error nobody_came(const SlotsSeen& seen) {
  const bool mute = std::any_of(seen.slots.begin(), seen.slots.end(), [](const protocol::CardSlot& slot) {
    return slot.state == protocol::CardSlotState::mute;
  });
  return mute ? make_error(Errc::card_mute, "card.read", "a card lies there and does not answer")
              : make_error(Errc::card_absent, "card.read", "no card was laid down in time");
}

identity::Facts facts_of(const frames::CardFacts& qr) {
  return {qr.number, qr.name, true, identity::parse_iso(qr.birth_date), {}};
}

}  // namespace

worker::Outcome ChipJob::run() {
  Deadline until = deadline_in(Milliseconds(order_.wait_ms));
  std::optional<Error> last;
  while (!job_.cancelled()) {
    Status done = wait_for_card(until);
    done = done ? try_once() : done;
    if (done) {
      return {};
    }
    const Error& error = done.error();
    if (may_come(error) && SteadyClock::now() < until) {  // pcscd sees a card leave later than whoever speaks to it
      last = error.code == Errc::card_unsupported ? error : last;
      desk_.watch.wait_for_news(std::min(until, deadline_in(kLookAgain)));
      continue;
    }
    const auto patience = patience_after(error);
    const bool nobody_came = error.code == Errc::card_absent && last;
    last = nobody_came ? last : error;
    if (!patience) {
      break;
    }
    desk_.log.info("the card is read on after: {}", describe(error));
    until = deadline_in(*patience);
  }
  return {0, job_.cancelled() || !last ? job_.cancelled_error("card.read") : *last};
}

/// Somebody laid down a card that is none of ours. In a contact slot a bank's card, or a soldered module, may stay for
/// good: then ours is still to come.
bool ChipJob::is_misplaced() const {
  const std::vector<protocol::CardSlot> slots = desk_.watch.now().slots;
  return std::any_of(slots.begin(), slots.end(), [](const protocol::CardSlot& slot) {
    return slot.interface == protocol::CardInterface::contactless && !slot.identity_card.value_or(true);
  });
}

bool ChipJob::may_come(const Error& error) const {
  return error.code == Errc::card_absent || (error.code == Errc::card_unsupported && !met_ && !is_misplaced());
}

/// How long to wait for the card before the next try; nothing: the reading is over.
std::optional<Milliseconds> ChipJob::patience_after(const Error& error) {
  if (error.code == Errc::card_removed && ++tears_ <= kMostTears) {
    return Milliseconds(order_.laid_back_ms);
  }
  // Another program reset the card; or it slipped, and pcscd has not seen that yet.
  const bool may_go_on = error.native.name == "SCARD_W_RESET_CARD" || error.native.name == "SCARD_E_NOT_TRANSACTED";
  return may_go_on && ++resets_ <= kMostResets ? std::optional(kAfterReset) : std::nullopt;
}

Status ChipJob::wait_for_card(Deadline until) {
  const auto unwanted = [this] { return job_.cancelled(); };
  for (;;) {
    job_.progress(Stage::waiting_for_card, 0);
    const Deadline look = std::min(until, deadline_in(kStillWaiting));
    if (desk_.watch.wait_for_card(look, unwanted)) {
      return {};
    }
    const SlotsSeen seen = desk_.watch.now();
    if (job_.cancelled() || SteadyClock::now() >= until) {
      return failure(seen.trouble.value_or(nobody_came(seen)));
    }
  }
}

Result<emrtd::AccessKeys> ChipJob::keys() const {
  emrtd::AccessKeys keys;
  if (!order_.can.empty()) {
    auto can = emrtd::can_password(order_.can);
    if (!can) {
      return failure(can.error());
    }
    keys.can = *std::move(can);
  }
  for (const frames::CardZone& zone : order_.zones) {
    auto password = emrtd::mrz_password({zone.document_number, zone.birth_date, zone.expiry_date});
    if (!password) {
      return failure(password.error());
    }
    keys.zones.push_back(*std::move(password));
  }
  return keys;
}

Status ChipJob::try_once() {
  auto access = keys();
  if (!access) {
    return failure(access.error());
  }
  job_.progress(Stage::opening, 0);
  auto opened = Context::open();
  if (!opened) {
    return failure(opened.error());
  }
  const auto context = std::make_shared<const Context>(*std::move(opened));
  int commands = 0;
  const auto chosen = choose_slot(context, desk_.watch, [&] {
    job_.progress(Stage::reading, 0, ++commands);
    return job_.cancelled();
  });
  met_ = chosen.has_value();
  if (!chosen) {
    return failure(chosen.error());
  }
  const std::string kind = chosen->slot.reader + "|" + chosen->slot.atr;
  const auto known = desk_.pieces.find(kind);
  emrtd::ChipReader chip(*chosen->link, *std::move(access), emrtd::kernel_random(),
                         known == desk_.pieces.end() ? kHopefulPiece : known->second);
  Status done = chip.open();
  done = done ? files_.check_same(chip) : done;
  done = done ? read_parts(chip) : done;
  if (done) {
    desk_.pieces[kind] = chip.piece();
  }
  return done;
}

Status ChipJob::read_parts(emrtd::ChipReader& chip) {
  for (const auto step :
       {&ChipJob::read_identity, &ChipJob::read_details, &ChipJob::read_portrait, &ChipJob::read_authenticity}) {
    if (Status done = (this->*step)(chip); !done) {
      return done;
    }
  }
  return {};
}

/// A file without which there is no reading. That it is not given out is a fault of this card's data, not its kind.
Result<emrtd::Bytes> ChipJob::read_needed(emrtd::ChipReader& chip, FileId file) {
  auto bytes = files_.read(chip, file);
  if (!bytes && bytes.error().code == Errc::card_unsupported) {
    Error error = bytes.error();
    error.code = Errc::card_data_malformed;
    return failure(std::move(error));
  }
  return bytes;
}

Status ChipJob::read_identity(emrtd::ChipReader& chip) {
  if (sent_.identity) {
    return {};
  }
  const auto file = read_needed(chip, FileId::dg1);
  const auto text = file ? emrtd::parse_dg1(*file) : Result<std::string>(failure(file.error()));
  if (!text) {
    return failure(text.error());
  }
  const auto zone = identity::parse_zone_td1(*text, today());
  if (!zone) {
    return failure(zone.error());
  }
  zone_ = card::facts_of(*zone);
  frames::CardRead part;
  part.part = CardPart::identity;
  part.values = filter_.of_zone(*zone, *text);
  if (order_.qr) {
    part.checks.push_back(check_of("qr zone", facts_of(*order_.qr), *zone_));
  }
  sent_.identity = true;
  return job_.send(std::move(part));
}

/// Cards from 2024 on may hold what only the authority can read: that is no failure.
Status ChipJob::read_details(emrtd::ChipReader& chip) {
  if (sent_.details || !filter_.wants_details()) {
    return {};
  }
  const auto file = files_.read(chip, FileId::dg13);
  const auto fields = file ? emrtd::parse_dg13(*file) : Result<emrtd::VietnameseFields>(failure(file.error()));
  if (!fields && !concerns_file_alone(fields.error())) {
    return failure(fields.error());
  }
  frames::CardRead part;
  part.part = CardPart::details;
  if (fields) {
    part.values = filter_.of_details(*fields);
    const identity::Facts details = card::facts_of(*fields);
    if (zone_) {
      part.checks.push_back(check_of("zone details", *zone_, details));
    }
    if (order_.qr) {
      part.checks.push_back(check_of("qr details", facts_of(*order_.qr), details));
    }
  } else {
    desk_.log.info("DG13: {}", describe(fields.error()));
  }
  sent_.details = true;
  return job_.send(std::move(part));
}

Status ChipJob::read_portrait(emrtd::ChipReader& chip) {
  if (sent_.portrait || !filter_.wants_portrait()) {
    return {};
  }
  const auto file = read_needed(chip, FileId::dg2);
  const auto portrait = file ? emrtd::parse_dg2(*file) : Result<emrtd::Portrait>(failure(file.error()));
  if (!portrait) {
    return failure(portrait.error());
  }
  auto buffer = WritableBuffer::create(portrait->image.size());
  if (!buffer) {
    return failure(buffer.error());
  }
  std::copy(portrait->image.begin(), portrait->image.end(), buffer->bytes().begin());
  frames::CardRead part;
  part.part = CardPart::portrait;
  part.portrait_bytes = portrait->image.size();
  part.portrait_media_type = portrait->format == emrtd::PortraitFormat::jpeg ? "image/jpeg" : "image/jp2";
  sent_.portrait = true;
  return job_.send(std::move(part), {buffer->fd()});
}

Status ChipJob::read_authenticity(emrtd::ChipReader& chip) {
  const auto said = files_.judge(chip, read_trust(desk_.trust, desk_.log), unix_now());
  if (!said) {
    return failure(said.error());
  }
  frames::CardRead part;
  part.part = CardPart::authenticity;
  part.authenticity = *said;
  return job_.send(std::move(part));
}

}  // namespace quay::card
