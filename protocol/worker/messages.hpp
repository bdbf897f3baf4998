// SPDX-License-Identifier: Apache-2.0
// The private channel between quayd and a worker: what each side may say, as plain data. One frame is one SEQPACKET
// datagram of JSON {"type": ..., "request": N, ...} of at most kLargestFrame bytes; pixels and files travel beside it
// as descriptors of sealed memfds (base/shared_buffer.hpp). Both sides are installed together: no versioning beyond
// the number in Hello.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/client/device.hpp"
#include "protocol/client/error_body.hpp"
#include "protocol/client/page_report.hpp"
#include "protocol/client/page_settings.hpp"
#include "protocol/worker/found.hpp"
#include "protocol/worker/printing.hpp"
#include "protocol/worker/usb.hpp"

namespace quay::protocol::worker {

inline constexpr int kVersion = 1;
inline constexpr std::size_t kLargestFrame = 64 * 1024;
inline constexpr std::int32_t kLookSide = 32;
inline constexpr std::size_t kMostDescriptors = 250;  // SCM_MAX_FD is 253 (unix(7))

// ---- quayd -> worker ------------------------------------------------------------------------------------------

/// Asks a device worker what its device is and can do. Answer: Described, then Finished.
struct Describe : AllRequired {
  std::uint64_t request = 0;
};

/// Asks a device that said `looks` what has changed of itself. Answer: Condition, then Finished.
struct Look : AllRequired {
  std::uint64_t request = 0;
};

/// Asks a scanner for pages. Answers: Progress..., PageRead..., then one Finished.
struct Scan : AllOptional {
  std::uint64_t request = 0;
  ScanSettings settings;
  std::int32_t max_pages = 0;  ///< 0: until the feeder is empty (flatbed: one page)
};

/// Asks a camera for pictures. Answers: Progress..., PageRead (its own file, geometry.media_type says which), then one
/// Finished. A picture stays in the camera until Kept.
struct Capture : AllOptional {
  std::uint64_t request = 0;
  CameraSettings settings;
  std::int32_t pictures = 1;
};

/// Page `page` of the request is safe on this machine: the device may forget its own copy.
struct Kept : AllRequired {
  std::uint64_t request = 0;
  std::int32_t page = 0;
};

/// Asks a camera for what its lens sees, until Cancel. Answers: LiveFrame..., then one Finished.
struct LiveView : AllOptional {
  std::uint64_t request = 0;
  double frames_per_second = 10;
};

/// What a QR code says of a card, to hold the chip against.
struct CardFacts : AllOptional {
  std::string number;
  std::string name;
  std::string birth_date;  ///< yyyy-mm-dd
};

/// What the machine-readable zone may say, for chips that only open with it. Dates are yymmdd.
struct CardZone : AllOptional {
  std::string document_number;
  std::string birth_date;
  std::string expiry_date;
};

/// Asks a card reader for a chip. Answers: Progress..., CardRead..., then one Finished. Only what `fields` names leaves
/// the worker.
struct ReadCard : AllOptional {
  std::uint64_t request = 0;
  std::string can;
  std::vector<CardZone> zones;  ///< in the order to try
  std::vector<CardField> fields;
  std::optional<CardFacts> qr;
  std::int64_t wait_ms = 0;       ///< for a card to come
  std::int64_t laid_back_ms = 0;  ///< for one that was torn away to come back
};

/// Asks an image worker to turn one raw page (descriptor 0) into a preview and a rendition.
/// Answers: Preview, Rendition, then one Finished.
struct ProcessPage : AllOptional {
  std::uint64_t request = 0;
  PageGeometry geometry;
  std::uint64_t bytes = 0;  ///< size of the pixels in descriptor 0
  std::string profile;
  PageSettings settings;
  bool text = false;  ///< read its words into the rendition too; no Preview then
};

/// Asks an image worker what it thinks of one frame of a live view (a JPEG in descriptor 0). Answers: FrameJudged, then
/// one Finished.
struct JudgeFrame : AllOptional {
  std::uint64_t request = 0;
  std::uint64_t bytes = 0;
};

/// Asks an image worker to join single-page PDFs (descriptors 0..n-1, sizes in `parts`) into one document.
/// Answers: Rendition, then one Finished.
struct Assemble : AllOptional {
  std::uint64_t request = 0;
  std::vector<std::uint64_t> parts;
  std::vector<std::int32_t> rotate_deg;  ///< of each part, clockwise; empty: none is turned
};

/// Asks to stop the running request. The worker still ends it with Finished (scan.cancelled).
struct Cancel : AllRequired {
  std::uint64_t request = 0;
};

/// Gives a buffer back that came with PageRead.
struct ReleaseBuffer : AllRequired {
  std::uint64_t buffer = 0;
};

/// Asks the worker to close its device and leave with exit status 0.
struct Shutdown : AllRequired {
  bool now = true;
};

// ---- worker -> quayd ------------------------------------------------------------------------------------------

/// First frame of every worker.
struct Hello : AllRequired {
  std::string program;
  std::string version;
  int protocol = kVersion;
};

/// With request 0: nobody asked, the device changed.
struct Described : AllOptional {
  std::uint64_t request = 0;
  DeviceIdentity identity;
  ScannerCapabilities capabilities;
  std::optional<CameraCapabilities> camera;  ///< this, or card, or printer, or none of them: a scanner
  bool guest = false;                        ///< a citizen's own phone
  bool looks = false;                        ///< it wants Look now and then: it has a condition, or falls asleep
  std::optional<CardReaders> card;
  std::optional<PrinterCapabilities> printer;
  std::optional<ErrorBody> trouble;  ///< with request 0: what is the matter with it, absent when nothing is
  std::optional<UsbTree> usb{};      ///< of the worker that watches USB
};

/// What changes of a camera while it is used; also sent within Capture. -1: it does not say.
struct Condition : AllOptional {
  std::uint64_t request = 0;
  std::int32_t battery_percent = -1;
  std::int64_t pictures_left = -1;
};

/// Names of what the worker is doing; quayd's stall deadline does not run while it waits for a buffer.
enum class Stage : std::uint8_t {
  opening,
  feeding,
  reading,
  waiting_for_buffer,
  waiting_for_button,
  waiting_for_card,
  sending,
  printing
};
BOOST_DESCRIBE_ENUM(Stage, opening, feeding, reading, waiting_for_buffer, waiting_for_button, waiting_for_card, sending,
                    printing)

struct Progress : AllOptional {
  std::uint64_t request = 0;
  Stage stage = Stage::reading;
  std::int32_t page = 0;  ///< from 1
  std::int32_t rows_done = 0;
  std::int32_t rows_total = 0;  ///< 0: not known
};

/// One page, complete to the last byte. Descriptor 0 is its buffer; quayd gives it back with ReleaseBuffer.
struct PageRead : AllOptional {
  std::uint64_t request = 0;
  std::uint64_t buffer = 0;  ///< the worker's name for the buffer, reused when released
  std::uint64_t bytes = 0;
  std::int32_t page = 0;  ///< from 1, counts sides
  PageGeometry geometry;
  std::vector<SettingAdjustment> adjusted;
};

/// One frame of a live view, a JPEG in descriptor 0.
struct LiveFrame : AllOptional {
  std::uint64_t request = 0;
  std::uint64_t bytes = 0;
};

/// What is seen on a frame, in its own pixels.
struct FrameJudged : AllOptional {
  std::uint64_t request = 0;
  std::int32_t width = 0;
  std::int32_t height = 0;
  bool sheet_found = false;
  std::vector<std::vector<double>> quad_px;
  std::vector<QualityBody> quality;
  std::string look;   ///< the whole frame, tiny and gray: kLookSide squared bytes in base64
  std::string sheet;  ///< the same of the sheet alone, pulled straight; empty: none was found
};

/// A part of a chip, as soon as it is read. A portrait is in descriptor 0.
struct CardRead : AllOptional {
  std::uint64_t request = 0;
  CardPart part = CardPart::identity;
  CardValues values;
  std::uint64_t portrait_bytes = 0;
  std::string portrait_media_type;
  std::vector<CardCheck> checks;
  std::optional<CardAuthenticity> authenticity;
};

/// A small JPEG of the page, sent before the cleaning starts. Descriptor 0.
struct Preview : AllOptional {
  std::uint64_t request = 0;
  std::uint64_t bytes = 0;
  std::int32_t width = 0;
  std::int32_t height = 0;
};

/// Final bytes. Descriptor 0.
struct Rendition : AllOptional {
  std::uint64_t request = 0;
  std::uint64_t bytes = 0;
  std::string media_type;  ///< application/pdf or image/jpeg
  std::int32_t width = 0;
  std::int32_t height = 0;
  double dpi = 0;
  double width_mm = 0;
  double height_mm = 0;
  std::int32_t pages = 1;
  json::object report;  ///< what was found and done: the page object of `quayctl clean --json`
};

/// Last frame of every request: `error` says why it ended early, pages already sent stay valid.
struct Finished : AllOptional {
  std::uint64_t request = 0;
  std::int32_t pages = 0;
  std::optional<ErrorBody> error;
};

BOOST_DESCRIBE_STRUCT(Describe, (), (request))
BOOST_DESCRIBE_STRUCT(Look, (), (request))
BOOST_DESCRIBE_STRUCT(Scan, (), (request, settings, max_pages))
BOOST_DESCRIBE_STRUCT(Capture, (), (request, settings, pictures))
BOOST_DESCRIBE_STRUCT(Kept, (), (request, page))
BOOST_DESCRIBE_STRUCT(LiveView, (), (request, frames_per_second))
BOOST_DESCRIBE_STRUCT(LiveFrame, (), (request, bytes))
BOOST_DESCRIBE_STRUCT(ProcessPage, (), (request, geometry, bytes, profile, settings, text))
BOOST_DESCRIBE_STRUCT(JudgeFrame, (), (request, bytes))
BOOST_DESCRIBE_STRUCT(FrameJudged, (), (request, width, height, sheet_found, quad_px, quality, look, sheet))
BOOST_DESCRIBE_STRUCT(Assemble, (), (request, parts, rotate_deg))
BOOST_DESCRIBE_STRUCT(Cancel, (), (request))
BOOST_DESCRIBE_STRUCT(ReleaseBuffer, (), (buffer))
BOOST_DESCRIBE_STRUCT(Shutdown, (), (now))
BOOST_DESCRIBE_STRUCT(Hello, (), (program, version, protocol))
BOOST_DESCRIBE_STRUCT(CardFacts, (), (number, name, birth_date))
BOOST_DESCRIBE_STRUCT(CardZone, (), (document_number, birth_date, expiry_date))
BOOST_DESCRIBE_STRUCT(ReadCard, (), (request, can, zones, fields, qr, wait_ms, laid_back_ms))
BOOST_DESCRIBE_STRUCT(CardRead, (), (request, part, values, portrait_bytes, portrait_media_type, checks, authenticity))
BOOST_DESCRIBE_STRUCT(Described, (),
                      (request, identity, capabilities, camera, guest, looks, card, printer, trouble, usb))
BOOST_DESCRIBE_STRUCT(Condition, (), (request, battery_percent, pictures_left))
BOOST_DESCRIBE_STRUCT(Progress, (), (request, stage, page, rows_done, rows_total))
BOOST_DESCRIBE_STRUCT(PageRead, (), (request, buffer, bytes, page, geometry, adjusted))
BOOST_DESCRIBE_STRUCT(Preview, (), (request, bytes, width, height))
BOOST_DESCRIBE_STRUCT(Rendition, (),
                      (request, bytes, media_type, width, height, dpi, width_mm, height_mm, pages, report))
BOOST_DESCRIBE_STRUCT(Finished, (), (request, pages, error))

using ToWorker = std::variant<Describe, Look, Scan, Capture, Kept, LiveView, ReadCard, ProcessPage, JudgeFrame,
                              Assemble, ListForms, SetForm, Print, Withdraw, ResetUsb, Cancel, ReleaseBuffer, Shutdown>;
using FromWorker = std::variant<Hello, Described, Condition, Progress, PageRead, LiveFrame, CardRead, FrameJudged,
                                Preview, Rendition, FormsListed, Placed, PrintSeen, Finished>;

}  // namespace quay::protocol::worker
