// SPDX-License-Identifier: Apache-2.0
// Every event of API version 1 in one table: its topic and what stands in `data`. The JSON Schemas and the AsyncAPI
// document are made from it.
#pragma once

#include <string_view>
#include <tuple>

#include "protocol/client/documents.hpp"
#include "protocol/client/events.hpp"

namespace quay::protocol {

/// `kept`: in the journal, numbered, replayed. `transient`: newest wins, no number, never replayed.
enum class Keeping : std::uint8_t { kept, transient };

template <class DataType>
struct EventRow {
  using Data = DataType;

  std::string_view topic;
  std::string_view what;  ///< one sentence for documents
  Keeping keeping = Keeping::kept;
};

inline constexpr std::tuple kEventTable{
    EventRow<Heartbeat>{topic::kHeartbeat, "Each second: the newest sequence number.", Keeping::transient},
    EventRow<SystemState>{topic::kSystemStarted, "quayd is up."},
    EventRow<SystemState>{topic::kSystemStopping, "quayd is going down."},
    EventRow<SystemStrain>{topic::kSystemStrained, "quayd runs short of something: a technician is needed."},
    EventRow<SystemStrain>{topic::kSystemEased, "quayd has enough of it again."},
    EventRow<Device>{topic::kDeviceChanged, "A device came, went or changed its status."},
    EventRow<LeaseChanged>{topic::kDeviceLeaseChanged, "A device was reserved for a visit, given back or asked for."},
    EventRow<Visit>{topic::kVisitOpened, "A visit was opened."},
    EventRow<Visit>{topic::kVisitHandedOver, "A visit was taken over: keys given out before are void."},
    EventRow<VisitExpiring>{topic::kVisitExpiring, "A visit will be purged soon if nobody uses it."},
    EventRow<VisitClosed>{topic::kVisitClosed, "A visit was purged; the receipt says where that is written down."},
    EventRow<Job>{topic::kJobStarted, "A job was taken."},
    EventRow<JobProgress>{topic::kJobProgress, "Where a running job stands.", Keeping::transient},
    EventRow<Job>{topic::kJobFinished, "A job is over: done, failed, cancelled or interrupted."},
    EventRow<PrintChanged>{topic::kPrintChanged, "A print waits for something, or it is known what came of it."},
    EventRow<CardPartRead>{topic::kCardPartRead, "A part of a card was read: card.get has it.", Keeping::transient},
    EventRow<CaptureCaptured>{topic::kCaptureCaptured, "A raw page is safe."},
    EventRow<CapturePreview>{topic::kCapturePreview, "The preview of a page can be fetched."},
    EventRow<CaptureReady>{topic::kCaptureReady, "The final page can be fetched."},
    EventRow<CaptureText>{topic::kCaptureText, "The page with its words as invisible text can be fetched."},
    EventRow<CaptureFailed>{topic::kCaptureFailed, "A page could not be cleaned or compressed; the raw page is kept."},
    EventRow<CaptureAcknowledged>{topic::kCaptureAcknowledged, "A consumer has pages or documents safe."},
    EventRow<CapturesNamed>{topic::kCaptureDiscarded, "Pages were set aside."},
    EventRow<CapturesNamed>{topic::kCaptureRestored, "Pages were taken back."},
    EventRow<CapturesNamed>{topic::kCaptureRawDropped,
                            "The originals of acknowledged pages were dropped for want of room."},
    EventRow<DocumentReady>{topic::kDocumentReady, "A revision of a document can be fetched."},
};

/// Calls `visit(row)` with each EventRow, in the order of the table.
template <class Visitor>
void for_each_event(Visitor&& visit) {
  std::apply([&](const auto&... rows) { (visit(rows), ...); }, kEventTable);
}

}  // namespace quay::protocol
