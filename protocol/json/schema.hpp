// SPDX-License-Identifier: Apache-2.0
// Described struct -> JSON Schema (2020-12), so that the schema cannot drift from the code.
#pragma once

#include "protocol/json/reader.hpp"

namespace quay::protocol {

template <class T>
json::object schema_of();

template <class T>
json::object schema_of_members() {
  json::object properties;
  json::array required;
  boost::mp11::mp_for_each<Members<T>>([&](auto d) {
    using Member = std::remove_reference_t<decltype(std::declval<T&>().*d.pointer)>;
    properties[d.name] = schema_of<Member>();
    if (!IsOptional<Member>::value && !T::is_optional(d.name)) {
      required.emplace_back(d.name);
    }
  });
  json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) {
    schema["required"] = std::move(required);
  }
  return schema;
}

template <class T>
json::object schema_of() {
  if constexpr (std::is_same_v<T, bool>) {
    return {{"type", "boolean"}};
  } else if constexpr (std::is_integral_v<T>) {
    json::object schema{{"type", "integer"}};
    if constexpr (std::is_unsigned_v<T>) {
      schema["minimum"] = 0;
    }
    return schema;
  } else if constexpr (std::is_floating_point_v<T>) {
    return {{"type", "number"}};
  } else if constexpr (std::is_same_v<T, std::string> || IsId<T>::value) {
    return {{"type", "string"}};
  } else if constexpr (std::is_enum_v<T>) {
    json::array names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto d) { names.emplace_back(d.name); });
    return {{"type", "string"}, {"enum", std::move(names)}};
  } else if constexpr (IsOptional<T>::value) {
    return schema_of<typename T::value_type>();
  } else if constexpr (IsVector<T>::value) {
    return {{"type", "array"}, {"items", schema_of<typename T::value_type>()}};
  } else if constexpr (std::is_same_v<T, json::object>) {
    return {{"type", "object"}};
  } else {
    return schema_of_members<T>();
  }
}

}  // namespace quay::protocol
