// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/printer/ipp_face.hpp"

#include <algorithm>
#include <cstring>

#include "tests/rig/printer/page_count.hpp"
#include "tests/rig/printer/printer_attributes.hpp"

namespace quay::rig {
namespace {

/// As long as such messages are: whoever shortens it may come to stand within a character.
constexpr const char* kRefusal =
    "Máy in mô phỏng từ chối yêu cầu này: xin xem lại tài liệu, khổ giấy và tình trạng của máy in, rồi thử in lại một "
    "lần nữa; nếu máy in vẫn còn từ chối, xin gọi cho bộ phận kỹ thuật của bưu điện";

struct Cursor {
  const std::vector<std::uint8_t>* bytes;
  std::size_t at = 0;
};

ssize_t read_from(void* from, ipp_uchar_t* buffer, std::size_t count) {
  auto& cursor = *static_cast<Cursor*>(from);
  const std::size_t taken = std::min(count, cursor.bytes->size() - cursor.at);
  std::memcpy(buffer, cursor.bytes->data() + cursor.at, taken);
  cursor.at += taken;
  return static_cast<ssize_t>(taken);
}

ssize_t write_into(void* into, ipp_uchar_t* buffer, std::size_t count) {
  auto& bytes = *static_cast<std::vector<std::uint8_t>*>(into);
  bytes.insert(bytes.end(), buffer, buffer + count);
  return static_cast<ssize_t>(count);
}

std::string text_of(ipp_t* request, const char* name) {
  ipp_attribute_t* attribute = ippFindAttribute(request, name, IPP_TAG_ZERO);
  const char* text = attribute == nullptr ? nullptr : ippGetString(attribute, 0, nullptr);
  return text == nullptr ? "" : text;
}

int number_of(ipp_t* request, const char* name, int otherwise) {
  ipp_attribute_t* attribute = ippFindAttribute(request, name, IPP_TAG_INTEGER);
  return attribute == nullptr ? otherwise : ippGetInteger(attribute, 0);
}

/// The job's name is a file's in the tray: nothing but letters, digits and hyphens.
std::string safe_name(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0 && c != '-'; }, '_');
  return name.empty() ? "nameless" : name;
}

void read_media(ipp_t* request, SimJob& job) {
  ipp_attribute_t* media = ippFindAttribute(request, "media-col", IPP_TAG_BEGIN_COLLECTION);
  ipp_attribute_t* size =
      media == nullptr ? nullptr : ippFindAttribute(ippGetCollection(media, 0), "media-size", IPP_TAG_BEGIN_COLLECTION);
  if (size != nullptr) {
    job.media_width = number_of(ippGetCollection(size, 0), "x-dimension", 0);
    job.media_length = number_of(ippGetCollection(size, 0), "y-dimension", 0);
  }
}

SimJob job_of(ipp_t* request) {
  SimJob job;
  job.name = safe_name(text_of(request, "job-name"));
  job.copies = number_of(request, "copies", 1);
  job.duplex = text_of(request, "sides").starts_with("two-sided");
  job.wants_scaling = text_of(request, "print-scaling") != "none";
  read_media(request, job);
  return job;
}

std::string ending_of(const std::string& format) {
  return format == "application/pdf" ? "pdf" : (format == "image/urf" ? "urf" : "pwg");
}

}  // namespace

IppPtr IppFace::parse(const std::vector<std::uint8_t>& body, std::vector<std::uint8_t>& document) {
  IppPtr request(ippNew());
  Cursor cursor{&body};
  ipp_state_t state = IPP_STATE_IDLE;
  while (state != IPP_STATE_DATA && state != IPP_STATE_ERROR) {
    state = ippReadIO(&cursor, read_from, 1, nullptr, request.get());
  }
  if (state == IPP_STATE_ERROR) {
    return nullptr;
  }
  document.assign(body.begin() + static_cast<std::ptrdiff_t>(cursor.at), body.end());
  return request;
}

std::vector<std::uint8_t> IppFace::to_bytes(ipp_t* message) {
  std::vector<std::uint8_t> bytes;
  ippSetState(message, IPP_STATE_IDLE);
  ipp_state_t state = IPP_STATE_IDLE;
  while (state != IPP_STATE_DATA && state != IPP_STATE_ERROR) {
    state = ippWriteIO(&bytes, write_into, 1, nullptr, message);
  }
  return bytes;
}

IppPtr IppFace::answer(ipp_t* request, const std::vector<std::uint8_t>& document) {
  IppPtr answer(ippNewResponse(request));
  const ipp_status_t status = carry_out(request, answer.get(), document);
  ippSetStatusCode(answer.get(), status);
  if (status >= IPP_STATUS_REDIRECTION_OTHER_SITE) {
    ippAddString(answer.get(), IPP_TAG_OPERATION, IPP_TAG_TEXT, "status-message", nullptr, kRefusal);
  }
  return answer;
}

ipp_status_t IppFace::carry_out(ipp_t* request, ipp_t* answer, const std::vector<std::uint8_t>& document) {
  switch (ippGetOperation(request)) {
    case IPP_OP_GET_PRINTER_ATTRIBUTES: return printer_attributes(answer);
    case IPP_OP_CREATE_JOB:
      return plate_.print_job_only ? IPP_STATUS_ERROR_OPERATION_NOT_SUPPORTED : create_job(request, answer);
    case IPP_OP_SEND_DOCUMENT: return send_document(request, answer, document);
    case IPP_OP_PRINT_JOB: return print_job(request, answer, document);
    case IPP_OP_VALIDATE_JOB: return IPP_STATUS_OK;
    case IPP_OP_GET_JOB_ATTRIBUTES: return job_attributes(request, answer);
    case IPP_OP_GET_JOBS: return get_jobs(request, answer);
    case IPP_OP_CANCEL_JOB: return cancel_job(request);
    default: return IPP_STATUS_ERROR_OPERATION_NOT_SUPPORTED;
  }
}

ipp_status_t IppFace::printer_attributes(ipp_t* answer) {
  const PrinterModel::State state = model_.state();
  add_printer_attributes(answer, plate_, uri_);
  ippAddInteger(answer, IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state", state.state);
  std::vector<const char*> reasons;
  reasons.reserve(state.reasons.size() + 1);
  for (const std::string& reason : state.reasons) {
    reasons.push_back(reason.c_str());
  }
  if (reasons.empty()) {
    reasons.push_back("none");
  }
  ippAddStrings(answer, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "printer-state-reasons", static_cast<int>(reasons.size()),
                nullptr, reasons.data());
  if (model_.fault().kind == PrinterFaultKind::babble) {
    make_babble(answer);
  }
  return IPP_STATUS_OK;
}

ipp_status_t IppFace::create_job(ipp_t* request, ipp_t* answer) {
  const auto id = model_.create(job_of(request));
  if (!id) {
    return IPP_STATUS_ERROR_BUSY;
  }
  add_job(answer, *model_.job(*id));
  return IPP_STATUS_OK;
}

ipp_status_t IppFace::take_document(int id, ipp_t* request, ipp_t* answer, const std::vector<std::uint8_t>& document) {
  const std::string format = text_of(request, "document-format");
  const auto job = model_.job(id);
  if (!job) {
    return IPP_STATUS_ERROR_NOT_FOUND;
  }
  if (std::find(plate_.formats.begin(), plate_.formats.end(), format) == plate_.formats.end()) {
    return IPP_STATUS_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED;
  }
  const int pages = count_pages(format, document);
  if (pages == 0 || model_.strikes(PrinterFaultKind::refuse)) {
    model_.cancel(id);
    return IPP_STATUS_ERROR_DOCUMENT_FORMAT_ERROR;
  }
  tray_.keep_document(job->name, ending_of(format), document);
  if (!model_.give_document(id, format, pages)) {
    return IPP_STATUS_ERROR_NOT_POSSIBLE;
  }
  if (const auto given = model_.job(id)) {
    add_job(answer, *given);
  }
  return IPP_STATUS_OK;
}

ipp_status_t IppFace::send_document(ipp_t* request, ipp_t* answer, const std::vector<std::uint8_t>& document) {
  return take_document(number_of(request, "job-id", 0), request, answer, document);
}

ipp_status_t IppFace::print_job(ipp_t* request, ipp_t* answer, const std::vector<std::uint8_t>& document) {
  const auto id = model_.create(job_of(request));
  return id ? take_document(*id, request, answer, document) : IPP_STATUS_ERROR_BUSY;
}

ipp_status_t IppFace::job_attributes(ipp_t* request, ipp_t* answer) {
  if (model_.strikes(PrinterFaultKind::job_error)) {
    return IPP_STATUS_ERROR_INTERNAL;
  }
  const auto job = model_.job(number_of(request, "job-id", 0));
  if (!job) {
    return IPP_STATUS_ERROR_NOT_FOUND;
  }
  add_job(answer, *job);
  return IPP_STATUS_OK;
}

ipp_status_t IppFace::get_jobs(ipp_t* request, ipp_t* answer) {
  if (model_.strikes(PrinterFaultKind::job_error)) {
    return IPP_STATUS_ERROR_INTERNAL;
  }
  const bool completed = text_of(request, "which-jobs") == "completed";
  bool first = true;
  for (const SimJob& job : model_.jobs()) {
    if (job.over() != completed) {
      continue;
    }
    if (!std::exchange(first, false)) {
      ippAddSeparator(answer);
    }
    add_job(answer, job);
  }
  return IPP_STATUS_OK;
}

ipp_status_t IppFace::cancel_job(ipp_t* request) {
  const int id = number_of(request, "job-id", 0);
  if (!model_.job(id)) {
    return IPP_STATUS_ERROR_NOT_FOUND;
  }
  return model_.cancel(id) ? IPP_STATUS_OK : IPP_STATUS_ERROR_NOT_POSSIBLE;
}

void IppFace::add_job(ipp_t* answer, const SimJob& job) {
  const PrinterFault fault = model_.fault();
  const bool lies = fault.kind == PrinterFaultKind::wrong_count && job.over();
  const int sheets = lies ? fault.says : job.printed;
  ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", job.id);
  ippAddString(answer, IPP_TAG_JOB, IPP_TAG_URI, "job-uri", nullptr, (uri_ + "/" + std::to_string(job.id)).c_str());
  ippAddString(answer, IPP_TAG_JOB, IPP_TAG_NAME, "job-name", nullptr, job.name.c_str());
  ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_ENUM, "job-state", static_cast<int>(job.state));
  ippAddString(answer, IPP_TAG_JOB, IPP_TAG_KEYWORD, "job-state-reasons", nullptr, job.reason.c_str());
  if (fault.kind != PrinterFaultKind::no_counts) {
    const int sides = job.duplex ? std::min(2 * sheets, job.copies * job.pages) : sheets;
    ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-impressions-completed", sides);
    ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-media-sheets-completed", sheets);
  }
}

}  // namespace quay::rig
