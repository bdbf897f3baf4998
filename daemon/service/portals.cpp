// SPDX-License-Identifier: Apache-2.0
#include "daemon/service/portals.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "daemon/documents/file_name.hpp"
#include "daemon/documents/preflight.hpp"
#include "daemon/service/small_file.hpp"
#include "settings/reader.hpp"

namespace quay::daemon::service {

using namespace settings;
namespace {

constexpr std::size_t kLongestText = 200;
constexpr std::size_t kLongestName = 40;
constexpr Range kBytes{1, std::int64_t{1} << 40};
constexpr Range kCount{1, 10'000};
constexpr Range kDpi{50, 2400};
constexpr Range kPixels{1, 100'000};

bool is_sentence(const std::string& text) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
  return !text.empty() && text.size() <= kLongestText && std::none_of(text.begin(), text.end(), control);
}

bool is_name(const std::string& text) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= kLongestName && std::all_of(text.begin(), text.end(), allowed);
}

bool is_media_type(const std::string& text) {
  return text == "application/pdf" || text == "image/jpeg" || text == "image/png";
}

Take sentence(std::string& out) { return text(out, is_sentence, "1 to 200 bytes of text"); }

Take size_in_bytes(std::uint64_t& out) {
  return [&out](const Value& value) {
    std::int64_t bytes = 0;
    whole_number(bytes, kBytes)(value);
    out = static_cast<std::uint64_t>(bytes);
  };
}

Take small_number(std::int32_t& out, Range range) {
  return [&out, range](const Value& value) {
    std::int64_t number = 0;
    whole_number(number, range)(value);
    out = static_cast<std::int32_t>(number);
  };
}

Take day(std::string& out) {
  return [&out](const Value& value) {
    const auto* date = value.node.as_date();
    if (date == nullptr) {
      return value.refuse("a date such as 2026-11-26, without quotes");
    }
    std::ostringstream text;
    text << date->get();
    out = text.str();
  };
}

Take name_rule(std::string& out) {
  return [&out](const Value& value) {
    std::string rule;
    text(rule, is_sentence, "a rule such as \"{code}.{nnn}.{ext}\"")(value);
    if (const auto mistake = documents::mistake_in_rule(rule)) {
      return value.refuse(*mistake);
    }
    out = std::move(rule);
  };
}

Settings paper_settings(protocol::PaperRules& paper) {
  const auto is_size = [](const std::string& text) { return documents::paper_size(text).has_value(); };
  const auto is_shape = [](const std::string& text) { return documents::shape(text).has_value(); };
  const auto is_version = [](const std::string& text) { return documents::pdf_version(text).has_value(); };
  return {
      {"kind", text(paper.kind, is_name, "1 to 40 of a-z, 0-9 and -")},
      {"title_vi", sentence(paper.title_vi)},
      {"title_en", sentence(paper.title_en)},
      {"media_types", list_of_text(paper.media_types, is_media_type, "application/pdf, image/jpeg or image/png")},
      {"max_bytes", size_in_bytes(paper.max_bytes)},
      {"max_pages", small_number(paper.max_pages, kCount)},
      {"min_dpi", small_number(paper.min_dpi, kDpi)},
      {"max_dpi", small_number(paper.max_dpi, kDpi)},
      {"colour_required", flag(paper.colour_required)},
      {"page_sizes", list_of_text(paper.page_sizes, is_size, "A3, A4, A5 or a size in mm such as \"85.6x54\"")},
      {"min_width_px", small_number(paper.min_width_px, kPixels)},
      {"min_height_px", small_number(paper.min_height_px, kPixels)},
      {"shape", text(paper.shape, is_shape, "width to height such as \"4:6\"")},
      {"pdf_min_version", text(paper.pdf_min_version, is_version, "a PDF version such as \"1.4\"")},
      {"pdfa_required", flag(paper.pdfa_required)},
      {"file_name", name_rule(paper.file_name)},
  };
}

Settings dossier_settings(protocol::Portal& portal) {
  return {
      {"max_bytes", size_in_bytes(portal.max_dossier_bytes)},
      {"max_files", small_number(portal.max_files, kCount)},
  };
}

void take_paper(const Value& value, std::vector<protocol::PaperRules>& papers) {
  protocol::PaperRules paper;
  const toml::table& table = *value.node.as_table();
  read_table(table, value.key, paper_settings(paper), value.mistakes);
  const auto complain = [&](std::string_view text) { value.mistakes.add(table.source(), value.key, text); };
  for (const std::string_view key : {"kind", "title_vi", "title_en", "media_types"}) {
    if (!table.contains(key)) {
      complain(fmt::format("{}: missing", key));
    }
  }
  if (paper.max_dpi > 0 && paper.max_dpi < paper.min_dpi) {
    complain(fmt::format("found max_dpi {} below min_dpi {}", paper.max_dpi, paper.min_dpi));
  }
  const bool taken = std::any_of(papers.begin(), papers.end(), [&](const protocol::PaperRules& earlier) {
    return !paper.kind.empty() && earlier.kind == paper.kind;
  });
  if (taken) {
    complain(fmt::format("kind: \"{}\" is taken by an earlier [[paper]]", paper.kind));
  }
  papers.push_back(std::move(paper));
}

Settings portal_settings(protocol::Portal& portal) {
  return {
      {"title_vi", sentence(portal.title_vi)},
      {"title_en", sentence(portal.title_en)},
      {"source", sentence(portal.source)},
      {"checked", day(portal.checked)},
      {"dossier", table(dossier_settings(portal))},
      {"paper", tables([&portal](const Value& value) { take_paper(value, portal.papers); })},
  };
}

void check_portal(const toml::table& root, const protocol::Portal& portal, Mistakes& mistakes) {
  for (const std::string_view key : {"title_vi", "title_en", "source", "checked"}) {
    if (!root.contains(key)) {
      mistakes.add(root.source(), key, "missing");
    }
  }
  if (portal.papers.empty()) {
    mistakes.add(root.source(), "paper", "missing; at least one section [[paper]] was expected");
  }
}

void add_lines(std::string_view text, std::vector<std::string>& lines) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// NAME.toml of all directories, the later ones in the place of the earlier.
std::map<std::string, std::filesystem::path> files_in(std::span<const std::filesystem::path> directories,
                                                      std::vector<std::string>& mistakes) {
  std::map<std::string, std::filesystem::path> files;
  for (const std::filesystem::path& directory : directories) {
    std::error_code error;
    std::filesystem::directory_iterator entries(directory, error);
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
      const std::filesystem::path& file = entries->path();
      if (file.extension() == ".toml") {
        files[file.stem().string()] = file;
      }
    }
    if (error && error != std::errc::no_such_file_or_directory) {
      mistakes.push_back(fmt::format("{}:0: {}", directory.string(), error.message()));
    }
  }
  return files;
}

}  // namespace

std::vector<std::string> portal_keys() {
  protocol::Portal portal;
  protocol::PaperRules paper;
  std::vector<std::string> keys;
  for (const Setting& setting : portal_settings(portal)) {
    if (setting.key != "dossier" && setting.key != "paper") {
      keys.emplace_back(setting.key);
    }
  }
  for (const Setting& setting : dossier_settings(portal)) {
    keys.push_back(fmt::format("dossier.{}", setting.key));
  }
  for (const Setting& setting : paper_settings(paper)) {
    keys.push_back(fmt::format("paper.{}", setting.key));
  }
  return keys;
}

Result<protocol::Portal> parse_portal(std::string_view text, const std::string& portal, const std::string& file) {
  Mistakes mistakes(file);
  const toml::parse_result root = toml::parse(text, file);
  if (!root) {
    mistakes.add(root.error().source(), "", root.error().description());
    return failure(Errc::config_invalid, "portal", mistakes.text());
  }
  protocol::Portal read;
  read.portal = portal;
  if (!is_name(portal)) {
    mistakes.add(root.table().source(), "", "the file's name is no portal's: 1 to 40 of a-z, 0-9 and - were expected");
  }
  read_table(root.table(), "", portal_settings(read), mistakes);
  check_portal(root.table(), read, mistakes);
  if (!mistakes.empty()) {
    return failure(Errc::config_invalid, "portal", mistakes.text());
  }
  return read;
}

documents::PortalSet load_portals(std::span<const std::filesystem::path> directories) {
  documents::PortalSet loaded;
  for (const auto& [name, file] : files_in(directories, loaded.mistakes)) {
    const Result<std::string> text = read_small_file(file, "portal");
    if (!text) {
      loaded.mistakes.push_back(fmt::format("{}:0: {}", file.string(), text.error().detail));
      continue;
    }
    if (text->empty()) {
      continue;
    }
    Result<protocol::Portal> portal = parse_portal(*text, name, file.string());
    if (portal) {
      loaded.portals.push_back(*std::move(portal));
    } else {
      add_lines(portal.error().detail, loaded.mistakes);
    }
  }
  return loaded;
}

}  // namespace quay::daemon::service
