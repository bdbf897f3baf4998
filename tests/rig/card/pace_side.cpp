// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/card/pace_side.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <eac/eac.h>
#include <eac/pace.h>

namespace quay::rig::card {
namespace {

/// id-PACE-ECDH-GM: 0.4.0.127.0.7.2.2.4.2, then one of these.
constexpr std::uint8_t kGenericMapping[] = {0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02};
struct Row {
  const char* name;
  int nid;
  std::uint8_t last;
  Family family;
  std::size_t key_size;
};

const std::array<Row, 4>& rows() {
  static const std::array<Row, 4> table{{{"3des", NID_id_PACE_ECDH_GM_3DES_CBC_CBC, 1, Family::des3, 16},
                                         {"aes128", NID_id_PACE_ECDH_GM_AES_CBC_CMAC_128, 2, Family::aes, 16},
                                         {"aes192", NID_id_PACE_ECDH_GM_AES_CBC_CMAC_192, 3, Family::aes, 24},
                                         {"aes256", NID_id_PACE_ECDH_GM_AES_CBC_CMAC_256, 4, Family::aes, 32}}};
  return table;
}

/// OpenPACE registers its object identifiers with OpenSSL once a process.
void initialise() {
  static const bool done = [] {
    EAC_init();
    return true;
  }();
  static_cast<void>(done);
}

struct BufferFreed {
  void operator()(BUF_MEM* buffer) const { BUF_MEM_free(buffer); }
};
using Buffer = std::unique_ptr<BUF_MEM, BufferFreed>;

Buffer buffer_of(const Bytes& bytes) {
  Buffer buffer(BUF_MEM_new());
  BUF_MEM_grow(buffer.get(), bytes.size());
  std::copy(bytes.begin(), bytes.end(), buffer->data);
  return buffer;
}

Bytes bytes_in(const BUF_MEM* buffer) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(buffer->data);
  return {data, data + buffer->length};
}

std::optional<Bytes> object(std::uint32_t tag, const Buffer& value) {
  return value ? std::optional(tlv(tag, bytes_in(value.get()))) : std::nullopt;
}

}  // namespace

std::optional<PaceProtocol> pace_protocol(const std::string& name) {
  initialise();
  for (const Row& row : rows()) {
    if (row.name == name) {
      return PaceProtocol{name, row.nid, join({kGenericMapping, Bytes{row.last}}), row.family, row.key_size};
    }
  }
  return std::nullopt;
}

std::vector<std::string> pace_protocol_names() { return {"3des", "aes128", "aes192", "aes256"}; }

void PaceSide::Freed::operator()(eac_ctx* context) const { EAC_CTX_clear_free(context); }

PaceSide::PaceSide(const PaceProtocol& protocol, int curve, PasswordKind kind, const std::string& password)
    : context_(EAC_CTX_new()), protocol_(protocol), kind_(kind), password_(password) {
  if (!context_ || EAC_CTX_init_pace(context_.get(), protocol.nid, curve) != 1) {
    throw std::runtime_error("OpenPACE does not know these parameters");
  }
  context_->tr_version = EAC_TR_VERSION_2_02;
}

std::optional<Bytes> PaceSide::answer(View dynamic_data) {
  const auto given = [&](std::uint32_t tag) { return find(dynamic_data, tag); };
  switch (++step_) {
    case 1: return nonce();
    case 2: return given(0x81) ? map(*given(0x81)) : std::nullopt;
    case 3: return given(0x83) ? agree(*given(0x83)) : std::nullopt;
    case 4: return given(0x85) ? confirm(*given(0x85)) : std::nullopt;
    default: return std::nullopt;
  }
}

std::optional<Bytes> PaceSide::nonce() {
  PACE_SEC* secret = PACE_SEC_new(password_.data(), password_.size(), kind_ == PasswordKind::can ? PACE_CAN : PACE_MRZ);
  const Buffer sealed(PACE_STEP1_enc_nonce(context_.get(), secret));
  PACE_SEC_clear_free(secret);
  return object(0x80, sealed);
}

std::optional<Bytes> PaceSide::map(const Bytes& point) {
  const Buffer own(PACE_STEP3A_generate_mapping_data(context_.get()));
  const Buffer theirs = buffer_of(point);
  return own && PACE_STEP3A_map_generator(context_.get(), theirs.get()) == 1 ? object(0x82, own) : std::nullopt;
}

std::optional<Bytes> PaceSide::agree(const Bytes& point) {
  terminal_point_ = point;
  const Buffer own(PACE_STEP3B_generate_ephemeral_key(context_.get()));
  const Buffer theirs = buffer_of(point);
  const bool agreed = own && PACE_STEP3B_compute_shared_secret(context_.get(), theirs.get()) == 1 &&
                      PACE_STEP3C_derive_keys(context_.get()) == 1;
  return agreed ? object(0x84, own) : std::nullopt;
}

std::optional<Bytes> PaceSide::confirm(const Bytes& token) {
  const Buffer told = buffer_of(token);
  const Buffer theirs = buffer_of(terminal_point_);
  const Buffer own(PACE_STEP3D_compute_authentication_token(context_.get(), theirs.get()));
  return PACE_STEP3D_verify_authentication_token(context_.get(), told.get()) == 1 ? object(0x86, own) : std::nullopt;
}

SessionKeys PaceSide::keys() const {
  const KA_CTX* agreement = context_->pace_ctx->ka_ctx;
  return {protocol_.family, bytes_in(agreement->k_enc), bytes_in(agreement->k_mac)};
}

}  // namespace quay::rig::card
