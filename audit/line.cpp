// SPDX-License-Identifier: Apache-2.0
#include "audit/line.hpp"

#include "crypto/derive.hpp"
#include "crypto/sha256.hpp"
#include "protocol/json/parse.hpp"
#include "protocol/json/writer.hpp"

namespace quay::audit {
namespace {

constexpr std::size_t kHexBytes = 64;
constexpr std::string_view kHash = ",\"hash\":\"";
constexpr std::string_view kMac = "\",\"mac\":\"";
constexpr std::string_view kEnd = "\"}";
constexpr std::size_t kSealBytes = kHash.size() + kHexBytes + kMac.size() + kHexBytes + kEnd.size();

bool is_hex(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == std::string_view::npos; }

}  // namespace

std::string no_hash() { return std::string(kHexBytes, '0'); }

Result<SealedLine> seal(const AccessRecord& record, const crypto::Secret& key) {
  std::string body = boost::json::serialize(protocol::to_json(record));
  body.pop_back();  // the closing brace: the seal goes before it
  SealedLine line;
  line.hash = crypto::sha256_hex(std::string_view(body));
  const auto mac = crypto::hmac_hex(key.bytes(), line.hash);
  if (!mac) {
    return failure(mac.error());
  }
  line.text = body.append(kHash).append(line.hash).append(kMac).append(*mac).append(kEnd).append("\n");
  return line;
}

std::optional<ParsedLine> parse_line(std::string_view text) {
  if (text.size() <= kSealBytes) {
    return std::nullopt;
  }
  const std::string_view seal = text.substr(text.size() - kSealBytes);
  ParsedLine line;
  line.body = text.substr(0, text.size() - kSealBytes);
  line.hash = seal.substr(kHash.size(), kHexBytes);
  line.mac = seal.substr(kHash.size() + kHexBytes + kMac.size(), kHexBytes);
  const bool shaped = seal.starts_with(kHash) && seal.substr(kHash.size() + kHexBytes).starts_with(kMac) &&
                      seal.ends_with(kEnd) && is_hex(line.hash) && is_hex(line.mac);
  auto object = shaped ? protocol::parse_object(line.body + "}") : tl::make_unexpected(std::string());
  if (!object) {
    return std::nullopt;
  }
  auto record = protocol::from_json<AccessRecord>(protocol::json::value(std::move(*object)));
  if (!record) {
    return std::nullopt;
  }
  line.record = std::move(*record);
  return line;
}

bool is_whole(const ParsedLine& line) { return crypto::sha256_hex(std::string_view(line.body)) == line.hash; }

bool is_sealed_with(const ParsedLine& line, const crypto::Secret& key) {
  const auto mac = crypto::hmac_hex(key.bytes(), line.hash);
  return mac && crypto::same_secret(*mac, line.mac);
}

}  // namespace quay::audit
