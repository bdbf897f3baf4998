// SPDX-License-Identifier: Apache-2.0
// Described struct -> JSON. Empty optionals are left out; enums are written by name.
#pragma once

#include "protocol/json/reader.hpp"

namespace quay::protocol {

template <class T>
// NOLINTNEXTLINE(readability-function-cognitive-complexity,readability-function-size): one branch a kind of type
json::value to_json(const T& value) {
  if constexpr (std::is_same_v<T, json::object> || std::is_same_v<T, json::value>) {
    return value;
  } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
    return json::value(value);
  } else if constexpr (IsId<T>::value) {
    return json::value(value.value);
  } else if constexpr (std::is_enum_v<T>) {
    return json::value(enum_name(value));
  } else if constexpr (IsOptional<T>::value) {
    return value ? to_json(*value) : json::value(nullptr);
  } else if constexpr (IsVector<T>::value) {
    json::array array;
    for (const auto& item : value) {
      array.push_back(to_json(item));
    }
    return array;
  } else {
    static_assert(kIsDescribedStruct<T>, "describe this type with BOOST_DESCRIBE_STRUCT");
    json::object object;
    boost::mp11::mp_for_each<Members<T>>([&](auto d) {
      const auto& member = value.*d.pointer;
      if constexpr (IsOptional<std::remove_cvref_t<decltype(member)>>::value) {
        if (!member) {
          return;
        }
      }
      object[d.name] = to_json(member);
    });
    return object;
  }
}

template <class T>
json::object to_json_object(const T& value) {
  json::value converted = to_json(value);
  return std::move(converted.as_object());
}

}  // namespace quay::protocol
