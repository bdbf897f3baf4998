// SPDX-License-Identifier: Apache-2.0
#include "ctl/clean.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <memory>

#include "base/atomic_file.hpp"
#include "ctl/clean_report.hpp"
#include "ctl/page_reader.hpp"
#include "ctl/verbs.hpp"
#include "imaging/codec/decode.hpp"
#include "imaging/encode.hpp"
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

struct CleanedPage {
  fs::path file;
  int index = 0;         ///< of the picture in its file
  std::size_t part = 0;  ///< of the page in that picture
  Bytes bytes;
  bool over_budget = false;
  protocol::json::object report;
};

/// One picture of an input file.
struct PictureSource {
  const fs::path& path;
  const Bytes& file;
  int index;
};

/// The pages in a picture: one, or as many as papers lie on the glass.
Result<std::vector<imaging::CleanPage>> pages_in(const imaging::Profile& profile, const PictureSource& source) {
  const auto image = imaging::decode(source.file, source.index);
  return image ? imaging::make_pages(image->view(), profile) : failure(image.error());
}

Result<CleanedPage> pack(const imaging::Profile& profile, const PictureSource& source, imaging::CleanPage& page,
                         PageReader& reader) {
  auto encoded = imaging::encode(page, profile);
  if (!encoded) {
    return failure(encoded.error());
  }
  reader.read(page, *encoded);
  auto report = page_report({source.path.string(), source.file.size(), source.index}, page, *encoded);
  return CleanedPage{source.path, source.index, 0, std::move(encoded->bytes), encoded->over_budget, std::move(report)};
}

/// What is gathered over all pages.
class Document {
 public:
  Document(const imaging::Profile& profile, std::size_t max_file_bytes, PageReader reader)
      : profile_(profile), max_file_bytes_(max_file_bytes), reader_(std::move(reader)) {}

  Status add_file(const fs::path& path) {
    const auto file = read_file(path);
    if (!file) {
      return failure(file.error());
    }
    const int count = std::max(1, imaging::count_pages(*file));
    for (int index = 0; index < count; ++index) {
      if (const Status added = add_picture({path, *file, index}); !added) {
        Error error = added.error();
        error.operation = path.filename().string() + ": " + error.operation;
        return failure(error);
      }
    }
    return {};
  }

  /// The whole output, in at most max_file_bytes where that leaves every page legible.
  Result<Bytes> bind() {
    auto document = bind_pages();
    if (document && max_file_bytes_ > 0 && document->size() > max_file_bytes_) {
      if (const Status fitted = fit(document->size()); !fitted) {
        return failure(fitted.error());
      }
      document = bind_pages();
    }
    size_ = document ? document->size() : 0;
    return document;
  }

  /// Which pages, and the document, are larger than asked for.
  Status within_budget() const {
    std::string over;
    for (std::size_t i = 0; i < pages_.size(); ++i) {
      if (pages_[i].over_budget) {
        over += fmt::format("{}page {} ({}): {} bytes", over.empty() ? "" : ", ", i + 1,
                            pages_[i].file.filename().string(), pages_[i].bytes.size());
      }
    }
    if (max_file_bytes_ > 0 && size_ > max_file_bytes_) {
      return failure(
          Errc::image_over_budget, "--max-file-bytes",
          fmt::format("{} bytes, {} allowed; at their least legible size: {}", size_, max_file_bytes_, over));
    }
    if (!over.empty() && profile_.max_bytes > 0) {
      return failure(Errc::image_over_budget, "--max-bytes", fmt::format("{} allowed; {}", profile_.max_bytes, over));
    }
    return {};
  }

  protocol::json::array take_report() {
    protocol::json::array out;
    for (CleanedPage& page : pages_) {
      out.push_back(std::move(page.report));
    }
    return out;
  }

 private:
  Status add_picture(const PictureSource& source) {
    auto pages = pages_in(profile_, source);
    if (!pages) {
      return failure(pages.error());
    }
    for (std::size_t part = 0; part < pages->size(); ++part) {
      auto page = pack(profile_, source, (*pages)[part], reader_);
      if (!page) {
        return failure(page.error());
      }
      (*pages)[part].image = {};  // its pixels are not needed while the next ones are packed
      page->part = part;
      pages_.push_back(std::move(*page));
    }
    return {};
  }

  Result<Bytes> bind_pages() const {
    const bool binds = profile_.format == imaging::OutputFormat::pdf || profile_.format == imaging::OutputFormat::tiff;
    if (!binds && pages_.size() != 1) {
      return failure(Errc::usage, "-o", "such a file holds one page; name a .pdf or .tif");
    }
    if (!binds) {
      return pages_.front().bytes;
    }
    std::vector<imaging::BoundPage> bound;
    std::transform(pages_.begin(), pages_.end(), std::back_inserter(bound),
                   [](const CleanedPage& page) { return imaging::BoundPage{page.bytes}; });
    return imaging::assemble(bound);
  }

  /// Makes the largest pages smaller until all fit, or none can get smaller.
  Status fit(std::size_t document_size) {
    std::vector<std::size_t> floors(pages_.size());
    for (;;) {
      std::vector<std::size_t> sizes;
      std::size_t sum = 0;
      for (const CleanedPage& page : pages_) {
        sizes.push_back(page.bytes.size());
        sum += page.bytes.size();
      }
      const std::size_t shared = sum - std::min(sum, document_size);  // what pages have once a document, not each
      const std::size_t limit = imaging::fair_limit(sizes, floors, max_file_bytes_ + shared);
      const auto floor_of = [&](std::size_t i) -> std::size_t { return pages_[i].over_budget ? sizes[i] : 0; };
      bool changed = false;
      for (std::size_t i = 0; i < pages_.size(); ++i) {
        if (floors[i] == 0 && sizes[i] > std::max<std::size_t>(limit, 1)) {
          if (const Status again = clean_again(i, std::max<std::size_t>(limit, 1)); !again) {
            return again;
          }
          sizes[i] = pages_[i].bytes.size();
          floors[i] = floor_of(i);
          changed = true;
        }
      }
      const auto document = bind_pages();
      if (!document || !changed || document->size() <= max_file_bytes_) {
        return document ? Status{} : failure(document.error());
      }
      document_size = document->size();
    }
  }

  Status clean_again(std::size_t i, std::size_t limit) {
    const auto file = read_file(pages_[i].file);
    if (!file) {
      return failure(file.error());
    }
    imaging::Profile profile = profile_;
    profile.max_bytes = profile.max_bytes == 0 ? limit : std::min(limit, profile.max_bytes);
    const PictureSource source{pages_[i].file, *file, pages_[i].index};
    const std::size_t part = pages_[i].part;
    auto pages = pages_in(profile, source);
    if (!pages) {
      return failure(pages.error());
    }
    auto page = pack(profile, source, (*pages)[part], reader_);
    if (!page) {
      return failure(page.error());
    }
    pages_[i] = std::move(*page);
    pages_[i].part = part;
    return {};
  }

  imaging::Profile profile_;
  std::size_t max_file_bytes_;
  PageReader reader_;
  std::size_t size_ = 0;
  std::vector<CleanedPage> pages_;
};

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
  Document document(*profile, options.max_file_bytes, PageReader(options.text_language, session));
  for (std::size_t i = 0; i < files->size(); ++i) {
    if (const Status added = document.add_file((*files)[i]); !added) {
      return added;
    }
    show_progress(session, i + 1, files->size());
  }
  const auto bytes = document.bind();
  if (!bytes) {
    return failure(bytes.error());
  }
  if (const Status written = write_atomically(options.output, *bytes); !written) {
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
  verb->add_option("-o,--output", options->output, "The .pdf or .tif to write; for one page also .jpg, .webp or .png")
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
  verb->callback(
      [&line, options] { line.action = [&session = line.session, options] { return run_clean(*options, session); }; });
}

}  // namespace quay::ctl
