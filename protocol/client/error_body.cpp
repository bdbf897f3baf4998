// SPDX-License-Identifier: Apache-2.0
#include "protocol/client/error_body.hpp"

#include "protocol/client/error_table.hpp"

namespace quay::protocol {
namespace {

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

ErrorBody to_body(const Error& error) {
  const ErrorRow& row = error_row(error.code);
  ErrorBody body;
  body.code = row.wire;
  body.remedy = remedy_name(row.remedy);
  body.vi = row.vi;
  body.en = row.en;
  body.device = unless_empty(error.device_id);
  body.operation = unless_empty(error.operation);
  body.detail = unless_empty(error.detail);
  if (!error.native.api.empty()) {
    body.native = NativeBody{{}, error.native.api, error.native.name, error.native.number};
  }
  body.holder = unless_empty(error.holder);
  if (error.retry_after_ms > 0) {
    body.retry_after_ms = error.retry_after_ms;
  }
  return body;
}

Error from_body(const ErrorBody& body) {
  Error error;
  const std::optional<Errc> code = errc_from_wire(body.code);
  error.code = code.value_or(Errc::bug);
  error.operation = body.operation.value_or("");
  error.detail = code ? body.detail.value_or("") : "unknown code " + body.code;
  error.device_id = body.device.value_or("");
  if (body.native) {
    error.native = NativeStatus{body.native->api, body.native->name, body.native->number};
  }
  error.holder = body.holder.value_or("");
  error.retry_after_ms = body.retry_after_ms.value_or(0);
  return error;
}

}  // namespace quay::protocol
