// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/scanner_device.hpp"

#include <algorithm>
#include <utility>

#include "devices/scanner/describe.hpp"
#include "devices/scanner/feeder.hpp"
#include "devices/scanner/found_scanners.hpp"
#include "devices/scanner/option_panel.hpp"
#include "devices/scanner/sane_error.hpp"
#include "devices/scanner/settings.hpp"

namespace quay::scanner {

namespace frames = worker::frames;
using frames::Stage;
using protocol::ScanSource;
using worker::Outcome;

Status ScannerDevice::prepare() { return sane_status(::sane_init(nullptr, nullptr), "sane_init"); }

Outcome ScannerDevice::carry_out(const frames::ToWorker& request, std::vector<UniqueFd> /*descriptors*/,
                                 worker::Job& job) {
  if (std::holds_alternative<frames::Describe>(request)) {
    return describe(job);
  }
  if (const auto* order = std::get_if<frames::Scan>(&request)) {
    return scan(*order, job);
  }
  return {0, make_error(Errc::device_unsupported, "worker.request", "a scanner can only be described and scan")};
}

Outcome ScannerDevice::describe(worker::Job& job) {
  job.progress(Stage::opening, 0);
  const Result<SaneHandle> handle = SaneHandle::open(sane_name_, canceller_);
  if (!handle) {
    return {0, handle.error()};
  }
  OptionPanel panel(*handle);
  Result<protocol::ScannerCapabilities> capabilities = describe_device(panel);
  if (!capabilities) {
    return {0, capabilities.error()};
  }
  const Status sent = job.send(frames::Described{{}, 0, identity(), *std::move(capabilities), {}, {}, {}, {}, {}, {}});
  return sent ? Outcome{} : Outcome{0, sent.error()};
}

/// Vendor and model stand only in SANE's list.
protocol::DeviceIdentity ScannerDevice::identity() const {
  protocol::DeviceIdentity identity;
  if (const auto found = find_scanners()) {
    const auto self =
        std::find_if(found->begin(), found->end(), [&](const auto& one) { return one.sane_name == sane_name_; });
    if (self != found->end()) {
      identity.maker = self->vendor;
      identity.model = self->model;
    }
  }
  return identity;
}

/// A scanner that slept often fails the first call and does the second: one silent retry, while no page has come.
Outcome ScannerDevice::scan(const frames::Scan& order, worker::Job& job) {
  if (const Status checked = check_settings(order.settings); !checked) {
    return {0, checked.error()};
  }
  Outcome outcome = scan_once(order, job);
  const bool lost_contact = outcome.error && outcome.error->code == Errc::device_io;
  if (!lost_contact || outcome.pages > 0 || job.cancelled()) {
    return outcome;
  }
  log_.info("trying once more after: {}", quay::describe(*outcome.error));
  return scan_once(order, job);
}

Outcome ScannerDevice::scan_once(const frames::Scan& order, worker::Job& job) {
  std::size_t sources = 1;
  Outcome outcome;
  for (std::size_t turn = 0; turn < sources; ++turn) {
    outcome = scan_from(order, turn, sources, job);
    if (!outcome.error || outcome.error->code != Errc::paper_empty) {
      break;
    }
  }
  return outcome;
}

/// Scans from source number `turn` of those to try; says in `sources` how many there are. Each gets the device freshly
/// opened: sane-airscan lets a source wait 2.5 s after another one failed on the same handle.
Outcome ScannerDevice::scan_from(const frames::Scan& order, std::size_t turn, std::size_t& sources, worker::Job& job) {
  job.progress(Stage::opening, 0);
  const Result<SaneHandle> handle = SaneHandle::open(sane_name_, canceller_);
  if (job.cancelled()) {
    return {0, job.cancelled_error("sane_open")};
  }
  if (!handle) {
    return {0, handle.error()};
  }
  OptionPanel panel(*handle);
  const auto to_try = sources_to_try(order.settings.source, sources_of(panel.options()), paper_loaded(panel));
  if (!to_try) {
    return {0, to_try.error()};
  }
  sources = to_try->size();
  const ScanSource source = to_try->at(std::min(turn, sources - 1));
  Result<AppliedSettings> applied = apply_settings(panel, order.settings, source);
  if (!applied) {
    return {0, applied.error()};
  }
  return Feeder(*handle, job, log_).run({source, order.settings.mode, order.max_pages, *std::move(applied)});
}

}  // namespace quay::scanner
