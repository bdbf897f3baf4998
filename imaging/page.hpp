// SPDX-License-Identifier: Apache-2.0
// The values that travel through imaging: what is asked of a page (CleanSettings), the cleaned page (CleanPage) and
// its bytes (EncodedPage). Plain data, no behaviour, no I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/image.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {

/// What clean-up may do. Every step can be left out by itself.
struct CleanSettings {
  Dpi dpi{};                   ///< output resolution; 0 = as the input, at most kMaxOutputDpi
  Dpi assumed_dpi{300};        ///< taken when the input does not say (or says nonsense)
  bool keep_geometry = false;  ///< no pixel moves: neither deskew, crop nor scaling
  bool deskew = true;
  bool orient = true;  ///< turn a page that lies on its side or head upright, when its writing surely says so
  bool crop = true;    ///< cut to the sheet when its edges are found; never cuts ink
  bool whiten = true;  ///< even out light and paper colour; keeps coloured ink, pencil, photos
  bool read_codes = true;
};

/// CPU time of one step, for reports and benchmarks.
struct StepTime {
  std::string name;
  double cpu_ms = 0;
};

/// A rectangle of input pixels; right and bottom lie outside.
struct PixelBox {
  std::int32_t left = 0, top = 0, right = 0, bottom = 0;
};

/// A reason to take the picture again. Codes are stable: blur, glare, cut-edge, covered, too-small, low-dpi, too-dark,
/// skew-left, streak.
struct QualityIssue {
  std::string code;
  PixelBox box;      ///< where
  double value = 0;  ///< how bad, in the code's own unit: mm of edge width, share of the sheet, dpi, level of the paper
};

/// One barcode. Personal data as a rule: for the page's owner, never for a log.
struct Code {
  std::string format;               ///< as zxing-cpp spells it: "QRCode", "Code128", "EAN-13"
  std::vector<std::uint8_t> bytes;  ///< what it says, not converted; UTF-8 on the citizen ID card
  Quad quad_px{};                   ///< its corners in input pixels, clockwise; a zbar reading is boxed upright
  std::string decoder;              ///< "zxing" or "zbar"
};

/// One word as it stands on a page, in pixels of that page.
struct TextWord {
  std::string text;    ///< UTF-8, NFC, no spaces
  Point begin;         ///< baseline, at the word's left end
  Point end;           ///< baseline, at its right end
  double height = 0;   ///< of the line, from descender to ascender
  bool last = false;   ///< of its line
  double percent = 0;  ///< how sure the reader is
};

/// What is written on a page. Personal data as a rule: it goes into the page's own PDF and nowhere else.
struct TextLayer {
  PixelSize size;  ///< grid of the coordinates
  std::vector<TextWord> words;
};

/// A page after clean-up. Owns its pixels.
struct CleanPage {
  Image image;                        ///< rgb or gray at the output resolution; bitonal input stays bitonal
  PaperSize paper;                    ///< true size of what `image` shows
  double angle_deg = 0;               ///< clockwise turn of the content found in the input
  double confidence = 0;              ///< of the angle, 0..1; below 0.2 the page was left unturned
  std::int32_t orientation = 0;       ///< how far clockwise the page lay besides: 0, 90, 180, 270; turned back
  Quad quad_px{};                     ///< sheet corners in input pixels (may lie outside), the output's top left first
  bool sheet_found = false;           ///< false: quad_px is simply the picture
  Transform transform;                ///< input px -> output px
  PixelSize input;                    ///< size of the input, pixels
  Dpi input_dpi;                      ///< as reported; 0 = unknown
  bool blank = false;                 ///< nothing written on it; a flag only, the page is kept
  bool whitened = false;              ///< paper is 255 wherever nothing is written
  bool patterned = false;             ///< the paper is printed with a pale coloured ground, which was kept
  std::vector<Code> codes;            ///< barcodes read on the input
  std::vector<QualityIssue> quality;  ///< empty: good
  std::vector<std::string> flags;     ///< remarks in stable spelling: "dpi-assumed", "skew-uncertain", "turned-90"
  std::vector<StepTime> steps;
};

/// "measured", or "estimated" when the picture said no resolution: a photo's sheet is taken for the paper of its
/// proportions, a scan for one at a usual resolution.
std::string_view scale_name(const CleanPage& page);

/// One layer of an encoded page, as reports name it.
struct LayerInfo {
  std::string name;   ///< "page", "mask", "foreground", "background", "photo"
  std::string codec;  ///< "jpeg", "jbig2", "webp", "png", "g4"
  PixelSize size;
  Dpi dpi;
  std::size_t bytes = 0;
};

/// A page as bytes: a complete single-page PDF, or a complete picture file.
struct EncodedPage {
  std::vector<std::uint8_t> bytes;
  std::string media_type;  ///< "application/pdf", "image/jpeg", "image/webp", "image/png" or "image/tiff"
  PixelSize size;          ///< output grid, the target of CleanPage::transform
  Dpi dpi;
  PaperSize paper;
  bool over_budget = false;  ///< larger than asked for: with fewer bytes it would not be legible
  std::vector<LayerInfo> layers;
  std::vector<StepTime> steps;
};

/// A small JPEG that a front end can show at once.
struct Preview {
  std::vector<std::uint8_t> bytes;
  PixelSize size;
};

inline constexpr Dpi kMinOutputDpi{200};  ///< legal floor for dossiers (Circular 01/2019/TT-BNV)
inline constexpr Dpi kMaxOutputDpi{300};  ///< more adds bytes, not legibility
inline constexpr std::int32_t kMaxSide = 20000;
inline constexpr std::int64_t kMaxPixels = 400'000'000 / 3;  ///< 400 MB as rgb

}  // namespace quay::imaging
