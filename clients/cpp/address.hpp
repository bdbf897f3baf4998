// SPDX-License-Identifier: Apache-2.0
// Where quayd is: a directory of sockets, or a port of 127.0.0.1 with CURVE keys. Says how each of its three sockets is
// reached, and why that cannot be done.
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace quay::client {

/// What a CURVE client needs, in Z85 (RFC 32).
struct CurveIdentity {
  std::string server_key;
  std::string public_key;
  std::string secret_key;
};

class Address {
 public:
  /// The sockets in `run_directory`.
  template <std::convertible_to<std::filesystem::path> Path>
  // NOLINTNEXTLINE(*-explicit-*,*-reference-overload): a path, however it is written, is an address
  Address(Path&& run_directory) : directory_(std::forward<Path>(run_directory)) {}

  /// `connect` is tcp://127.0.0.1:PORT, PORT that of `events`; `key_file` one that `quayctl keys new` made.
  /// Errors: usage when something is missing or misspelt, file_unreadable.
  static Result<Address> over_tcp(const std::string& connect, const std::string& server_key,
                                  const std::filesystem::path& key_file);

  /// Endpoint of `events`, `control`, `images` or `live` as libzmq spells it. Errors: usage for a path longer than
  /// sun_path (unix(7)); device_unsupported for `live` over tcp.
  Result<std::string> endpoint(std::string_view name) const;

  /// Ok when some process listens there; otherwise why not, in words (connect(2)). Errors: daemon_unreachable, usage.
  Status probe(std::string_view name) const;

  /// What to look at when somebody listens and does not talk; empty or "; ...".
  std::string_view hint() const;

  const std::optional<CurveIdentity>& keys() const { return keys_; }

 private:
  std::uint16_t port_of(std::string_view name) const;

  std::filesystem::path directory_;
  std::uint16_t port_ = 0;
  std::optional<CurveIdentity> keys_;
};

}  // namespace quay::client
