// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/print_run.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "devices/printer/raster.hpp"
#include "devices/printer/refusals.hpp"
#include "protocol/client/error_body.hpp"
#include "protocol/json/writer.hpp"

namespace quay::printer {

namespace frames = worker::frames;
using frames::PrinterJobState;
using worker::Outcome;

namespace {

constexpr Milliseconds kLook{250};
/// quayd writes one row; when it does not come to that, it is gone.
constexpr Milliseconds kKept{60'000};
/// A printer that says nothing is the matter and takes no byte for so long has lost the connection.
constexpr Milliseconds kMute{30'000};
/// An unwanted print whose printer does not answer is given up after this.
constexpr Milliseconds kFarewell{10'000};
/// A job that was there and is not any more: asked once again, then believed.
constexpr int kMostMissed = 2;
constexpr std::size_t kLongestReasons = 1000;  // bytes

}  // namespace

Outcome PrintRun::run(std::span<const std::uint8_t> pdf) {
  const auto pages = PdfPages::open(pdf);
  if (!pages) {
    return {0, pages.error()};
  }
  Status done = get_ready(*pages);
  if (done) {
    done = bring_to_printer(*pages, pdf);
  }
  if (done && (id_ > 0 || sent_)) {
    done = follow();
  }
  tell();
  if (!done) {
    return {0, done.error()};
  }
  return {pages->count(), refusal_};
}

/// Knows the printer and what it is to be asked. Waits for one that does not answer.
Status PrintRun::get_ready(const PdfPages& pages) {
  Wish wish{order_.media, pages.size(0), pages.count(), order_.copies, order_.duplex};
  for (;;) {
    const PrinterSeen printer = watch_.look();
    const bool there = printer.facts && !printer.facts->formats.empty() &&
                       std::none_of(printer.troubles.begin(), printer.troubles.end(), is_transport);
    if (there) {
      facts_ = *printer.facts;
      break;
    }
    if (must_end()) {
      return failure(cancelled());
    }
    wait_a_while();
  }
  auto ticket = make_ticket(facts_, wish);
  const bool known_before = order_.sent || order_.printer_job > 0;
  if (!ticket && !known_before) {
    return failure(ticket.error());
  }
  ticket_ =
      ticket ? *std::move(ticket) : Ticket{Format::pdf, {}, wish.copies, false, wish.pages, wish.copies * wish.pages};
  return {};
}

Result<std::optional<JobSeen>> PrintRun::find_earlier() const {
  return order_.printer_job > 0 ? link_.job(order_.printer_job, order_.name) : link_.find(order_.name);
}

/// A question about a job that was not answered is asked again; one that is refused, for so long only.
bool PrintRun::asks_again(const Error& error) {
  return is_transport(error) || error.code == Errc::device_busy || !refused_.used_up(printer_.give_up);
}

/// Says that it waits: quayd ends a worker of which it hears nothing.
void PrintRun::wait_a_while() {
  tell();
  job_.progress(frames::Stage::sending, 1, 0, ticket_.sheets);
  job_.pause(kLook);
}

/// After this the printer has the job and its document, or cannot get it.
Status PrintRun::bring_to_printer(const PdfPages& pages, std::span<const std::uint8_t> pdf) {
  for (;;) {
    const auto earlier = find_earlier();
    Status step = earlier ? try_to_bring(*earlier, pages, pdf) : Status(failure(earlier.error()));
    const bool again = !step && (earlier ? waits_out(step.error()) : asks_again(step.error()));
    if (!again) {
      return step;
    }
    if (must_end()) {
      return failure(cancelled());
    }
    wait_a_while();
  }
}

Status PrintRun::try_to_bring(const std::optional<JobSeen>& earlier, const PdfPages& pages,
                              std::span<const std::uint8_t> pdf) {
  refused_.renew();
  const bool wants = earlier ? wants_document(*earlier) : !sent_;
  if (!wants) {
    return {};  // it has it, or may have had it and knows nothing of it any more
  }
  Status step = make_document(pages, pdf);
  if (step && id_ == 0 && facts_.creates_jobs) {
    step = create();
  }
  if (step) {
    step = place();
  }
  if (step && facts_.creates_jobs) {
    send();
  } else if (step) {
    step = print_at_once();
  }
  return step;
}

/// A job of this name is at the printer already. It gets the document when none of it can have left; one that has a
/// part of it is stopped before it prints that.
bool PrintRun::wants_document(const JobSeen& job) {
  id_ = job.id;
  seen_ = job;
  sent_ = sent_ || job.has_document();
  broke_off_ = sent_ && job.awaits_document();
  return !sent_ && !job.over();
}

/// Many pages take minutes: quayd hears that it goes on.
Status PrintRun::may_draw() {
  job_.progress(frames::Stage::sending, 1, 0, ticket_.sheets);
  return must_end() ? Status(failure(cancelled())) : Status();
}

Status PrintRun::make_document(const PdfPages& pages, std::span<const std::uint8_t> pdf) {
  if (must_end()) {
    return failure(cancelled());
  }
  if (!document_.empty()) {
    return {};
  }
  document_ = pdf;
  if (ticket_.format != Format::pdf) {
    auto raster = to_raster(pages, ticket_, facts_, [this] { return may_draw(); });
    if (!raster) {
      return failure(raster.error());
    }
    raster_ = *std::move(raster);
    document_ = raster_;
  }
  return {};
}

Status PrintRun::create() {
  const auto id = link_.create(order_.name, ticket_, facts_);
  if (!id) {
    return failure(id.error());
  }
  id_ = *id;
  return {};
}

/// From the end of this on quayd knows that paper may come. A job that it may have written down stays for the next run
/// when quayd ends.
Status PrintRun::place() {
  if (placed_) {
    return {};  // a busy printer: nothing new is to be written down
  }
  const frames::Placed placed{{}, 0, id_, ticket_.pages, ticket_.sheets};
  Status sent = job_.send(placed);
  placed_ = sent && job_.wait_kept(1, deadline_in(kKept));
  if (placed_) {
    return {};
  }
  if (id_ > 0 && !left_to_next_run()) {
    [[maybe_unused]] const Status dropped =
        link_.cancel(id_);  // without a document: the printer drops it by itself too
  }
  id_ = 0;
  return failure(sent ? cancelled() : sent.error());
}

bool PrintRun::send_may_wait(Milliseconds silent) {
  job_.progress(frames::Stage::sending, 1, 0, ticket_.sheets);
  tell();
  return !must_end() && (silent < kMute || !watch_.now().troubles.empty());
}

/// Whatever goes wrong in here, the printer is asked what became of it.
void PrintRun::send() {
  sent_ = true;
  const Patience patience = [this](Milliseconds silent) { return send_may_wait(silent); };
  const Status sent = link_.send(id_, ticket_.format, document_, patience);
  broke_off_ = !sent;
  if (!sent && !is_transport(sent.error())) {
    refusal_ = sent.error();
  }
}

/// Print-Job is answered with a number or refused as a whole.
Status PrintRun::print_at_once() {
  sent_ = true;
  const Patience patience = [this](Milliseconds silent) { return send_may_wait(silent); };
  const auto id = link_.print(order_.name, ticket_, facts_, document_, patience);
  id_ = id.value_or(0);
  if (!id && took_nothing(id.error())) {
    sent_ = false;
    return failure(id.error());
  }
  if (!id && !is_transport(id.error())) {
    refusal_ = id.error();
  }
  return {};
}

/// Asks for the job until it is over.
Status PrintRun::follow() {
  heard_ = SteadyClock::now();
  while (look()) {
    tell();
    job_.progress(frames::Stage::printing, std::max(1, sheets()), std::max(0, sheets()), ticket_.sheets);
    if (job_.cancelled()) {
      return failure(cancelled());
    }
    if (gives_up()) {
      break;
    }
    job_.pause(kLook);
  }
  return unwanted() ? Status(failure(cancelled())) : Status();
}

Milliseconds PrintRun::farewell() const { return std::min(kFarewell, printer_.give_up); }

/// Nobody waits for paper any more, and the printer does not answer, or keeps the job.
bool PrintRun::gives_up() {
  const bool silent = unwanted() && SteadyClock::now() > heard_ + farewell();
  return silent || ((unwanted() || taken_back_) && kept_.used_up(printer_.give_up));
}

/// False when there is nothing more to hear.
bool PrintRun::look() {
  auto job = id_ > 0 ? link_.job(id_, order_.name) : link_.find(order_.name);
  if (!job) {
    return asks_again(job.error());
  }
  heard_ = SteadyClock::now();
  refused_.renew();
  if (!*job) {
    return note_missed();
  }
  missed_ = 0;
  id_ = (*job)->id;
  const bool at_queue = link_.endpoint().path == protocol::PrinterPath::queue;
  if (at_queue && (*job)->over()) {
    return hear_printer_behind(**job);
  }
  seen_ = *std::move(job);
  counted_ = !at_queue;
  if (!seen_->over()) {
    stop_if_unwanted(*seen_);
  }
  return !seen_->over();
}

bool PrintRun::note_missed() {
  seen_ = std::nullopt;
  if (refusal_ && id_ == 0) {
    sent_ = false;  // it was refused, and there never was a job
    return false;
  }
  return ++missed_ < kMostMissed;
}

/// The queue is done with it: its printer may not be.
bool PrintRun::hear_printer_behind(const JobSeen& queue) {
  PrinterBehind::Word word = behind_.hear(facts_.device_uri, queue, unwanted() ? farewell() : printer_.give_up);
  seen_ = std::move(word.job);
  counted_ = true;
  whole_ = word.whole;
  if (word.open && unwanted()) {
    behind_.cancel(facts_.device_uri);
  }
  return word.open;
}

/// Nobody wants it any more, or it waits for a document that broke off.
void PrintRun::stop_if_unwanted(const JobSeen& job) {
  const bool cut = broke_off_ && job.awaits_document();
  if ((unwanted() || cut) && !left_to_next_run()) {
    [[maybe_unused]] const Status asked = link_.cancel(job.id);  // asked again with the next look
    taken_back_ = taken_back_ || (cut && !unwanted());
  }
}

int PrintRun::sheets() const {
  if (!seen_ || !counted_) {
    return -1;
  }
  if (seen_->sheets > 0 || seen_->impressions < 0) {
    return seen_->sheets;
  }
  return sheets_of(seen_->impressions, ticket_);
}

void PrintRun::tell() {
  frames::PrintSeen said;
  said.state = seen_ ? seen_->state : PrinterJobState::missing;
  said.sent = sent_;
  said.whole = whole_;
  said.broke_off = taken_back_;
  said.sheets = sheets();
  for (const Error& trouble : watch_.now().troubles) {
    said.waits_for.push_back(protocol::to_body(trouble));
  }
  const std::string reasons = seen_ ? fmt::format("{}", fmt::join(seen_->reasons, ",")) : "";
  said.reasons = cut_utf8(reasons, kLongestReasons);
  const auto text = [](const frames::PrintSeen& one) { return boost::json::serialize(protocol::to_json(one)); };
  if (told_ && text(*told_) == text(said)) {
    return;
  }
  told_ = said;
  [[maybe_unused]] const Status sent = job_.send(said);  // quayd is gone: the channel thread ends this process
}

}  // namespace quay::printer
