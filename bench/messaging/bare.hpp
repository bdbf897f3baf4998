// SPDX-License-Identifier: Apache-2.0
// Bare libzmq, as small as it can be written: what quayd is measured against, and the subscribers of both.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <zmq.hpp>

#include "base/clock.hpp"

namespace quay::bench {

/// A private folder for sockets, journal and spool; goes with its owner.
class Room {
 public:
  Room();
  ~Room();
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// A thread with a context and a socket of its own, as a front end in another process would have, that takes messages
/// and tells of each when its last frame was there.
class Receiver {
 public:
  using Frames = std::vector<zmq::message_t>;
  using Took = std::function<void(zmq::socket_t&, Frames&, SteadyClock::time_point)>;

  /// Connects to ipc://`path`: SUB to everything, or DEALER, which sends `first` at once. `took` runs on the thread.
  Receiver(zmq::socket_type type, const std::string& path, Took took, const std::string& first = {});
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

 private:
  void run(zmq::socket_type type, const std::string& path, const std::string& first);

  Took took_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

/// One arrival at a time, from a Receiver's thread to the measuring one.
class Arrivals {
 public:
  void push(SteadyClock::time_point when);
  SteadyClock::time_point wait();

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<SteadyClock::time_point> waiting_;
};

/// Waits on a bound XPUB until `count` subscriptions have come.
void await_subscriptions(zmq::socket_t& socket, int count);

/// What a bare program that must not lose anything does before it sends: writes and syncs. Without it the bare threads
/// would be awake and warm when ours, which come from the disk, are not.
class DurableFile {
 public:
  explicit DurableFile(const std::string& path);
  ~DurableFile();
  DurableFile(const DurableFile&) = delete;
  DurableFile& operator=(const DurableFile&) = delete;
  void append(const std::string& bytes);

 private:
  int fd_;
};

/// Sends frames of these texts.
void send_bare(zmq::socket_t& socket, const std::vector<std::string>& frames);

}  // namespace quay::bench
