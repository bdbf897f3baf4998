// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/card/application.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace quay::rig::card {
namespace {

constexpr std::uint8_t kIcao[] = {0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01};
constexpr std::uint16_t kMasterFile = 0x3F00;
constexpr std::uint16_t kCardAccess = 0x011C;
constexpr std::uint16_t kCom = 0x011E;
constexpr std::uint16_t kSecurityObject = 0x011D;
constexpr std::uint16_t kFirstGroup = 0x0100;
constexpr std::uint16_t kFingerprints = 0x0103;

/// id-CA-ECDH-AES-CBC-CMAC-128, id-PK-ECDH, id-AA; ecdsa-plain-SHA256.
constexpr std::uint8_t kChipProtocol[] = {0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x02};
constexpr std::uint8_t kChipKey[] = {0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01, 0x02};
constexpr std::uint8_t kActive[] = {0x67, 0x81, 0x08, 0x01, 0x01, 0x05};
constexpr std::uint8_t kPlainSha256[] = {0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, 0x03};

Response with(std::uint16_t sw) { return {{}, sw}; }
Response good(Bytes data = {}) { return {std::move(data), 0x9000}; }

/// "3 wrong, x left": 63Cx.
std::uint16_t tries_left(int left) { return static_cast<std::uint16_t>(0x63C0 | std::clamp(left, 0, 15)); }

Bytes info(View oid, std::initializer_list<View> rest) {
  Bytes body = tlv(0x06, oid);
  for (const View part : rest) {
    body = join({body, part});
  }
  return tlv(0x30, body);
}

Bytes small(int value) { return tlv(0x02, Bytes{static_cast<std::uint8_t>(value)}); }

PaceProtocol known(const std::string& name) {
  auto protocol = pace_protocol(name);
  if (!protocol) {
    throw std::runtime_error("unknown PACE protocol " + name);
  }
  return *protocol;
}

}  // namespace

Application::Application(CardOptions options)
    : options_(std::move(options)),
      issuer_(options_.signer),
      protocol_(known(options_.pace_protocol)),
      active_key_(options_.active == ActiveKind::none ? ActiveKind::ecdsa : options_.active, options_.clone),
      chip_key_(options_.clone),
      bac_(mrz_information(options_.citizen)) {
  make_files();
}

void Application::make_files() {
  const Bytes pace = info(protocol_.oid, {small(2), small(options_.curve)});
  files_[kCardAccess] = tlv(0x31, pace);
  Bytes infos = pace;
  if (options_.chip_authentication) {
    infos = join({infos, info(kChipProtocol, {small(1)}), info(kChipKey, {chip_key_.public_key()})});
  }
  if (options_.active == ActiveKind::ecdsa) {
    infos = join({infos, info(kActive, {small(1), tlv(0x06, kPlainSha256)})});
  }
  std::map<int, Bytes> groups{
      {1, data_group_1(options_.citizen)},
      {2, data_group_2(options_.portrait)},
      {3, tlv(0x63, random_bytes(64))},
      {13, options_.readable_details ? data_group_13(options_.citizen) : tlv(0x6D, random_bytes(200))},
      {14, tlv(0x6E, tlv(0x31, infos))}};
  if (options_.active != ActiveKind::none) {
    groups[15] = tlv(0x6F, active_key_.public_key());
  }
  for (const auto& [n, file] : groups) {
    files_[static_cast<std::uint16_t>(kFirstGroup + n)] = file;
  }
  files_[kCom] = ef_com();
  files_[kSecurityObject] = issuer_.security_object(groups, options_.forged);
  for (const int group : options_.withheld) {
    files_.erase(static_cast<std::uint16_t>(kFirstGroup + group));
  }
}

void Application::power_off() {
  in_master_file_ = false;
  selected_ = false;
  current_ = 0;
  channel_.reset();
  next_channel_.reset();
  pace_.reset();
}

Response Application::carry_out(const Command& command) {
  if (command.extended && !options_.extended) {
    return Response::of(StatusWord::wrong_length);
  }
  if ((command.cla & 0x0CU) == 0) {
    channel_.reset();  // a command in the open ends the channel
    return plain(command);
  }
  if (!channel_) {
    return Response::of(StatusWord::secure_messaging_missing);
  }
  const auto inner = channel_->open(command);
  if (!inner) {
    channel_.reset();
    return Response::of(StatusWord::secure_messaging_wrong);
  }
  const Response response = channel_->seal(plain(*inner));
  if (next_channel_) {
    channel_ = std::exchange(next_channel_, std::nullopt);
  }
  return response;
}

Response Application::plain(const Command& command) {
  switch (command.ins) {
    case 0xA4: return select(command);
    case 0xB0: return read(command);
    case 0x22: return set_protocol(command);
    case 0x86: return authenticate_step(command);
    case 0x84:
      return options_.bac && selected_ ? good(bac_.challenge()) : Response::of(StatusWord::unknown_instruction);
    case 0x82: return external_authenticate(command);
    case 0x88: return internal_authenticate(command);
    default: return Response::of(StatusWord::unknown_instruction);
  }
}

// ---- files --------------------------------------------------------------------------------------------------------

Response Application::select(const Command& command) {
  if (command.p1 == 0x04) {
    return select_application(command);
  }
  const bool by_id = command.data.size() == 2;
  const auto id = static_cast<std::uint16_t>(by_id ? command.data[0] << 8 | command.data[1] : 0);
  if (command.p1 == 0x00 && (command.data.empty() || id == kMasterFile)) {
    in_master_file_ = options_.master_file;
    selected_ = selected_ && !options_.master_file;
    return options_.master_file ? good() : Response::of(StatusWord::unknown_instruction);
  }
  return by_id ? select_file(id) : Response::of(StatusWord::wrong_data);
}

Response Application::select_application(const Command& command) {
  selected_ = std::ranges::equal(command.data, kIcao);
  in_master_file_ = false;
  current_ = 0;
  return selected_ ? good() : Response::of(StatusWord::not_found);
}

Response Application::select_file(std::uint16_t id) {
  current_ = 0;
  if (id == kCardAccess) {
    const bool reachable = options_.card_access == CardAccess::direct ||
                           (options_.card_access == CardAccess::master_file && in_master_file_);
    current_ = reachable ? id : current_;
    return reachable ? good() : Response::of(StatusWord::not_found);
  }
  if (!selected_ || !files_.contains(id)) {
    return Response::of(StatusWord::not_found);
  }
  if (!channel_ || id == kFingerprints) {
    return Response::of(StatusWord::security);
  }
  current_ = id;
  return good();
}

Response Application::read(const Command& command) {
  std::size_t offset = command.p1p2();
  if ((command.p1 & 0x80U) != 0) {
    const std::uint8_t short_id = command.p1 & 0x1FU;
    const Response selected = select_file(static_cast<std::uint16_t>(kFirstGroup | short_id));
    if (selected.sw != 0x9000) {
      return selected;
    }
    offset = command.p2;
  }
  if (current_ == 0) {
    return Response::of(StatusWord::no_current_file);
  }
  if (current_ != kCardAccess && !channel_) {
    return Response::of(StatusWord::security);
  }
  const std::size_t wanted = command.le.value_or(0);
  if (wanted == 0 || wanted > options_.most_read) {
    return Response::of(StatusWord::wrong_length);
  }
  const Bytes& file = files_.at(current_);
  if (offset >= file.size()) {
    return Response::of(StatusWord::wrong_offset);
  }
  const std::size_t size = std::min(wanted, file.size() - offset);
  const auto from = file.begin() + static_cast<std::ptrdiff_t>(offset);
  return {Bytes(from, from + static_cast<std::ptrdiff_t>(size)),
          static_cast<std::uint16_t>(size < wanted ? StatusWord::end_of_file : StatusWord::good)};
}

// ---- protocols ----------------------------------------------------------------------------------------------------

Response Application::set_protocol(const Command& command) {
  switch (command.p1p2()) {
    case 0xC1A4: return set_pace(command);
    case 0x41A4: {
      const auto oid = find(command.data, 0x80);
      const bool fits = options_.chip_authentication && channel_ && oid && std::ranges::equal(*oid, kChipProtocol);
      return fits ? good() : Response::of(StatusWord::wrong_data);
    }
    default: return Response::of(StatusWord::wrong_data);
  }
}

Response Application::set_pace(const Command& command) {
  const auto oid = find(command.data, 0x80);
  const auto kind = find(command.data, 0x83);
  const bool fits = options_.pace && oid && std::ranges::equal(*oid, protocol_.oid) && kind && kind->size() == 1 &&
                    (kind->front() == 1 || kind->front() == 2);
  if (!fits) {
    return Response::of(StatusWord::wrong_data);
  }
  const auto password = static_cast<PasswordKind>(kind->front());
  const bool by_can = password == PasswordKind::can;
  const int left = options_.tries - tries_used_;
  if (by_can && left <= 0) {
    return with(tries_left(0));
  }
  pace_.emplace(protocol_, options_.curve, password, by_can ? options_.citizen.can() : mrz_of(options_.citizen));
  return by_can && tries_used_ > 0 ? with(tries_left(left)) : good();
}

Response Application::authenticate_step(const Command& command) {
  const auto dynamic = find(command.data, 0x7C);
  if (!dynamic) {
    return Response::of(StatusWord::wrong_data);
  }
  if (pace_) {
    return pace_step(command);
  }
  const auto point = find(*dynamic, 0x80);
  return options_.chip_authentication && channel_ && point ? set_chip_key(*point)
                                                           : Response::of(StatusWord::conditions);
}

Response Application::pace_step(const Command& command) {
  const bool last_claimed = (command.cla & 0x10U) == 0;
  const auto answer = pace_->answer(find(command.data, 0x7C).value_or(Bytes()));
  const bool done = pace_->done();
  if (!answer || done != last_claimed) {
    tries_used_ += done && pace_->kind() == PasswordKind::can ? 1 : 0;
    pace_.reset();
    return done ? with(tries_left(options_.tries - tries_used_)) : Response::of(StatusWord::wrong_data);
  }
  if (done) {
    tries_used_ = 0;
    channel_.emplace(pace_->keys());
    pace_.reset();
  }
  return good(tlv(0x7C, *answer));
}

Response Application::set_chip_key(View point) {
  const auto secret = chip_key_.agree(point);
  if (!secret) {
    return Response::of(StatusWord::wrong_data);
  }
  next_channel_.emplace(derive_keys(*secret, Family::aes, 16));
  return good(tlv(0x7C, {}));
}

Response Application::external_authenticate(const Command& command) {
  auto accepted = bac_.authenticate(command.data);
  if (!options_.bac || !accepted) {
    return Response::of(StatusWord::no_information);
  }
  channel_ = std::move(accepted->channel);
  return good(std::move(accepted->answer));
}

Response Application::internal_authenticate(const Command& command) {
  const bool able = options_.active != ActiveKind::none && channel_ && command.data.size() == 8;
  return able ? good(active_key_.sign(command.data)) : Response::of(StatusWord::conditions);
}

}  // namespace quay::rig::card
