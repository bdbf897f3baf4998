// SPDX-License-Identifier: Apache-2.0
#include "ctl/clean_report.hpp"

#include "base/encoding.hpp"
#include "protocol/client/quality_table.hpp"

namespace quay::ctl {
namespace {

namespace json = protocol::json;

json::array quad(const imaging::Quad& corners) {
  json::array out;
  for (const imaging::Point& corner : corners) {
    out.push_back(json::array{corner.x, corner.y});
  }
  return out;
}

json::array rows(const imaging::Transform& transform) {
  json::array out;
  for (std::size_t r = 0; r < 3; ++r) {
    out.push_back(json::array{transform.m[r * 3], transform.m[r * 3 + 1], transform.m[r * 3 + 2]});
  }
  return out;
}

json::array layers(const imaging::EncodedPage& page) {
  json::array out;
  for (const imaging::LayerInfo& layer : page.layers) {
    out.push_back(json::object{{"name", layer.name},
                               {"codec", layer.codec},
                               {"width", layer.size.width},
                               {"height", layer.size.height},
                               {"dpi", layer.dpi.value},
                               {"bytes", layer.bytes}});
  }
  return out;
}

json::array codes(const std::vector<imaging::Code>& list) {
  json::array out;
  for (const imaging::Code& code : list) {
    const std::string text(code.bytes.begin(), code.bytes.end());
    const bool readable = is_utf8(text);
    out.push_back(json::object{{"format", code.format},
                               {readable ? "text" : "base64", readable ? text : to_base64(code.bytes)},
                               {"quad_px", quad(code.quad_px)},
                               {"decoder", code.decoder}});
  }
  return out;
}

void add_steps(json::array& out, const std::vector<imaging::StepTime>& steps) {
  for (const imaging::StepTime& step : steps) {
    out.push_back(json::object{{"name", step.name}, {"cpu_ms", step.cpu_ms}});
  }
}

json::array quality(const std::vector<imaging::QualityIssue>& issues) {
  json::array out;
  for (const imaging::QualityIssue& issue : issues) {
    const protocol::QualityRow& row = protocol::quality_row(issue.code);
    out.push_back(json::object{{"code", issue.code},
                               {"box", json::array{issue.box.left, issue.box.top, issue.box.right, issue.box.bottom}},
                               {"value", issue.value},
                               {"vi", row.vi},
                               {"en", row.en}});
  }
  return out;
}

json::array strings(const std::vector<std::string>& values) { return json::array(values.begin(), values.end()); }

}  // namespace

json::object page_report(const InputFile& file, const imaging::CleanPage& page, const imaging::EncodedPage& encoded) {
  json::array steps;
  add_steps(steps, page.steps);
  add_steps(steps, encoded.steps);
  return {{"file", file.name},
          {"page", file.page},
          {"input", json::object{{"width", page.input.width},
                                 {"height", page.input.height},
                                 {"dpi", page.input_dpi.value},
                                 {"bytes", file.bytes}}},
          {"scale", imaging::scale_name(page)},
          {"angle_deg", page.angle_deg},
          {"confidence", page.confidence},
          {"quad_px", quad(page.quad_px)},
          {"sheet_found", page.sheet_found},
          {"transform", rows(page.transform)},
          {"orientation", page.orientation},
          {"blank", page.blank},
          {"codes", codes(page.codes)},
          {"quality", quality(page.quality)},
          {"output", json::object{{"width", encoded.size.width},
                                  {"height", encoded.size.height},
                                  {"dpi", encoded.dpi.value},
                                  {"page_mm", json::array{encoded.paper.width.value, encoded.paper.height.value}},
                                  {"bytes", encoded.bytes.size()},
                                  {"over_budget", encoded.over_budget},
                                  {"layers", layers(encoded)}}},
          {"steps", std::move(steps)},
          {"flags", strings(page.flags)}};
}

}  // namespace quay::ctl
