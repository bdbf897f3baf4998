// SPDX-License-Identifier: Apache-2.0
#include "devices/image_processor/page_report.hpp"

#include "base/encoding.hpp"
#include "imaging/codec/pdf.hpp"
#include "protocol/client/quality_table.hpp"

namespace quay::image_processor {
namespace {

protocol::GridBody grid(PixelSize size, Dpi dpi) { return {{}, size.width, size.height, dpi.value}; }

void add_steps(const std::vector<imaging::StepTime>& from, std::vector<protocol::StepBody>& to) {
  for (const imaging::StepTime& step : from) {
    to.push_back({{}, step.name, step.cpu_ms});
  }
}

protocol::CodeBody body_of(const imaging::Code& code) {
  protocol::CodeBody body;
  body.format = code.format;
  body.decoder = code.decoder;
  std::string text(code.bytes.begin(), code.bytes.end());
  if (is_utf8(text)) {
    body.text = std::move(text);
  } else {
    body.base64 = to_base64(code.bytes);
  }
  for (const imaging::Point& corner : code.quad_px) {
    body.quad_px.push_back({corner.x, corner.y});
  }
  return body;
}

}  // namespace

protocol::QualityBody body_of(const imaging::QualityIssue& issue) {
  const protocol::QualityRow& row = protocol::quality_row(issue.code);
  const imaging::PixelBox& box = issue.box;
  return {{},         issue.code, std::string(row.vi), std::string(row.en), {box.left, box.top, box.right, box.bottom},
          issue.value};
}

protocol::PageReport report_of(const imaging::CleanPage& page, const imaging::EncodedPage& encoded) {
  protocol::PageReport report;
  report.input = grid(page.input, page.input_dpi);
  report.output = grid(encoded.size, encoded.dpi);
  report.media_type = encoded.media_type;
  report.bytes = encoded.bytes.size();
  report.width_mm = encoded.paper.width.value;
  report.height_mm = encoded.paper.height.value;
  report.scale = imaging::scale_name(page);
  report.angle_deg = page.angle_deg;
  report.confidence = page.confidence;
  report.orientation = page.orientation;
  report.sheet_found = page.sheet_found;
  for (const imaging::Point& corner : page.quad_px) {
    report.quad_px.push_back({corner.x, corner.y});
  }
  report.transform.assign(page.transform.m.begin(), page.transform.m.end());
  report.blank = page.blank;
  report.whitened = page.whitened;
  for (const imaging::Code& code : page.codes) {
    report.codes.push_back(body_of(code));
  }
  for (const imaging::QualityIssue& issue : page.quality) {
    report.quality.push_back(body_of(issue));
  }
  report.flags = page.flags;
  for (const imaging::LayerInfo& layer : encoded.layers) {
    report.layers.push_back({{}, layer.name, layer.codec, grid(layer.size, layer.dpi), layer.bytes});
  }
  if (encoded.media_type == "application/pdf") {
    report.pdf_version = imaging::kPdfVersion;
    report.conformance = imaging::kPdfConformance;
  }
  add_steps(page.steps, report.steps);
  add_steps(encoded.steps, report.steps);
  return report;
}

}  // namespace quay::image_processor
