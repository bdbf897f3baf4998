// SPDX-License-Identifier: Apache-2.0
// Described struct -> JSON Schema (2020-12, with words that draft-07 knows too), so that the schema cannot drift from
// the code.
#pragma once

#include <limits>

#include "protocol/json/reader.hpp"

namespace quay::protocol {

/// Who writes the message. What quay takes may lack every member that has a default; what quay gives always has every
/// member that is not a std::optional.
enum class Direction : std::uint8_t { to_quay, from_quay };

template <class T, Direction direction>
json::object schema_of();

template <class T, Direction direction, class Member>
bool is_required(const char* name) {
  if constexpr (IsOptional<Member>::value) {
    return false;
  } else {
    return direction == Direction::from_quay || !T::is_optional(name);
  }
}

template <class T, Direction direction>
json::object schema_of_members() {
  json::object properties;
  json::array required;
  boost::mp11::mp_for_each<Members<T>>([&](auto d) {
    using Member = std::remove_reference_t<decltype(std::declval<T&>().*d.pointer)>;
    properties[d.name] = schema_of<Member, direction>();
    if (is_required<T, direction, Member>(d.name)) {
      required.emplace_back(d.name);
    }
  });
  json::object schema{{"type", "object"}};
  if (!properties.empty()) {
    schema["properties"] = std::move(properties);
  }
  if (!required.empty()) {
    schema["required"] = std::move(required);
  }
  return schema;
}

template <class T>
json::object schema_of_integer() {
  json::object schema{{"type", "integer"}};
  if constexpr (sizeof(T) < sizeof(std::int64_t)) {
    schema["minimum"] = std::numeric_limits<T>::min();
    schema["maximum"] = std::numeric_limits<T>::max();
  } else if constexpr (std::is_unsigned_v<T>) {
    schema["minimum"] = 0;
  }
  return schema;
}

/// An enum with an enumerator `other` is open: its spellings are examples, since a newer quay may know more.
template <class E>
json::object schema_of_enum() {
  json::array names;
  bool open = false;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    if (std::string_view("other") == d.name) {
      open = true;
    } else {
      names.emplace_back(d.name);
    }
  });
  if (open) {
    return {{"type", "string"}, {"description", "Open: more values may come."}, {"examples", std::move(names)}};
  }
  return {{"type", "string"}, {"enum", std::move(names)}};
}

template <class T, Direction direction>
json::object schema_of() {
  if constexpr (std::is_same_v<T, bool>) {
    return {{"type", "boolean"}};
  } else if constexpr (std::is_integral_v<T>) {
    return schema_of_integer<T>();
  } else if constexpr (std::is_floating_point_v<T>) {
    return {{"type", "number"}};
  } else if constexpr (std::is_same_v<T, std::string> || IsId<T>::value) {
    return {{"type", "string"}};
  } else if constexpr (std::is_enum_v<T>) {
    return schema_of_enum<T>();
  } else if constexpr (IsOptional<T>::value) {
    return schema_of<typename T::value_type, direction>();
  } else if constexpr (IsVector<T>::value) {
    return {{"type", "array"}, {"items", schema_of<typename T::value_type, direction>()}};
  } else if constexpr (std::is_same_v<T, json::object>) {
    return {{"type", "object"}};
  } else {
    return schema_of_members<T, direction>();
  }
}

}  // namespace quay::protocol
