// SPDX-License-Identifier: Apache-2.0
// Every command of API version 1: its name, what it takes, what it gives. docs/protocol.md says it in prose; the JSON
// Schema in protocol/schema/ is made from these structs.
#pragma once

#include "protocol/client/device.hpp"
#include "protocol/client/error_body.hpp"
#include "protocol/client/page_settings.hpp"
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
  std::string kind;  ///< scan
  std::string visit;
  std::string device;
  JobState state = JobState::queued;
  std::int32_t pages = 0;  ///< pages that are safe
  std::vector<std::string> captures;
  std::optional<ErrorBody> error;
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
  std::uint64_t from = 0;    ///< first sequence number wanted
  std::int32_t limit = 100;  ///< at most 200
};

struct ReplayResult : AllOptional {
  std::string journal;
  std::uint64_t seq = 0;             ///< newest sequence number
  std::vector<json::object> events;  ///< events as they were sent, oldest first
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
  std::vector<Generation> generations;  ///< from the second on
};

struct CaptureListArguments {
  std::string visit;
  std::optional<std::string> job;
  static constexpr bool is_optional(std::string_view) { return false; }
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

// ---- images.fetch (on the `images` socket: reply frame, then the bytes as a second frame) -------------------------

struct FetchArguments {
  std::string id;  ///< a capture or a document
  std::string rendition;
  std::uint64_t offset = 0;
  std::uint32_t length = 1024 * 1024;  ///< at most 1 MiB
  static constexpr bool is_optional(std::string_view name) { return name == "offset" || name == "length"; }
};

struct FetchResult : AllOptional {
  std::string id;
  std::string rendition;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;  ///< in the second frame
  std::uint64_t total = 0;
  std::string sha256;  ///< of the whole
};

BOOST_DESCRIBE_STRUCT(HelloArguments, (), (name, api_from, api_to))
BOOST_DESCRIBE_STRUCT(Limits, (), (command_bytes, chunk_bytes, commands_per_second, commands_in_flight, lease_seconds))
BOOST_DESCRIBE_STRUCT(HelloResult, (), (api, version, journal, seq, features, peer, roles, limits))
BOOST_DESCRIBE_STRUCT(Lease, (), (device, state, visit, holder, seconds_left, wanted_by))
BOOST_DESCRIBE_STRUCT(LeaseArguments, (), (device, visit, seconds))
BOOST_DESCRIBE_STRUCT(DeviceVisitArguments, (), (device, visit))
BOOST_DESCRIBE_STRUCT(Job, (), (job, kind, visit, device, state, pages, captures, error))
BOOST_DESCRIBE_STRUCT(StateResult, (), (journal, seq, devices, visits, jobs, leases))
BOOST_DESCRIBE_STRUCT(ReplayArguments, (), (from, limit))
BOOST_DESCRIBE_STRUCT(ReplayResult, (), (journal, seq, events))
BOOST_DESCRIBE_STRUCT(DeviceListResult, (), (devices))
BOOST_DESCRIBE_STRUCT(DeviceArguments, (), (device))
BOOST_DESCRIBE_STRUCT(ScanStartArguments, (), (visit, device, settings, profile, max_pages, pages_expected))
BOOST_DESCRIBE_STRUCT(JobAccepted, (), (job))
BOOST_DESCRIBE_STRUCT(JobArguments, (), (job))
BOOST_DESCRIBE_STRUCT(RenditionInfo, (),
                      (rendition, media_type, bytes, sha256, width, height, dpi, width_mm, height_mm))
BOOST_DESCRIBE_STRUCT(Capture, (),
                      (capture, visit, job, device, page, state, profile, geometry, raw_bytes, adjusted, renditions,
                       error, generations))
BOOST_DESCRIBE_STRUCT(Generation, (), (generation, state, profile, settings, error))
BOOST_DESCRIBE_STRUCT(CaptureReworkArguments, (), (capture, profile, settings))
BOOST_DESCRIBE_STRUCT(CaptureReworkResult, (), (capture, generation))
BOOST_DESCRIBE_STRUCT(CaptureListArguments, (), (visit, job))
BOOST_DESCRIBE_STRUCT(CaptureListResult, (), (captures))
BOOST_DESCRIBE_STRUCT(CaptureArguments, (), (capture))
BOOST_DESCRIBE_STRUCT(FetchArguments, (), (id, rendition, offset, length))
BOOST_DESCRIBE_STRUCT(FetchResult, (), (id, rendition, offset, bytes, total, sha256))

}  // namespace quay::protocol
