// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/ipp_connection.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <cups/cups.h>
#include <fmt/format.h>

namespace quay::printer {
namespace {

constexpr Milliseconds kConnect{5'000};
constexpr Milliseconds kQuestions{250};
constexpr double kLookEvery = 0.25;  // kQuestions, in the seconds of libcups
/// As much as fits into a socket that says it can be written to, so that no write blocks.
constexpr std::size_t kPiece = 4096;
constexpr int kMostLogins = 2;
/// A printer's attributes are some 40 KiB, the jobs of a full queue a few hundred.
constexpr std::size_t kLargestAnswer = std::size_t{4} * 1024 * 1024;
/// An answer that has begun comes within this; one that drips is given up.
constexpr Milliseconds kWholeAnswer{30'000};

/// The body of an answer. httpRead2 gives what there is, and asks the socket for no more than that; ippReadIO wants a
/// few bytes at a time, and all of them.
class Answer {
 public:
  explicit Answer(http_t* http) : http_(http) {}

  /// ipp_iocb_t
  static ssize_t read(void* context, ipp_uchar_t* out, std::size_t bytes) {
    return static_cast<Answer*>(context)->read(std::span(out, bytes));
  }

 private:
  ssize_t read(std::span<ipp_uchar_t> out) {
    const auto wanted = static_cast<ssize_t>(out.size());
    while (!out.empty()) {
      if (ready_.empty() && !fill()) {
        return -1;
      }
      const std::size_t some = std::min(out.size(), ready_.size());
      std::copy_n(ready_.begin(), some, out.begin());
      out = out.subspan(some);
      ready_ = ready_.subspan(some);
    }
    return wanted;
  }

  bool fill() {
    if (SteadyClock::now() > until_) {
      return false;
    }
    const ssize_t got = httpRead2(http_, reinterpret_cast<char*>(buffer_.data()), std::min(buffer_.size(), left_));
    if (got <= 0) {
      return false;
    }
    ready_ = std::span(buffer_).first(static_cast<std::size_t>(got));
    left_ -= ready_.size();
    return true;
  }

  http_t* http_;
  std::array<ipp_uchar_t, 16'384> buffer_{};
  std::span<const ipp_uchar_t> ready_;
  std::size_t left_ = kLargestAnswer;
  Deadline until_ = deadline_in(kWholeAnswer);
};

}  // namespace

Patience at_most(Milliseconds span) {
  return [span](Milliseconds silent) { return silent < span; };
}

Result<std::unique_ptr<IppConnection>> IppConnection::open(const Endpoint& endpoint) {
  const http_encryption_t encryption = endpoint.encrypted ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED;
  http_t* http = httpConnect2(endpoint.host.c_str(), endpoint.port, nullptr, AF_UNSPEC, encryption, 1,
                              static_cast<int>(kConnect.count()), nullptr);
  if (http == nullptr) {
    return failure(Errc::printer_offline, "printer.connect", cupsLastErrorString());
  }
  return std::make_unique<IppConnection>(endpoint, http);
}

int IppConnection::keep_waiting(http_t* /*http*/, void* wait) {
  auto& self = *static_cast<Wait*>(wait);
  const auto silent = std::chrono::duration_cast<Milliseconds>(SteadyClock::now() - self.since);
  self.given_up = self.given_up || !(*self.patience)(silent);
  return self.given_up ? 0 : 1;
}

Error IppConnection::broken(const char* step) const {
  return wait_.given_up ? make_error(Errc::device_timeout, step, "the printer does not answer")
                        : make_error(Errc::printer_offline, step, std::strerror(httpError(http_)));
}

Result<IppMessage> IppConnection::exchange(const IppMessage& request, std::span<const std::uint8_t> document,
                                           const Patience& patience) {
  for (int attempt = 0;; ++attempt) {
    wait_ = Wait{&patience, SteadyClock::now(), deadline_in(kQuestions), false};
    httpSetTimeout(http_, kLookEvery, keep_waiting, &wait_);
    const Status sent = send(request, document);
    const Result<http_status_t> status = sent ? await_status() : Result<http_status_t>(failure(sent.error()));
    if (!status) {
      return failure(status.error());
    }
    if (*status == HTTP_STATUS_OK) {
      return read_answer();
    }
    if (attempt >= kMostLogins || !may_authenticate(*status, document)) {
      return failure(Errc::print_refused, "printer.http",
                     fmt::format("HTTP {} {}", static_cast<int>(*status), httpStatus(*status)));
    }
  }
}

/// The local print service asks who one is, and takes the kernel's word for it. Only where nothing is sent twice.
bool IppConnection::may_authenticate(http_status_t status, std::span<const std::uint8_t> document) {
  httpFlush(http_);
  return status == HTTP_STATUS_UNAUTHORIZED && document.empty() && endpoint_.path == protocol::PrinterPath::queue &&
         cupsDoAuthentication(http_, "POST", endpoint_.resource.c_str()) == 0 &&
         httpReconnect2(http_, static_cast<int>(kConnect.count()), nullptr) == 0;
}

Status IppConnection::send(const IppMessage& request, std::span<const std::uint8_t> document) {
  const char* login = httpGetAuthString(http_);
  httpClearFields(http_);
  httpSetField(http_, HTTP_FIELD_AUTHORIZATION, login == nullptr ? "" : login);
  httpSetField(http_, HTTP_FIELD_CONTENT_TYPE, "application/ipp");
  httpSetLength(http_, ippLength(request.get()) + document.size());
  if (httpPost(http_, endpoint_.resource.c_str()) != 0) {
    return failure(broken("printer.post"));
  }
  ippSetState(request.get(), IPP_STATE_IDLE);
  for (ipp_state_t state = IPP_STATE_IDLE; state != IPP_STATE_DATA;) {
    state = ippWrite(http_, request.get());
    if (state == IPP_STATE_ERROR) {
      return failure(broken("printer.request"));
    }
  }
  return send_document(document);
}

/// A printer that reads slowly and steadily lets nothing wait: whoever sends is asked all the same.
bool IppConnection::still_wanted() {
  if (SteadyClock::now() >= wait_.next_question) {
    wait_.next_question = deadline_in(kQuestions);
    wait_.given_up = !(*wait_.patience)(Milliseconds(0));
  }
  return !wait_.given_up;
}

Status IppConnection::send_document(std::span<const std::uint8_t> document) {
  while (!document.empty()) {
    const auto piece = document.first(std::min(kPiece, document.size()));
    if (httpWrite2(http_, reinterpret_cast<const char*>(piece.data()), piece.size()) < 0) {
      return failure(broken("printer.document"));
    }
    wait_.since = SteadyClock::now();
    document = document.subspan(piece.size());
    if (!still_wanted()) {
      return failure(broken("printer.document"));
    }
  }
  return httpFlushWrite(http_) < 0 ? Status(failure(broken("printer.document"))) : Status();
}

Result<http_status_t> IppConnection::await_status() {
  http_status_t status = HTTP_STATUS_CONTINUE;
  while (status == HTTP_STATUS_CONTINUE) {
    status = httpUpdate(http_);
  }
  if (status == HTTP_STATUS_ERROR || status == HTTP_STATUS_NONE) {
    return failure(broken("printer.answer"));
  }
  return status;
}

Result<IppMessage> IppConnection::read_answer() {
  IppMessage answer(ippNew());
  Answer source(http_);
  for (ipp_state_t state = IPP_STATE_IDLE; state != IPP_STATE_DATA;) {
    state = ippReadIO(&source, &Answer::read, 1, nullptr, answer.get());
    if (state == IPP_STATE_ERROR) {
      return wait_.given_up
                 ? failure(broken("printer.answer"))
                 : failure(Errc::device_io, "printer.answer", "the printer's answer is no IPP, or has no end");
    }
  }
  return answer;  // what may follow it goes with the connection
}

}  // namespace quay::printer
