// SPDX-License-Identifier: Apache-2.0
// The machine-readable contract: the checked-in files are what the code gives, and JSON Schema (judged by Python's
// jsonschema, as a front end would) and the reader in C++ agree on what is right and wrong.
#include "protocol/schema_catalog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>

#include "protocol/client/command_table.hpp"
#include "protocol/client/envelope.hpp"
#include "protocol/client/event_table.hpp"
#include "protocol/json/pretty.hpp"
#include "tests/unit/protocol/protocol_support.hpp"

namespace quay::protocol {
namespace {

using testing::HasSubstr;

/// Messages with the verdict that their schema must give.
class Samples {
 public:
  void add(const std::string& schema, bool valid, const std::string& why, const json::object& message) {
    lines_ += json::serialize(json::object{{"schema", schema}, {"valid", valid}, {"why", why}, {"message", message}});
    lines_ += '\n';
    ++count_;
  }
  const std::string& lines() const { return lines_; }
  int count() const { return count_; }

 private:
  std::string lines_;
  int count_ = 0;
};

json::object as_object(const std::string& text) { return json::parse(text).as_object(); }

bool reader_takes_command(const json::object& message) {
  std::string id;
  return decode_command(json::serialize(message), id).has_value();
}

/// Adds an unknown member to every object in `value`: what a newer quay might say.
void grow(json::value& value) {
  if (value.is_array()) {
    for (json::value& item : value.get_array()) {
      grow(item);
    }
  } else if (value.is_object()) {
    for (auto& [key, item] : value.get_object()) {
      grow(item);
    }
    value.get_object()["a_new_member"] = json::array{1, "x", nullptr};
  }
}

json::object grown(const json::object& message) {
  json::value copy = message;
  grow(copy);
  return copy.as_object();
}

/// A value of the wrong kind for whatever stands in `value`.
json::value of_another_kind(const json::value& value) {
  return value.is_object() ? json::value("not an object") : json::value(json::object{{"not", "it"}});
}

template <class Row>
json::object sample_command(const Row& row) {
  Command command;
  command.v = kApiVersion;
  command.id = "7d0c4f2e";
  command.cmd = row.name;
  command.request_id = "a-wish";
  command.deadline_ms = 5000;
  command.visit_key = "a-key";
  command.args = to_json_object(filled<typename Row::Arguments>());
  return as_object(encode(command));
}

/// Takes members away and spoils them one by one; schema and reader must say the same of each.
template <class Row>
void add_spoiled_arguments(Samples& samples, const Row& row) {
  using Arguments = typename Row::Arguments;
  const std::string schema = "command." + std::string(row.name);
  const json::object whole = sample_command(row);
  for (const auto& [key, value] : whole.at("args").as_object()) {
    json::object without = whole;
    without["args"].as_object().erase(key);
    const bool taken = from_json<Arguments>(without["args"]).has_value();
    samples.add(schema, taken, "without /args/" + std::string(key), without);
    json::object spoiled = whole;
    spoiled["args"].as_object()[key] = of_another_kind(value);
    EXPECT_FALSE(from_json<Arguments>(spoiled["args"])) << row.name << " " << key;
    samples.add(schema, false, "nonsense in /args/" + std::string(key), spoiled);
  }
}

template <class Row>
void add_commands(Samples& samples, const Row& row) {
  const std::string schema = "command." + std::string(row.name);
  const json::object whole = sample_command(row);
  samples.add(schema, true, "whole", whole);
  samples.add(schema, true, "with members of a newer version", grown(whole));
  for (const char* key : {"v", "id", "cmd", "request_id", "deadline_ms", "visit_key"}) {
    json::object without = whole;
    without.erase(key);
    samples.add(schema, reader_takes_command(without), std::string("without /") + key, without);
    json::object spoiled = whole;
    spoiled[key] = json::array{};
    EXPECT_FALSE(reader_takes_command(spoiled)) << key;
    samples.add(schema, false, std::string("nonsense in /") + key, spoiled);
  }
  json::object other = whole;
  other["v"] = kApiVersion + 1;
  samples.add(schema, false, "another version", other);
  json::object long_id = whole;
  long_id["id"] = std::string(65, 'x');
  samples.add(schema, reader_takes_command(long_id), "an id that is too long", long_id);
  add_spoiled_arguments(samples, row);
}

json::object sample_reply(ReplyStatus status, std::optional<json::object> result, bool with_error) {
  Reply reply;
  reply.id = "7d0c4f2e";
  reply.status = status;
  reply.result = std::move(result);
  if (with_error) {
    reply.error = to_body(make_error(Errc::paper_jam, "sane_start", "x"));
  }
  return as_object(encode(reply));
}

template <class Row>
void add_replies(Samples& samples, const Row& row) {
  const std::string schema = "reply." + std::string(row.name);
  const json::object result = to_json_object(filled<typename Row::Outcome>());
  const json::object done = sample_reply(ReplyStatus::done, result, false);
  samples.add(schema, true, "done", done);
  samples.add(schema, true, "with members of a newer version", grown(done));
  samples.add(schema, false, "done without a result", sample_reply(ReplyStatus::done, std::nullopt, false));
  samples.add(schema, true, "failed", sample_reply(ReplyStatus::failed, std::nullopt, true));
  samples.add(schema, false, "failed without an error", sample_reply(ReplyStatus::failed, std::nullopt, false));
  const json::object accepted = to_json_object(filled<JobAccepted>());
  const bool is_job = row.answer == Answer::job;
  samples.add(schema, is_job, "accepted", sample_reply(ReplyStatus::accepted, accepted, false));
  samples.add(schema, is_job, "cancelled", sample_reply(ReplyStatus::cancelled, result, true));
  boost::mp11::mp_for_each<Members<typename Row::Outcome>>([&](auto d) {
    using Member = std::remove_reference_t<decltype(std::declval<typename Row::Outcome&>().*d.pointer)>;
    json::object without = done;
    without["result"].as_object().erase(d.name);
    samples.add(schema, IsOptional<Member>::value, std::string("without /result/") + d.name, without);
  });
}

template <class Row>
void add_events(Samples& samples, const Row& row) {
  const std::string schema = "event." + std::string(row.topic);
  Event event = filled<Event>();
  event.v = kApiVersion;
  event.type = row.topic;
  event.data = to_json_object(filled<typename Row::Data>());
  samples.add(schema, true, "whole", as_object(encode(event)));
  samples.add(schema, true, "with members of a newer version", grown(as_object(encode(event))));
  json::object other = as_object(encode(event));
  other["type"] = "system.on_fire";
  samples.add(schema, false, "another type", other);
  event.seq.reset();
  event.prev.reset();
  samples.add(schema, row.keeping == Keeping::transient, "without a number", as_object(encode(event)));
}

template <class T>
void add_pushes(Samples& samples) {
  T frame = filled<T>();
  frame.v = kApiVersion;
  frame.type = T().type;
  const std::string schema = "push." + frame.type;
  const json::object whole = to_json_object(frame);
  samples.add(schema, true, "whole", whole);
  samples.add(schema, true, "with members of a newer version", grown(whole));
  for (const char* key : {"type", "follow"}) {
    json::object spoiled = whole;
    spoiled[key] = json::array{};
    samples.add(schema, false, std::string("nonsense in /") + key, spoiled);
  }
  json::object other = whole;
  other["type"] = "image.something";
  samples.add(schema, false, "another type", other);
}

Samples all_samples() {
  Samples samples;
  for_each_command([&](const auto& row) {
    add_commands(samples, row);
    add_replies(samples, row);
  });
  for_each_event([&](const auto& row) { add_events(samples, row); });
  add_pushes<ImagePart>(samples);
  add_pushes<ImageEnd>(samples);
  return samples;
}

std::string output_of(const std::string& command, int& status) {
  std::string text;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> part{};
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), pipe)) {
    text.append(part.data(), got);
  }
  status = ::pclose(pipe);
  return text;
}

TEST(SchemaTest, TheCheckedInFilesAreWhatTheCodeGives) {
  std::map<std::string, std::string> on_disk;
  for (const auto& entry : std::filesystem::directory_iterator(QUAY_SCHEMA_FOLDER)) {
    std::ifstream file(entry.path(), std::ios::binary);
    on_disk[entry.path().filename()] = {std::istreambuf_iterator<char>(file), {}};
  }
  const std::map<std::string, std::string> given = schema_files();
  const std::string hint = "write them anew: quay-schema protocol/schema (and read the difference: is it additive?)";
  for (const auto& [name, content] : given) {
    EXPECT_EQ(on_disk[name], content) << name << " differs; " << hint;
  }
  for (const auto& [name, content] : on_disk) {
    EXPECT_TRUE(given.contains(name)) << name << " is not made any more; " << hint;
  }
}

TEST(SchemaTest, EveryTopicAndCommandIsInTheTablesOnce) {
  std::set<std::string_view> names;
  for_each_command([&](const auto& row) { EXPECT_TRUE(names.insert(row.name).second) << row.name; });
  for_each_event([&](const auto& row) { EXPECT_TRUE(names.insert(row.topic).second) << row.topic; });
  for (const char* topic :
       {topic::kHeartbeat, topic::kSystemStarted, topic::kSystemStopping, topic::kDeviceChanged, topic::kVisitOpened,
        topic::kVisitClosed, topic::kJobStarted, topic::kJobProgress, topic::kJobFinished, topic::kCaptureCaptured,
        topic::kCapturePreview, topic::kCaptureReady, topic::kCaptureFailed, topic::kDocumentReady}) {
    EXPECT_TRUE(names.contains(topic)) << topic;
  }
}

TEST(SchemaTest, EverySampleIsJudgedByJsonSchemaAsTheReaderJudgesIt) {
  const Samples samples = all_samples();
  const auto file = std::filesystem::temp_directory_path() / ("quay-samples-" + std::to_string(::getpid()));
  std::ofstream(file) << samples.lines();
  int status = -1;
  const std::string output =
      output_of("/usr/bin/python3 " QUAY_VALIDATE_SAMPLES " " QUAY_SCHEMA_FOLDER " " + file.string(), status);
  std::filesystem::remove(file);
  EXPECT_EQ(status, 0) << output;
  EXPECT_THAT(output, HasSubstr(std::to_string(samples.count()) + " samples against"));
  EXPECT_GT(samples.count(), 300);
}

TEST(SchemaTest, TheErrorCatalogHoldsEveryCode) {
  const json::object catalog = error_catalog();
  ASSERT_EQ(catalog.at("errors").as_array().size(), static_cast<std::size_t>(Errc::count_));
  for (const json::value& row : catalog.at("errors").as_array()) {
    EXPECT_TRUE(row.at("vi").as_string().size() > 10 && row.at("en").as_string().size() > 10);
  }
}

TEST(PrettyTest, PutsOneMemberOnALineAndKeepsOrderAndMeaning) {
  const json::value value = json::parse(R"({"b":{"x":[1,2],"e":{},"f":[]},"a":[{"k":null},"ễ\n"]})");
  const std::string text = pretty(value);
  EXPECT_EQ(text,
            "{\n  \"b\": {\n    \"x\": [1,2],\n    \"e\": {},\n    \"f\": []\n  },\n  \"a\": [\n    {\n"
            "      \"k\": null\n    },\n    \"ễ\\n\"\n  ]\n}\n");
  EXPECT_EQ(json::parse(text), value);
}

TEST(PrettyTest, BreaksALongArrayIntoLines) {
  json::array long_array;
  for (int i = 0; i < 100; ++i) {
    long_array.push_back(i);
  }
  const std::string text = pretty(long_array);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 102);
  EXPECT_EQ(json::parse(text), json::value(long_array));
}

}  // namespace
}  // namespace quay::protocol
