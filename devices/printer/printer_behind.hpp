// SPDX-License-Identifier: Apache-2.0
// The printer behind a queue, and its own word on a job that the queue is done with: a queue counts what its filter
// made, not what came out. Knows nothing while nobody can be asked, and says so.
#pragma once

#include <optional>
#include <string>

#include "devices/printer/allowance.hpp"
#include "devices/printer/printer_link.hpp"

namespace quay::printer {

class PrinterBehind {
 public:
  struct Word {
    JobSeen job;        ///< as far as it is known; sheets and impressions are the printer's own, or -1
    bool open = false;  ///< the printer is not done with it, or may be asked again
    bool whole = true;  ///< false: there is a printer to ask, and it does not know the job any more
  };

  /// `name`: the job's. A queue gives it to its printer unchanged.
  explicit PrinterBehind(std::string name) : name_(std::move(name)) {}

  /// Asks once. `device_uri`: where the queue prints. `queue`: the job there, over. `patience`: for how long a printer
  /// that does not answer is asked again.
  Word hear(const std::string& device_uri, const JobSeen& queue, Milliseconds patience);

  /// Cancel-Job at the printer itself. Asked again with the next look.
  void cancel(const std::string& device_uri) const;

 private:
  std::string name_;
  std::optional<JobSeen> last_;  ///< what the printer said when it answered last
  Allowance silent_;
};

}  // namespace quay::printer
