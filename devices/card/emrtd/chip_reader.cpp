// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/chip_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "devices/card/emrtd/bac.hpp"
#include "devices/card/emrtd/pace.hpp"
#include "devices/card/emrtd/security_infos.hpp"

namespace quay::emrtd {
namespace {

/// The eMRTD application, 9303-10 section 3.3.1.
constexpr std::array<std::uint8_t, 7> kApplication{0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01};

bool is_refusal(const Error& error) {
  return error.code == Errc::card_unsupported || error.code == Errc::card_protocol;
}

/// Errors that say "not this file" and leave the talk as it was.
bool is_absent(const Error& error) { return error.code == Errc::card_unsupported; }

}  // namespace

Status select_application(CardSession& session) {
  const auto answer = session.send({.ins = 0xA4, .p1 = 4, .p2 = 0x0C, .data = to_bytes(kApplication)});
  if (!answer) {
    return tl::unexpected(answer.error());
  }
  if (!answer->ok()) {
    Error error = status_error("card.select_application", answer->status);
    error.code = Errc::card_unsupported;
    return tl::unexpected(std::move(error));
  }
  return {};
}

ChipReader::ChipReader(CardChannel& channel, AccessKeys keys, RandomSource random, std::size_t piece)
    : channel_(channel), keys_(std::move(keys)), random_(std::move(random)), piece_(piece), session_(channel) {}

Result<PaceInfo> ChipReader::read_card_access() {
  auto file = read_file(session_, FileId::card_access, piece_);
  if (!file && is_absent(file.error())) {
    const auto master = session_.send({.ins = 0xA4, .p1 = 0, .p2 = 0x0C, .data = {0x3F, 0x00}});  // 6D00 on some cards
    file = master ? read_file(session_, FileId::card_access, piece_) : tl::unexpected(master.error());
  }
  if (!file) {
    return is_absent(file.error()) ? Result<PaceInfo>(usual_pace()) : tl::unexpected(file.error());
  }
  const auto infos = parse_security_infos(*file);
  if (!infos) {
    return usual_pace();
  }
  return infos->pace.empty()
             ? Result<PaceInfo>(failure(Errc::card_unsupported, "card.access", "the chip offers no PACE"))
             : infos->pace.front();
}

Status ChipReader::open_with_zones() {
  Status opened = failure(Errc::card_key_missing, "card.open", "the chip wants what is in the machine-readable zone");
  const std::size_t count = std::min(keys_.zones.size(), kMostZones);
  for (std::size_t i = 0; i < count && !opened; ++i) {
    const Status selected = select_application(session_);
    opened = selected ? open_with_bac(session_, keys_.zones[i], random_) : selected;
    if (!opened && opened.error().code != Errc::card_key_refused) {
      return opened;
    }
  }
  opened_by_ = opened ? OpenedBy::bac : OpenedBy::nothing;
  return opened;
}

Status ChipReader::open() {
  if (!keys_.can && keys_.zones.empty()) {
    return failure(Errc::card_key_missing, "card.open", "neither the card's number nor its zone is known");
  }
  const auto pace = read_card_access();
  const Password& password = keys_.can ? *keys_.can : keys_.zones.front();
  Status opened = pace ? open_with_pace(session_, *pace, password, random_) : tl::unexpected(pace.error());
  if (opened) {
    opened_by_ = OpenedBy::pace;
    return select_application(session_);
  }
  if (!is_refusal(opened.error())) {
    return opened;
  }
  const Status anew = start_anew();
  const Status with_zone = anew ? open_with_zones() : anew;
  const bool no_zone = !with_zone && with_zone.error().code == Errc::card_key_missing;
  return no_zone && opened.error().code == Errc::card_protocol ? opened : with_zone;
}

Status ChipReader::start_anew() {
  session_.forget_keys();
  opened_by_ = OpenedBy::nothing;
  return channel_.reset();
}

Status ChipReader::open_anew() {
  const Status anew = start_anew();
  return anew ? open() : anew;
}

Result<Bytes> ChipReader::read(FileId file) {
  constexpr int kMostStarts = 4;  // one for each piece size
  for (int start = 0;; ++start) {
    const std::size_t before = piece();
    auto bytes = read_file(session_, file, piece_);
    const bool shorter = piece() < before;
    if (bytes || !is_refusal(bytes.error()) || !shorter || start == kMostStarts) {
      return bytes;
    }
    if (const Status opened = open_anew(); !opened) {
      return tl::unexpected(opened.error());
    }
  }
}

Result<Proof> ChipReader::prove_actively(View dg15, const SecurityInfos& infos) {
  return emrtd::prove_actively(session_, dg15, infos, random_);
}

Result<Proof> ChipReader::agree_with_chip(const SecurityInfos& infos) {
  const auto agreed = emrtd::agree_with_chip(session_, infos, random_);
  if (!agreed || *agreed != Proof::passed) {
    return agreed;
  }
  const auto answer = session_.send(select_command(FileId::com));
  if (answer) {
    return Proof::passed;
  }
  return breaks_messaging(answer.error()) ? Result<Proof>(Proof::failed) : tl::unexpected(answer.error());
}

}  // namespace quay::emrtd
