// SPDX-License-Identifier: Apache-2.0
// A quay-imaging that dies between its last rendition and the word that it is done: the real one runs behind this
// relay, which kills itself instead of passing that word on. Stands as `quay-imaging` (a link) in a libexec directory
// of its own; the real one lies beside the program that the link leads to.
#include <poll.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>
#include <variant>
#include <vector>

#include "protocol/worker/codec.hpp"
#include "protocol/worker/seqpacket.hpp"

namespace {

namespace frames = quay::protocol::worker;

constexpr int kChannel = 3;

bool says_done(const std::string& text) {
  const auto message = frames::decode_from_worker(text);
  return message && std::holds_alternative<frames::Finished>(*message);
}

bool pass_on(int from, int to, bool (*last_word)(const std::string&)) {
  const auto packet = frames::receive_packet(from, frames::Blocking::yes);
  if (!packet) {
    return false;
  }
  if (last_word != nullptr && last_word(packet->text)) {
    ::raise(SIGKILL);
  }
  std::vector<int> descriptors;
  std::transform(packet->descriptors.begin(), packet->descriptors.end(), std::back_inserter(descriptors),
                 [](const quay::UniqueFd& fd) { return fd.get(); });
  return frames::send_packet(to, packet->text, descriptors, frames::Blocking::yes).has_value();
}

bool start_real_worker(const quay::UniqueFd& channel, std::vector<char*> arguments) {
  std::string program = std::filesystem::read_symlink("/proc/self/exe").replace_filename("quay-imaging").string();
  arguments.front() = program.data();
  posix_spawn_file_actions_t actions{};
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, channel.get(), kChannel);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, kChannel + 1);
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, program.c_str(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return error == 0;
}

}  // namespace

int main(int argc, char** argv) {
  auto ends = frames::make_channel();
  std::vector<char*> arguments(argv, argv + argc + 1);
  if (!ends || !start_real_worker(ends->second, std::move(arguments))) {
    return 1;
  }
  ends->second.reset();
  const int real = ends->first.get();
  for (;;) {
    std::array<pollfd, 2> ready{pollfd{kChannel, POLLIN, 0}, pollfd{real, POLLIN, 0}};
    if (::poll(ready.data(), ready.size(), -1) < 0) {
      return 1;
    }
    const bool down = ready[0].revents == 0 || pass_on(kChannel, real, nullptr);
    const bool up = ready[1].revents == 0 || pass_on(real, kChannel, says_done);
    if (!down || !up) {
      return 0;
    }
  }
}
