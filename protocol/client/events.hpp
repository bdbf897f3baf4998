// SPDX-License-Identifier: Apache-2.0
// Every event of API version 1: what stands in `data`. An event names things; it never carries personal data or pixels.
#pragma once

#include "protocol/client/commands.hpp"

namespace quay::protocol {

/// Transient: progress of a running job. Newest wins, never replayed.
struct JobProgress : AllOptional {
  std::string job;
  std::string device;
  std::string stage;  ///< opening | feeding | reading | waiting_for_buffer | waiting_for_card | sending | printing
  std::int32_t page = 0;
  std::int32_t percent = 0;  ///< of this page; 0 when its height is not known
};

/// capture.captured: the raw page is durable. From here on it cannot be lost.
struct CaptureCaptured : AllOptional {
  std::string capture;
  std::string job;
  std::string device;
  std::int32_t page = 0;
  std::uint64_t raw_bytes = 0;
};

/// What an event says of bytes that can be fetched: enough to decide whether to. Digest and geometry are for the
/// visit's owner only: capture.get, images.follow.
struct RenditionNotice : AllOptional {
  std::string rendition;
  std::string media_type;
  std::uint64_t bytes = 0;
};

/// capture.preview: the preview can be fetched.
struct CapturePreview : AllOptional {
  std::string capture;
  std::string job;
  std::int32_t page = 0;
  RenditionNotice rendition;
  std::int32_t generation = 1;  ///< 2 and more: made by capture.rework
};

/// Why a picture should be taken again, while the citizen is there.
struct QualityNotice : AllOptional {
  std::string code;  ///< blur, glare, cut-edge, covered, too-small, low-dpi, too-dark, ...
  std::string vi;    ///< what to do, one sentence
  std::string en;
};

/// capture.ready: the final page can be fetched.
struct CaptureReady : AllOptional {
  std::string capture;
  std::string job;
  std::int32_t page = 0;
  std::vector<RenditionNotice> renditions;
  std::int32_t generation = 1;
  std::vector<QualityNotice> quality;  ///< empty: good
  std::int32_t parts = 1;  ///< papers on the glass: as many generations follow by themselves, a page of each
  std::int32_t part = 0;   ///< which of them this page is, from 1; 0: the whole picture
};

/// capture.text: the page with its words as invisible text can be fetched; made when nothing else is to be done.
struct CaptureText : AllOptional {
  std::string capture;
  std::string job;
  std::int32_t page = 0;
  RenditionNotice rendition;
  std::int32_t generation = 1;
};

/// capture.failed: cleaning or compressing failed; the raw page is kept.
struct CaptureFailed : AllOptional {
  std::string capture;
  std::string job;
  std::int32_t page = 0;
  ErrorBody error;
  std::int32_t generation = 1;
};

/// device.lease_changed: who has a device to itself now. `change`: taken | renewed | released | expired | requested |
/// refused | handed_over
struct LeaseChanged : AllOptional {
  std::string device;
  std::string change;
  std::optional<std::string> visit;      ///< that has the device now
  std::optional<std::string> wanted_by;  ///< the visit that asked for it
};

/// visit.expiring: nothing happens to it for so long that it is about to be purged. `reason`: idle | too_old
struct VisitExpiring : AllOptional {
  std::string visit;
  std::string reason;
  std::int64_t seconds_left = 0;
};

/// capture.acknowledged: a consumer has these safe.
struct CaptureAcknowledged : AllOptional {
  std::vector<std::string> captures;
  std::vector<std::string> documents;
  std::string consumer;
};

/// capture.discarded, capture.restored, capture.raw_dropped.
struct CapturesNamed : AllOptional {
  std::vector<std::string> captures;
};

/// system.strained, system.eased: something of quayd's own runs short. `descriptors` is the only kind so far.
struct SystemStrain : AllOptional {
  std::string kind;
  std::uint64_t used = 0;
  std::uint64_t limit = 0;
  std::optional<ErrorBody> error;  ///< what to do about it; absent when it is over
};

/// system.started | system.stopping
struct SystemState : AllOptional {
  std::string version;
};

/// A device in a heartbeat: enough to draw it. The rest is in `device.describe`.
struct DeviceBrief : AllOptional {
  std::string id;
  DeviceKind kind = DeviceKind::other;
  std::string name;
  DeviceStatus status = DeviceStatus::absent;
  std::vector<std::string> reasons;
};

/// hb, each second and at once for whoever has just subscribed, transient: the newest sequence number, so that the loss
/// of the last event is seen, and the counter as it stands.
struct Heartbeat : AllOptional {
  std::uint64_t seq = 0;
  std::string status;                ///< one line for people
  json::object roots;                ///< newest sequence number of each topic root: {"capture.": 40}
  std::vector<DeviceBrief> devices;  ///< empty when they do not fit into an event: ask `state.get`
};

BOOST_DESCRIBE_STRUCT(JobProgress, (), (job, device, stage, page, percent))
BOOST_DESCRIBE_STRUCT(CaptureCaptured, (), (capture, job, device, page, raw_bytes))
BOOST_DESCRIBE_STRUCT(RenditionNotice, (), (rendition, media_type, bytes))
BOOST_DESCRIBE_STRUCT(CaptureAcknowledged, (), (captures, documents, consumer))
BOOST_DESCRIBE_STRUCT(CapturesNamed, (), (captures))
BOOST_DESCRIBE_STRUCT(CapturePreview, (), (capture, job, page, rendition, generation))
BOOST_DESCRIBE_STRUCT(QualityNotice, (), (code, vi, en))
BOOST_DESCRIBE_STRUCT(CaptureReady, (), (capture, job, page, renditions, generation, quality, parts, part))
BOOST_DESCRIBE_STRUCT(CaptureText, (), (capture, job, page, rendition, generation))
BOOST_DESCRIBE_STRUCT(CaptureFailed, (), (capture, job, page, error, generation))
BOOST_DESCRIBE_STRUCT(LeaseChanged, (), (device, change, visit, wanted_by))
BOOST_DESCRIBE_STRUCT(VisitExpiring, (), (visit, reason, seconds_left))
BOOST_DESCRIBE_STRUCT(SystemState, (), (version))
BOOST_DESCRIBE_STRUCT(SystemStrain, (), (kind, used, limit, error))
BOOST_DESCRIBE_STRUCT(DeviceBrief, (), (id, kind, name, status, reasons))
BOOST_DESCRIBE_STRUCT(Heartbeat, (), (seq, status, roots, devices))

/// Topic names, one place.
namespace topic {
inline constexpr const char* kHeartbeat = "hb";
inline constexpr const char* kSystemStarted = "system.started";
inline constexpr const char* kSystemStopping = "system.stopping";
inline constexpr const char* kSystemStrained = "system.strained";
inline constexpr const char* kSystemEased = "system.eased";
inline constexpr const char* kDeviceChanged = "device.changed";
inline constexpr const char* kDeviceLeaseChanged = "device.lease_changed";
inline constexpr const char* kVisitOpened = "visit.opened";
inline constexpr const char* kVisitHandedOver = "visit.handed_over";
inline constexpr const char* kVisitExpiring = "visit.expiring";
inline constexpr const char* kVisitClosed = "visit.closed";
inline constexpr const char* kJobStarted = "job.started";
inline constexpr const char* kJobProgress = "job.progress";
inline constexpr const char* kJobFinished = "job.finished";
inline constexpr const char* kPrintChanged = "print.changed";
inline constexpr const char* kCardPartRead = "card.part_read";
inline constexpr const char* kCaptureCaptured = "capture.captured";
inline constexpr const char* kCapturePreview = "capture.preview";
inline constexpr const char* kCaptureReady = "capture.ready";
inline constexpr const char* kCaptureText = "capture.text";
inline constexpr const char* kCaptureFailed = "capture.failed";
inline constexpr const char* kCaptureAcknowledged = "capture.acknowledged";
inline constexpr const char* kCaptureDiscarded = "capture.discarded";
inline constexpr const char* kCaptureRestored = "capture.restored";
inline constexpr const char* kCaptureRawDropped = "capture.raw_dropped";
inline constexpr const char* kDocumentReady = "document.ready";
}  // namespace topic

}  // namespace quay::protocol
