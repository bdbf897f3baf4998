// SPDX-License-Identifier: Apache-2.0
#include "ctl/trace_file.hpp"

#include "protocol/json/writer.hpp"

namespace quay::ctl {

std::string session_head(const protocol::DeviceTraceResult& part) {
  const protocol::json::object head{
      {"quay_session", 1}, {"device", part.device}, {"kind", protocol::enum_name(part.kind)}};
  return protocol::json::serialize(head) + "\n";
}

std::string session_line(const protocol::TraceEntry& entry) {
  return protocol::json::serialize(protocol::to_json(entry)) + "\n";
}

Result<std::string> trace_text(client::Client& client, const std::string& device) {
  std::string text;
  for (std::uint64_t after = 0;;) {
    const protocol::DeviceTraceArguments wanted{{}, device, after};
    const auto part = client.call_as<protocol::DeviceTraceResult>("device.trace", wanted);
    if (!part) {
      return failure(part.error());
    }
    if (text.empty()) {
      text = session_head(*part);
    }
    if (part->entries.empty()) {
      return text;
    }
    for (const protocol::TraceEntry& entry : part->entries) {
      text += session_line(entry);
      after = entry.number;
    }
  }
}

}  // namespace quay::ctl
