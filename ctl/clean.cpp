// SPDX-License-Identifier: Apache-2.0
#include "ctl/clean.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

#include "ctl/atomic_file.hpp"
#include "ctl/clean_report.hpp"
#include "ctl/page_reader.hpp"
#include "ctl/verbs.hpp"
#include "imaging/codec/decode.hpp"
#include "imaging/pipeline.hpp"

namespace quay::ctl {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uintmax_t kMaxFileBytes = 1U << 30;

Result<Bytes> read_file(const fs::path& path) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);  // fails for a folder
  if (error) {
    return failure(Errc::file_unreadable, path.string(), error.message());
  }
  if (size > kMaxFileBytes) {
    return failure(Errc::image_too_large, path.string(), "more than 1 GiB");
  }
  std::ifstream file(path, std::ios::binary);
  Bytes bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) {
    return failure(Errc::file_unreadable, path.string(), "cannot be read");
  }
  return bytes;
}

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

/// What is gathered over all pages.
struct Work {
  imaging::Profile profile;
  PageReader reader;
  std::vector<Bytes> pages;
  protocol::json::array report;
};

/// Output by the file's ending; options over the profile's own settings.
Result<imaging::Profile> wanted_profile(const CleanOptions& options) {
  auto profile = imaging::profile_named(options.profile);
  if (!profile) {
    return profile;
  }
  const std::string extension = fs::path(options.output).extension().string();
  if (extension == ".jpg" || extension == ".jpeg") {
    profile->format = imaging::OutputFormat::jpeg;
  } else if (extension != ".pdf") {
    return failure(Errc::usage, options.output, "the output's name must end in .pdf or .jpg");
  }
  profile->clean.dpi = Dpi{options.dpi};
  profile->clean.keep_geometry = profile->clean.keep_geometry || options.keep_geometry;
  return profile;
}

Status add_page(Work& work, const fs::path& file, const Bytes& bytes, int index) {
  const auto image = imaging::decode(bytes, index);
  if (!image) {
    return failure(image.error());
  }
  auto page = imaging::clean(image->view(), work.profile.clean);
  if (!page) {
    return failure(page.error());
  }
  auto encoded = imaging::encode(*page, work.profile);
  if (!encoded) {
    return failure(encoded.error());
  }
  work.reader.read(*page, *encoded);
  work.report.push_back(page_report({file.string(), bytes.size(), index}, *page, *encoded));
  work.pages.push_back(std::move(encoded->bytes));
  return {};
}

Status add_file(Work& work, const fs::path& file) {
  const auto bytes = read_file(file);
  if (!bytes) {
    return failure(bytes.error());
  }
  const int count = std::max(1, imaging::count_pages(*bytes));
  for (int index = 0; index < count; ++index) {
    if (const Status added = add_page(work, file, *bytes, index); !added) {
      Error error = added.error();
      error.operation = file.filename().string() + ": " + error.operation;
      return failure(error);
    }
  }
  return {};
}

Status finish(const Work& work, const CleanOptions& options) {
  if (work.profile.format == imaging::OutputFormat::jpeg) {
    if (work.pages.size() != 1) {
      return failure(Errc::usage, options.output, "a JPEG holds one page; name a .pdf");
    }
    return write_atomically(options.output, work.pages.front());
  }
  const std::vector<std::span<const std::uint8_t>> views(work.pages.begin(), work.pages.end());
  const auto document = imaging::assemble(views);
  return document ? write_atomically(options.output, *document) : failure(document.error());
}

void show_progress(const Session& session, std::size_t done, std::size_t all) {
  if (!session.json && all > 1 && ::isatty(STDERR_FILENO) != 0) {
    std::fprintf(stderr, "\r%s %zu/%zu%s", std::string(session.say("trang", "page")).c_str(), done, all,
                 done == all ? "\n" : "");
  }
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
  if (const Status writable = check_writable(options.output); !writable) {
    return writable;
  }
  Work work{*profile, PageReader(options.text_language, session), {}, {}};
  for (std::size_t i = 0; i < files->size(); ++i) {
    if (const Status added = add_file(work, (*files)[i]); !added) {
      return added;
    }
    show_progress(session, i + 1, files->size());
  }
  if (const Status written = finish(work, options); !written || options.json_path.empty()) {
    return written;
  }
  const std::string text = protocol::json::serialize(protocol::json::object{{"pages", std::move(work.report)}}) + "\n";
  return write_atomically(options.json_path, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
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
  verb->add_option("-o,--output", options->output, "The .pdf, or .jpg for one page, to write")->required();
  verb->add_option("--profile", options->profile, "How pages are cleaned and packed")->capture_default_str();
  verb->add_option("--json", options->json_path, "Write a report of every page to this file");
  verb->add_option("--dpi", options->dpi, "Output resolution [as the input, at most 300]")->check(CLI::Range(0, 1200));
  verb->add_flag("--keep-geometry", options->keep_geometry, "Move no pixel: no deskew, no crop, no scaling");
  verb->add_option("--ocr", options->text_language, "Read the text, in this language, into the PDF: vie");
  verb->callback(
      [&line, options] { line.action = [&session = line.session, options] { return run_clean(*options, session); }; });
}

}  // namespace quay::ctl
