// SPDX-License-Identifier: Apache-2.0
// The IPP face of the simulated printer (RFC 8011, PWG 5100.12 "IPP Everywhere" as far as drivers look at it): one
// request in, one answer out. Knows no connection.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <cups/ipp.h>

#include "tests/rig/printer/printer_model.hpp"

namespace quay::rig {

struct IppRelease {
  void operator()(ipp_t* message) const { ippDelete(message); }
};
using IppPtr = std::unique_ptr<ipp_t, IppRelease>;

/// What this printer says it is.
struct PrinterPlate {
  std::string model = "Quay Sim Printer";
  std::vector<std::string> formats{"application/pdf", "image/pwg-raster", "image/urf"};
  std::string default_media = "na_letter_8.5x11in";  ///< as many printers leave the factory
  bool print_job_only = false;                       ///< no Create-Job
  std::string sheet_back = "normal";
};

class IppFace {
 public:
  IppFace(PrinterPlate plate, PrinterModel& model, OutputTray& tray)
      : plate_(std::move(plate)), model_(model), tray_(tray) {}

  void set_uri(std::string uri) { uri_ = std::move(uri); }

  /// The request at the front of `body`; `document` receives what follows it. Null: no IPP.
  static IppPtr parse(const std::vector<std::uint8_t>& body, std::vector<std::uint8_t>& document);

  IppPtr answer(ipp_t* request, const std::vector<std::uint8_t>& document);

  static std::vector<std::uint8_t> to_bytes(ipp_t* message);

 private:
  ipp_status_t carry_out(ipp_t* request, ipp_t* answer, const std::vector<std::uint8_t>& document);
  ipp_status_t printer_attributes(ipp_t* answer);
  ipp_status_t create_job(ipp_t* request, ipp_t* answer);
  ipp_status_t send_document(ipp_t* request, ipp_t* answer, const std::vector<std::uint8_t>& document);
  ipp_status_t print_job(ipp_t* request, ipp_t* answer, const std::vector<std::uint8_t>& document);
  ipp_status_t take_document(int id, ipp_t* request, ipp_t* answer, const std::vector<std::uint8_t>& document);
  ipp_status_t job_attributes(ipp_t* request, ipp_t* answer);
  ipp_status_t get_jobs(ipp_t* request, ipp_t* answer);
  ipp_status_t cancel_job(ipp_t* request);
  void add_job(ipp_t* answer, const SimJob& job);

  PrinterPlate plate_;
  PrinterModel& model_;
  OutputTray& tray_;
  std::string uri_;
};

}  // namespace quay::rig
