// SPDX-License-Identifier: Apache-2.0
// Who the simulated card belongs to, and the data groups that say so: EF.COM, DG1 (TD1), DG2 (a portrait), DG13 (the
// Vietnamese fields). Invented, except that the number is well formed.
#pragma once

#include <string>

#include "tests/rig/card/bytes.hpp"

namespace quay::rig::card {

/// Dates are yyyymmdd. Text is UTF-8.
struct Citizen {
  std::string number = "001190012345";  ///< twelve digits; the last six are the CAN
  std::string old_number = "012345678";
  std::string name = "NGUYỄN THỊ QUẦY";
  std::string mrz_name = "NGUYEN<<THI<QUAY";
  std::string birth = "19900512";
  std::string sex = "Nữ";
  char mrz_sex = 'F';
  std::string expiry = "20300512";
  std::string issued = "20210415";
  std::string residence = "Số 7 Phố Hàng Bài, Hoàn Kiếm, Hà Nội";

  std::string can() const { return number.substr(number.size() - 6); }
};

/// Three lines of thirty, without line ends. ICAO 9303-5.
std::string mrz_of(const Citizen& citizen);

/// What BAC and PACE derive a key from: document number, birth and expiry with their check digits. 9303-11 section
/// 9.7.3.
std::string mrz_information(const Citizen& citizen);

/// The payload of the QR code on the card.
std::string qr_of(const Citizen& citizen);

Bytes ef_com();
Bytes data_group_1(const Citizen& citizen);
/// `portrait` is a JPEG or a JPEG 2000 file. ISO/IEC 19794-5.
Bytes data_group_2(View portrait);
Bytes data_group_13(const Citizen& citizen);

}  // namespace quay::rig::card
