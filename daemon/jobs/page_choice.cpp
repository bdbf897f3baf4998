// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/page_choice.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "protocol/client/error_table.hpp"
#include "protocol/json/parse.hpp"

namespace quay::daemon::jobs {
namespace {

bool is_ready(const storage::GenerationRow& made) { return made.state == protocol::CaptureState::ready; }

/// A person asked for a paper that does not lie on the glass: that says nothing of those that do.
bool is_no_paper(const storage::GenerationRow& made) {
  const auto error = protocol::parse_object(made.error.value_or("{}"));
  const auto* code = error ? error->if_contains("code") : nullptr;
  return made.state == protocol::CaptureState::failed && code != nullptr && code->is_string() &&
         code->get_string() == protocol::error_row(Errc::request_bad_argument).wire;
}

}  // namespace

protocol::PageSettings settings_of(const storage::GenerationRow& made) {
  const auto object = protocol::parse_object(made.settings);
  return object ? protocol::from_json<protocol::PageSettings>(*object).value_or(protocol::PageSettings{})
                : protocol::PageSettings{};
}

std::int32_t whole_page(std::span<const storage::GenerationRow> later) {
  std::int32_t newest = 1;
  for (const storage::GenerationRow& made : later) {
    const protocol::PageSettings settings = settings_of(made);
    newest = is_ready(made) && settings.max_bytes == 0 && settings.part == 0 ? made.generation : newest;
  }
  return newest;
}

std::vector<std::int32_t> standing_pages(std::span<const storage::GenerationRow> later) {
  std::map<std::int32_t, const storage::GenerationRow*> papers;
  std::int32_t newest = 1;  // of all that count
  for (const storage::GenerationRow& made : later) {
    const protocol::PageSettings settings = settings_of(made);
    if (settings.max_bytes != 0 || is_no_paper(made)) {
      continue;
    }
    newest = is_ready(made) ? made.generation : newest;
    if (settings.part > 0) {
      const storage::GenerationRow*& paper = papers[settings.part];
      paper = paper == nullptr || is_ready(made) || !is_ready(*paper) ? &made : paper;
    }
  }
  const std::int32_t whole = whole_page(later);
  const bool failed = std::any_of(papers.begin(), papers.end(), [](const auto& paper) {
    return paper.second->state == protocol::CaptureState::failed;
  });
  if (papers.empty() || failed || (whole > 1 && whole == newest)) {
    return {whole};
  }
  std::vector<std::int32_t> pages;
  std::transform(papers.begin(), papers.end(), std::back_inserter(pages),
                 [](const auto& paper) { return paper.second->generation; });
  return pages;
}

}  // namespace quay::daemon::jobs
