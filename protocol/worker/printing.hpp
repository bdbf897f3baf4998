// SPDX-License-Identifier: Apache-2.0
// What quayd and the workers of printers and forms say to each other: frames of messages.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/client/error_body.hpp"
#include "protocol/client/printing.hpp"

namespace quay::protocol::worker {

// ---- quayd -> worker ------------------------------------------------------------------------------------------

/// Asks for the forms there are. Answer: FormsListed, then Finished.
struct ListForms : AllRequired {
  std::uint64_t request = 0;
};

/// Asks for a filled form. Answer: Rendition (a PDF; of one page a PNG when `preview_page` says which), then Finished.
struct SetForm : AllOptional {
  std::uint64_t request = 0;
  std::string form;
  json::object values;
  std::int32_t preview_page = 0;
  std::int32_t dpi = 0;  ///< of the PNG
};

/// Asks a printer for the PDF in descriptor 0. Answers: Placed (then the document waits for Kept), PrintSeen..., then
/// one Finished. Whatever happened before, a job that the printer knows by `name` is never made again.
struct Print : AllOptional {
  std::uint64_t request = 0;
  std::string name;  ///< of the job, at the printer: no other has it
  std::uint64_t bytes = 0;
  std::string media;  ///< PWG name; empty: the size of the first page
  std::int32_t copies = 1;
  bool duplex = false;
  std::int32_t printer_job = 0;  ///< the printer's number of it, when it is known from before
  bool sent = false;             ///< the document may have left this machine: look, do not send
  bool withdrawn = false;        ///< nobody wants it any more
};

/// Nobody wants the running print any more: its printer is asked to stop, and the request goes on until the printer
/// says what came. Cancel, against this, ends the request and leaves the printer as it is.
struct Withdraw : AllRequired {
  std::uint64_t request = 0;
};

// ---- worker -> quayd ------------------------------------------------------------------------------------------

/// The printer has made a job for it; no byte of the document has left. The worker goes on when it is Kept.
struct Placed : AllOptional {
  std::uint64_t request = 0;
  std::int32_t printer_job = 0;  ///< 0: a printer that makes the job with the document
  std::int32_t pages = 0;
  std::int32_t sheets = 0;  ///< expected, of all copies
};

/// IPP's job-state (RFC 8011, 5.3.7); `missing`: the printer knows no such job.
enum class PrinterJobState : std::uint8_t { missing, pending, held, processing, stopped, canceled, aborted, completed };
BOOST_DESCRIBE_ENUM(PrinterJobState, missing, pending, held, processing, stopped, canceled, aborted, completed)

/// How the job stands at the printer, whenever that changed. The last one before Finished is what it came to.
struct PrintSeen : AllOptional {
  std::uint64_t request = 0;
  PrinterJobState state = PrinterJobState::missing;
  bool sent = false;                 ///< the document has left this machine, or may have
  bool whole = true;                 ///< the printer remembers the job's whole history
  bool broke_off = false;            ///< the document did not leave as a whole, and the job was taken back
  std::int32_t sheets = -1;          ///< job-media-sheets-completed, or what job-impressions-completed means in sheets
  std::vector<ErrorBody> waits_for;  ///< the printer's troubles meanwhile
  std::string reasons;               ///< job-state-reasons, for the log
};

/// Every form of the folder.
struct FormsListed : AllOptional {
  std::uint64_t request = 0;
  FormListResult forms;
};

BOOST_DESCRIBE_STRUCT(ListForms, (), (request))
BOOST_DESCRIBE_STRUCT(SetForm, (), (request, form, values, preview_page, dpi))
BOOST_DESCRIBE_STRUCT(Print, (), (request, name, bytes, media, copies, duplex, printer_job, sent, withdrawn))
BOOST_DESCRIBE_STRUCT(Withdraw, (), (request))
BOOST_DESCRIBE_STRUCT(Placed, (), (request, printer_job, pages, sheets))
BOOST_DESCRIBE_STRUCT(PrintSeen, (), (request, state, sent, whole, broke_off, sheets, waits_for, reasons))
BOOST_DESCRIBE_STRUCT(FormsListed, (), (request, forms))

}  // namespace quay::protocol::worker
