// SPDX-License-Identifier: Apache-2.0
// The real pcscd with the real vpcd driver, where nobody else sees them: vpcd listens on every address of the machine,
// so both run in a network namespace of their own, and pcscd's socket, whose place is compiled in, is led into a
// folder of the test. Works as root, and without where user namespaces may be made.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"

namespace quay::rig::card {

/// vpcd makes two slots a reader.
struct ReaderOptions {
  std::string name;
  std::uint16_t port = 0;  ///< of its first slot; the second has the next
};

class PrivatePcscd {
 public:
  /// `directory` takes the configuration, the log and the folder `pcscd` with the socket.
  PrivatePcscd(std::filesystem::path directory, std::vector<ReaderOptions> readers);
  PrivatePcscd(const PrivatePcscd&) = delete;
  PrivatePcscd& operator=(const PrivatePcscd&) = delete;
  ~PrivatePcscd();

  /// Takes the calling process into the namespaces. Before any other thread is made.
  /// Errors: worker_start_failed, naming what the kernel does not allow here.
  static Status enter(const std::filesystem::path& directory);

  /// Starts pcscd and waits until it listens. Errors: worker_start_failed with the end of its log.
  Status start();
  void stop();

  /// For PCSCLITE_CSOCK_NAME.
  std::filesystem::path socket() const { return directory_ / "pcscd" / "pcscd.comm"; }

 private:
  Status configure() const;
  pid_t spawn();
  void keep();

  std::filesystem::path directory_;
  std::vector<ReaderOptions> readers_;
  pid_t process_ = -1;

  // pcscd dies with the thread that made it: one that lives as long as this does.
  enum class Wish : std::uint8_t { none, spawn, end };
  std::mutex mutex_;
  std::condition_variable changed_;
  Wish wish_ = Wish::none;
  pid_t spawned_ = -1;
  std::thread keeper_;
};

}  // namespace quay::rig::card
