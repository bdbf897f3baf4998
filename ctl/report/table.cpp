// SPDX-License-Identifier: Apache-2.0
#include "ctl/report/table.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/day.hpp"

namespace quay::ctl::report {
namespace {

constexpr std::string_view kMark = "\xef\xbb\xbf";
constexpr std::string_view kHeader = "point,day,measure,label,value";
constexpr std::string_view kHeaderWithoutPoint = "day,measure,label,value";
constexpr std::size_t kQuoted = 64;

std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  }
  return quoted + "\"";
}

Error malformed(const std::string& file, std::size_t line, const std::string& what) {
  return make_error(Errc::file_unreadable, "report", fmt::format("{}:{}: {}", file, line, what));
}

/// One line of the text and its fields; a quoted field may hold line ends.
struct Record {
  std::size_t line = 0;
  std::vector<std::string> fields;
};

/// Cuts text into records, remembering on which line each began.
class Cutter {
 public:
  explicit Cutter(std::string_view text) : text_(text) {}

  bool done() const { return at_ >= text_.size(); }
  /// Nothing when a quote is not closed.
  std::optional<Record> next() {
    Record record{line_, {}};
    for (;;) {
      std::optional<std::string> one = text_.substr(at_, 1) == "\"" ? quoted() : plain();
      if (!one) {
        return std::nullopt;
      }
      record.fields.push_back(*std::move(one));
      if (!take(',')) {
        break;
      }
    }
    take('\r');
    if (!done() && !take('\n')) {
      return std::nullopt;  // something behind a closing quote
    }
    ++line_;
    return record;
  }

 private:
  bool take(char c) {
    const bool there = !done() && text_[at_] == c;
    at_ += there ? 1 : 0;
    return there;
  }
  std::string plain() {
    const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    std::string value(text_.substr(at_, end - at_));
    at_ = end;
    return value;
  }
  std::optional<std::string> quoted() {
    std::string value;
    for (++at_; !done(); ++at_) {
      line_ += text_[at_] == '\n' ? 1 : 0;
      if (text_[at_] != '"') {
        value += text_[at_];
      } else if (text_.substr(at_ + 1, 1) == "\"") {
        value += '"';
        ++at_;
      } else {
        ++at_;
        return value;
      }
    }
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

std::string found(const std::string& value, std::string_view expected) {
  return fmt::format("found \"{}\" where {} was expected", value.substr(0, kQuoted), expected);
}

/// What is wrong with a line, or nothing.
std::string read_row(const std::vector<std::string>& fields, Row& row) {
  if (!parse_day(fields[0])) {
    return found(fields[0], "a day such as 2026-11-26");
  }
  if (fields[1].empty()) {
    return found(fields[1], "the name of a measure");
  }
  const std::string& digits = fields[3];
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), row.usage.value);
  if (error != std::errc{} || end != digits.data() + digits.size() || row.usage.value < 0) {
    return found(digits, "a whole number");
  }
  row.usage.day = fields[0];
  row.usage.measure = fields[1];
  row.usage.label = fields[2];
  return {};
}

/// True when lines begin with a point.
Result<bool> read_header(Cutter& cutter, const std::string& file) {
  const auto header = cutter.next();
  const std::string text = header ? fmt::format("{}", fmt::join(header->fields, ",")) : std::string();
  if (text != kHeader && text != kHeaderWithoutPoint) {
    return failure(malformed(file, 1, found(text, fmt::format("the heading {}", kHeader))));
  }
  return text == kHeader;
}

}  // namespace

bool Row::operator==(const Row& other) const {
  const auto tie = [](const Row& row) {
    return std::tie(row.point, row.usage.day, row.usage.measure, row.usage.label, row.usage.value);
  };
  return tie(*this) == tie(other);
}

std::string to_csv(const std::vector<Row>& rows) {
  std::string text = fmt::format("{}{}\r\n", kMark, kHeader);
  for (const Row& row : rows) {
    text += fmt::format("{},{},{},{},{}\r\n", field(row.point), row.usage.day, field(row.usage.measure),
                        field(row.usage.label), row.usage.value);
  }
  return text;
}

Result<std::vector<Row>> from_csv(std::string_view text, const std::string& file) {
  Cutter cutter(text.starts_with(kMark) ? text.substr(kMark.size()) : text);
  const auto with_point = read_header(cutter, file);
  if (!with_point) {
    return failure(with_point.error());
  }
  const std::size_t wanted = *with_point ? 5 : 4;
  std::size_t line = 1;
  std::vector<Row> rows;
  while (!cutter.done()) {
    auto record = cutter.next();
    if (!record) {
      return failure(malformed(file, line + 1, "a quote is not closed, or something follows a closed one"));
    }
    line = record->line;
    if (record->fields.size() != wanted) {
      return failure(
          malformed(file, line, fmt::format("found {} fields where {} were expected", record->fields.size(), wanted)));
    }
    Row row;
    row.point = std::filesystem::path(file).stem().string();
    if (*with_point) {
      row.point = std::move(record->fields.front());
      record->fields.erase(record->fields.begin());
    }
    if (const std::string wrong = read_row(record->fields, row); !wrong.empty()) {
      return failure(malformed(file, line, wrong));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Status Merge::add(const std::string& file, std::vector<Row> rows) {
  std::set<std::string> fresh;
  for (const Row& row : rows) {
    fresh.insert(row.point + " " + row.usage.day);
  }
  for (const std::string& day : fresh) {
    const auto known = std::lower_bound(days_.begin(), days_.end(), std::pair(day, std::string()));
    if (known != days_.end() && known->first == day) {
      return failure(
          Errc::file_unreadable, "report.merge",
          fmt::format("{}: {} is in {} already: each day of a point may come once", file, day, known->second));
    }
    days_.insert(known, {day, file});
  }
  rows_.insert(rows_.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
  return {};
}

}  // namespace quay::ctl::report
