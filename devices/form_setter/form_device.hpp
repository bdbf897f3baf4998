// SPDX-License-Identifier: Apache-2.0
// Sets forms below the worker harness: what a front end fills in becomes a PDF, or a picture of one page. Touches no
// device and no network; the folder of forms is read anew for each request, so that a form that was corrected is there.
#pragma once

#include <filesystem>

#include "devices/worker/device.hpp"

namespace quay::form_setter {

class FormDevice final : public worker::Device {
 public:
  explicit FormDevice(std::filesystem::path folder) : folder_(std::move(folder)) {}

  worker::Outcome carry_out(const worker::frames::ToWorker& request, std::vector<UniqueFd> descriptors,
                            worker::Job& job) override;

 private:
  Status list(worker::Job& job) const;
  Status set(const worker::frames::SetForm& order, worker::Job& job) const;

  std::filesystem::path folder_;
};

}  // namespace quay::form_setter
