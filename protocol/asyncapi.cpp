// SPDX-License-Identifier: Apache-2.0
// The AsyncAPI 3.0 document. It describes quayd: quayd sends events and receives commands. ZeroMQ has no binding of
// its own in AsyncAPI, so socket types and frames stand in x-zeromq.
#include "protocol/client/command_table.hpp"
#include "protocol/client/envelope.hpp"
#include "protocol/client/event_table.hpp"
#include "protocol/json/reader.hpp"
#include "protocol/schema_catalog.hpp"

namespace quay::protocol {
namespace {

json::object reference(const std::string& pointer) { return {{"$ref", pointer}}; }

std::string endpoint_name(Endpoint endpoint) { return endpoint == Endpoint::control ? "control" : "images"; }

struct ChannelPlan {
  std::string name;
  std::string_view what;
  std::string_view quayd;  ///< its socket type
  std::string_view yours;
  std::size_t largest_bytes;
  json::array frames;
};

json::object empty_channel(ChannelPlan plan) {
  json::object zeromq{{"endpoint", "ipc:///run/quay/" + plan.name},
                      {"quayd", plan.quayd},
                      {"yours", plan.yours},
                      {"frames", std::move(plan.frames)},
                      {"largest_bytes", plan.largest_bytes}};
  return {{"address", plan.name},
          {"description", plan.what},
          {"messages", json::object{}},
          {"x-zeromq", std::move(zeromq)}};
}

json::object empty_channels() {
  json::array event_frames{"topic", "sequence number in decimal, empty for a transient event", "event (JSON)"};
  json::array image_frames{"command or reply (JSON)", "bytes, after a reply that is done and after image.part"};
  json::object channels;
  for (ChannelPlan& plan :
       std::vector<ChannelPlan>{{"events", "What happened. Subscribe by topic prefix; replay fills gaps.", "XPUB",
                                 "SUB", kLargestEvent, std::move(event_frames)},
                                {"control", "Commands and their replies.", "ROUTER", "DEALER", kLargestCommand,
                                 json::array{"command or reply (JSON)"}},
                                {"images", "Bytes of pages and documents, in chunks.", "ROUTER", "DEALER",
                                 kLargestChunk, std::move(image_frames)}}) {
    const std::string name = plan.name;
    channels[name] = empty_channel(std::move(plan));
  }
  return channels;
}

/// Names a message in its channel and gives the reference by which operations know it.
json::object add_message(json::object& channels, const std::string& channel_name, const std::string& message) {
  json::object& messages = channels[channel_name].as_object()["messages"].as_object();
  messages[message] = reference("#/components/messages/" + message);
  return reference("#/channels/" + channel_name + "/messages/" + message);
}

json::object command_operation(json::object& channels, const std::string& channel_name, const std::string& command) {
  json::object in = add_message(channels, channel_name, "command." + command);
  json::object out = add_message(channels, channel_name, "reply." + command);
  const json::object where = reference("#/channels/" + channel_name);
  json::object reply{{"channel", where}, {"messages", json::array{std::move(out)}}};
  return {
      {"action", "receive"}, {"channel", where}, {"messages", json::array{std::move(in)}}, {"reply", std::move(reply)}};
}

json::object components() {
  json::object messages;
  for (const MessageSchema& message : message_schemas()) {
    messages[message.name] = json::object{{"name", message.name},
                                          {"summary", message.what},
                                          {"contentType", "application/json"},
                                          {"payload", reference(message.name + ".schema.json")}};
  }
  return {{"messages", std::move(messages)}};
}

json::object info() {
  return {{"title", "quay"},
          {"version", std::to_string(kApiVersion) + ".0"},
          {"description", "What front ends and quayd say to each other. docs/protocol.md says it in prose."},
          {"license", json::object{{"name", "Apache-2.0"}}}};
}

}  // namespace

json::object asyncapi_document() {
  json::object channels = empty_channels();
  json::object operations;
  for_each_event([&](const auto& row) {
    const std::string topic(row.topic);
    json::object message = add_message(channels, "events", "event." + topic);
    operations["publish." + topic] = json::object{
        {"action", "send"}, {"channel", reference("#/channels/events")}, {"messages", json::array{std::move(message)}}};
  });
  for_each_command([&](const auto& row) {
    const std::string name(row.name);
    operations["answer." + name] = command_operation(channels, endpoint_name(row.endpoint), name);
  });
  for (const char* name : {"push.image.part", "push.image.end"}) {
    json::object message = add_message(channels, "images", name);
    operations[std::string("send.") + name] = json::object{
        {"action", "send"}, {"channel", reference("#/channels/images")}, {"messages", json::array{std::move(message)}}};
  }
  json::object server{{"host", "localhost"},
                      {"pathname", "/run/quay"},
                      {"protocol", "zeromq"},
                      {"description", "Sockets in a folder for group quay only; the folder is set in quay.toml."}};
  return {{"asyncapi", "3.0.0"},
          {"info", info()},
          {"defaultContentType", "application/json"},
          {"servers", json::object{{"counter", std::move(server)}}},
          {"channels", std::move(channels)},
          {"operations", std::move(operations)},
          {"components", components()}};
}

}  // namespace quay::protocol
