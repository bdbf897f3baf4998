// SPDX-License-Identifier: Apache-2.0
// The document that quayctl clean makes: pages gathered from picture files, both sides of an ID card on one, bound, and
// made smaller until the whole fits. Writes nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "clients/cpp/client.hpp"
#include "ctl/clean_explain.hpp"
#include "ctl/page_reader.hpp"
#include "imaging/page.hpp"
#include "imaging/profile.hpp"

namespace quay::ctl {

using Bytes = std::vector<std::uint8_t>;

/// A picture that can be read again.
struct PictureRef {
  std::filesystem::path file;
  int index = 0;  ///< of the picture in its file
};

struct CleanedPage {
  PictureRef picture;
  std::optional<PictureRef> back;  ///< of an ID card, where `picture` is the front alone
  std::size_t part = 0;            ///< of the page in that picture
  Bytes bytes;
  bool over_budget = false;
  protocol::json::object report;
};

/// One picture of an input file.
struct PictureSource {
  const std::filesystem::path& path;
  const Bytes& file;
  int index;
};

/// What is gathered over all pages.
class CleanDocument {
 public:
  /// Explainer: borrowed.
  CleanDocument(const imaging::Profile& profile, std::size_t max_file_bytes, PageReader reader, Explainer& explainer)
      : profile_(profile), max_file_bytes_(max_file_bytes), reader_(std::move(reader)), explainer_(explainer) {}

  Status add_file(const std::filesystem::path& path);

  /// After the last file: an ID card whose back did not come gets a page by itself.
  Status finish();

  /// The whole output, in at most max_file_bytes where that leaves every page legible: one file, or one a page where
  /// the format holds no more.
  Result<std::vector<Bytes>> bind();

  /// Which pages, and the document, are larger than asked for.
  Status within_budget() const;

  protocol::json::array take_report();

 private:
  /// Pictures that show one side of a card each become one page, two by two in their order.
  Status add_picture(const PictureSource& source);

  Result<CleanedPage> pack(const imaging::Profile& profile, const PictureSource& source, imaging::CleanPage& page,
                           const imaging::Witness& witness);

  Status add_pages(const PictureSource& source, const std::optional<PictureRef>& back);

  Result<std::vector<Bytes>> bind_pages() const;

  /// Makes the largest pages smaller until all fit, or none can get smaller.
  Status fit(std::size_t document_size);

  /// One round: pages above the limit that is fair now. `floors`: of each page that can get no smaller its size, else
  /// 0. False when no page was left to make smaller.
  Result<bool> shrink_largest(std::size_t document_size, std::vector<std::size_t>& floors);

  Status clean_again(std::size_t i, std::size_t limit);

  imaging::Profile profile_;
  std::size_t max_file_bytes_;
  PageReader reader_;
  Explainer& explainer_;
  std::size_t size_ = 0;
  std::vector<CleanedPage> pages_;
  std::optional<PictureRef> waiting_;  ///< a card's front, while its back may come
};

}  // namespace quay::ctl
