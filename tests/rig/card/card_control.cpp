// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/card/card_control.hpp"

#include <fmt/format.h>

namespace quay::rig::card {
namespace {

/// "" or "2" or "2 torn at=3": the slot's number, 0 when none is given, and the rest.
std::pair<std::size_t, std::string> split_slot(const std::string& rest) {
  const std::size_t space = rest.find(' ');
  const auto number = parse_number<int>(rest.substr(0, space), 9);
  if (!number) {
    return {0, rest};
  }
  return {static_cast<std::size_t>(*number), space == std::string::npos ? "" : rest.substr(space + 1)};
}

std::string said(const Status& status) { return status ? "ok" : "error " + describe(status.error()); }

}  // namespace

std::string_view card_commands_help() {
  return "insert [SLOT], remove [SLOT]   put the card in, take it out\n"
         "fault [SLOT] NAME [at=N] [sw=HHHH]   none torn mute status garble; N counts APDUs from now, or from insert\n"
         "speed [SLOT] 106|off     how long the field and the chip take\n"
         "pcscd stop|start         end the service, start it again (cards are taken out before)\n"
         "status [SLOT]            inserted, apdus, struck; tries: wrong CANs since the last right one\n"
         "who                      number, can, document number and dates of the card\n"
         "quit                     end the program\n";
}

CardControl::CardControl(std::filesystem::path socket, std::vector<std::unique_ptr<Slot>>& slots,
                         const Application& application, PrivatePcscd& pcscd, std::function<void()> quit)
    : slots_(slots),
      application_(application),
      pcscd_(pcscd),
      server_(
          std::move(socket), [this](const std::string& verb, const std::string& rest) { return carry_out(verb, rest); },
          std::move(quit)) {}

std::string CardControl::carry_out(const std::string& verb, const std::string& rest) {
  if (verb == "pcscd") {
    return daemon(rest);
  }
  if (verb == "who") {
    const Citizen& citizen = application_.citizen();
    return fmt::format("ok number={} can={} birth={} expiry={}", citizen.number, citizen.can(), citizen.birth,
                       citizen.expiry);
  }
  if (verb == "quit") {
    return "ok";
  }
  return at_slot(verb, rest);
}

std::string CardControl::at_slot(const std::string& verb, const std::string& rest) {
  const auto [number, words] = split_slot(rest);
  if (number >= slots_.size()) {
    return fmt::format("error no slot {}: there are {}", number, slots_.size());
  }
  Slot& slot = *slots_[number];
  if (verb == "insert") {
    return said(slot.insert());
  }
  if (verb == "remove") {
    slot.remove();
    return "ok";
  }
  if (verb == "fault") {
    const auto fault = parse_card_fault(words);
    if (fault) {
      slot.order(*fault);
    }
    return fault ? "ok " + words : "error " + fault.error().detail;
  }
  if (verb == "speed" && (words == "106" || words == "off")) {
    slot.set_speed(words == "106" ? Speed::contactless_106() : Speed());
    return "ok " + words;
  }
  if (verb == "status") {
    return fmt::format("ok {} tries={}", slot.status_line(), application_.tries_used());
  }
  return fmt::format("error unknown command '{} {}': expected insert remove fault speed pcscd status who quit", verb,
                     words);
}

std::string CardControl::daemon(const std::string& what) {
  if (what == "stop") {
    for (const auto& slot : slots_) {
      slot->remove();
    }
    pcscd_.stop();
    return "ok stopped";
  }
  return what == "start" ? said(pcscd_.start()) : "error expected pcscd stop or pcscd start";
}

}  // namespace quay::rig::card
