// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/devices/printer_setup.hpp"

#include <fstream>
#include <iterator>
#include <variant>

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace quay::test {

PrinterSetup::PrinterSetup(std::vector<std::string> arguments) {
  auto printer = rig::SimPrinter::start(directory_.path(), std::move(arguments));
  if (!printer) {
    throw std::runtime_error(describe(printer.error()));
  }
  printer_ = *std::move(printer);
}

void PrinterSetup::fault(const std::string& words) {
  const auto said = printer_->tell("fault " + words);
  EXPECT_TRUE(said) << describe(said.error());
}

std::unique_ptr<WorkerClient> PrinterSetup::worker(const std::vector<std::string>& more_arguments) const {
  std::vector<std::string> arguments{"--uri", printer_->uri(), "--look-ms", "100"};
  arguments.insert(arguments.end(), more_arguments.begin(), more_arguments.end());
  auto worker = std::make_unique<WorkerClient>(QUAY_PRINTER, arguments, std::map<std::string, std::string>{});
  EXPECT_TRUE(worker->greeted());
  return worker;
}

Answers PrinterSetup::print(WorkerClient& worker, frames::Print order, const std::vector<std::uint8_t>& pdf,
                            const std::function<bool(const frames::FromWorker&)>& on_frame) {
  auto buffer = WritableBuffer::create(pdf.size());
  if (!buffer) {
    throw std::runtime_error(describe(buffer.error()));
  }
  std::copy(pdf.begin(), pdf.end(), buffer->bytes().begin());
  order.bytes = pdf.size();
  worker.send(order, {buffer->fd()});
  return worker.collect_while([&](const frames::FromWorker& frame) {
    if (on_frame && !on_frame(frame)) {
      return false;
    }
    if (std::holds_alternative<frames::Placed>(frame)) {
      worker.send(frames::Kept{{}, order.request, 1});
    }
    return true;
  });
}

int PrinterSetup::sheets(const std::string& name) const {
  const auto counted = printer_->sheets();
  const auto found = counted.find(name);
  return found == counted.end() ? 0 : found->second;
}

frames::Print order_named(const std::string& name) {
  frames::Print order;
  order.request = 1;
  order.name = name;
  return order;
}

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

frames::PrintSeen last(const Answers& answers) {
  return answers.seen.empty() ? frames::PrintSeen{} : answers.seen.back();
}

bool waits_for(const frames::FromWorker& frame, const std::string& code) {
  const auto* seen = std::get_if<frames::PrintSeen>(&frame);
  return seen != nullptr && std::any_of(seen->waits_for.begin(), seen->waits_for.end(),
                                        [&](const protocol::ErrorBody& one) { return one.code == code; });
}

}  // namespace quay::test
