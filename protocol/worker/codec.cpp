// SPDX-License-Identifier: Apache-2.0
#include "protocol/worker/codec.hpp"

#include "protocol/json/parse.hpp"
#include "protocol/json/writer.hpp"

namespace quay::protocol::worker {
namespace {

/// Wire name of each message, in the order of the variants.
constexpr std::string_view kToWorkerNames[] = {
    "describe",  "look",         "scan",        "capture",  "kept",           "live_view",
    "read_card", "process_page", "judge_frame", "assemble", "list_forms",     "set_form",
    "print",     "withdraw",     "reset_usb",   "cancel",   "release_buffer", "shutdown"};
constexpr std::string_view kFromWorkerNames[] = {"hello",        "described", "condition",    "progress", "page_read",
                                                 "live_frame",   "card_read", "frame_judged", "preview",  "rendition",
                                                 "forms_listed", "placed",    "print_seen",   "finished"};
static_assert(std::size(kToWorkerNames) == std::variant_size_v<ToWorker>);
static_assert(std::size(kFromWorkerNames) == std::variant_size_v<FromWorker>);

template <class Variant, std::size_t N>
std::string encode_as(const Variant& message, const std::string_view (&names)[N]) {
  json::object object = std::visit([](const auto& body) { return to_json_object(body); }, message);
  object["type"] = names[message.index()];
  return json::serialize(object);
}

tl::unexpected<Error> bad_frame(std::string detail) {
  return failure(Errc::worker_protocol, "worker.decode", std::move(detail));
}

template <class Variant, std::size_t Index>
Result<Variant> decode_alternative(const json::value& value) {
  auto body = from_json<std::variant_alternative_t<Index, Variant>>(value);
  if (!body) {
    return bad_frame(body.error().detail);
  }
  return Variant(std::in_place_index<Index>, *std::move(body));
}

template <class Variant, std::size_t N, std::size_t... Index>
Result<Variant> decode_by_name(std::string_view name, const json::value& value, const std::string_view (&names)[N],
                               std::index_sequence<Index...>) {
  Result<Variant> result = bad_frame("unknown type " + std::string(cut_utf8(name, 40)));
  ((name == names[Index] ? void(result = decode_alternative<Variant, Index>(value)) : void()), ...);
  return result;
}

template <class Variant, std::size_t N>
Result<Variant> decode_as(std::string_view text, const std::string_view (&names)[N]) {
  auto object = parse_object(text);
  if (!object) {
    return bad_frame(std::move(object).error());
  }
  const json::value value = *std::move(object);
  const json::value* type = value.get_object().if_contains("type");
  if (type == nullptr || !type->is_string()) {
    return bad_frame("no type");
  }
  const std::string name(type->get_string());
  return decode_by_name<Variant>(name, value, names, std::make_index_sequence<N>{});
}

}  // namespace

std::string encode(const ToWorker& message) { return encode_as(message, kToWorkerNames); }
std::string encode(const FromWorker& message) { return encode_as(message, kFromWorkerNames); }

Result<ToWorker> decode_to_worker(std::string_view text) { return decode_as<ToWorker>(text, kToWorkerNames); }
Result<FromWorker> decode_from_worker(std::string_view text) { return decode_as<FromWorker>(text, kFromWorkerNames); }

}  // namespace quay::protocol::worker
