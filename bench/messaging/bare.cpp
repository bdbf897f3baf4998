// SPDX-License-Identifier: Apache-2.0
#include "bench/messaging/bare.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace quay::bench {

Room::Room() : path_("/tmp/qm-XXXXXX") {
  if (::mkdtemp(path_.data()) == nullptr) {
    throw std::runtime_error("mkdtemp " + path_);
  }
}

Room::~Room() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Receiver::Receiver(zmq::socket_type type, const std::string& path, Took took, const std::string& first)
    : took_(std::move(took)), thread_([this, type, path, first] { run(type, path, first); }) {}

Receiver::~Receiver() {
  stop_ = true;
  thread_.join();
}

void Receiver::run(zmq::socket_type type, const std::string& path, const std::string& first) {
  zmq::context_t context;
  zmq::socket_t socket(context, type);
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::rcvtimeo, 200);
  if (type == zmq::socket_type::sub) {
    socket.set(zmq::sockopt::subscribe, "");
  }
  socket.connect("ipc://" + path);
  if (!first.empty()) {
    socket.send(zmq::buffer(first), zmq::send_flags::none);
  }
  while (!stop_) {
    Frames frames;
    do {
      if (!socket.recv(frames.emplace_back())) {
        frames.clear();
        break;
      }
    } while (frames.back().more());
    if (!frames.empty()) {
      took_(socket, frames, SteadyClock::now());
    }
  }
}

void Arrivals::push(SteadyClock::time_point when) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(when);
  }
  arrived_.notify_one();
}

SteadyClock::time_point Arrivals::wait() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return !waiting_.empty(); });
  const SteadyClock::time_point when = waiting_.front();
  waiting_.erase(waiting_.begin());
  return when;
}

void await_subscriptions(zmq::socket_t& socket, int count) {
  socket.set(zmq::sockopt::xpub_verbose, true);
  zmq::message_t subscription;
  for (int i = 0; i < count; ++i) {
    if (!socket.recv(subscription)) {
      throw std::runtime_error("a subscriber did not come");
    }
  }
}

DurableFile::DurableFile(const std::string& path) : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) {}

DurableFile::~DurableFile() { ::close(fd_); }

void DurableFile::append(const std::string& bytes) {
  if (::write(fd_, bytes.data(), bytes.size()) < 0 || ::fdatasync(fd_) != 0) {
    throw std::runtime_error("a bare write failed");
  }
}

void send_bare(zmq::socket_t& socket, const std::vector<std::string>& frames) {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    zmq_msg_t message;
    zmq_msg_init_size(&message, frames[i].size());
    std::copy(frames[i].begin(), frames[i].end(), static_cast<char*>(zmq_msg_data(&message)));
    zmq_msg_send(&message, socket.handle(), i + 1 < frames.size() ? ZMQ_SNDMORE : 0);
  }
}

}  // namespace quay::bench
