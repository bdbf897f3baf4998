// SPDX-License-Identifier: Apache-2.0
#include "imaging/recognise/text.hpp"

#include <tesseract/baseapi.h>
#include <tesseract/ocrclass.h>
#include <tesseract/resultiterator.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "imaging/detect/reduce.hpp"
#include "imaging/recognise/leaders.hpp"

// libgomp, which tesseract brings along: 0 makes every parallel region run in the calling thread (OpenMP 5.0, 3.2.16).
extern "C" void omp_set_max_active_levels(int levels);

namespace quay::imaging {
namespace {

constexpr std::int32_t kMostMilliseconds = 60'000;  // of one page; a page of text takes a tenth of it

bool ask(void* stop, int /*words*/) { return (*static_cast<const std::function<bool()>*>(stop))(); }

/// The word the iterator stands on; nothing when it has no text or no place.
std::optional<TextWord> word_at(const tesseract::ResultIterator& place) {
  const std::unique_ptr<char[]> text(place.GetUTF8Text(tesseract::RIL_WORD));
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
  if (!text || text[0] == '\0' || !place.BoundingBox(tesseract::RIL_WORD, &left, &top, &right, &bottom)) {
    return {};
  }
  TextWord word;
  word.text = text.get();
  std::erase_if(word.text, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
  int x1 = left;
  int y1 = bottom;
  int x2 = right;
  int y2 = bottom;
  place.Baseline(tesseract::RIL_WORD, &x1, &y1, &x2, &y2);
  word.begin = {static_cast<double>(left), static_cast<double>(y1)};
  word.end = {static_cast<double>(std::max(right, left + 1)), static_cast<double>(y2)};
  float row_height = 0;
  float descenders = 0;
  float ascenders = 0;
  place.RowAttributes(&row_height, &descenders, &ascenders);
  word.height = std::max<double>(row_height, bottom - top);
  word.percent = static_cast<double>(place.Confidence(tesseract::RIL_WORD));
  word.last = place.IsAtFinalElement(tesseract::RIL_TEXTLINE, tesseract::RIL_WORD);
  return word;
}

std::vector<TextWord> words_of(tesseract::TessBaseAPI& api) {
  std::vector<TextWord> words;
  const std::unique_ptr<tesseract::ResultIterator> place(api.GetIterator());
  if (!place) {
    return words;
  }
  do {
    if (auto word = word_at(*place); word && !word->text.empty()) {
      words.push_back(std::move(*word));
    }
  } while (place->Next(tesseract::RIL_WORD));
  return words;
}

}  // namespace

struct TextReader::Engine {
  tesseract::TessBaseAPI api;
};

TextReader::TextReader(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
TextReader::TextReader(TextReader&&) noexcept = default;
TextReader& TextReader::operator=(TextReader&&) noexcept = default;
TextReader::~TextReader() = default;

Result<TextReader> TextReader::load(std::span<const std::uint8_t> data, const std::string& language) {
  auto engine = std::make_unique<Engine>();
  omp_set_max_active_levels(0);
  const int failed =
      data.empty()
          ? 1
          : engine->api.Init(reinterpret_cast<const char*>(data.data()), static_cast<int>(data.size()),
                             language.c_str(), tesseract::OEM_LSTM_ONLY, nullptr, 0, nullptr, nullptr, false, nullptr);
  if (failed != 0) {
    return failure(Errc::text_language_missing, "text.load", "no usable data of language " + language);
  }
  engine->api.SetPageSegMode(tesseract::PSM_AUTO);
  return TextReader(std::move(engine));
}

Result<TextLayer> TextReader::read(const ImageView& page, const std::function<bool()>& stop) {
  if (std::int64_t{page.size.width} * page.size.height > kMostTextPixels) {
    return failure(Errc::image_too_large, "text.read", "more pixels than an A3 page at 300 dpi");
  }
  omp_set_max_active_levels(0);  // of this thread: another may have loaded
  Image gray = to_gray(page);
  pale_leaders(gray);
  auto& api = engine_->api;
  api.SetImage(gray.pixels().data(), gray.size().width, gray.size().height, 1, static_cast<int>(gray.stride_bytes()));
  api.SetSourceResolution(static_cast<int>(std::clamp(page.dpi.value, 70.0, 600.0)));
  tesseract::ETEXT_DESC monitor;
  monitor.set_deadline_msecs(kMostMilliseconds);
  std::function<bool()> asked = stop;
  if (asked) {
    monitor.cancel = ask;
    monitor.cancel_this = &asked;
  }
  const int failed = api.Recognize(&monitor);
  TextLayer layer{page.size, {}};
  if (failed == 0) {
    layer.words = words_of(api);
  }
  api.Clear();
  if (failed != 0 || (asked && asked())) {
    return failure(Errc::text_failed, "text.read", failed != 0 ? "the engine gave up" : "stopped");
  }
  return layer;
}

std::vector<std::string> language_data_places(std::string_view language) {
  const bool named = !language.empty() && std::all_of(language.begin(), language.end(),
                                                      [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
  if (!named) {
    return {};
  }
  std::vector<std::string> places;
  for (const char* folder : {"/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata",
                             "/usr/share/tessdata", "/usr/local/share/tessdata"}) {
    places.push_back(std::string(folder) + "/" + std::string(language) + ".traineddata");
  }
  return places;
}

}  // namespace quay::imaging
