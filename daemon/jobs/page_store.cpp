// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/page_store.hpp"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/documents/page_list.hpp"
#include "daemon/jobs/page_choice.hpp"
#include "daemon/jobs/rework.hpp"
#include "daemon/jobs/usage.hpp"
#include "daemon/storage/spool.hpp"
#include "protocol/client/error_body.hpp"
#include "protocol/client/events.hpp"
#include "protocol/client/page_report.hpp"
#include "protocol/json/writer.hpp"

namespace quay::daemon::jobs {

using loop::Awaitable;
using Papers = std::vector<storage::GenerationRow>;

namespace {

/// What a page is a making of: the capture, and the row of its generation (kept from the second on).
struct MadePage {
  storage::CaptureRow capture;
  storage::GenerationRow generation;
};

MadePage made_page(const PageTask& task) {
  storage::GenerationRow row;
  row.capture = task.capture.capture;
  row.generation = task.generation;
  row.profile = task.profile;
  row.settings = boost::json::serialize(protocol::to_json(task.settings));
  return {task.capture, std::move(row)};
}

/// How the making ended, and what the capture is by that.
Status put_outcome(storage::Journal& open, const MadePage& made, protocol::CaptureState state,
                   const std::optional<std::string>& error) {
  const bool first = made.generation.generation == 1;
  if (!first) {
    storage::GenerationRow row = made.generation;
    row.state = state;
    row.error = error;
    if (Status put = open.put(row); !put) {
      return put;
    }
  }
  const auto known = open.capture(made.capture.capture);
  const auto later = known ? open.generations(made.capture.capture) : failure(known.error());
  if (!later || !*known) {
    return later ? Status() : Status(failure(later.error()));
  }
  storage::CaptureRow capture = **known;
  if (first) {
    capture.error = error;
  }
  capture.state = standing(first ? state : capture.state, *later);
  if (capture.state == protocol::CaptureState::ready) {
    capture.error.reset();
  }
  return open.put(capture);
}

/// What an image worker said of a page, in two: `open` may stand in the journal; what barcodes say is the citizen's, so
/// it goes into an object under the visit's key.
struct Facts {
  protocol::PageReport open;
  std::vector<protocol::CodeBody> codes;
};

Facts facts_of(const protocol::json::object& report) {
  Facts facts;
  facts.open = protocol::from_json<protocol::PageReport>(report).value_or(protocol::PageReport{});
  facts.codes = std::exchange(facts.open.codes, {});
  return facts;
}

std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

/// What the image worker had against the picture.
std::vector<protocol::QualityNotice> quality_of(const protocol::PageReport& report) {
  std::vector<protocol::QualityNotice> notices;
  std::transform(report.quality.begin(), report.quality.end(), std::back_inserter(notices),
                 [](const protocol::QualityBody& issue) {
                   return protocol::QualityNotice{{}, issue.code, issue.vi, issue.en};
                 });
  return notices;
}

protocol::RenditionNotice notice_of(const storage::RenditionRow& row) {
  return {{}, row.info.rendition, row.info.media_type, row.info.bytes};
}

/// A making of a page with the rows of what came of it: the rendition itself, and what was read beside it.
struct Kept {
  MadePage made;
  std::string kind;  ///< preview, page or text
  storage::RenditionRow row;
  std::optional<storage::RenditionRow> codes;
  std::optional<std::string> request_id;
  protocol::PageReport report;  ///< all defaults: nothing was said
  std::int32_t part = 0;        ///< which of several papers this page is
};

/// capture.preview, capture.ready or capture.text. Renditions of later generations are called "page-2" and so on.
protocol::Event rendition_event(const Kept& kept) {
  const storage::CaptureRow& capture = kept.made.capture;
  const std::string& id = capture.capture.value;
  const std::int32_t generation = kept.made.generation.generation;
  const protocol::RenditionNotice notice = notice_of(kept.row);
  if (kept.kind == "page") {
    protocol::CaptureReady data{{},       id,         capture.job.value,       capture.page,
                                {notice}, generation, quality_of(kept.report), kept.report.parts,
                                kept.part};
    if (kept.codes) {
      data.renditions.push_back(notice_of(*kept.codes));
    }
    return make_event(protocol::topic::kCaptureReady, data, capture.visit.value, kept.request_id);
  }
  if (kept.kind == "text") {
    const protocol::CaptureText data{{}, id, capture.job.value, capture.page, notice, generation};
    return make_event(protocol::topic::kCaptureText, data, capture.visit.value, kept.request_id);
  }
  const protocol::CapturePreview data{{}, id, capture.job.value, capture.page, notice, generation};
  return make_event(protocol::topic::kCapturePreview, data, capture.visit.value, kept.request_id);
}

Status write_object(storage::Spool& spool, const VisitId& visit, storage::RenditionRow& row,
                    std::span<const std::uint8_t> bytes) {
  auto stored = spool.write({visit, row.owner, row.info.rendition}, bytes);
  if (!stored) {
    return failure(stored.error());
  }
  row.info.bytes = stored->bytes;
  row.info.sha256 = stored->sha256;
  return {};
}

/// The papers that become pages after the scan's own: what the picture shows counts for that once. The report says how
/// many really follow.
Result<Papers> enlist_parts(storage::Journal& open, Kept& kept) {
  Papers papers;
  if (kept.made.generation.generation == 1) {
    auto enlisted = enlist_papers(open, kept.made.capture, kept.report.parts);
    if (!enlisted) {
      return enlisted;
    }
    papers = *std::move(enlisted);
  }
  kept.report.parts = std::max(static_cast<std::int32_t>(papers.size()), 1);
  return papers;
}

/// The rows of a making and its event. Inside a transaction.
Result<Papers> put(storage::Journal& open, Events& events, Kept kept) {
  Result<Papers> papers = kept.kind == "page" ? enlist_parts(open, kept) : Papers{};
  if (!papers) {
    return papers;
  }
  if (kept.kind != "preview") {
    kept.row.report = boost::json::serialize(protocol::to_json(kept.report));
  }
  Status done = open.put(kept.row);
  if (done && kept.codes) {
    done = open.put(*kept.codes);
  }
  if (done && kept.kind == "page") {
    done = put_outcome(open, kept.made, protocol::CaptureState::ready, {});
  }
  if (done) {
    done = append(open, events, rendition_event(kept));
  }
  return done ? std::move(papers) : failure(done.error());
}

}  // namespace

Result<std::shared_ptr<ReadableBuffer>> open_bytes(supervise::Incoming& incoming, std::uint64_t bytes) {
  if (incoming.descriptors.size() != 1) {
    return failure(Errc::worker_protocol, "image.receive", "one descriptor was expected");
  }
  auto buffer = ReadableBuffer::open(std::move(incoming.descriptors.front()), bytes);
  if (!buffer) {
    return failure(buffer.error());
  }
  return std::make_shared<ReadableBuffer>(std::move(*buffer));
}

protocol::RenditionInfo info_of(const protocol::worker::Rendition& rendition, const std::string& name) {
  protocol::RenditionInfo info;
  info.rendition = name;
  info.media_type = rendition.media_type;
  info.width = rendition.width;
  info.height = rendition.height;
  info.dpi = rendition.dpi;
  info.width_mm = rendition.width_mm;
  info.height_mm = rendition.height_mm;
  return info;
}

Awaitable<Result<UniqueFd>> PageStore::pixels_of(const PageTask& task) {
  if (task.pixels) {
    co_return UniqueFd(::dup(task.pixels->fd()));
  }
  const storage::CaptureRow& capture = task.capture;
  const storage::ObjectName object{capture.visit, capture.capture.value, "raw"};
  const storage::StoredObject expected{capture.raw_bytes, capture.raw_sha256};
  const auto work = [object, expected](storage::Journal&, storage::Spool& spool) {
    return spool.read_into_memfd(object, expected);
  };
  co_return co_await ledger_.run(work);
}

Awaitable<Result<Papers>> PageStore::keep(const PageTask& task, Made what) {
  const Facts facts = facts_of(what.report);
  const std::string& owner = task.capture.capture.value;
  Kept kept{made_page(task), what.info.rendition, {owner, what.info, ""}, {},
            task.request_id, facts.open,          task.settings.part};
  kept.row.info.rendition = documents::rendition_name(kept.kind, task.generation);
  std::vector<std::uint8_t> codes;
  if (kept.kind == "page" && !facts.codes.empty()) {
    codes = bytes_of(boost::json::serialize(protocol::to_json(facts.codes)));
    kept.codes = storage::RenditionRow{owner, {}, ""};
    kept.codes->info.rendition = documents::rendition_name("codes", task.generation);
    kept.codes->info.media_type = "application/json";
  }
  const std::shared_ptr<ReadableBuffer> bytes = what.bytes;
  const auto papers = std::make_shared<Papers>();
  const Ledger::Change change = [=](storage::Journal& journal, storage::Spool& spool, Events& events) mutable {
    const storage::CaptureRow& capture = kept.made.capture;
    const auto known = journal.capture(capture.capture);
    if (!known || !*known) {
      return Status(failure(Errc::visit_closed, "rendition.store", "the visit was closed meanwhile"));
    }
    Status written = write_object(spool, capture.visit, kept.row, bytes->bytes());
    if (written && kept.codes) {
      written = write_object(spool, capture.visit, *kept.codes, codes);
    }
    if (!written) {
      return written;
    }
    return journal.transact([&](storage::Journal& open) -> Status {
      auto follow = put(open, events, kept);
      if (!follow) {
        return failure(follow.error());
      }
      *papers = *std::move(follow);
      note_citizens(open, spool.keys(), facts.codes);
      return hand_over(open, events, kept.row, bytes->bytes());
    });
  };
  const Status committed = co_await ledger_.commit(change);
  if (!committed) {
    co_return failure(committed.error());
  }
  co_return std::move(*papers);
}

Awaitable<void> PageStore::report_failure(const PageTask& task, Error error) {
  log_.error("capture {}: {}", task.capture.capture.value, describe(error));
  const MadePage made = made_page(task);
  const storage::CaptureRow capture = task.capture;
  const protocol::ErrorBody body = protocol::to_body(error);
  const std::string text = boost::json::serialize(protocol::to_json(body));
  const protocol::CaptureFailed data{{},   capture.capture.value,     capture.job.value, capture.page,
                                     body, made.generation.generation};
  const std::optional<std::string> request_id = task.request_id;
  const Ledger::Change change = [=](storage::Journal& journal, storage::Spool&, Events& events) {
    return journal.transact([&](storage::Journal& open) -> Status {
      const auto known = open.capture(capture.capture);
      if (!known || !*known) {
        return known ? Status() : Status(failure(known.error()));  // its visit was purged: nothing comes back
      }
      if (Status put = put_outcome(open, made, protocol::CaptureState::failed, text); !put) {
        return put;
      }
      return append(open, events, make_event(protocol::topic::kCaptureFailed, data, capture.visit.value, request_id));
    });
  };
  const Status committed = co_await ledger_.commit(change);
  if (!committed) {
    log_.error("capture {}: {}", capture.capture.value, describe(committed.error()));
  }
}

}  // namespace quay::daemon::jobs
