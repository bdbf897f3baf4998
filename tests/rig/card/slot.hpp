// SPDX-License-Identifier: Apache-2.0
// One slot of the simulated reader: a card that is put in and taken out, and its end of the vpcd wire (every message is
// a length of two bytes, then so many; one byte is a control, more are an APDU). Counts APDUs, keeps time, strikes with
// the fault that was ordered.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "tests/rig/card/application.hpp"
#include "tests/rig/card/card_fault.hpp"

namespace quay::rig::card {

/// What lies in a slot.
enum class Role : std::uint8_t {
  citizen,  ///< a citizen ID card on a contactless reader
  bank,     ///< a contact card without the ICAO application
  sam,      ///< a security module that the maker soldered in
  empty,
};

/// How long a card and its field take. All zero: no longer than the machine needs.
struct Speed {
  std::chrono::microseconds byte{0};     ///< each byte of command and response
  std::chrono::microseconds command{0};  ///< each command
  std::chrono::microseconds curve{0};    ///< each command that computes on a curve

  /// 106 kbit/s, ISO/IEC 14443-3 type A: nine bits a byte. Eight milliseconds a command and ninety a point are
  /// assumptions, in the range that published reading times leave.
  static Speed contactless_106() {
    return {std::chrono::microseconds(85), std::chrono::microseconds(8'000), std::chrono::microseconds(90'000)};
  }
};

class Slot {
 public:
  /// `application` is for Role::citizen; not owned. `port`: where vpcd listens for this slot, on 127.0.0.1.
  Slot(Role role, Application* application, std::uint16_t port);
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  ~Slot();

  /// Errors: device_absent when no reader listens. Nothing happens when it is in already.
  Status insert();
  void remove();

  void order(Fault fault);
  void set_speed(Speed speed);

  /// "inserted=1 apdus=12 struck=0"
  std::string status_line() const;

 private:
  void serve();
  bool serve_one();
  std::optional<Bytes> receive() const;
  bool control(std::uint8_t code);
  bool exchange(View apdu);
  Fault fault_now();
  void take_time(const Command& command, std::size_t bytes) const;
  void cut();

  Role role_;
  Application* application_;
  std::uint16_t port_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  UniqueFd wire_;
  std::thread thread_;
  bool inserted_ = false;
  int apdus_ = 0;
  int struck_ = 0;
  Deadline back_at_{};  ///< a hand cannot lay the card back sooner
  Fault fault_;
  Speed speed_;
};

}  // namespace quay::rig::card
