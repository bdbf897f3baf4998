// SPDX-License-Identifier: Apache-2.0
#include "protocol/client/quality_table.hpp"

#include <algorithm>
#include <array>

namespace quay::protocol {
namespace {

constexpr std::array<QualityRow, 9> kRows{{
    {"blur", "Ảnh bị mờ: giữ yên máy, lau ống kính rồi chụp hoặc quét lại.",
     "The picture is blurred: hold still, wipe the glass and take it again."},
    {"glare", "Giấy bị lóa đèn: nghiêng giấy hoặc tắt đèn flash rồi chụp lại.",
     "A lamp is mirrored on the paper: tilt it or turn the flash off, and take it again."},
    {"cut-edge", "Trang bị cắt mất mép: đặt giấy nằm trọn trong khung rồi làm lại.",
     "The page is cut off at an edge: put the whole sheet in view and take it again."},
    {"covered", "Có ngón tay hoặc vật che mép giấy: bỏ ra rồi chụp lại.",
     "A finger or a thing lies over the sheet's edge: take it away and take the picture again."},
    {"too-small", "Giấy quá nhỏ trong ảnh: đưa máy lại gần hơn rồi chụp lại.",
     "The sheet is too small in the picture: go closer and take it again."},
    {"low-dpi", "Độ phân giải quá thấp: quét lại ở 200 dpi trở lên.",
     "The resolution is too low: scan again at 200 dpi or more."},
    {"too-dark", "Ảnh quá tối: bật thêm đèn rồi chụp lại.",
     "The picture is too dark: turn on a light and take it again."},
    {"skew-left", "Trang có thể còn bị nghiêng: xem lại, đặt giấy thẳng rồi làm lại.",
     "The page may still be askew: look at it, lay the paper straight and take it again."},
    {"streak", "Ảnh có vệt dọc do bụi: lau kính quét của khay nạp rồi quét lại.",
     "Dust draws a line down the page: wipe the feeder's glass and scan again."},
}};

constexpr QualityRow kUnknown{"", "Ảnh có thể chưa đạt: xem lại trang này.",
                              "The picture may not be good: look at this page."};

}  // namespace

std::span<const QualityRow> quality_table() { return kRows; }

const QualityRow& quality_row(std::string_view code) {
  const auto* row = std::find_if(kRows.begin(), kRows.end(), [code](const QualityRow& r) { return r.code == code; });
  return row == kRows.end() ? kUnknown : *row;
}

}  // namespace quay::protocol
