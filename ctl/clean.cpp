// SPDX-License-Identifier: Apache-2.0
#include "ctl/clean.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/atomic_file.hpp"
#include "ctl/clean_document.hpp"
#include "ctl/clean_explain.hpp"
#include "ctl/verbs.hpp"
#include "imaging/profile.hpp"

namespace quay::ctl {
namespace {

namespace fs = std::filesystem;

bool is_picture_name(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto known = {".jpg", ".jpeg", ".png", ".tif", ".tiff"};
  return std::find(known.begin(), known.end(), extension) != known.end();
}

/// Files as they are, folders as the pictures in them.
Result<std::vector<fs::path>> expand(const std::vector<std::string>& inputs) {
  std::vector<fs::path> files;
  for (const fs::path input : inputs) {
    std::error_code error;
    if (!fs::is_directory(input, error)) {
      files.push_back(input);
      continue;
    }
    std::vector<fs::path> found;
    for (fs::directory_iterator entry(input, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
      if (is_picture_name(entry->path())) {
        found.push_back(entry->path());
      }
    }
    if (error || found.empty()) {
      return failure(Errc::file_unreadable, input.string(), error ? error.message() : "no pictures in this folder");
    }
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

/// Output by the file's ending.
Result<imaging::OutputFormat> wanted_format(const std::string& output) {
  using imaging::OutputFormat;
  constexpr std::array<std::pair<std::string_view, OutputFormat>, 7> kEndings{{{".pdf", OutputFormat::pdf},
                                                                               {".jpg", OutputFormat::jpeg},
                                                                               {".jpeg", OutputFormat::jpeg},
                                                                               {".webp", OutputFormat::webp},
                                                                               {".png", OutputFormat::png},
                                                                               {".tif", OutputFormat::tiff},
                                                                               {".tiff", OutputFormat::tiff}}};
  const std::string extension = fs::path(output).extension().string();
  for (const auto& [ending, format] : kEndings) {
    if (extension == ending) {
      return format;
    }
  }
  return failure(Errc::usage, output, "the output's name must end in .pdf, .jpg, .webp, .png or .tif");
}

/// Options over the profile's own settings.
Result<imaging::Profile> wanted_profile(const CleanOptions& options) {
  auto profile = imaging::profile_named(options.profile);
  if (!profile) {
    return profile;
  }
  const auto format = wanted_format(options.output);
  if (!format) {
    return failure(format.error());
  }
  profile->format = *format;
  profile->clean.dpi = Dpi{options.dpi};
  profile->clean.keep_geometry = profile->clean.keep_geometry || options.keep_geometry;
  profile->max_bytes = options.max_bytes;
  return profile;
}

void show_progress(const Session& session, std::size_t done, std::size_t all) {
  if (!session.json && all > 1 && ::isatty(STDERR_FILENO) != 0) {
    std::fprintf(stderr, "\r%s %zu/%zu%s", std::string(session.say("trang", "page")).c_str(), done, all,
                 done == all ? "\n" : "");
  }
}

/// One file as it is named; several with their number before the ending: card-1.jpg, card-2.jpg.
fs::path numbered(const fs::path& output, std::size_t number) {
  return output.parent_path() / fmt::format("{}-{}{}", output.stem().string(), number, output.extension().string());
}

/// Names that nobody wrote may belong to what is read, or to another citizen: none that is taken is written to, and
/// none may follow the last one.
Status write_numbered(const fs::path& output, const std::vector<Bytes>& files) {
  for (std::size_t number = 1; number <= files.size() + 1; ++number) {
    std::error_code error;
    if (fs::exists(fs::symlink_status(numbered(output, number), error))) {
      return failure(Errc::file_unwritable, numbered(output, number).string(),
                     "exists already: pages get numbered files of their own, name another output");
    }
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (const Status written = write_atomically(numbered(output, i + 1), files[i]); !written) {
      return written;
    }
  }
  return {};
}

Status write_files(const fs::path& output, const std::vector<Bytes>& files) {
  return files.size() == 1 ? write_atomically(output, files.front()) : write_numbered(output, files);
}

/// What is read stays as it is.
Status check_not_read(const fs::path& output, const std::vector<fs::path>& inputs) {
  std::error_code error;
  const bool read = std::any_of(inputs.begin(), inputs.end(),
                                [&](const fs::path& input) { return fs::equivalent(input, output, error); });
  return read ? Status(failure(Errc::usage, output.string(), "is read: name another output")) : Status();
}

Status clean_all(const CleanOptions& options, const Session& session) {
  auto profile = wanted_profile(options);
  if (!profile) {
    return failure(profile.error());
  }
  const auto files = expand(options.inputs);
  if (!files) {
    return failure(files.error());
  }
  for (const Status& fits : {check_not_read(options.output, *files), check_writable(options.output)}) {
    if (!fits) {
      return fits;
    }
  }
  Explainer explainer(options.explain_path);
  if (const Status ready = explainer.prepare(); !ready) {
    return ready;
  }
  CleanDocument document(*profile, options.max_file_bytes, PageReader(options.text_language, session), explainer);
  for (std::size_t i = 0; i < files->size(); ++i) {
    if (const Status added = document.add_file((*files)[i]); !added) {
      return added;
    }
    show_progress(session, i + 1, files->size());
  }
  if (const Status finished = document.finish(); !finished) {
    return finished;
  }
  const auto bound = document.bind();
  if (!bound) {
    return failure(bound.error());
  }
  if (const Status written = write_files(options.output, *bound); !written) {
    return written;
  }
  if (!options.json_path.empty()) {
    const std::string text =
        protocol::json::serialize(protocol::json::object{{"pages", document.take_report()}}) + "\n";
    if (const Status written =
            write_atomically(options.json_path, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
        !written) {
      return written;
    }
  }
  return document.within_budget();
}

}  // namespace

int run_clean(const CleanOptions& options, const Session& session) {
  const Status done = clean_all(options, session);
  return done ? static_cast<int>(Exit::ok) : session.complain(done.error());
}

void add_clean(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("clean", "Make a clean document of picture files, without quayd");
  auto options = std::make_shared<CleanOptions>();
  verb->add_option("IN", options->inputs, "JPEG, PNG or TIFF files, or folders of them")->required();
  verb->add_option("-o,--output", options->output, "The .pdf or .tif to write; or a .jpg, .webp or .png for each page")
      ->required();
  verb->add_option("--profile", options->profile, "How pages are cleaned and packed")->capture_default_str();
  verb->add_option("--json", options->json_path, "Write a report of every page to this file");
  verb->add_option("--dpi", options->dpi, "Output resolution [as the input, at most 300]")->check(CLI::Range(0, 1200));
  verb->add_option("--max-bytes", options->max_bytes, "Limit for each page, as 300K or 2M")
      ->transform(CLI::AsSizeValue(false));
  verb->add_option("--max-file-bytes", options->max_file_bytes, "Limit for the whole output")
      ->transform(CLI::AsSizeValue(false));
  verb->add_flag("--keep-geometry", options->keep_geometry, "Move no pixel: no deskew, no crop, no scaling");
  verb->add_option("--ocr", options->text_language, "Read the text, in this language, into the PDF: vie");
  verb->add_option("--explain", options->explain_path, "Write a picture of every step into this folder");
  verb->callback(
      [&line, options] { line.action = [&session = line.session, options] { return run_clean(*options, session); }; });
}

}  // namespace quay::ctl
