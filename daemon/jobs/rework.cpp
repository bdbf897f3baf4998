// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/rework.hpp"

#include <fmt/format.h>

#include "daemon/documents/page_list.hpp"
#include "daemon/jobs/open_visit.hpp"
#include "daemon/jobs/page_choice.hpp"
#include "daemon/storage/spool.hpp"
#include "protocol/client/profiles.hpp"
#include "protocol/json/writer.hpp"

namespace quay::daemon::jobs {
namespace {

constexpr const char* kOperation = "capture.rework";
constexpr std::uint64_t kLeastPageBytes = 4096;  // nothing legible is smaller
constexpr std::uint64_t kRoomForPage = std::uint64_t{16} * 1024 * 1024;

tl::unexpected<Error> refuse(std::string_view text) {
  return failure(Errc::request_bad_argument, kOperation, fmt::format("/args/{}", text));
}

Result<storage::CaptureRow> find_capture(storage::Journal& journal, const CaptureId& id) {
  auto row = journal.capture(id);
  if (!row) {
    return failure(row.error());
  }
  if (!*row) {
    return failure(Errc::capture_unknown, kOperation, "\"" + id.value.substr(0, 64) + "\"");
  }
  return **std::move(row);
}

Result<std::int32_t> next_generation(storage::Journal& journal, const CaptureId& capture) {
  const auto rows = journal.generations(capture);
  if (!rows) {
    return failure(rows.error());
  }
  return rows->empty() ? 2 : rows->back().generation + 1;
}

/// Puts the row of a making that is to come.
Result<storage::GenerationRow> enlist(storage::Journal& open, storage::GenerationRow row,
                                      const protocol::PageSettings& settings) {
  row.settings = boost::json::serialize(protocol::to_json(settings));
  const Status put = open.put(row);
  return put ? Result<storage::GenerationRow>(std::move(row)) : failure(put.error());
}

}  // namespace

Status check_rework(const protocol::CaptureReworkArguments& wanted) {
  const protocol::PageSettings& settings = wanted.settings;
  if (wanted.profile && !protocol::is_profile(*wanted.profile)) {
    return refuse("profile: one of " + protocol::profile_names() + " was expected");
  }
  if (settings.rotate_deg % 90 != 0 || settings.rotate_deg < -270 || settings.rotate_deg > 270) {
    return refuse("settings/rotate_deg: a multiple of 90 from -270 to 270 was expected");
  }
  if (settings.dpi != 0 && (settings.dpi < 50 || settings.dpi > 600)) {
    return refuse("settings/dpi: 0, or 50 to 600 were expected");
  }
  if (settings.part < 0) {
    return refuse("settings/part: 0, or the number of a paper were expected");
  }
  if (!settings.format.empty() && settings.format != "pdf" && settings.format != "jpeg") {
    return refuse("settings/format: pdf or jpeg was expected");
  }
  if (settings.max_bytes != 0 && settings.max_bytes < kLeastPageBytes) {
    return refuse(fmt::format("settings/max_bytes: 0, or at least {} were expected", kLeastPageBytes));
  }
  return {};
}

Result<PageTask> enlist_rework(storage::Journal& open, const storage::Spool& spool,
                               const protocol::CaptureReworkArguments& wanted) {
  const auto capture = find_capture(open, CaptureId{wanted.capture});
  if (!capture) {
    return failure(capture.error());
  }
  if (Status admitted = check_open(open, capture->visit, kOperation); !admitted) {
    return failure(admitted.error());
  }
  if (!capture->raw_kept) {
    return failure(Errc::capture_original_gone, kOperation, capture->capture.value);
  }
  if (Status room = spool.check_room(kRoomForPage); !room) {
    return failure(room.error());
  }
  const auto number = next_generation(open, capture->capture);
  if (!number) {
    return failure(number.error());
  }
  if (*number > kMostGenerations) {
    return failure(Errc::document_too_large, kOperation, fmt::format("{} generations are there", kMostGenerations));
  }
  storage::GenerationRow row;
  row.capture = capture->capture;
  row.generation = *number;
  row.profile = wanted.profile.value_or(capture->profile);
  const auto enlisted = enlist(open, std::move(row), wanted.settings);
  return enlisted ? Result<PageTask>(task_of(open, *capture, &*enlisted)) : failure(enlisted.error());
}

Result<std::vector<storage::GenerationRow>> enlist_papers(storage::Journal& open, const storage::CaptureRow& capture,
                                                          std::int32_t papers) {
  const auto first = next_generation(open, capture.capture);
  if (!first) {
    return failure(first.error());
  }
  std::vector<storage::GenerationRow> rows;
  if (papers <= 1 || papers > kMostPapers || *first + papers - 1 > kMostGenerations) {
    return rows;
  }
  for (std::int32_t part = 1; part <= papers; ++part) {
    storage::GenerationRow row;
    row.capture = capture.capture;
    row.generation = *first + part - 1;
    row.profile = capture.profile;
    protocol::PageSettings settings;
    settings.part = part;
    auto enlisted = enlist(open, std::move(row), settings);
    if (!enlisted) {
      return failure(enlisted.error());
    }
    rows.push_back(*std::move(enlisted));
  }
  return rows;
}

PageTask page_task(const storage::CaptureRow& capture, const storage::GenerationRow* later) {
  PageTask task;
  task.capture = capture;
  task.profile = capture.profile;
  if (later != nullptr) {
    task.generation = later->generation;
    task.profile = later->profile;
    task.settings = settings_of(*later);
  }
  return task;
}

PageTask task_of(storage::Journal& journal, const storage::CaptureRow& capture, const storage::GenerationRow* later) {
  PageTask task = page_task(capture, later);
  const auto preview = journal.rendition(capture.capture.value, documents::rendition_name("preview", task.generation));
  task.preview_stored = preview && preview->has_value();
  return task;
}

Result<PageTask> rework_task(storage::Journal& journal, const storage::GenerationRow& row) {
  const auto capture = find_capture(journal, row.capture);
  return capture ? Result<PageTask>(task_of(journal, *capture, &row)) : failure(capture.error());
}

}  // namespace quay::daemon::jobs
