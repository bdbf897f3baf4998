// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/card/citizen.hpp"

#include <fmt/format.h>

namespace quay::rig::card {
namespace {

constexpr std::size_t kLine = 30;
/// 1.0.10646.1.0.8: how the text of DG13 is written (UTF-8).
constexpr std::uint8_t kUtf8Oid[] = {0x28, 0xD3, 0x16, 0x01, 0x00, 0x08};

std::string filled(std::string text, std::size_t size) {
  text.resize(size, '<');
  return text;
}

/// ICAO 9303-3 section 4.9: weights 7, 3, 1.
char check_digit(std::string_view text) {
  constexpr int kWeights[] = {7, 3, 1};
  int sum = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const int value = c == '<' ? 0 : (c >= 'A' ? c - 'A' + 10 : c - '0');
    sum += value * kWeights[i % 3];
  }
  return static_cast<char>('0' + sum % 10);
}

std::string checked(std::string text) {
  text.push_back(check_digit(text));
  return text;
}

/// "19900512" -> "12/05/1990", as DG13 spells dates.
std::string day_first(const std::string& date) {
  return fmt::format("{}/{}/{}", date.substr(6, 2), date.substr(4, 2), date.substr(0, 4));
}

std::string document_number(const Citizen& citizen) { return citizen.number.substr(citizen.number.size() - 9); }
std::string short_date(const std::string& date) { return date.substr(2); }

Bytes utf8(std::string_view text) { return tlv(0x0C, bytes_of(text)); }

Bytes field(std::uint8_t n, View value) { return tlv(0x30, join({tlv(0x02, Bytes{n}), value})); }

bool is_jpeg(View picture) { return picture.size() > 2 && picture[0] == 0xFF && picture[1] == 0xD8; }

/// Facial record header, information block, image information, image. ISO/IEC 19794-5:2005 section 5.
Bytes facial_record(View portrait) {
  const Bytes information = join({number(20 + 12 + portrait.size(), 4), number(0, 2), Bytes{2, 0, 0}, number(0, 3),
                                  number(0, 2), number(0, 3), number(0, 3)});
  const Bytes image = join({Bytes{1, static_cast<std::uint8_t>(is_jpeg(portrait) ? 0 : 1)}, number(360, 2),
                            number(480, 2), Bytes{1, 2}, number(0, 2), number(0, 2)});
  const std::size_t size = 14 + information.size() + image.size() + portrait.size();
  return join({bytes_of(std::string_view("FAC\0"
                                         "010\0",
                                         8)),
               number(size, 4), number(1, 2), information, image, portrait});
}

}  // namespace

std::string mrz_of(const Citizen& citizen) {
  const std::string document = checked(document_number(citizen));
  const std::string optional = filled(citizen.number, 14) + check_digit(filled(citizen.number, 14));
  const std::string birth = checked(short_date(citizen.birth));
  const std::string expiry = checked(short_date(citizen.expiry));
  const std::string rest = filled("", 11);
  const char composite = check_digit(document + optional + birth + expiry + rest);
  return "IDVNM" + document + optional + birth + citizen.mrz_sex + expiry + "VNM" + rest + composite +
         filled(citizen.mrz_name, kLine);
}

std::string mrz_information(const Citizen& citizen) {
  return checked(document_number(citizen)) + checked(short_date(citizen.birth)) + checked(short_date(citizen.expiry));
}

std::string qr_of(const Citizen& citizen) {
  const auto plain = [](const std::string& date) { return date.substr(6, 2) + date.substr(4, 2) + date.substr(0, 4); };
  return fmt::format("{}|{}|{}|{}|{}|{}|{}", citizen.number, citizen.old_number, citizen.name, plain(citizen.birth),
                     citizen.sex, citizen.residence, plain(citizen.issued));
}

Bytes ef_com() {
  const Bytes groups{0x61, 0x75, 0x63, 0x6D, 0x6E, 0x6F};
  return tlv(0x60, join({tlv(0x5F01, bytes_of("0107")), tlv(0x5F36, bytes_of("040000")), tlv(0x5C, groups)}));
}

Bytes data_group_1(const Citizen& citizen) { return tlv(0x61, tlv(0x5F1F, bytes_of(mrz_of(citizen)))); }

Bytes data_group_2(View portrait) {
  const Bytes header =
      tlv(0xA1, join({tlv(0x80, Bytes{1, 1}), tlv(0x81, Bytes{2}), tlv(0x87, Bytes{1, 1}), tlv(0x88, Bytes{0, 8})}));
  const Bytes one = tlv(0x7F60, join({header, tlv(0x5F2E, facial_record(portrait))}));
  return tlv(0x75, tlv(0x7F61, join({tlv(0x02, Bytes{1}), one})));
}

Bytes data_group_13(const Citizen& citizen) {
  Bytes set;
  const auto add = [&](std::uint8_t n, View value) { set = join({set, field(n, value)}); };
  add(1, utf8(citizen.number));
  add(2, utf8(citizen.name));
  add(3, utf8(day_first(citizen.birth)));
  add(4, utf8(citizen.sex));
  add(5, utf8("Việt Nam"));
  add(6, utf8("Kinh"));
  add(7, utf8("Không"));
  add(8, utf8("Hoàn Kiếm, Hà Nội"));
  add(9, utf8(citizen.residence));
  add(10, utf8("Nốt ruồi C: 1cm dưới sau mắt trái"));
  add(11, utf8(day_first(citizen.issued)));
  add(12, utf8(day_first(citizen.expiry)));
  add(13, tlv(0x30, join({utf8("NGUYỄN VĂN CHA"), utf8("TRẦN THỊ MẸ")})));
  add(15, utf8(citizen.old_number));
  const Bytes body = join({tlv(0x02, Bytes{1}), tlv(0x06, kUtf8Oid), tlv(0x31, set)});
  return tlv(0x6D, tlv(0x30, body));
}

}  // namespace quay::rig::card
