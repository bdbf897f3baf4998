// SPDX-License-Identifier: Apache-2.0
// A hostile chip: its files, and its answers in a talk. The first byte says which; in a talk each answer has its length
// before it. Whatever comes is refused with a card's code or read, in bounded time, and nothing outside is touched.
#include <array>
#include <cstdint>
#include <functional>

#include "devices/card/emrtd/chip_reader.hpp"
#include "devices/card/emrtd/data_groups.hpp"
#include "devices/card/emrtd/security_infos.hpp"
#include "devices/card/emrtd/security_object.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace quay;
using namespace quay::emrtd;
using fuzz::require;

/// Answers from the input, one after the other; then the card is gone.
class ScriptedCard : public CardChannel {
 public:
  explicit ScriptedCard(View script) : script_(script) {}

  Result<Bytes> transmit(View) override {
    if (script_.empty()) {
      return failure(Errc::card_removed, "fuzz", "the script is over");
    }
    const std::size_t size = std::min<std::size_t>(script_[0], script_.size() - 1);
    const View answer = script_.subspan(1, size);
    script_ = script_.subspan(1 + size);
    return to_bytes(answer);
  }
  Status reset() override { return {}; }

 private:
  View script_;
};

RandomSource constant() {
  return [](std::size_t size) -> Result<Bytes> { return Bytes(size, 0x42); };
}

bool is_cards(Errc code) { return code >= Errc::card_absent && code <= Errc::card_data_malformed; }

template <class Value>
void require_coded(const Result<Value>& result) {
  require(result || is_cards(result.error().code), "a refusal has a card's code");
}

void talk(View script, const AccessKeys& keys) {
  ScriptedCard card(script);
  ChipReader reader(card, keys, constant());
  if (const Status opened = reader.open(); !opened) {
    require(is_cards(opened.error().code), "a refusal has a card's code");
    return;
  }
  require_coded(reader.read(FileId::dg2));
}

void read_plain(View script) {
  ScriptedCard card(script);
  CardSession session(card);
  PieceSize piece;
  require_coded(read_file(session, FileId::dg2, piece));
}

void read_secured(View script) {
  ScriptedCard card(script);
  CardSession session(card);
  session.secure({CipherSuite::aes128, Bytes(16, 1), Bytes(16, 2), Bytes(16)});
  PieceSize piece;
  require_coded(read_file(session, FileId::dg2, piece));
}

void judge(View file) {
  const auto object = SecurityObject::parse(file);
  require_coded(object);
  if (object) {
    (void)object->judge_signer(TrustStore(), 0);
    (void)object->judge_file(1, file);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const View rest(data + 1, size - 1);
  const AccessKeys can{.can = *can_password("123456")},
      zone{.zones = {*mrz_password({"L898902C", "690806", "940623"})}};
  const std::array<std::function<void()>, 11> ways{
      [&] { require_coded(parse_security_infos(rest)); },
      [&] { require_coded(parse_com(rest)); },
      [&] { require_coded(parse_dg1(rest)); },
      [&] { require_coded(parse_dg2(rest)); },
      [&] { require_coded(parse_dg13(rest)); },
      [&] { judge(rest); },
      [&] { talk(rest, can); },
      [&] { talk(rest, zone); },
      [&] { read_plain(rest); },
      [&] { read_secured(rest); },
      [&] { (void)signature_fits(rest, Bytes(8), rest, {}); },
  };
  ways[data[0] % ways.size()]();
  return 0;
}
