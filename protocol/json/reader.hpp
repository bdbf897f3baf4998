// SPDX-License-Identifier: Apache-2.0
// A tolerant reader: JSON -> described struct. Unknown keys are ignored and absent optionals stay empty, so that an
// older program understands a newer one; everything else that does not fit is refused with its JSON pointer.
// (Boost.JSON 1.81's value_to refuses unknown and absent keys, which would break versioning at the first new field.)
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <boost/mp11.hpp>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/text.hpp"

namespace quay::protocol {

namespace json = boost::json;

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
struct IsId : std::false_type {};
template <class Tag>
struct IsId<Id<Tag>> : std::true_type {};

template <class T>
inline constexpr bool kIsDescribedStruct = boost::describe::has_describe_members<T>::value && !std::is_enum_v<T>;

/// Public members of T and of the described structs it derives from.
template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

/// All spellings of a described enum, "a, b, c".
template <class E>
std::string enum_spellings() {
  std::string all;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
      [&](auto d) { all += (all.empty() ? "" : ", ") + std::string(d.name); });
  return all;
}

template <class E>
const char* enum_name(E value) {
  const char* name = "";
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    if (d.value == value) {
      name = d.name;
    }
  });
  return name;
}

/// The enumerator spelled `text`; an enum with an enumerator `other` takes everything unknown as that.
template <class E>
std::optional<E> enum_from_name(std::string_view text) {
  std::optional<E> found;
  std::optional<E> other;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    if (text == d.name) {
      found = d.value;
    }
    if (std::string_view("other") == d.name) {
      other = d.value;
    }
  });
  return found ? found : other;
}

inline tl::unexpected<Error> json_mismatch(const std::string& pointer, const std::string& expected,
                                           const json::value& found) {
  std::string text = json::serialize(found);
  if (text.size() > 60) {
    text = std::string(cut_utf8(text, 60)) + "...";
  }
  return failure(Errc::request_bad_argument, "json.read",
                 (pointer.empty() ? "/" : pointer) + ": " + text + " where " + expected + " was expected");
}

template <class T>
Status read_json(const json::value& value, T& out, const std::string& pointer);

template <class T>
Status read_integer(const json::value& value, T& out, const std::string& pointer) {
  boost::system::error_code error;
  const T number = value.is_number() && !value.is_double() ? value.to_number<T>(error) : T{};
  if (error || !value.is_number() || value.is_double()) {
    return json_mismatch(pointer,
                         "a whole number from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
                             std::to_string(std::numeric_limits<T>::max()),
                         value);
  }
  out = number;
  return {};
}

template <class T>
Status read_members(const json::value& value, T& out, const std::string& pointer) {
  if (!value.is_object()) {
    return json_mismatch(pointer, "an object", value);
  }
  const json::object& object = value.get_object();
  Status status;
  boost::mp11::mp_for_each<Members<T>>([&](auto d) {
    if (!status) {
      return;
    }
    auto& member = out.*d.pointer;
    using Member = std::remove_reference_t<decltype(member)>;
    const json::value* found = object.if_contains(d.name);
    if (found != nullptr && !(IsOptional<Member>::value && found->is_null())) {
      status = read_json(*found, member, pointer + "/" + d.name);
    } else if constexpr (!IsOptional<Member>::value) {
      if (!T::is_optional(d.name)) {
        status = failure(Errc::request_bad_argument, "json.read", pointer + "/" + d.name + ": missing");
      }
    }
  });
  return status;
}

/// Reads `value` into `out`. `pointer` is the RFC 6901 path so far, for the error text.
/// Errors: request_bad_argument.
template <class T>
// NOLINTNEXTLINE(readability-function-cognitive-complexity): one branch a kind of type, chosen at compile time
Status read_json(const json::value& value, T& out, const std::string& pointer) {
  if constexpr (std::is_same_v<T, bool>) {
    if (!value.is_bool()) {
      return json_mismatch(pointer, "true or false", value);
    }
    out = value.get_bool();
  } else if constexpr (std::is_integral_v<T>) {
    return read_integer(value, out, pointer);
  } else if constexpr (std::is_floating_point_v<T>) {
    if (!value.is_number() || !std::isfinite(value.to_number<double>())) {
      return json_mismatch(pointer, "a number", value);
    }
    out = value.to_number<T>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!value.is_string()) {
      return json_mismatch(pointer, "a string", value);
    }
    out = std::string(value.get_string());
  } else if constexpr (IsId<T>::value) {
    return read_json(value, out.value, pointer);
  } else if constexpr (std::is_enum_v<T>) {
    const auto found = value.is_string() ? enum_from_name<T>(value.get_string()) : std::nullopt;
    if (!found) {
      return json_mismatch(pointer, "one of " + enum_spellings<T>(), value);
    }
    out = *found;
  } else if constexpr (IsOptional<T>::value) {
    return read_json(value, out.emplace(), pointer);
  } else if constexpr (IsVector<T>::value) {
    if (!value.is_array()) {
      return json_mismatch(pointer, "an array", value);
    }
    out.clear();
    for (const json::value& item : value.get_array()) {
      const std::string path = pointer + "/" + std::to_string(out.size());
      if (Status status = read_json(item, out.emplace_back(), path); !status) {
        return status;
      }
    }
  } else if constexpr (std::is_same_v<T, json::object>) {
    if (!value.is_object()) {
      return json_mismatch(pointer, "an object", value);
    }
    out = value.get_object();
  } else {
    static_assert(kIsDescribedStruct<T>, "describe this type with BOOST_DESCRIBE_STRUCT");
    return read_members(value, out, pointer);
  }
  return {};
}

/// The value of type T that `value` says. Errors: request_bad_argument with the JSON pointer.
template <class T>
Result<T> from_json(const json::value& value) {
  T out{};
  if (Status status = read_json(value, out, ""); !status) {
    return failure(std::move(status).error());
  }
  return out;
}

/// A struct without members that may be left out. Described structs derive from this or bring their own
/// `is_optional(name)`: true for members that keep their default when the key is absent.
struct AllRequired {
  static constexpr bool is_optional(std::string_view) { return false; }
};

/// A struct whose every member keeps its default when its key is absent.
struct AllOptional {
  static constexpr bool is_optional(std::string_view) { return true; }
};

}  // namespace quay::protocol
