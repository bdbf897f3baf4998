// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/printer/printer_attributes.hpp"

#include <array>

#include <cups/pwg.h>

namespace quay::rig {
namespace {

constexpr std::array kMedia{"iso_a4_210x297mm", "iso_a5_148x210mm", "na_letter_8.5x11in"};

constexpr std::array kOperations{
    IPP_OP_PRINT_JOB,  IPP_OP_VALIDATE_JOB,       IPP_OP_CREATE_JOB, IPP_OP_SEND_DOCUMENT,
    IPP_OP_CANCEL_JOB, IPP_OP_GET_JOB_ATTRIBUTES, IPP_OP_GET_JOBS,   IPP_OP_GET_PRINTER_ATTRIBUTES};

void add_text(ipp_t* answer, ipp_tag_t kind, const char* name, const std::string& value) {
  ippAddString(answer, IPP_TAG_PRINTER, kind, name, nullptr, value.c_str());
}

template <class List>
void add_words(ipp_t* answer, ipp_tag_t kind, const char* name, const List& words) {
  std::vector<const char*> list(std::begin(words), std::end(words));
  ippAddStrings(answer, IPP_TAG_PRINTER, kind, name, static_cast<int>(list.size()), nullptr, list.data());
}

void add_words(ipp_t* answer, const char* name, std::initializer_list<const char*> words) {
  add_words(answer, IPP_TAG_KEYWORD, name, std::vector<const char*>(words));
}

IppPtr media_size(const char* name) {
  const pwg_media_t* media = pwgMediaForPWG(name);
  IppPtr size(ippNew());
  ippAddInteger(size.get(), IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension", media->width);
  ippAddInteger(size.get(), IPP_TAG_ZERO, IPP_TAG_INTEGER, "y-dimension", media->length);
  return size;
}

IppPtr media_col(const char* name) {
  IppPtr media(ippNew());
  const IppPtr size = media_size(name);
  ippAddCollection(media.get(), IPP_TAG_ZERO, "media-size", size.get());
  for (const char* margin : {"media-bottom-margin", "media-left-margin", "media-right-margin", "media-top-margin"}) {
    ippAddInteger(media.get(), IPP_TAG_ZERO, IPP_TAG_INTEGER, margin, 423);
  }
  return media;
}

void add_media(ipp_t* answer, const PrinterPlate& plate) {
  add_words(answer, IPP_TAG_KEYWORD, "media-supported", kMedia);
  add_text(answer, IPP_TAG_KEYWORD, "media-default", plate.default_media);
  add_words(answer, IPP_TAG_KEYWORD, "media-ready", std::array{"iso_a4_210x297mm"});
  ipp_attribute_t* sizes = nullptr;
  ipp_attribute_t* database = nullptr;
  for (const char* name : kMedia) {
    const IppPtr size = media_size(name);
    const IppPtr media = media_col(name);
    if (sizes == nullptr) {
      sizes = ippAddCollection(answer, IPP_TAG_PRINTER, "media-size-supported", size.get());
      database = ippAddCollection(answer, IPP_TAG_PRINTER, "media-col-database", media.get());
    } else {
      ippSetCollection(answer, &sizes, ippGetCount(sizes), size.get());
      ippSetCollection(answer, &database, ippGetCount(database), media.get());
    }
  }
  const IppPtr usual = media_col(plate.default_media.c_str());
  ippAddCollection(answer, IPP_TAG_PRINTER, "media-col-default", usual.get());
  add_words(answer, "media-col-supported",
            {"media-size", "media-bottom-margin", "media-left-margin", "media-right-margin", "media-top-margin"});
  for (const char* margin : {"media-bottom-margin-supported", "media-left-margin-supported",
                             "media-right-margin-supported", "media-top-margin-supported"}) {
    ippAddInteger(answer, IPP_TAG_PRINTER, IPP_TAG_INTEGER, margin, 423);
  }
}

void add_formats(ipp_t* answer, const PrinterPlate& plate) {
  std::vector<const char*> formats;
  formats.reserve(plate.formats.size());
  for (const std::string& format : plate.formats) {
    formats.push_back(format.c_str());
  }
  add_words(answer, IPP_TAG_MIMETYPE, "document-format-supported", formats);
  add_text(answer, IPP_TAG_MIMETYPE, "document-format-default", plate.formats.front());
  add_words(answer, "pwg-raster-document-type-supported", {"sgray_8", "srgb_8"});
  ippAddResolution(answer, IPP_TAG_PRINTER, "pwg-raster-document-resolution-supported", IPP_RES_PER_INCH, 300, 300);
  add_text(answer, IPP_TAG_KEYWORD, "pwg-raster-document-sheet-back", plate.sheet_back);
  add_words(answer, "urf-supported", {"V1.4", "W8", "SRGB24", "RS300", "DM1", "CP99"});
  ippAddResolution(answer, IPP_TAG_PRINTER, "printer-resolution-supported", IPP_RES_PER_INCH, 300, 300);
  ippAddResolution(answer, IPP_TAG_PRINTER, "printer-resolution-default", IPP_RES_PER_INCH, 300, 300);
}

void add_choices(ipp_t* answer) {
  ippAddRange(answer, IPP_TAG_PRINTER, "copies-supported", 1, 99);
  ippAddInteger(answer, IPP_TAG_PRINTER, IPP_TAG_INTEGER, "copies-default", 1);
  ippAddBoolean(answer, IPP_TAG_PRINTER, "color-supported", 0);
  add_words(answer, "print-color-mode-supported", {"monochrome", "auto"});
  add_words(answer, "sides-supported", {"one-sided", "two-sided-long-edge", "two-sided-short-edge"});
  add_words(answer, "sides-default", {"one-sided"});
  add_words(answer, "print-scaling-supported", {"auto", "fit", "none"});
  add_words(answer, "job-creation-attributes-supported", {"copies", "media", "media-col", "sides", "print-scaling"});
  add_words(answer, "which-jobs-supported", {"completed", "not-completed", "all"});
  add_words(answer, "ipp-features-supported", {"ipp-everywhere"});
}

}  // namespace

void add_printer_attributes(ipp_t* answer, const PrinterPlate& plate, const std::string& uri) {
  add_text(answer, IPP_TAG_URI, "printer-uri-supported", uri);
  add_words(answer, "uri-security-supported", {"none"});
  add_words(answer, "uri-authentication-supported", {"none"});
  add_text(answer, IPP_TAG_NAME, "printer-name", "sim");
  add_text(answer, IPP_TAG_TEXT, "printer-info", plate.model);
  add_text(answer, IPP_TAG_TEXT, "printer-make-and-model", plate.model);
  add_text(answer, IPP_TAG_TEXT, "printer-device-id", "MFG:Quay;MDL:Sim Printer;SN:SIM0001;");
  add_words(answer, "ipp-versions-supported", {"1.1", "2.0"});
  add_text(answer, IPP_TAG_CHARSET, "charset-configured", "utf-8");
  add_text(answer, IPP_TAG_CHARSET, "charset-supported", "utf-8");
  add_text(answer, IPP_TAG_LANGUAGE, "natural-language-configured", "en");
  add_text(answer, IPP_TAG_LANGUAGE, "generated-natural-language-supported", "en");
  add_words(answer, "compression-supported", {"none"});
  add_text(answer, IPP_TAG_KEYWORD, "pdl-override-supported", "attempted");
  ippAddBoolean(answer, IPP_TAG_PRINTER, "printer-is-accepting-jobs", 1);
  ippAddInteger(answer, IPP_TAG_PRINTER, IPP_TAG_INTEGER, "queued-job-count", 0);
  ippAddInteger(answer, IPP_TAG_PRINTER, IPP_TAG_INTEGER, "printer-up-time", 1);
  std::vector<int> operations;
  for (const ipp_op_t operation : kOperations) {
    const bool of_jobs = operation == IPP_OP_CREATE_JOB || operation == IPP_OP_SEND_DOCUMENT;
    if (!of_jobs || !plate.print_job_only) {
      operations.push_back(static_cast<int>(operation));
    }
  }
  ippAddIntegers(answer, IPP_TAG_PRINTER, IPP_TAG_ENUM, "operations-supported", static_cast<int>(operations.size()),
                 operations.data());
  add_formats(answer, plate);
  add_media(answer, plate);
  add_choices(answer);
}

void make_babble(ipp_t* answer) {
  constexpr int kMany = 2'000;
  ipp_attribute_t* model = ippFindAttribute(answer, "printer-make-and-model", IPP_TAG_TEXT);
  ippSetString(answer, &model, 0, "M\xE1y in \xC0 qu\xEA");  // ISO 8859-1
  ipp_attribute_t* papers = ippFindAttribute(answer, "media-supported", IPP_TAG_KEYWORD);
  ipp_attribute_t* reasons = ippFindAttribute(answer, "printer-state-reasons", IPP_TAG_KEYWORD);
  for (int number = 0; number < kMany; ++number) {
    const std::string paper = "custom_a-paper-of-our-own-" + std::to_string(number) + "_100x100mm";
    const std::string reason = "a-reas\xF3n-" + std::to_string(number) + "-report";
    ippSetString(answer, &papers, ippGetCount(papers), paper.c_str());
    ippSetString(answer, &reasons, ippGetCount(reasons), reason.c_str());
  }
}

}  // namespace quay::rig
