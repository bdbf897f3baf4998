// SPDX-License-Identifier: Apache-2.0
#include "ctl/doctor/configured.hpp"

#include <algorithm>

#include "settings/toml.hpp"

namespace quay::ctl::doctor {
namespace {

/// Looked for, or named by hand.
bool wanted(const toml::table& all, std::string_view kind) {
  const auto section = all[kind];
  return section["discover"].value_or(false) || section["device"].is_array();
}

/// Is a printer reached through the local print service?
bool any_queue(const toml::table& all) {
  const toml::array* printers = all["printer"]["device"].as_array();
  return printers != nullptr && std::any_of(printers->begin(), printers->end(), [](const toml::node& printer) {
           return printer.is_table() && printer.as_table()->contains("queue");
         });
}

}  // namespace

Configured configured(const Machine& machine) {
  Configured found;
  const toml::parse_result parsed = toml::parse(machine.text("/etc/quay/quay.toml").value_or(""));
  if (!parsed) {
    return found;
  }
  const toml::table& all = parsed.table();
  found.state_directory = all["daemon"]["state_directory"].value_or(found.state_directory);
  found.keep_free_mib = all["daemon"]["keep_free_mib"].value_or(found.keep_free_mib);
  found.scanners = wanted(all, "scanner");
  found.cameras = wanted(all, "camera");
  found.document_cameras = wanted(all, "document_camera");
  found.printers = wanted(all, "printer");
  found.queues = any_queue(all);
  found.chip = all["card"]["chip"].value_or(false);
  return found;
}

}  // namespace quay::ctl::doctor
