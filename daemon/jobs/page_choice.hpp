// SPDX-License-Identifier: Apache-2.0
// Which makings of a capture stand for it when none is named: one page, or one for each paper on its glass. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "daemon/storage/records.hpp"
#include "protocol/client/page_settings.hpp"

namespace quay::daemon::jobs {

/// What a later generation was made with.
protocol::PageSettings settings_of(const storage::GenerationRow& made);

/// The newest making of the whole picture that is ready, 1 when there is no later one. One made to a limit of bytes is
/// for the document it was made for, or for whoever names it: it does not count.
std::int32_t whole_page(std::span<const storage::GenerationRow> later);

/// The newest making of the whole picture that is ready and was handed over as it is, 1 when there is no later one: a
/// picture is asked for with a limit of bytes as a rule.
std::int32_t handed_over(std::span<const storage::GenerationRow> later);

/// The makings that a document has of a capture with so many papers on its glass: of each paper the newest, in the
/// papers' order; the whole picture when there are no several papers, when it was made anew after they were, or when
/// one of them failed or was never made. A paper that is still being made is among them.
std::vector<std::int32_t> standing_pages(std::int32_t papers, std::span<const storage::GenerationRow> later);

/// How a capture stands: as its first making ended, but that a later one of the whole picture makes good a failed one.
/// While the first is not made the capture is not ready, whatever was made meanwhile.
protocol::CaptureState standing(protocol::CaptureState first, std::span<const storage::GenerationRow> later);

}  // namespace quay::daemon::jobs
