// SPDX-License-Identifier: Apache-2.0
// The XML of eSCL (Mopria Alliance, eSCL Technical Specification 2.97) that a scanner sends and reads. Text in,
// values out; no socket.
#pragma once

#include <string>
#include <string_view>

#include "tests/rig/pictures/page_store.hpp"

namespace quay::rig {

/// What the type plate of the simulated scanner says.
struct TypePlate {
  std::string make_and_model = "Quay Simulated Scanner";
  std::string serial_number = "QS-0001";
  std::string uuid = "6b1f6f0e-0f6c-4d0b-9c55-7175617973cc";
  int feeder_capacity = 50;
};

/// scan:ScannerCapabilities, eSCL section 8.1.
std::string capabilities_xml(const TypePlate& plate, BedSize bed);

/// One line of the Jobs part of ScannerStatus.
struct JobFacts {
  std::string id;
  std::string state;   ///< "Processing", "Completed", "Canceled", "Aborted"
  std::string reason;  ///< "JobScanning", "JobCompletedSuccessfully", ...
  int images_completed = 0;
};

/// What ScannerStatus says; state "Idle" or "Processing".
struct StatusFacts {
  std::string state;
  std::string adf_state;
  std::vector<JobFacts> jobs;
};

/// scan:ScannerStatus, eSCL section 8.2.
std::string status_xml(const StatusFacts& facts);

/// scan:ScanSettings of POST ScanJobs.
struct ScanSettings {
  bool feeder = false;
  bool duplex = false;
  PictureSettings picture;
};

/// Errors: request_malformed naming the element that is missing or out of range. Settings without a region mean the
/// whole `bed`.
Result<ScanSettings> parse_scan_settings(std::string_view xml, BedSize bed);

}  // namespace quay::rig
