// SPDX-License-Identifier: Apache-2.0
// The rows of a report, and the CSV that spreadsheets open: UTF-8 with a byte order mark, RFC 4180, long form, one
// number a line: point,day,measure,label,value. What is written can be read again without loss, so many points can be
// merged.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "protocol/client/usage.hpp"

namespace quay::ctl::report {

struct Row {
  std::string point;  ///< the counter
  protocol::UsageRow usage;
  bool operator==(const Row& other) const;
};

std::string to_csv(const std::vector<Row>& rows);

/// `file` is for error texts, and without a column `point` its name is the point's. Errors: file_unreadable with file,
/// line and what was expected.
Result<std::vector<Row>> from_csv(std::string_view text, const std::string& file);

/// Adds the rows of another file. A day of a point that is there already would count twice. Errors: file_unreadable,
/// naming both files.
class Merge {
 public:
  Status add(const std::string& file, std::vector<Row> rows);
  const std::vector<Row>& rows() const { return rows_; }

 private:
  std::vector<Row> rows_;
  std::vector<std::pair<std::string, std::string>> days_;  ///< (point and day, file), sorted
};

}  // namespace quay::ctl::report
