// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/printer_device.hpp"

#include <algorithm>

#include "base/shared_buffer.hpp"
#include "devices/printer/print_run.hpp"
#include "protocol/client/error_body.hpp"

namespace quay::printer {

namespace frames = worker::frames;
using worker::Outcome;

namespace {

/// Bytes of one list. All lists together, escaped, leave room in a frame (protocol/worker).
constexpr std::size_t kLongestList = 8 * 1024;
static_assert(2 * 3 * kLongestList < frames::kLargestFrame);

std::vector<std::string> told(const std::vector<std::string>& list) {
  std::vector<std::string> names;
  std::size_t bytes = 0;
  for (const std::string& name : list) {
    bytes += name.size() + 3;  // quotes and comma
    if (bytes > kLongestList) {
      break;
    }
    names.push_back(name);
  }
  return names;
}

std::vector<std::string> names_of(const std::vector<MediaSize>& sizes) {
  std::vector<std::string> names;
  for (const MediaSize& size : sizes) {
    if (std::find(names.begin(), names.end(), size.name) == names.end()) {
      names.push_back(size.name);
    }
  }
  return told(names);
}

protocol::PrinterCapabilities capabilities_of(const PrinterFacts& facts) {
  protocol::PrinterCapabilities can;
  const auto format = choose_format(facts);
  can.format = format ? media_type_of(*format) : "";
  can.media = names_of(facts.media);
  can.media_ready = names_of(facts.media_ready);
  can.duplex = std::find(facts.sides.begin(), facts.sides.end(), "two-sided-long-edge") != facts.sides.end();
  can.color = facts.color;
  can.most_copies = facts.most_copies;
  can.state_reasons = told(facts.reasons);
  return can;
}

}  // namespace

Status PrinterDevice::prepare() {
  watch_ = std::make_unique<StatusWatch>(link_, pace_.look, log_, [this](const PrinterSeen& seen) { tell(seen); });
  return {};
}

/// What a printer says of itself goes to quayd without its being asked.
void PrinterDevice::tell(const PrinterSeen& seen) const {
  if (const Status sent = channel_->send(described(seen)); !sent) {
    log_.info("state: {}", quay::describe(sent.error()));
  }
}

frames::Described PrinterDevice::described(const PrinterSeen& seen) const {
  frames::Described said;
  said.printer = seen.facts ? capabilities_of(*seen.facts) : protocol::PrinterCapabilities{};
  said.printer->path = link_.endpoint().path;
  if (seen.facts) {
    said.identity.model = seen.facts->make_and_model;
    said.identity.serial = seen.facts->serial;
  }
  if (!seen.troubles.empty()) {
    said.trouble = protocol::to_body(seen.troubles.front());
  }
  return said;
}

Outcome PrinterDevice::carry_out(const frames::ToWorker& request, std::vector<UniqueFd> descriptors, worker::Job& job) {
  if (std::holds_alternative<frames::Describe>(request)) {
    return describe(job);
  }
  if (const auto* order = std::get_if<frames::Print>(&request)) {
    return print(*order, std::move(descriptors), job);
  }
  return {0, make_error(Errc::device_unsupported, "worker.request", "a printer prints")};
}

Outcome PrinterDevice::describe(worker::Job& job) {
  const PrinterSeen seen = watch_->look();
  if (const Status sent = job.send(described(seen)); !sent) {
    return {0, sent.error()};
  }
  return seen.troubles.empty() ? Outcome{} : Outcome{0, seen.troubles.front()};
}

Outcome PrinterDevice::print(const frames::Print& order, std::vector<UniqueFd> descriptors, worker::Job& job) {
  if (descriptors.size() != 1) {
    return {0, make_error(Errc::worker_protocol, "print", "one descriptor was expected")};
  }
  const auto pdf = ReadableBuffer::open(std::move(descriptors.front()), order.bytes);
  if (!pdf) {
    return {0, pdf.error()};
  }
  watch_->set_busy(true);
  Outcome outcome = PrintRun({link_, *watch_, pace_.give_up}, order, job).run(pdf->bytes());
  watch_->set_busy(false);
  return outcome;
}

}  // namespace quay::printer
