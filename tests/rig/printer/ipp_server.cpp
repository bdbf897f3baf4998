// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/printer/ipp_server.hpp"

namespace quay::rig {
namespace {

constexpr Milliseconds kLook{20};
/// More than any request without a document: what comes behind it is one.
constexpr std::size_t kRequestAlone = 2048;

/// The answer with so much more of no use before its end.
void make_endless(std::vector<std::uint8_t>& answer, int mebibytes) {
  constexpr std::string_view kName = "x-flood";
  std::vector<std::uint8_t> one{IPP_TAG_TEXT, 0, kName.size()};
  one.insert(one.end(), kName.begin(), kName.end());
  one.insert(one.end(), {0x03, 0xE8});  // a thousand bytes
  one.insert(one.end(), 1000, 'x');
  const auto end = answer.back();
  answer.pop_back();
  for (const std::size_t size = static_cast<std::size_t>(mebibytes) << 20U; answer.size() < size;) {
    answer.insert(answer.end(), one.begin(), one.end());
  }
  answer.push_back(end);
}

}  // namespace

IppServer::IppServer(std::uint16_t port, IppFace& face, PrinterModel& model)
    : face_(face), model_(model), server_(LoopbackPort{port}, [this](int fd) { serve(fd); }) {}

void IppServer::serve(int fd) {
  HttpStream stream(fd);
  while (stream.next_request() && serve_one(fd, stream)) {
  }
}

/// False when the connection broke, or the fault breaks it after so many bytes of a document.
bool IppServer::read_body(int fd, HttpStream& stream, std::vector<std::uint8_t>& body) {
  while (stream.read_more(body)) {
    if (!wait_out_stall(fd, body.size())) {
      return false;
    }
    const PrinterFault fault = model_.fault();
    const bool far_enough = body.size() > kRequestAlone + static_cast<std::size_t>(fault.at);
    if (far_enough && model_.strikes(PrinterFaultKind::cut)) {
      return false;
    }
  }
  return !stream.broken();
}

/// False when the peer went while nothing was read.
bool IppServer::wait_out_stall(int fd, std::size_t read) {
  const auto stalls = [&] {
    const PrinterFault fault = model_.fault();
    return fault.kind == PrinterFaultKind::stall && read > kRequestAlone + static_cast<std::size_t>(fault.at);
  };
  while (stalls()) {
    if (!wait_while_connected(fd, deadline_in(kLook))) {
      return false;
    }
  }
  return true;
}

/// After the request was carried out, and before its answer.
bool IppServer::breaks_here(ipp_op_t operation) {
  const bool document = operation == IPP_OP_SEND_DOCUMENT || operation == IPP_OP_PRINT_JOB;
  return (document && model_.strikes(PrinterFaultKind::cut_answer)) ||
         (operation == IPP_OP_CREATE_JOB && model_.strikes(PrinterFaultKind::lost_create));
}

bool IppServer::serve_one(int fd, HttpStream& stream) {
  std::vector<std::uint8_t> body;
  if (stream.method() != "POST" || !read_body(fd, stream, body)) {
    return false;
  }
  while (model_.fault().kind == PrinterFaultKind::mute) {
    if (!wait_while_connected(fd, deadline_in(kLook))) {
      return false;
    }
  }
  if (model_.fault().kind == PrinterFaultKind::malformed) {
    return stream.answer("application/ipp", {'n', 'o', ' ', 'i', 'p', 'p'});
  }
  std::vector<std::uint8_t> document;
  const IppPtr request = IppFace::parse(body, document);
  if (!request) {
    return false;
  }
  const IppPtr answer = face_.answer(request.get(), document);
  const PrinterFault fault = model_.fault();
  if (fault.kind == PrinterFaultKind::slow && !wait_while_connected(fd, deadline_in(Milliseconds(fault.ms)))) {
    return false;
  }
  std::vector<std::uint8_t> bytes = IppFace::to_bytes(answer.get());
  if (fault.kind == PrinterFaultKind::flood) {
    make_endless(bytes, fault.at);
  }
  return !breaks_here(ippGetOperation(request.get())) && stream.answer("application/ipp", bytes);
}

}  // namespace quay::rig
