// SPDX-License-Identifier: Apache-2.0
// Messages with every member set to something that is not its default, made from the descriptions of the structs, so
// that a new member is tested the day it is added.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "protocol/json/reader.hpp"
#include "protocol/json/writer.hpp"

namespace quay::protocol {

/// Sets `out`, and everything in it, to a value that differs from the default and from its neighbours.
template <class T>
void fill(T& out, int& counter) {
  ++counter;
  if constexpr (std::is_same_v<T, bool>) {
    out = !out;
  } else if constexpr (std::is_same_v<T, std::string>) {
    out = "Quầy \"" + std::to_string(counter) + "\"";
  } else if constexpr (IsId<T>::value) {
    fill(out.value, counter);
  } else if constexpr (std::is_floating_point_v<T>) {
    out = counter + 0.25;
  } else if constexpr (std::is_integral_v<T>) {
    out = static_cast<T>(counter);
  } else if constexpr (std::is_enum_v<T>) {
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto d) {
      if (std::string_view(d.name) != "other") {
        out = d.value;  // the last one
      }
    });
  } else if constexpr (IsOptional<T>::value) {
    fill(out.emplace(), counter);
  } else if constexpr (IsVector<T>::value) {
    out.clear();
    fill(out.emplace_back(), counter);
    fill(out.emplace_back(), counter);
  } else if constexpr (std::is_same_v<T, json::object>) {
    out = json::object{{"key", counter}, {"nested", json::array{1, nullptr, "ễ"}}};
  } else {
    boost::mp11::mp_for_each<Members<T>>([&](auto d) { fill(out.*d.pointer, counter); });
  }
}

template <class T>
T filled() {
  T value{};
  int counter = 0;
  fill(value, counter);
  return value;
}

/// True for text that is UTF-8 (RFC 3629), so that a strict reader takes it.
inline bool is_utf8(std::string_view text) {
  boost::system::error_code error;
  json::parse(json::serialize(json::value(json::string_view(text.data(), text.size()))), error);
  return !error;
}

}  // namespace quay::protocol
