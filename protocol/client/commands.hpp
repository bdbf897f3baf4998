// SPDX-License-Identifier: Apache-2.0
// Every command of API version 1: its name, what it takes, what it gives. docs/protocol.md says it in prose; the JSON
// Schema in protocol/schema/ is made from these structs.
#pragma once

#include "protocol/client/camera.hpp"
#include "protocol/client/delivery.hpp"
#include "protocol/client/device.hpp"
#include "protocol/client/error_body.hpp"
#include "protocol/client/images.hpp"
#include "protocol/client/page_report.hpp"
#include "protocol/client/page_settings.hpp"
#include "protocol/client/printing.hpp"
#include "protocol/client/visits.hpp"

namespace quay::protocol {

struct NoArguments : AllOptional {};
BOOST_DESCRIBE_STRUCT(NoArguments, (), ())

// ---- hello, state.get, replay -------------------------------------------------------------------------------------

/// What the client says of itself: its name, and the major versions it speaks.
struct HelloArguments : AllOptional {
  std::string name;  ///< of the program, for people: at most 64 characters
  std::int32_t api_from = 1;
  std::int32_t api_to = 1;
};

/// What one peer may ask for; more is refused with request.too_large or request.too_many.
struct Limits : AllOptional {
  std::int32_t command_bytes = 0;
  std::int32_t chunk_bytes = 0;          ///< of images.fetch
  std::int32_t commands_per_second = 0;  ///< in the long run
  std::int32_t commands_in_flight = 0;   ///< sent and not yet answered
  std::int32_t lease_seconds = 0;        ///< the longest device.lease
  std::int32_t fetches_in_flight = 0;    ///< images.fetch, of them
};

struct HelloResult : AllOptional {
  std::string api;  ///< "1.0"
  std::string version;
  std::string journal;
  std::uint64_t seq = 0;
  std::vector<std::string> features;
  std::string peer;                ///< whom quayd takes the client for
  std::vector<std::string> roles;  ///< viewer, front_end, technician: what it may do
  Limits limits;
};

enum class JobState : std::uint8_t { queued, running, done, failed, cancelled, interrupted, other };
BOOST_DESCRIBE_ENUM(JobState, queued, running, done, failed, cancelled, interrupted, other)

struct Job : AllOptional {
  std::string job;
  std::string kind;  ///< scan | capture | card | print
  std::string visit;
  std::string device;
  JobState state = JobState::queued;
  std::int32_t pages = 0;  ///< pages that are safe
  std::vector<std::string> captures;
  std::optional<ErrorBody> error;
  std::optional<PrintReport> print;  ///< of a print
};

enum class LeaseState : std::uint8_t { free, held, working, other };
BOOST_DESCRIBE_ENUM(LeaseState, free, held, working, other)

/// Which visit has a device to itself. `held`: leased, or a job has just ended there; `working`: a job runs.
struct Lease : AllOptional {
  std::string device;
  LeaseState state = LeaseState::free;
  std::optional<std::string> visit;
  std::optional<std::string> holder;     ///< who opened that visit: an account and its program
  std::int32_t seconds_left = 0;         ///< not counting a job that runs
  std::optional<std::string> wanted_by;  ///< the visit that asked for the device
};

struct StateResult : AllOptional {
  std::string journal;
  std::uint64_t seq = 0;  ///< the snapshot holds everything up to this event
  std::vector<Device> devices;
  std::vector<Visit> visits;
  std::vector<Job> jobs;      ///< queued and running
  std::vector<Lease> leases;  ///< of devices that are not free
};

struct ReplayArguments : AllOptional {
  std::uint64_t from = 0;           ///< first sequence number wanted
  std::int32_t limit = 100;         ///< at most 200
  std::vector<std::string> topics;  ///< prefixes, at most 32; none: everything
};

/// A page of an open visit that nobody has acknowledged yet.
struct OpenCapture : AllOptional {
  std::string capture;
  std::string visit;
  std::string job;
  std::int32_t page = 0;
  std::string state;  ///< captured | ready | failed
};

struct OpenDocument : AllOptional {
  std::string document;
  std::string visit;
  std::int32_t pages = 0;
};

struct ReplayResult : AllOptional {
  std::string journal;
  std::uint64_t seq = 0;             ///< newest sequence number
  std::uint64_t oldest = 0;          ///< the oldest that is kept
  std::uint64_t next = 0;            ///< everything wanted before this number is here: go on with it
  std::vector<json::object> events;  ///< events as they were sent, oldest first
  bool truncated = false;            ///< `from` is older than what is kept: the two lists stand for what is gone
  std::vector<OpenCapture> captures;
  std::vector<OpenDocument> documents;
};

// ---- devices ------------------------------------------------------------------------------------------------------

struct DeviceListResult : AllOptional {
  std::vector<Device> devices;
};

struct DeviceArguments : AllRequired {
  std::string device;
};

/// device.lease: `visit` gets the device to itself.
struct LeaseArguments {
  std::string device;
  std::string visit;
  std::int32_t seconds = 60;  ///< 1 to Limits::lease_seconds
  static constexpr bool is_optional(std::string_view name) { return name == "seconds"; }
};

/// device.release, device.request, device.refuse
struct DeviceVisitArguments : AllRequired {
  std::string device;
  std::string visit;
};

// ---- scan.start, jobs ---------------------------------------------------------------------------------------------

struct ScanStartArguments {
  std::string visit;
  std::string device;
  ScanSettings settings;
  std::string profile = "hoso";
  std::int32_t max_pages = 0;       ///< 0: until the feeder is empty
  std::int32_t pages_expected = 0;  ///< sheets counted by the clerk; fewer pages end the job with scan.pages_missing
  static constexpr bool is_optional(std::string_view name) { return name != "visit" && name != "device"; }
};

/// `accepted` of a command that became a job.
struct JobAccepted : AllOptional {
  std::string job;
};

struct JobArguments : AllRequired {
  std::string job;
};

// ---- captures (documents: documents.hpp) --------------------------------------------------------------------------

/// raw -> cleaned -> delivered is the way of a page; `failed` keeps the raw page.
enum class CaptureState : std::uint8_t { captured, ready, failed, other };
BOOST_DESCRIBE_ENUM(CaptureState, captured, ready, failed, other)

/// Bytes that can be fetched: `preview` (JPEG), `page` (one-page PDF or JPEG by profile), `document` (PDF).
struct RenditionInfo : AllOptional {
  std::string rendition;
  std::string media_type;
  std::uint64_t bytes = 0;
  std::string sha256;  ///< lower-case hex
  std::int32_t width = 0;
  std::int32_t height = 0;
  double dpi = 0;
  double width_mm = 0;
  double height_mm = 0;
};

/// A page made from its raw page: the first by the scan, later ones by capture.rework. Its bytes are `page` and
/// `preview` of the first, `page-N` and `preview-N` of generation N.
struct Generation : AllOptional {
  std::int32_t generation = 1;
  CaptureState state = CaptureState::captured;
  std::string profile;
  PageSettings settings;
  std::optional<ErrorBody> error;
};

struct Capture : AllOptional {
  std::string capture;
  std::string visit;
  std::string job;
  std::string device;
  std::int32_t page = 0;  ///< position in its job, from 1
  CaptureState state = CaptureState::captured;
  std::string profile;
  PageGeometry geometry;
  std::uint64_t raw_bytes = 0;
  std::vector<SettingAdjustment> adjusted;
  std::vector<RenditionInfo> renditions;
  std::optional<ErrorBody> error;
  std::vector<Generation> generations;         ///< from the second on
  std::optional<std::string> acknowledged_by;  ///< the consumer that has it safe
  bool discarded = false;                      ///< set aside; capture.restore takes it back while the visit is open
  bool raw_kept = true;                        ///< false: the original was dropped for want of room
  std::optional<PageReport> report;            ///< of the newest whole page, without its codes; only from capture.get
};

struct CaptureListArguments {
  std::string visit;
  std::optional<std::string> job;
  bool with_discarded = false;
  static constexpr bool is_optional(std::string_view name) { return name == "with_discarded"; }
};

struct CaptureListResult : AllOptional {
  std::vector<Capture> captures;
};

struct CaptureArguments : AllRequired {
  std::string capture;
};

/// Makes the page again from the raw page that was kept: a new generation beside those there are.
struct CaptureReworkArguments {
  std::string capture;
  std::optional<std::string> profile;  ///< absent: that of the scan
  PageSettings settings;
  static constexpr bool is_optional(std::string_view name) { return name != "capture"; }
};

/// The generation that is being made; capture.ready or capture.failed with its number follows.
struct CaptureReworkResult : AllOptional {
  std::string capture;
  std::int32_t generation = 2;
};

BOOST_DESCRIBE_STRUCT(HelloArguments, (), (name, api_from, api_to))
BOOST_DESCRIBE_STRUCT(Limits, (),
                      (command_bytes, chunk_bytes, commands_per_second, commands_in_flight, lease_seconds,
                       fetches_in_flight))
BOOST_DESCRIBE_STRUCT(HelloResult, (), (api, version, journal, seq, features, peer, roles, limits))
BOOST_DESCRIBE_STRUCT(Lease, (), (device, state, visit, holder, seconds_left, wanted_by))
BOOST_DESCRIBE_STRUCT(LeaseArguments, (), (device, visit, seconds))
BOOST_DESCRIBE_STRUCT(DeviceVisitArguments, (), (device, visit))
BOOST_DESCRIBE_STRUCT(Job, (), (job, kind, visit, device, state, pages, captures, error, print))
BOOST_DESCRIBE_STRUCT(StateResult, (), (journal, seq, devices, visits, jobs, leases))
BOOST_DESCRIBE_STRUCT(ReplayArguments, (), (from, limit, topics))
BOOST_DESCRIBE_STRUCT(OpenCapture, (), (capture, visit, job, page, state))
BOOST_DESCRIBE_STRUCT(OpenDocument, (), (document, visit, pages))
BOOST_DESCRIBE_STRUCT(ReplayResult, (), (journal, seq, oldest, next, events, truncated, captures, documents))
BOOST_DESCRIBE_STRUCT(DeviceListResult, (), (devices))
BOOST_DESCRIBE_STRUCT(DeviceArguments, (), (device))
BOOST_DESCRIBE_STRUCT(ScanStartArguments, (), (visit, device, settings, profile, max_pages, pages_expected))
BOOST_DESCRIBE_STRUCT(JobAccepted, (), (job))
BOOST_DESCRIBE_STRUCT(JobArguments, (), (job))
BOOST_DESCRIBE_STRUCT(RenditionInfo, (),
                      (rendition, media_type, bytes, sha256, width, height, dpi, width_mm, height_mm))
BOOST_DESCRIBE_STRUCT(Capture, (),
                      (capture, visit, job, device, page, state, profile, geometry, raw_bytes, adjusted, renditions,
                       error, generations, acknowledged_by, discarded, raw_kept, report))
BOOST_DESCRIBE_STRUCT(Generation, (), (generation, state, profile, settings, error))
BOOST_DESCRIBE_STRUCT(CaptureReworkArguments, (), (capture, profile, settings))
BOOST_DESCRIBE_STRUCT(CaptureReworkResult, (), (capture, generation))
BOOST_DESCRIBE_STRUCT(CaptureListArguments, (), (visit, job, with_discarded))
BOOST_DESCRIBE_STRUCT(CaptureListResult, (), (captures))
BOOST_DESCRIBE_STRUCT(CaptureArguments, (), (capture))

}  // namespace quay::protocol
