// SPDX-License-Identifier: Apache-2.0
// Where pages leave through a queue of the local print service: does that keep what it printed, and may quayd set a
// queue that stopped going again.
#include <algorithm>
#include <cctype>
#include <sstream>

#include "ctl/doctor/checks.hpp"

namespace quay::ctl::doctor {
namespace {

constexpr std::string_view kService = "/etc/cups/cupsd.conf";
constexpr std::string_view kUser = "quay";

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// cupsd.conf(5): documents of finished jobs are kept for a day unless PreserveJobFiles says No, or 0 seconds.
bool keeps_documents(const std::string& settings) {
  std::istringstream lines(settings);
  std::string value = "86400";
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string key, said;
    if (words >> key >> said && lower(key) == "preservejobfiles") {
      value = lower(said);
    }
  }
  return value != "no" && value != "off" && value != "false" && value != "0";
}

}  // namespace

std::vector<Finding> look_at_printing(const Patient& patient) {
  if (!patient.settings.queues) {
    return {{Verdict::good, "Không in qua hàng đợi CUPS.", "Nothing is printed through a queue of CUPS.", "", {}}};
  }
  const auto settings = patient.machine.text(kService);
  if (!settings && !patient.machine.has("/etc/cups")) {
    return {{Verdict::fault,
             "CUPS chưa được cài nên không in được qua hàng đợi: cài gói cups.",
             "CUPS is not installed, so nothing leaves through a queue: install the package cups.",
             "sudo apt install cups",
             {}}};
  }
  if (!settings) {
    return {{Verdict::unknown,
             "Chỉ root xem được cấu hình CUPS: chạy lại với sudo.",
             "Only root may look at the settings of CUPS: run it with sudo.",
             "sudo quayctl doctor",
             {}}};
  }
  std::vector<Finding> found;
  if (keeps_documents(*settings)) {
    found.push_back({Verdict::warning,
                     "CUPS giữ bản sao giấy tờ đã in: tắt việc đó.",
                     "CUPS keeps copies of what was printed: switch that off.",
                     "sudo cupsctl PreserveJobFiles=No",
                     {}});
  }
  const auto operators = patient.machine.group("lpadmin");
  if (operators && std::find(operators->members.begin(), operators->members.end(), kUser) == operators->members.end()) {
    found.push_back({Verdict::warning,
                     "quayd không được mở lại hàng đợi in bị dừng: cho vào nhóm lpadmin.",
                     "quayd may not resume a print queue that stopped: put it into group lpadmin.",
                     "sudo usermod -aG lpadmin quay && sudo systemctl restart quayd",
                     {}});
  }
  if (found.empty()) {
    found.push_back(
        {Verdict::good, "CUPS không giữ giấy tờ đã in.", "CUPS keeps nothing of what was printed.", "", {}});
  }
  return found;
}

}  // namespace quay::ctl::doctor
