// SPDX-License-Identifier: Apache-2.0
// A counter with one citizen whose sheets have been scanned, and what the tests of documents ask of it.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <openssl/sha.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <span>
#include <sstream>

#include "tests/system/counter.hpp"

namespace quay::system_test {

using protocol::Document;
using protocol::DocumentEdit;
using protocol::EditOp;

inline constexpr Milliseconds kPatience{90'000};

inline std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> part{};
  for (std::size_t got = 1; pipe != nullptr && got > 0;) {
    got = std::fread(part.data(), 1, part.size(), pipe);
    text.append(part.data(), got);
  }
  const int status = pipe == nullptr ? -1 : ::pclose(pipe);
  return status == 0 ? text : text + "\nexit status " + std::to_string(status);
}

inline std::string sha256(std::span<const std::uint8_t> bytes) {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(bytes.data(), bytes.size(), digest.data());
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

inline DocumentEdit edit(EditOp op, std::int32_t page = 0, std::int32_t to = 0) {
  DocumentEdit made;
  made.op = op;
  made.page = page;
  made.to = to;
  return made;
}

inline DocumentEdit edit(EditOp op, std::int32_t page, const std::string& capture) {
  DocumentEdit made = edit(op, page);
  made.capture = capture;
  return made;
}

inline DocumentEdit turn(std::int32_t page, std::int32_t angle) {
  DocumentEdit made = edit(EditOp::rotate, page);
  made.rotate_deg = angle;
  return made;
}

/// A counter with one citizen whose sheets have been scanned.
class Documents : public testing::Test {
 protected:
  void prepare(int sheets) {
    if (!counter_) {
      counter_.emplace(CounterOptions{.sheets = sheets});
      std::filesystem::create_directories(portal_directory());
    }
  }
  void open(int sheets, int dpi = 75) {
    prepare(sheets);
    counter_->write_config("[portals]\ndirectories = [\"" + portal_directory() + "\"]\n");
    counter_->start();
    visit_ = counter_->open_visit();
    client_.emplace(counter_->connect());
    captures_ = counter_->scan({.visit = visit_, .resolution_dpi = dpi}).captures;
    ASSERT_EQ(captures_.size(), static_cast<std::size_t>(sheets)) << counter_->daemon().transcript();
  }
  std::string portal_directory() const { return (counter_->path() / "portals.d").string(); }

  template <class T, class Arguments>
  Result<T> ask(const std::string& command, const Arguments& arguments, const std::string& request_id = {}) {
    return client_->call_as<T>(command, arguments, {kPatience, request_id, {}});
  }
  protocol::DocumentAssembleArguments order(const std::vector<std::string>& captures) const {
    protocol::DocumentAssembleArguments arguments;
    arguments.visit = visit_;
    arguments.captures = captures;
    return arguments;
  }
  Document assemble(const protocol::DocumentAssembleArguments& arguments) {
    auto document = ask<Document>("document.assemble", arguments);
    EXPECT_TRUE(document) << describe(document.error());
    return document.value_or(Document{});
  }
  Result<Document> try_edit(const std::string& document, const std::vector<DocumentEdit>& edits, int revision = 0) {
    protocol::DocumentEditArguments arguments;
    arguments.document = document;
    arguments.edits = edits;
    arguments.revision = revision;
    return ask<Document>("document.edit", arguments);
  }
  Document edited(const std::string& document, const std::vector<DocumentEdit>& edits) {
    auto after = try_edit(document, edits);
    EXPECT_TRUE(after) << describe(after.error());
    return after.value_or(Document{});
  }
  std::vector<std::uint8_t> fetch(const std::string& id, const std::string& rendition) {
    auto file = client::fetch_image(*client_, id, rendition, deadline_in(kPatience));
    EXPECT_TRUE(file) << describe(file.error());
    return file ? std::move(file->bytes) : std::vector<std::uint8_t>{};
  }
  std::vector<std::uint8_t> fetch(const Document& document) {
    return fetch(document.document, document.file.rendition);
  }
  std::string saved(const std::vector<std::uint8_t>& bytes, const std::string& name) {
    const std::filesystem::path path = counter_->path() / name;
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path.string();
  }
  /// A picture of each page as mutool paints it, by its digest. Equal pages have equal ones.
  std::vector<std::string> painted(const std::vector<std::uint8_t>& bytes) {
    const std::string file = saved(bytes, "painted.pdf");
    EXPECT_THAT(output_of("qpdf --check " + file), testing::HasSubstr("No syntax or stream encoding errors found"));
    const std::string listed = output_of("mutool draw -q -r 30 -s 5 -o /dev/null " + file);
    std::vector<std::string> pages;
    std::istringstream lines(listed);
    for (std::string line; std::getline(lines, line);) {
      const std::string last = line.substr(line.rfind(' ') + 1);
      if (last.size() == 32 && last.find_first_not_of("0123456789abcdef") == std::string::npos) {
        pages.push_back(last);
      }
    }
    return pages;
  }
  std::string painted_alone(const std::string& capture, const std::string& rendition = "page") {
    return painted(fetch(capture, rendition)).at(0);
  }

  std::optional<Counter> counter_;
  std::optional<client::Client> client_;
  std::string visit_;
  std::vector<std::string> captures_;
};

}  // namespace quay::system_test
