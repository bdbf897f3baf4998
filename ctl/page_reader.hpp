// SPDX-License-Identifier: Apache-2.0
// The text layer of quayctl clean --ocr: finds the data of a language on this machine and reads pages with them. Data
// that are missing are a notice, once, and never a reason to give no document.
#pragma once

#include <optional>
#include <string>

#include "ctl/session.hpp"
#include "imaging/page.hpp"
#include "imaging/recognise/text.hpp"

namespace quay::ctl {

class PageReader {
 public:
  /// language: as --ocr gave it; empty for no reading at all.
  PageReader(const std::string& language, const Session& session);

  /// Adds the words of `page` to `encoded`, a PDF of it. What goes wrong is said as a notice and flagged in the page's
  /// report ("text-missing"); the page stays as it was.
  void read(imaging::CleanPage& page, imaging::EncodedPage& encoded);

 private:
  void notice(const Error& error) const;

  const Session& session_;
  bool wanted_ = false;
  std::optional<imaging::TextReader> reader_;
};

}  // namespace quay::ctl
