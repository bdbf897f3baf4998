// SPDX-License-Identifier: Apache-2.0
// A printer below the worker harness: describes it, tells what is the matter with it, and prints.
#pragma once

#include <memory>

#include "base/log.hpp"
#include "devices/printer/status_watch.hpp"
#include "devices/worker/device.hpp"

namespace quay::printer {

class PrinterDevice final : public worker::Device {
 public:
  struct Pace {
    Milliseconds look;     ///< between two questions how the printer is
    Milliseconds give_up;  ///< PrintRun::Printer
  };

  PrinterDevice(Endpoint endpoint, Pace pace, const Log& log) : link_(std::move(endpoint)), pace_(pace), log_(log) {}

  void connect(const worker::Channel& channel) override { channel_ = &channel; }
  Status prepare() override;
  worker::Outcome carry_out(const worker::frames::ToWorker& request, std::vector<UniqueFd> descriptors,
                            worker::Job& job) override;

 private:
  void tell(const PrinterSeen& seen) const;
  worker::Outcome describe(worker::Job& job);
  worker::Outcome print(const worker::frames::Print& order, std::vector<UniqueFd> descriptors, worker::Job& job);
  worker::frames::Described described(const PrinterSeen& seen) const;

  PrinterLink link_;
  Pace pace_;
  const Log& log_;
  const worker::Channel* channel_ = nullptr;
  std::unique_ptr<StatusWatch> watch_;
};

}  // namespace quay::printer
