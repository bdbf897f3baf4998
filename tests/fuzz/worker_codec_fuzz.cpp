// SPDX-License-Identifier: Apache-2.0
// Whatever a broken or hostile worker sends: it is refused as worker.protocol, or read and written again unchanged.
#include <string>

#include "protocol/worker/codec.hpp"
#include "tests/fuzz/json_same.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace quay;
using fuzz::require;

template <class Decode>
void check(const std::string& text, Decode decode) {
  const auto message = decode(text);
  if (!message) {
    require(message.error().code == Errc::worker_protocol, "nonsense is worker.protocol");
    require(message.error().detail.size() < 1000, "a refusal is short");
    return;
  }
  const std::string once = protocol::worker::encode(*message);
  const auto again = decode(once);
  require(again && fuzz::same_json(protocol::worker::encode(*again), once),
          "what was read is written and read again the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check(text, protocol::worker::decode_to_worker);
  check(text, protocol::worker::decode_from_worker);
  return 0;
}
