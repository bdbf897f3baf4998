// SPDX-License-Identifier: Apache-2.0
// One HTTP connection to a printer, and one exchange at a time on it. Nothing waits without an end, and nothing is ever
// sent a second time by itself: whoever sends a document must know how often it left.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include <cups/http.h>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "devices/printer/endpoint.hpp"
#include "devices/printer/ipp_message.hpp"

namespace quay::printer {

/// Asked each quarter of a second, whether a document moves or not; false: give up. `silent`: for how long nothing has
/// moved.
using Patience = std::function<bool(Milliseconds silent)>;

/// Patience for that long.
Patience at_most(Milliseconds span);

class IppConnection {
 public:
  /// Errors: printer_offline when nobody answers within five seconds.
  static Result<std::unique_ptr<IppConnection>> open(const Endpoint& endpoint);

  explicit IppConnection(Endpoint endpoint, http_t* http) : endpoint_(std::move(endpoint)), http_(http) {}
  IppConnection(const IppConnection&) = delete;
  IppConnection& operator=(const IppConnection&) = delete;
  ~IppConnection() { httpClose(http_); }

  const Endpoint& endpoint() const { return endpoint_; }

  /// Sends `request` and, behind it, `document`; gives the answer, whatever status it has. Errors: printer_offline when
  /// the connection broke, device_timeout when patience ended, print_refused for an HTTP status that is none of
  /// success, device_io for an answer that is no IPP or of more than 4 MiB.
  Result<IppMessage> exchange(const IppMessage& request, std::span<const std::uint8_t> document,
                              const Patience& patience);

 private:
  struct Wait {
    const Patience* patience = nullptr;
    Deadline since{};
    Deadline next_question{};  ///< while pieces of a document flow
    bool given_up = false;
  };

  static int keep_waiting(http_t* http, void* wait);
  Status send(const IppMessage& request, std::span<const std::uint8_t> document);
  bool still_wanted();
  Status send_document(std::span<const std::uint8_t> document);
  Result<http_status_t> await_status();
  Result<IppMessage> read_answer();
  bool may_authenticate(http_status_t status, std::span<const std::uint8_t> document);
  Error broken(const char* step) const;

  Endpoint endpoint_;
  http_t* http_;
  Wait wait_;
};

}  // namespace quay::printer
