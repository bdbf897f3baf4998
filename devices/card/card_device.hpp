// SPDX-License-Identifier: Apache-2.0
// Every card reader that pcscd has, as one device: says who is in which slot whenever that changes, and reads the chip
// of an identity card when told to.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "devices/card/chip_job.hpp"
#include "devices/worker/device.hpp"

namespace quay::card {

struct CardOptions {
  std::string only;              ///< readers whose name holds this; empty: all
  std::filesystem::path trust;   ///< see trust_directory.hpp
  std::function<void()> forget;  ///< overwrites the stack below; called when a frame or a request is over
};

class CardDevice final : public worker::Device {
 public:
  CardDevice(CardOptions options, const Log& log) : options_(std::move(options)), log_(log) {}

  void connect(const worker::Channel& channel) override { channel_ = &channel; }
  Status prepare() override;
  worker::Outcome carry_out(const worker::frames::ToWorker& request, std::vector<UniqueFd> descriptors,
                            worker::Job& job) override;
  void forget() noexcept override;
  void cancel() noexcept override;

 private:
  worker::Outcome describe(worker::Job& job);
  worker::Outcome read(const worker::frames::ReadCard& order, worker::Job& job);
  void tell(const SlotsSeen& seen) const;

  CardOptions options_;
  const Log& log_;
  const worker::Channel* channel_ = nullptr;
  PieceBook pieces_;
  std::unique_ptr<SlotWatch> watch_;
};

}  // namespace quay::card
