// SPDX-License-Identifier: Apache-2.0
// Printing: what a printer can do, what is asked of it, and what came of it, in the words of IPP (RFC 8011, PWG 5100.7)
// where IPP has words. A print is done when the printer says that the sheets expected came out, never before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/json/reader.hpp"

namespace quay::protocol {

/// The one way in which a printer is reached: IPP to the printer itself, or a queue of the local print service.
enum class PrinterPath : std::uint8_t { direct, queue, other };
BOOST_DESCRIBE_ENUM(PrinterPath, direct, queue, other)

/// What a printer says of itself. Names are PWG 5101.1's: iso_a4_210x297mm.
struct PrinterCapabilities : AllOptional {
  PrinterPath path = PrinterPath::direct;
  std::string format;                      ///< what quay sends it: application/pdf, image/pwg-raster, image/urf
  std::vector<std::string> media;          ///< sizes it takes
  std::vector<std::string> media_ready;    ///< sizes that lie in its trays; empty: it does not say
  bool duplex = false;                     ///< prints both sides
  bool color = false;                      ///< not only black
  std::int32_t most_copies = 1;            ///< of one print
  std::vector<std::string> state_reasons;  ///< printer-state-reasons, as it says them
};

/// What is to be printed: exactly one of document, captures, form and again.
struct PrintSubmitArguments {
  std::string visit;
  std::optional<std::string> device;    ///< absent: the only printer
  std::optional<std::string> document;  ///< as it stands now
  std::vector<std::string> captures;    ///< in page order, each in its newest generation
  std::optional<std::string> form;      ///< with `values`, by its fields' names (form.list)
  json::object values;                  ///< texts, and lists of objects of texts
  std::optional<std::string> again;     ///< an earlier print of this visit, as a new one
  std::optional<std::string> media;     ///< A4, A5 or a PWG name; absent: the size of the first page
  std::int32_t copies = 1;
  bool duplex = false;  ///< both sides, turned at the long edge
  static constexpr bool is_optional(std::string_view name) { return name != "visit"; }
};

/// queued -> sending -> printed | not_printed | partly | uncertain; the last two wait for print.settle.
enum class PrintState : std::uint8_t {
  queued,       ///< nothing has left this machine
  sending,      ///< the printer has the job; paper may come
  printed,      ///< it says that all sheets came, or the clerk does
  not_printed,  ///< no sheet came, or the clerk says so
  partly,       ///< the printer counted other sheets than were expected
  uncertain,    ///< nobody knows whether sheets came: look at the tray, then print.settle
  other
};
BOOST_DESCRIBE_ENUM(PrintState, queued, sending, printed, not_printed, partly, uncertain, other)

/// How a print stands.
struct PrintReport : AllOptional {
  PrintState state = PrintState::queued;
  std::string source;  ///< document | captures | form | again
  std::string media;   ///< as asked for; empty: the size of the first page
  std::int32_t copies = 1;
  bool duplex = false;
  std::int32_t pages = 0;            ///< of the document; 0: not counted yet
  std::int32_t sheets_expected = 0;  ///< of all copies; 0: not known yet
  std::int32_t sheets_printed = -1;  ///< as the printer counts; -1: it has not said
  bool settled = false;              ///< the state is the clerk's word
  bool stale = false;                ///< nothing moves for so long that the clerk is asked: wait on, or job.cancel
  std::vector<std::string> reasons;  ///< error codes of what it waits for; empty: nothing
};

/// The clerk's word on a print that is uncertain or came partly: `printed` or `not_printed`.
struct PrintSettleArguments : AllRequired {
  std::string job;
  PrintState state = PrintState::printed;
};

/// print.changed: what a print waits for, or came to.
struct PrintChanged : AllOptional {
  std::string job;
  std::string device;
  PrintReport print;
};

// ---- forms --------------------------------------------------------------------------------------------------------

struct FormField : AllOptional {
  std::string name;
  std::string title_vi;
  std::string title_en;
  bool required = false;
  bool list = false;
  std::vector<std::string> columns;  ///< fields of a list's rows
};

struct FormInfo : AllOptional {
  std::string form;
  std::string title_vi;
  std::string title_en;
  double width_mm = 0;
  double height_mm = 0;  ///< 0: a roll, cut where the content ends
  std::vector<FormField> fields;
};

struct FormListResult : AllOptional {
  std::vector<FormInfo> forms;
  std::vector<std::string> mistakes;  ///< in files that are no forms
};

/// A page of a filled form as a picture, before paper is spent on it. The PNG is the reply's second frame.
struct FormPreviewArguments {
  std::string visit;
  std::string form;
  json::object values;
  std::int32_t page = 1;
  std::int32_t dpi = 100;  ///< 50 to 200
  static constexpr bool is_optional(std::string_view name) { return name == "page" || name == "dpi"; }
};

struct FormPreviewResult : AllOptional {
  std::string media_type;
  std::uint64_t bytes = 0;
  std::int32_t page = 1;
  std::int32_t pages = 1;
  std::int32_t width = 0;
  std::int32_t height = 0;
};

BOOST_DESCRIBE_STRUCT(PrinterCapabilities, (),
                      (path, format, media, media_ready, duplex, color, most_copies, state_reasons))
BOOST_DESCRIBE_STRUCT(PrintSubmitArguments, (),
                      (visit, device, document, captures, form, values, again, media, copies, duplex))
BOOST_DESCRIBE_STRUCT(PrintReport, (),
                      (state, source, media, copies, duplex, pages, sheets_expected, sheets_printed, settled, stale,
                       reasons))
BOOST_DESCRIBE_STRUCT(PrintSettleArguments, (), (job, state))
BOOST_DESCRIBE_STRUCT(PrintChanged, (), (job, device, print))
BOOST_DESCRIBE_STRUCT(FormField, (), (name, title_vi, title_en, required, list, columns))
BOOST_DESCRIBE_STRUCT(FormInfo, (), (form, title_vi, title_en, width_mm, height_mm, fields))
BOOST_DESCRIBE_STRUCT(FormListResult, (), (forms, mistakes))
BOOST_DESCRIBE_STRUCT(FormPreviewArguments, (), (visit, form, values, page, dpi))
BOOST_DESCRIBE_STRUCT(FormPreviewResult, (), (media_type, bytes, page, pages, width, height))

}  // namespace quay::protocol
