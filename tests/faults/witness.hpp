// SPDX-License-Identifier: Apache-2.0
// A front end that remembers every page it was told of, through any number of deaths of quayd, and at the end holds the
// daemon to it: nothing lost, nothing doubled, nothing half, nothing that belongs to another sheet.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "clients/cpp/event_stream.hpp"
#include "tests/system/counter.hpp"

namespace quay::faults {

/// What is wrong after one trial; all zero: the promise held.
struct Broken {
  int lost = 0;         ///< acknowledged and not there any more
  int doubled = 0;      ///< one sheet as two pages, or one event twice
  int half = 0;         ///< published, but its bytes are not all there or not what was said
  int mixed = 0;        ///< the picture of another sheet
  int gaps = 0;         ///< events missing from the sequence, or changed after they were told
  int unfinished = 0;   ///< a page or job that never got to an end
  int not_started = 0;  ///< quayd did not come back
  std::string story{};  ///< what quayd said when something never got to an end

  Broken& operator+=(const Broken& other);
  bool none() const;
  std::string text() const;
};

/// SHA-256 of the clean page by sheet, from a run in which nothing went wrong.
using Sheets = std::map<std::int32_t, std::string>;

class Witness {
 public:
  /// Follows the events of `counter`, whose daemon runs. Borrows it.
  explicit Witness(system_test::Counter& counter);

  /// Opens a visit and starts a scan; false when the daemon died on the way.
  bool start_scan();
  /// Takes events until the job is over or `until` passed; false when the daemon went silent or died.
  bool watch(Deadline until);
  bool job_over() const { return job_over_; }
  std::size_t acknowledged() const { return acknowledged_.size(); }

  /// To be called once quayd runs undisturbed: waits until all pages are finished and checks each promise.
  Broken audit(const Sheets& sheets);

  /// The pictures of a scan that went well.
  Sheets sheets();

 private:
  void take(const protocol::Event& event);
  bool settle();
  void check_events(Broken& broken);
  void check_pages(const Sheets& sheets, Broken& broken);
  void check_bytes(const protocol::Capture& page, const Sheets& sheets, Broken& broken);

  system_test::Counter& counter_;
  client::Client client_;
  client::Cursor start_;
  client::EventStream stream_;
  std::string visit_;
  std::string job_;
  bool job_over_ = false;
  std::map<std::uint64_t, std::string> told_;         ///< by sequence number: type and capture
  std::map<std::string, std::int32_t> acknowledged_;  ///< capture, page
};

}  // namespace quay::faults
