// SPDX-License-Identifier: Apache-2.0
// What was found on a page and done to it: the `report` of a rendition, and the page objects of `quayctl clean --json`.
// Pixel coordinates: (0, 0) is the centre of the top left pixel.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/json/reader.hpp"

namespace quay::protocol {

/// A pixel grid; dpi 0 means unknown.
struct GridBody : AllOptional {
  std::int32_t width = 0;
  std::int32_t height = 0;
  double dpi = 0;
};

/// One part of the coded page ("mask", "photo") and what it costs.
struct LayerBody : AllOptional {
  std::string name;
  std::string codec;
  GridBody grid;
  std::uint64_t bytes = 0;
};

/// One barcode. Personal data as a rule.
struct CodeBody : AllOptional {
  std::string format;                        ///< "QRCode", "Code128", "EAN-13", ...
  std::string text;                          ///< what it says, when that is UTF-8
  std::string base64;                        ///< its bytes (RFC 4648), when they are not
  std::vector<std::vector<double>> quad_px;  ///< its corners in the input, clockwise, as [x, y]
  std::string decoder;                       ///< zxing | zbar
};

/// A reason to take the picture again: the codes are those of `quality_table.hpp`.
struct QualityBody : AllOptional {
  std::string code;  ///< blur, glare, cut-edge, covered, too-small, low-dpi, too-dark, ...
  std::string vi;    ///< what to do, one sentence
  std::string en;
  std::vector<std::int32_t> box_px;  ///< where in the input: left, top, right, bottom
  double value = 0;                  ///< how bad, in the code's own unit
};

/// CPU time of one step.
struct StepBody : AllOptional {
  std::string name;
  double cpu_ms = 0;
};

struct PageReport : AllOptional {
  GridBody input;
  GridBody output;
  std::string media_type;
  std::uint64_t bytes = 0;
  double width_mm = 0;
  double height_mm = 0;
  std::string scale = "measured";  ///< or "estimated": the picture had no resolution, so true sizes are a guess
  double angle_deg = 0;            ///< clockwise turn of the content found in the input
  double confidence = 0;           ///< of the angle, 0..1
  std::int32_t orientation = 0;    ///< how far clockwise the page lay besides: 0, 90, 180, 270; turned back
  bool sheet_found = false;
  std::vector<std::vector<double>> quad_px;  ///< corners of the sheet in the input: tl, tr, br, bl as [x, y]
  std::vector<double> transform;             ///< 3x3, row major: input pixel -> output pixel
  bool blank = false;                        ///< nothing written on it: a remark, the page is kept
  bool whitened = false;
  std::vector<CodeBody> codes;
  std::vector<QualityBody> quality;  ///< empty: good
  std::vector<std::string> flags;
  std::vector<LayerBody> layers;
  std::vector<StepBody> steps;
  std::string pdf_version;  ///< "1.7"; empty: not a PDF
  std::string conformance;  ///< "PDF/A-2b"
  std::int32_t parts = 1;   ///< papers that lie apart in the picture; each becomes a page of its own as well
  std::vector<std::int32_t>
      cut_px;  ///< one of those: its left, top, right, bottom in the raw page; the input is that cut
};

/// What an image worker says of a document it bound: the `report` of that rendition, with what quayd adds.
struct DocumentReport : AllOptional {
  std::string pdf_version;
  std::string conformance;
  std::vector<std::string> chunks;  ///< SHA-256 of each 64 KiB, lower-case hex
};

BOOST_DESCRIBE_STRUCT(GridBody, (), (width, height, dpi))
BOOST_DESCRIBE_STRUCT(LayerBody, (), (name, codec, grid, bytes))
BOOST_DESCRIBE_STRUCT(CodeBody, (), (format, text, base64, quad_px, decoder))
BOOST_DESCRIBE_STRUCT(QualityBody, (), (code, vi, en, box_px, value))
BOOST_DESCRIBE_STRUCT(StepBody, (), (name, cpu_ms))
BOOST_DESCRIBE_STRUCT(PageReport, (),
                      (input, output, media_type, bytes, width_mm, height_mm, scale, angle_deg, confidence, orientation,
                       sheet_found, quad_px, transform, blank, whitened, codes, quality, flags, layers, steps,
                       pdf_version, conformance, parts, cut_px))
BOOST_DESCRIBE_STRUCT(DocumentReport, (), (pdf_version, conformance, chunks))

}  // namespace quay::protocol
