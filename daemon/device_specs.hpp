// SPDX-License-Identifier: Apache-2.0
// From configuration and discovery to the devices that quayd shall own: which worker, with which private environment.
#pragma once

#include <string>
#include <vector>

#include "daemon/jobs/device_set.hpp"
#include "daemon/jobs/usb_desk.hpp"
#include "daemon/service/config.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon {

/// A worker of `config`'s own libexec directory with the clean environment every worker gets.
supervise::WorkerSpec worker_spec(const service::Config& config, const std::string& name, const std::string& program);

/// What was found beside what the configuration names.
struct FoundDevices {
  std::vector<protocol::worker::FoundScanner> scanners;
  std::vector<protocol::worker::FoundCamera> cameras;
  std::vector<protocol::worker::FoundDocumentCamera> document_cameras;
};

/// The devices named in the configuration, then those found that it does not name. Errors: file_unwritable.
/// Those found are called by what is plugged in, so that they keep their ids over a replug.
Result<std::vector<jobs::DeviceSet::Wanted>> device_specs(const service::Config& config, const FoundDevices& found,
                                                          const jobs::UsbDesk::Devices& plugged);

/// Looks for scanners of config.sane_backends in a process of its own, within deadlines.describe.
/// Errors: those of run_once; worker_protocol when what it printed is no list.
loop::Awaitable<Result<std::vector<protocol::worker::FoundScanner>>> discover_scanners(loop::Loop& loop,
                                                                                       const service::Config& config);
/// The same for what libgphoto2 sees on USB.
loop::Awaitable<Result<std::vector<protocol::worker::FoundCamera>>> discover_cameras(loop::Loop& loop,
                                                                                     const service::Config& config);
/// The same for the kernel's video driver.
loop::Awaitable<Result<std::vector<protocol::worker::FoundDocumentCamera>>> discover_document_cameras(
    loop::Loop& loop, const service::Config& config);

}  // namespace quay::daemon
