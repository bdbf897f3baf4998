// SPDX-License-Identifier: Apache-2.0
#include <zbar.h>

#include <algorithm>
#include <memory>

#include "imaging/recognise/decoders.hpp"

namespace quay::imaging {
namespace {

/// zbar's names of formats in zxing-cpp's spelling.
std::string format_of(zbar::zbar_symbol_type_t type) {
  switch (type) {
    case zbar::ZBAR_QRCODE: return "QRCode";
    case zbar::ZBAR_EAN13: return "EAN-13";
    case zbar::ZBAR_EAN8: return "EAN-8";
    case zbar::ZBAR_UPCA: return "UPC-A";
    case zbar::ZBAR_UPCE: return "UPC-E";
    case zbar::ZBAR_CODE39: return "Code39";
    case zbar::ZBAR_CODE93: return "Code93";
    case zbar::ZBAR_CODE128: return "Code128";
    case zbar::ZBAR_CODABAR: return "Codabar";
    case zbar::ZBAR_I25: return "ITF";
    default: return zbar::zbar_get_symbol_name(type);
  }
}

Quad box_of(const zbar::zbar_symbol_t* symbol, const Patch& patch) {
  const unsigned count = zbar::zbar_symbol_get_loc_size(symbol);
  if (count == 0) {
    return {};
  }
  int left = zbar::zbar_symbol_get_loc_x(symbol, 0);
  int top = zbar::zbar_symbol_get_loc_y(symbol, 0);
  int right = left;
  int bottom = top;
  for (unsigned i = 1; i < count; ++i) {
    left = std::min(left, zbar::zbar_symbol_get_loc_x(symbol, i));
    right = std::max(right, zbar::zbar_symbol_get_loc_x(symbol, i));
    top = std::min(top, zbar::zbar_symbol_get_loc_y(symbol, i));
    bottom = std::max(bottom, zbar::zbar_symbol_get_loc_y(symbol, i));
  }
  return {patch.to_picture(left, top), patch.to_picture(right, top), patch.to_picture(right, bottom),
          patch.to_picture(left, bottom)};
}

struct DestroyScanner {
  void operator()(zbar::zbar_image_scanner_t* scanner) const { zbar::zbar_image_scanner_destroy(scanner); }
};
struct DestroyImage {
  void operator()(zbar::zbar_image_t* image) const { zbar::zbar_image_destroy(image); }
};

}  // namespace

std::vector<Code> read_with_zbar(const Patch& patch) {
  const std::unique_ptr<zbar::zbar_image_scanner_t, DestroyScanner> scanner(zbar::zbar_image_scanner_create());
  const std::unique_ptr<zbar::zbar_image_t, DestroyImage> image(zbar::zbar_image_create());
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_NONE, zbar::ZBAR_CFG_BINARY, 1);  // bytes as they are
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_PARTIAL, zbar::ZBAR_CFG_ENABLE, 0);
  zbar::zbar_image_set_format(image.get(), zbar_fourcc('Y', '8', '0', '0'));
  zbar::zbar_image_set_size(image.get(), static_cast<unsigned>(patch.gray.size().width),
                            static_cast<unsigned>(patch.gray.size().height));
  zbar::zbar_image_set_data(image.get(), patch.gray.pixels().data(), patch.gray.pixels().size(), nullptr);
  std::vector<Code> codes;
  if (zbar::zbar_scan_image(scanner.get(), image.get()) <= 0) {
    return codes;
  }
  for (const auto* symbol = zbar::zbar_image_first_symbol(image.get()); symbol != nullptr;
       symbol = zbar::zbar_symbol_next(symbol)) {
    const char* data = zbar::zbar_symbol_get_data(symbol);
    codes.push_back({format_of(zbar::zbar_symbol_get_type(symbol)),
                     {data, data + zbar::zbar_symbol_get_data_length(symbol)},
                     box_of(symbol, patch),
                     "zbar"});
  }
  return codes;
}

}  // namespace quay::imaging
