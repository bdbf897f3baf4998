// SPDX-License-Identifier: Apache-2.0
#include "ctl/clean_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <numeric>
#include <utility>

#include "ctl/clean_report.hpp"
#include "imaging/codec/decode.hpp"
#include "imaging/encode.hpp"
#include "imaging/extract/card_sheet.hpp"
#include "imaging/pipeline.hpp"

namespace quay::ctl {
namespace {

namespace fs = std::filesystem;

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
  Bytes bytes(static_cast<std::size_t>(size));
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));  // it may have been cut meanwhile
  if (file.bad() || !file.is_open()) {
    return failure(Errc::file_unreadable, path.string(), "cannot be read");
  }
  return bytes;
}

std::size_t total(const std::vector<Bytes>& files) {
  return std::accumulate(files.begin(), files.end(), std::size_t{0},
                         [](std::size_t sum, const Bytes& file) { return sum + file.size(); });
}

/// The pages in a picture: one, or as many as papers lie on the glass.
Result<std::vector<imaging::CleanPage>> pages_in(const imaging::Profile& profile, const PictureSource& source,
                                                 const imaging::Witness& witness) {
  const auto image = imaging::decode(source.file, source.index);
  return image ? imaging::make_pages(image->view(), profile, witness) : failure(image.error());
}

/// Both sides of an ID card on one page.
Result<std::vector<imaging::CleanPage>> card_of(const imaging::Profile& profile, const PictureSource& front,
                                                const PictureRef& back, const imaging::Witness& witness) {
  const auto file = read_file(back.file);
  if (!file) {
    return failure(file.error());
  }
  const auto first = imaging::decode(front.file, front.index), second = imaging::decode(*file, back.index);
  if (!first || !second) {
    return failure(first ? second.error() : first.error());
  }
  const std::array<ImageView, 2> sides{first->view(), second->view()};
  auto page = imaging::make_card_sheet(sides, profile.clean);
  if (!page) {
    return failure(page.error());
  }
  if (witness) {
    witness({imaging::Stage::input, sides[0], 1});
    witness({imaging::Stage::input, sides[1], 2});
    witness({imaging::Stage::clean, page->image.view()});
  }
  std::vector<imaging::CleanPage> pages;
  pages.push_back(*std::move(page));
  return pages;
}

/// Pages of a picture, or of the two sides of a card.
Result<std::vector<imaging::CleanPage>> pages_of(const imaging::Profile& profile, const PictureSource& source,
                                                 const std::optional<PictureRef>& back,
                                                 const imaging::Witness& witness) {
  return back ? card_of(profile, source, *back, witness) : pages_in(profile, source, witness);
}

}  // namespace

Status CleanDocument::add_file(const fs::path& path) {
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

Status CleanDocument::finish() {
  if (!waiting_) {
    return {};
  }
  const PictureRef alone = *std::exchange(waiting_, std::nullopt);
  const auto file = read_file(alone.file);
  return file ? add_pages({alone.file, *file, alone.index}, {}) : failure(file.error());
}

Result<std::vector<Bytes>> CleanDocument::bind() {
  auto files = bind_pages();
  if (files && max_file_bytes_ > 0 && total(*files) > max_file_bytes_) {
    if (const Status fitted = fit(total(*files)); !fitted) {
      return failure(fitted.error());
    }
    files = bind_pages();
  }
  size_ = files ? total(*files) : 0;
  return files;
}

Status CleanDocument::within_budget() const {
  std::string over;
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    if (pages_[i].over_budget) {
      over += fmt::format("{}page {} ({}): {} bytes", over.empty() ? "" : ", ", i + 1,
                          pages_[i].picture.file.filename().string(), pages_[i].bytes.size());
    }
  }
  if (max_file_bytes_ > 0 && size_ > max_file_bytes_) {
    return failure(Errc::image_over_budget, "--max-file-bytes",
                   fmt::format("{} bytes, {} allowed; at their least legible size: {}", size_, max_file_bytes_, over));
  }
  if (!over.empty() && profile_.max_bytes > 0) {
    return failure(Errc::image_over_budget, "--max-bytes", fmt::format("{} allowed; {}", profile_.max_bytes, over));
  }
  return {};
}

protocol::json::array CleanDocument::take_report() {
  protocol::json::array out;
  for (CleanedPage& page : pages_) {
    out.push_back(std::move(page.report));
  }
  return out;
}

Status CleanDocument::add_picture(const PictureSource& source) {
  if (profile_.subject != imaging::Subject::cards) {
    return add_pages(source, {});
  }
  const auto image = imaging::decode(source.file, source.index);
  const auto cards = image ? imaging::count_cards(image->view(), profile_.clean) : failure(image.error());
  if (!cards) {
    return failure(cards.error());
  }
  if (*cards != 1) {
    const Status before = finish();
    return before ? add_pages(source, {}) : before;
  }
  PictureRef here{source.path, source.index};
  if (!waiting_) {
    waiting_ = std::move(here);
    return {};
  }
  const PictureRef front = *std::exchange(waiting_, std::nullopt);
  const auto file = read_file(front.file);
  return file ? add_pages({front.file, *file, front.index}, std::move(here)) : failure(file.error());
}

Result<CleanedPage> CleanDocument::pack(const imaging::Profile& profile, const PictureSource& source,
                                        imaging::CleanPage& page, const imaging::Witness& witness) {
  auto encoded = imaging::encode(page, profile, witness);
  if (!encoded) {
    return failure(encoded.error());
  }
  reader_.read(page, *encoded);
  auto report = page_report({source.path.string(), source.file.size(), source.index}, page, *encoded);
  return CleanedPage{
      {source.path, source.index}, {}, 0, std::move(encoded->bytes), encoded->over_budget, std::move(report)};
}

Status CleanDocument::add_pages(const PictureSource& source, const std::optional<PictureRef>& back) {
  auto pages = pages_of(profile_, source, back, explainer_.witness(pages_.size()));
  if (!pages) {
    return failure(pages.error());
  }
  for (std::size_t part = 0; part < pages->size(); ++part) {
    auto page = pack(profile_, source, (*pages)[part], explainer_.witness(pages_.size()));
    if (!page) {
      return failure(page.error());
    }
    (*pages)[part].image = {};  // its pixels are not needed while the next ones are packed
    page->part = part;
    page->back = back;
    pages_.push_back(std::move(*page));
  }
  return explainer_.status();
}

Result<std::vector<Bytes>> CleanDocument::bind_pages() const {
  const bool binds = profile_.format == imaging::OutputFormat::pdf || profile_.format == imaging::OutputFormat::tiff;
  if (!binds) {
    std::vector<Bytes> files;
    std::transform(pages_.begin(), pages_.end(), std::back_inserter(files),
                   [](const auto& page) { return page.bytes; });
    return files;
  }
  std::vector<imaging::BoundPage> bound;
  std::transform(pages_.begin(), pages_.end(), std::back_inserter(bound),
                 [](const CleanedPage& page) { return imaging::BoundPage{page.bytes}; });
  auto document = imaging::assemble(bound);
  return document ? Result<std::vector<Bytes>>({*std::move(document)}) : failure(document.error());
}

Status CleanDocument::fit(std::size_t document_size) {
  std::vector<std::size_t> floors(pages_.size());
  for (;;) {
    const auto changed = shrink_largest(document_size, floors);
    if (!changed) {
      return failure(changed.error());
    }
    const auto files = bind_pages();
    if (!files || !*changed || total(*files) <= max_file_bytes_) {
      return files ? Status{} : failure(files.error());
    }
    document_size = total(*files);
  }
}

Result<bool> CleanDocument::shrink_largest(std::size_t document_size, std::vector<std::size_t>& floors) {
  std::vector<std::size_t> sizes;
  std::transform(pages_.begin(), pages_.end(), std::back_inserter(sizes),
                 [](const CleanedPage& page) { return page.bytes.size(); });
  const std::size_t sum = std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
  const std::size_t shared = sum - std::min(sum, document_size);  // what pages have once a document, not each
  const std::size_t limit = std::max<std::size_t>(imaging::fair_limit(sizes, floors, max_file_bytes_ + shared), 1);
  bool changed = false;
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    if (floors[i] != 0 || sizes[i] <= limit) {
      continue;
    }
    if (const Status again = clean_again(i, limit); !again) {
      return failure(again.error());
    }
    floors[i] = pages_[i].over_budget ? pages_[i].bytes.size() : 0;
    changed = true;
  }
  return changed;
}

Status CleanDocument::clean_again(std::size_t i, std::size_t limit) {
  const PictureRef picture = pages_[i].picture;
  const auto file = read_file(picture.file);
  if (!file) {
    return failure(file.error());
  }
  imaging::Profile profile = profile_;
  profile.max_bytes = profile.max_bytes == 0 ? limit : std::min(limit, profile.max_bytes);
  const PictureSource source{picture.file, *file, picture.index};
  const std::size_t part = pages_[i].part;
  const auto back = pages_[i].back;
  auto pages = pages_of(profile, source, back, {});  // cleaned as before: only the encoding changes
  if (!pages) {
    return failure(pages.error());
  }
  auto page = pack(profile, source, (*pages)[part], explainer_.witness(i));
  if (!page) {
    return failure(page.error());
  }
  pages_[i] = std::move(*page);
  pages_[i].part = part;
  pages_[i].back = back;
  return explainer_.status();
}

}  // namespace quay::ctl
