// SPDX-License-Identifier: Apache-2.0
#include "tests/system/coded_page.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include <ZXing/BarcodeFormat.h>
#include <ZXing/BitMatrix.h>
#include <ZXing/CharacterSet.h>
#include <ZXing/MultiFormatWriter.h>
#include <ZXing/TextUtfEncoding.h>

#include "imaging/codec/jpeg.hpp"

namespace quay::system_test {

namespace fs = std::filesystem;

void write_page_with_code(const fs::path& file, const std::string& text) {
  ZXing::MultiFormatWriter writer(ZXing::BarcodeFormat::QRCode);
  writer.setEncoding(ZXing::CharacterSet::UTF8);
  const ZXing::BitMatrix code = writer.setMargin(0).encode(ZXing::TextUtfEncoding::FromUtf8(text), 1, 1);
  Image page(PixelFormat::gray, {1654, 2339}, Dpi{200});
  std::fill(page.pixels().begin(), page.pixels().end(), std::uint8_t{245});
  constexpr int kWide = 300;
  const int module = kWide / code.width();
  for (int y = 0; y < code.height() * module; ++y) {
    for (int x = 0; x < code.width() * module; ++x) {
      page.pixels()[static_cast<std::size_t>(400 + y) * page.stride_bytes() + static_cast<std::size_t>(300 + x)] =
          code.get(x / module, y / module) ? 30 : 245;
    }
  }
  const auto bytes = imaging::encode_jpeg(page.view(), {.quality = 90});
  ASSERT_TRUE(bytes);
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
}

std::vector<std::string> files_with(const fs::path& folder, const std::string& text) {
  std::vector<std::string> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_symlink() || !entry.is_regular_file()) {  // links lead to the programs
      continue;
    }
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (content.find(text) != std::string::npos) {
      found.push_back(entry.path().filename().string());
    }
  }
  return found;
}

}  // namespace quay::system_test
