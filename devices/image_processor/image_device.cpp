// SPDX-License-Identifier: Apache-2.0
#include "devices/image_processor/image_device.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "devices/image_processor/page_report.hpp"
#include "devices/image_processor/sandbox.hpp"
#include "imaging/cleanup/turn.hpp"
#include "imaging/codec/decode.hpp"
#include "imaging/codec/pdf.hpp"
#include "imaging/codec/text_layer.hpp"
#include "imaging/live_frame.hpp"
#include "imaging/pipeline.hpp"
#include "protocol/json/writer.hpp"

namespace quay::image_processor {
namespace {

namespace frames = worker::frames;
using worker::Outcome;

tl::unexpected<Error> bad_frame(std::string detail) {
  return failure(Errc::worker_protocol, "imaging.request", std::move(detail));
}

/// Sends `frame` with `bytes` in a sealed buffer beside it.
template <class Frame>
Status send_bytes(worker::Job& job, Frame frame, std::span<const std::uint8_t> bytes) {
  Result<WritableBuffer> buffer = WritableBuffer::create(bytes.size());
  if (!buffer) {
    return failure(buffer.error());
  }
  std::copy(bytes.begin(), bytes.end(), buffer->bytes().begin());
  frame.bytes = bytes.size();
  return job.send(std::move(frame), {buffer->fd()});
}

Status send_preview(worker::Job& job, const ImageView& page) {
  const Result<imaging::Preview> preview = imaging::make_preview(page);
  if (!preview) {
    return failure(preview.error());
  }
  return send_bytes(job, frames::Preview{{}, 0, 0, preview->size.width, preview->size.height}, preview->bytes);
}

/// The words of the page into its PDF. Errors: text_failed, image_unsupported.
Status add_text(imaging::TextReader& reader, const imaging::CleanPage& clean, imaging::EncodedPage& encoded,
                const worker::Job& job) {
  const auto text = reader.read(clean.image.view(), [&job] { return job.cancelled(); });
  if (job.cancelled()) {
    return failure(job.cancelled_error("imaging.text"));
  }
  return text ? imaging::add_text_layer(encoded, *text) : Status(failure(text.error()));
}

/// A picture under way to a page, and what is known of it.
struct Picture {
  ImageView view;
  Image owned;  ///< what `view` looks at, unless it is the raw page itself
  std::int32_t parts = 1;
  std::optional<imaging::PixelBox> cut;  ///< where one of several papers lay

  void become(Image image) {
    owned = std::move(image);
    view = owned.view();
  }
};

/// What remarks a rendition carries beside the page's own.
protocol::PageReport full_report(const Picture& picture, const imaging::CleanPage& clean,
                                 const imaging::EncodedPage& encoded) {
  protocol::PageReport report = report_of(clean, encoded);
  report.parts = picture.parts;
  if (picture.cut) {
    report.cut_px = {picture.cut->left, picture.cut->top, picture.cut->right, picture.cut->bottom};
    report.flags.emplace_back("split");
  }
  return report;
}

/// reader: what reads the words into the page; null: nobody.
Status send_rendition(worker::Job& job, const Picture& picture, const imaging::Profile& profile,
                      imaging::TextReader* reader) {
  const Result<imaging::CleanPage> clean = imaging::make_page(picture.view, profile);
  if (!clean) {
    return failure(clean.error());
  }
  if (job.cancelled()) {
    return failure(job.cancelled_error("imaging.clean"));
  }
  Result<imaging::EncodedPage> encoded = imaging::encode(*clean, profile);
  if (!encoded) {
    return failure(encoded.error());
  }
  if (reader != nullptr) {
    if (Status added = add_text(*reader, *clean, *encoded, job); !added) {
      return added;
    }
  }
  frames::Rendition rendition;
  rendition.media_type = encoded->media_type;
  rendition.width = encoded->size.width;
  rendition.height = encoded->size.height;
  rendition.dpi = encoded->dpi.value;
  rendition.width_mm = encoded->paper.width.value;
  rendition.height_mm = encoded->paper.height.value;
  rendition.report = protocol::to_json_object(full_report(picture, *clean, *encoded));
  return send_bytes(job, std::move(rendition), encoded->bytes);
}

/// The profile with what the order says about this page.
Result<imaging::Profile> profile_of(const frames::ProcessPage& request) {
  Result<imaging::Profile> profile = imaging::profile_named(request.profile);
  const protocol::PageSettings& wanted = request.settings;
  if (!profile) {
    return profile;
  }
  const bool known = wanted.format.empty() || wanted.format == "pdf" || wanted.format == "jpeg";
  if (wanted.rotate_deg % 90 != 0 || wanted.dpi < 0 || wanted.part < 0 || !known) {
    return bad_frame("settings: a turn by a multiple of 90, a resolution and pdf or jpeg were expected");
  }
  if (!wanted.format.empty()) {
    profile->format = wanted.format == "jpeg" ? imaging::OutputFormat::jpeg : imaging::OutputFormat::pdf;
  }
  profile->max_bytes = wanted.max_bytes;
  imaging::CleanSettings& clean = profile->clean;
  if (wanted.dpi > 0) {
    clean.dpi = Dpi{static_cast<double>(wanted.dpi)};
    clean.keep_geometry = false;
  }
  clean.deskew = wanted.deskew.value_or(clean.deskew);
  clean.orient = clean.orient && clean.deskew && wanted.rotate_deg % 360 == 0;  // a person knows better
  clean.crop = wanted.crop.value_or(clean.crop);
  clean.whiten = wanted.whiten.value_or(clean.whiten);
  clean.keep_geometry = clean.keep_geometry && !clean.deskew && !clean.crop;
  return profile;
}

Status assemble(const frames::Assemble& request, std::vector<UniqueFd> descriptors, worker::Job& job) {
  const std::size_t turns = request.rotate_deg.size();
  if (descriptors.size() != request.parts.size() || (turns != 0 && turns != request.parts.size())) {
    return bad_frame(
        fmt::format("{} descriptors and {} turns for {} parts", descriptors.size(), turns, request.parts.size()));
  }
  std::vector<ReadableBuffer> parts;
  std::vector<imaging::BoundPage> pages;
  for (std::size_t i = 0; i < descriptors.size(); ++i) {
    Result<ReadableBuffer> part = ReadableBuffer::open(std::move(descriptors[i]), request.parts[i]);
    if (!part) {
      return failure(part.error());
    }
    pages.push_back({part->bytes(), request.rotate_deg.empty() ? 0 : request.rotate_deg[i]});
    parts.push_back(*std::move(part));  // the mapping does not move
  }
  const Result<std::vector<std::uint8_t>> document = imaging::assemble(pages);
  if (!document) {
    return failure(document.error());
  }
  frames::Rendition rendition;
  rendition.media_type = "application/pdf";
  rendition.pages = static_cast<std::int32_t>(pages.size());
  rendition.report = protocol::to_json_object(
      protocol::DocumentReport{{}, std::string(imaging::kPdfVersion), std::string(imaging::kPdfConformance), {}});
  return send_bytes(job, std::move(rendition), *document);
}

/// From where the system keeps the language's data. Errors: text_language_missing.
Result<imaging::TextReader> load_reader(const std::string& language) {
  for (const std::string& place : imaging::language_data_places(language)) {
    std::ifstream file(place, std::ios::binary);
    const std::vector<char> data{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!data.empty()) {
      return imaging::TextReader::load({reinterpret_cast<const std::uint8_t*>(data.data()), data.size()}, language);
    }
  }
  return failure(Errc::text_language_missing, "imaging.text", language);
}

std::vector<std::vector<double>> corners_of(const imaging::Quad& quad) {
  std::vector<std::vector<double>> corners;
  for (const imaging::Point& corner : quad) {
    corners.push_back({corner.x, corner.y});
  }
  return corners;
}

Status judge_frame(const frames::JudgeFrame& request, std::vector<UniqueFd> descriptors, worker::Job& job) {
  if (descriptors.size() != 1) {
    return bad_frame(fmt::format("{} descriptors where 1 was expected", descriptors.size()));
  }
  const Result<ReadableBuffer> jpeg = ReadableBuffer::open(std::move(descriptors[0]), request.bytes);
  if (!jpeg) {
    return failure(jpeg.error());
  }
  const Result<Image> frame = imaging::decode(jpeg->bytes());
  if (!frame) {
    return failure(frame.error());
  }
  const Result<imaging::FrameFacts> facts = imaging::look_at_frame(frame->view());
  if (!facts) {
    return failure(facts.error());
  }
  frames::FrameJudged judged;
  judged.width = facts->size.width;
  judged.height = facts->size.height;
  judged.sheet_found = facts->sheet.has_value();
  judged.look = to_base64(facts->look);
  judged.sheet = to_base64(facts->sheet_look);
  if (facts->sheet) {
    judged.quad_px = corners_of(*facts->sheet);
  }
  for (const imaging::QualityIssue& issue : facts->quality) {
    judged.quality.push_back(body_of(issue));
  }
  return job.send(std::move(judged));
}

Outcome outcome_of(Status status, std::int32_t pages) {
  return status ? Outcome{pages, {}} : Outcome{0, std::move(status).error()};
}

}  // namespace

Result<ImageView> view_of(std::span<const std::uint8_t> pixels, const protocol::PageGeometry& geometry) {
  const ImageView page{pixels,
                       {geometry.width, geometry.height},
                       geometry.stride_bytes,
                       geometry.format,
                       Dpi{std::max(0.0, geometry.dpi)}};
  if (!page.is_consistent()) {
    return bad_frame(fmt::format("{} x {} pixels in rows of {} bytes do not fit {} bytes", geometry.width,
                                 geometry.height, geometry.stride_bytes, pixels.size()));
  }
  return page;
}

/// The page as pixels: as they came, or decoded from the camera's own file, which `decoded` then owns. A camera's word
/// for the size of its picture is not taken: the file has its own.
Result<ImageView> open_page(std::span<const std::uint8_t> bytes, const protocol::PageGeometry& geometry,
                            Image& decoded) {
  if (geometry.media_type.empty()) {
    return view_of(bytes, geometry);
  }
  Result<Image> picture = imaging::decode(bytes);
  if (!picture) {
    return failure(picture.error());
  }
  decoded = *std::move(picture);
  return decoded.view();
}

/// The picture that the order means: the raw page or one of the papers in it, turned as a person wants it. Papers are
/// told apart before the turn, so that each keeps its number.
Status choose_picture(const protocol::PageSettings& wanted, const imaging::Profile& profile, Picture& picture) {
  if (wanted.part > 0) {
    auto paper = imaging::cut_paper(picture.view, profile, wanted.part);
    if (!paper) {
      return failure(paper.error());
    }
    picture.cut = paper->place;
    picture.become(std::move(paper->picture));
  } else {
    picture.parts = imaging::count_papers(picture.view, profile);
  }
  if (wanted.rotate_deg % 360 != 0) {
    picture.become(imaging::turned(picture.view, wanted.rotate_deg));
  }
  return {};
}

Status ImageDevice::prepare() {
  if (!language_.empty()) {
    reader_ = load_reader(language_);
  }
  return lock_down();
}

Status ImageDevice::process_page(const frames::ProcessPage& request, std::vector<UniqueFd> descriptors,
                                 worker::Job& job) {
  if (request.text && !reader_) {
    return failure(reader_.error());
  }
  const Result<imaging::Profile> profile = profile_of(request);
  if (!profile) {
    return failure(profile.error());
  }
  if (descriptors.size() != 1) {
    return bad_frame(fmt::format("{} descriptors where 1 was expected", descriptors.size()));
  }
  const Result<ReadableBuffer> pixels = ReadableBuffer::open(std::move(descriptors[0]), request.bytes);
  if (!pixels) {
    return failure(pixels.error());
  }
  Picture picture;
  const Result<ImageView> raw = open_page(pixels->bytes(), request.geometry, picture.owned);
  if (!raw) {
    return failure(raw.error());
  }
  picture.view = *raw;
  if (Status chosen = choose_picture(request.settings, *profile, picture); !chosen) {
    return chosen;
  }
  if (request.text) {
    return send_rendition(job, picture, *profile, &*reader_);
  }
  if (Status sent = send_preview(job, picture.view); !sent) {
    return sent;
  }
  if (job.cancelled()) {
    return failure(job.cancelled_error("imaging.preview"));
  }
  return send_rendition(job, picture, *profile, nullptr);
}

Outcome ImageDevice::carry_out(const frames::ToWorker& request, std::vector<UniqueFd> descriptors, worker::Job& job) {
  if (const auto* page = std::get_if<frames::ProcessPage>(&request)) {
    return outcome_of(process_page(*page, std::move(descriptors), job), 1);
  }
  if (const auto* frame = std::get_if<frames::JudgeFrame>(&request)) {
    return outcome_of(judge_frame(*frame, std::move(descriptors), job), 0);
  }
  if (const auto* parts = std::get_if<frames::Assemble>(&request)) {
    return outcome_of(assemble(*parts, std::move(descriptors), job), static_cast<std::int32_t>(parts->parts.size()));
  }
  return {0, make_error(Errc::device_unsupported, "worker.request", "an image worker has no device to scan with")};
}

}  // namespace quay::image_processor
