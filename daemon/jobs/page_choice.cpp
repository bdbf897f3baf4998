// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/page_choice.hpp"

#include <algorithm>
#include <iterator>

#include "protocol/json/parse.hpp"

namespace quay::daemon::jobs {
namespace {

bool is_ready(const storage::GenerationRow& made) { return made.state == protocol::CaptureState::ready; }

/// The newest making of each paper; one that is ready before one that is not.
std::vector<const storage::GenerationRow*> newest_of_each(std::int32_t papers,
                                                          std::span<const storage::GenerationRow> later) {
  std::vector<const storage::GenerationRow*> newest(static_cast<std::size_t>(papers), nullptr);
  for (const storage::GenerationRow& made : later) {
    const protocol::PageSettings settings = settings_of(made);
    if (settings.max_bytes != 0 || settings.part < 1 || settings.part > papers) {
      continue;
    }
    const storage::GenerationRow*& paper = newest[static_cast<std::size_t>(settings.part) - 1];
    paper = paper == nullptr || is_ready(made) || !is_ready(*paper) ? &made : paper;
  }
  return newest;
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

std::int32_t handed_over(std::span<const storage::GenerationRow> later) {
  std::int32_t newest = 1;
  for (const storage::GenerationRow& made : later) {
    newest = is_ready(made) && settings_of(made).part == 0 ? made.generation : newest;
  }
  return newest;
}

std::vector<std::int32_t> standing_pages(std::int32_t papers, std::span<const storage::GenerationRow> later) {
  const std::int32_t whole = whole_page(later);
  if (papers <= 1) {
    return {whole};
  }
  const auto newest = newest_of_each(papers, later);
  const bool all = std::all_of(newest.begin(), newest.end(), [](const storage::GenerationRow* paper) {
    return paper != nullptr && paper->state != protocol::CaptureState::failed;
  });
  const bool apart_again = std::any_of(newest.begin(), newest.end(), [&](const storage::GenerationRow* paper) {
    return paper != nullptr && is_ready(*paper) && paper->generation > whole;
  });
  if (!all || (whole > 1 && !apart_again)) {
    return {whole};
  }
  std::vector<std::int32_t> pages;
  std::transform(newest.begin(), newest.end(), std::back_inserter(pages),
                 [](const storage::GenerationRow* paper) { return paper->generation; });
  return pages;
}

protocol::CaptureState standing(protocol::CaptureState first, std::span<const storage::GenerationRow> later) {
  const bool made_good = first == protocol::CaptureState::failed && handed_over(later) > 1;
  return made_good ? protocol::CaptureState::ready : first;
}

}  // namespace quay::daemon::jobs
