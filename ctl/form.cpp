// SPDX-License-Identifier: Apache-2.0
// quayctl form: the forms that a counter prints. Without a name, all of them; with one, what it asks for; with values,
// the filled form as PDF or as a picture of its first page. Needs no daemon.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "base/atomic_file.hpp"
#include "base/clock.hpp"
#include "ctl/verbs.hpp"
#include "forms/composition.hpp"
#include "forms/form_file.hpp"
#include "forms/rendering.hpp"
#include "protocol/json/parse.hpp"

namespace quay::ctl {
namespace {

namespace json = protocol::json;

struct Options {
  std::string name;
  std::filesystem::path folder = QUAY_FORMS_DIRECTORY;
  std::filesystem::path values;
  std::filesystem::path output;
  double dpi = 200;
};

std::string_view title(const Session& session, const auto& titled) {
  return session.say(titled.title_vi, titled.title_en);
}

void print_form(const Session& session, const forms::Form& form) {
  if (session.json) {
    session.print(json::value{{"form", form.name},
                              {"title_vi", form.title_vi},
                              {"title_en", form.title_en},
                              {"width_mm", form.paper.width_mm},
                              {"height_mm", form.paper.height_mm}});
  } else {
    session.print(fmt::format("{}  {}", form.name, title(session, form)));
  }
}

void print_field(const Session& session, const forms::Field& field) {
  if (session.json) {
    session.print(json::value{{"field", field.name},
                              {"title_vi", field.title_vi},
                              {"title_en", field.title_en},
                              {"required", field.required},
                              {"columns", json::value_from(field.columns)}});
    return;
  }
  const std::string columns = field.list ? fmt::format(" [{}]", fmt::join(field.columns, ", ")) : std::string();
  const std::string_view needed = field.required ? session.say(" (bắt buộc)", " (required)") : std::string_view();
  session.print(fmt::format("    {}{}  {}{}", field.name, columns, title(session, field), needed));
}

Error malformed(std::string detail) { return make_error(Errc::form_field, "form.fill", std::move(detail)); }

Result<std::string> text_of(const std::string& name, const json::value& value) {
  return value.is_string() ? Result<std::string>(std::string(value.get_string()))
                           : Result<std::string>(tl::unexpected(malformed(name + ": text was expected")));
}

Result<std::vector<forms::Row>> rows_of(const std::string& name, const json::array& list) {
  std::vector<forms::Row> rows;
  for (const json::value& item : list) {
    if (!item.is_object()) {
      return tl::unexpected(malformed(name + ": a list of objects was expected"));
    }
    forms::Row& row = rows.emplace_back();
    for (const auto& [column, value] : item.get_object()) {
      auto text = text_of(fmt::format("{}.{}", name, std::string(column)), value);
      if (!text) {
        return tl::unexpected(text.error());
      }
      row[std::string(column)] = std::move(*text);
    }
  }
  return rows;
}

Result<forms::Values> parse_values(const std::string& text) {
  const auto object = protocol::parse_object(text);
  if (!object) {
    return tl::unexpected(malformed("the values: " + object.error()));
  }
  forms::Values values;
  for (const auto& [key, value] : *object) {
    const std::string name(key);
    if (value.is_array()) {
      auto rows = rows_of(name, value.get_array());
      if (!rows) {
        return tl::unexpected(rows.error());
      }
      values.lists[name] = std::move(*rows);
      continue;
    }
    auto one = text_of(name, value);
    if (!one) {
      return tl::unexpected(one.error());
    }
    values.texts[name] = std::move(*one);
  }
  return values;
}

Result<std::string> read_values(const std::filesystem::path& file) {
  std::ifstream in;
  if (file != "-") {
    in.open(file, std::ios::binary);
  }
  std::istream& from = file == "-" ? std::cin : in;
  std::string text(std::istreambuf_iterator<char>(from), {});
  return from ? Result<std::string>(std::move(text))
              : failure(Errc::file_unreadable, "form.fill", file.string() + " cannot be read");
}

Result<std::vector<std::uint8_t>> rendered(const Options& options, const forms::Composition& composition) {
  const std::string ending = options.output.extension().string();
  if (ending == ".pdf") {
    return forms::to_pdf(composition, rfc3339_now().substr(0, std::string_view("2026-11-26").size()));
  }
  if (ending == ".png") {
    return forms::to_png(composition, 0, Dpi{options.dpi});
  }
  return failure(Errc::usage, "form", "the output's name must end in .pdf or .png");
}

int make(const Session& session, const Options& options, const forms::Form& form) {
  const auto text = read_values(options.values);
  const auto values = text ? parse_values(*text) : tl::unexpected(text.error());
  const forms::Fonts fonts;
  const auto composition = values ? forms::Composition::make(form, *values, fonts) : tl::unexpected(values.error());
  const auto bytes = composition ? rendered(options, *composition) : tl::unexpected(composition.error());
  const Status written = bytes ? write_atomically(options.output, *bytes) : tl::unexpected(bytes.error());
  if (!written) {
    return session.complain(written.error());
  }
  if (session.json) {
    session.print(json::value{{"output", options.output.string()},
                              {"pages", composition->pages()},
                              {"bytes", bytes->size()},
                              {"width_mm", composition->width_mm()},
                              {"height_mm", composition->height_mm()}});
  }
  return 0;
}

int list(const Session& session, const forms::FormFolder& folder) {
  for (const forms::Form& form : folder.forms) {
    print_form(session, form);
  }
  int code = 0;
  for (const Error& fault : folder.faults) {
    code = session.complain(fault);
  }
  return code;
}

int run(const Session& session, const Options& options) {
  const auto folder = forms::load_forms(options.folder);
  if (!folder) {
    return session.complain(folder.error());
  }
  if (options.name.empty()) {
    return list(session, *folder);
  }
  const auto form = std::find_if(folder->forms.begin(), folder->forms.end(),
                                 [&](const forms::Form& one) { return one.name == options.name; });
  if (form == folder->forms.end()) {
    return session.complain(make_error(
        Errc::form_unknown, "form", fmt::format("there is no form '{}' in {}", options.name, options.folder.string())));
  }
  if (!options.values.empty() && !options.output.empty()) {
    return make(session, options, *form);
  }
  print_form(session, *form);
  for (const forms::Field& field : form->fields) {
    print_field(session, field);
  }
  return 0;
}

}  // namespace

void add_form(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("form", "List the printed forms, say what one asks for, or fill it in");
  auto options = std::make_shared<Options>();
  verb->add_option("NAME", options->name, "A form; without one, all forms");
  auto* values = verb->add_option("--values", options->values,
                                  "JSON object with the fields' values; - reads it from standard input");
  auto* output = verb->add_option("-o,--output", options->output, "File to write: .pdf, or .png for the first page");
  values->needs(output);
  output->needs(values);
  verb->add_option("--dpi", options->dpi, "Resolution of a .png")->check(CLI::Range(50, 1200))->capture_default_str();
  verb->add_option("--forms", options->folder, "Folder of forms")->envname("QUAY_FORMS")->capture_default_str();
  verb->callback(
      [&line, options] { line.action = [&session = line.session, options] { return run(session, *options); }; });
}

}  // namespace quay::ctl
