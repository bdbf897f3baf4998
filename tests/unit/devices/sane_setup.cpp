// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/devices/sane_setup.hpp"

#include <fstream>
#include <stdexcept>

namespace quay::test {

SaneSetup::SaneSetup(const std::string& backend, const std::string& configuration) {
  std::ofstream(directory_.path() / "dll.conf") << backend << "\n";
  std::ofstream(directory_.path() / (backend + ".conf")) << configuration << "\n";
}

std::unique_ptr<WorkerClient> SaneSetup::worker(const std::string& device,
                                                std::map<std::string, std::string> environment) {
  environment.merge(worker_environment(directory()));
  auto worker = std::make_unique<WorkerClient>(QUAY_SCANNER, std::vector<std::string>{"--device", device}, environment);
  if (!worker->greeted()) {
    throw std::runtime_error("quay-scanner did not say Hello");
  }
  return worker;
}

std::map<std::string, std::string> worker_environment(const std::filesystem::path& directory) {
  return {{"SANE_CONFIG_DIR", directory.string()}, {"HOME", directory.string()}, {"LC_ALL", "C.UTF-8"}};
}

frames::Scan scan_order(protocol::ScanSource source, protocol::ScanMode mode, std::int32_t dpi,
                        std::int32_t max_pages) {
  frames::Scan order;
  order.request = 1;
  order.settings.source = source;
  order.settings.mode = mode;
  order.settings.resolution_dpi = dpi;
  order.settings.width_mm = 100;
  order.settings.height_mm = 150;
  order.max_pages = max_pages;
  return order;
}

}  // namespace quay::test
