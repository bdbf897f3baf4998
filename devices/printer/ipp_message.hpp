// SPDX-License-Identifier: Apache-2.0
// One IPP message (RFC 8010) as a value with an owner, and its attributes by name, read without surprises: what is not
// there, or is of another kind, is empty. All text comes out as UTF-8 without control characters, whatever the printer
// wrote; texts and lists without an end are cut.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cups/ipp.h>

namespace quay::printer {

struct IppDelete {
  void operator()(ipp_t* message) const { ippDelete(message); }
};

class IppMessage {
 public:
  explicit IppMessage(ipp_t* message) : message_(message) {}

  /// A request with charset, language and printer-uri as every IPP request begins, and who asks.
  static IppMessage request(ipp_op_t operation, const std::string& printer_uri, const std::string& user);

  ipp_t* get() const { return message_.get(); }
  ipp_status_t status() const { return ippGetStatusCode(message_.get()); }

  void add_text(ipp_tag_t group, ipp_tag_t kind, const char* name, const std::string& value);
  void add_integer(ipp_tag_t group, ipp_tag_t kind, const char* name, int value);
  void add_boolean(ipp_tag_t group, const char* name, bool value);
  void add_keywords(ipp_tag_t group, const char* name, const std::vector<std::string>& values);

  std::string text(const char* name) const;
  std::vector<std::string> texts(const char* name) const;
  std::optional<int> integer(const char* name) const;
  std::optional<bool> boolean(const char* name) const;
  std::vector<int> integers(const char* name) const;
  /// The upper end of a rangeOfInteger.
  std::optional<int> most(const char* name) const;

 private:
  std::unique_ptr<ipp_t, IppDelete> message_;
};

}  // namespace quay::printer
