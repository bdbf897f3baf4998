// SPDX-License-Identifier: Apache-2.0
#include "protocol/json/pretty.hpp"

#include <algorithm>

namespace quay::protocol {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestLine = 110;

class Printer {
 public:
  std::string take() && { return std::move(out_); }

  void print(const json::value& value, std::size_t depth) {
    if (value.is_object() && !value.get_object().empty()) {
      print_object(value.get_object(), depth);
    } else if (value.is_array() && !fits_on_a_line(value.get_array(), depth)) {
      print_array(value.get_array(), depth);
    } else {
      out_ += json::serialize(value);
    }
  }

 private:
  static bool fits_on_a_line(const json::array& array, std::size_t depth) {
    const auto is_scalar = [](const json::value& item) { return !item.is_structured(); };
    return std::all_of(array.begin(), array.end(), is_scalar) &&
           json::serialize(array).size() + 2 * depth <= kLongestLine;
  }

  void break_line(std::size_t depth) { out_ += "\n" + std::string(2 * depth, ' '); }

  void print_object(const json::object& object, std::size_t depth) {
    const char* before = "{";
    for (const auto& [key, item] : object) {
      out_ += before;
      break_line(depth + 1);
      out_ += json::serialize(json::value(key)) + ": ";
      print(item, depth + 1);
      before = ",";
    }
    break_line(depth);
    out_ += "}";
  }

  void print_array(const json::array& array, std::size_t depth) {
    const char* before = "[";
    for (const json::value& item : array) {
      out_ += before;
      break_line(depth + 1);
      print(item, depth + 1);
      before = ",";
    }
    break_line(depth);
    out_ += "]";
  }

  std::string out_;
};

}  // namespace

std::string pretty(const json::value& value) {
  Printer printer;
  printer.print(value, 0);
  return std::move(printer).take() + "\n";
}

}  // namespace quay::protocol
