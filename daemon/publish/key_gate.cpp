// SPDX-License-Identifier: Apache-2.0
#include "daemon/publish/key_gate.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/unique_fd.hpp"

namespace quay::daemon::publish {
namespace {

constexpr std::size_t kKeyLetters = 40;  // Z85 of 32 bytes
constexpr std::size_t kKeyBytes = 32;

// Frames of a ZAP question behind REP's envelope, RFC 27.
constexpr std::size_t kRequestId = 1;
constexpr std::size_t kAddress = 3;
constexpr std::size_t kMechanism = 5;
constexpr std::size_t kCredentials = 6;

std::string letters_of(const zmq::message_t& key) {
  std::array<char, kKeyLetters + 1> letters{};
  const bool whole = key.size() == kKeyBytes;
  return whole && zmq_z85_encode(letters.data(), key.data<std::uint8_t>(), kKeyBytes) != nullptr ? letters.data() : "";
}

}  // namespace

Result<std::string> read_secret_key(const std::filesystem::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) {
    return failure(errno_error(Errc::file_unreadable, "key " + file.string(), errno));
  }
  if ((status.st_mode & 077U) != 0) {
    return failure(Errc::config_invalid, "key " + file.string(), "others may read it: chmod 600 was expected");
  }
  std::array<char, kKeyLetters + 2> text{};
  const ssize_t got = ::read(fd.get(), text.data(), text.size());
  const std::string key(text.data(), kKeyLetters);
  std::array<char, kKeyLetters + 1> public_key{};
  const bool ends = got == kKeyLetters || (got == kKeyLetters + 1 && text[kKeyLetters] == '\n');
  if (!ends || zmq_curve_public(public_key.data(), key.c_str()) != 0) {
    return failure(Errc::config_invalid, "key " + file.string(), "one line of 40 characters was expected");
  }
  return key;
}

KeyGate::KeyGate(loop::Loop& loop, zmq::context_t& context, Admit admit)
    : admit_(std::move(admit)), socket_(loop, context, zmq::socket_type::rep) {}

Status KeyGate::open() { return socket_.bind_endpoint("inproc://zeromq.zap.01"); }

loop::Awaitable<void> KeyGate::serve() {
  while (std::optional<Parts> question = co_await socket_.receive()) {
    const bool complete = question->size() > kMechanism;
    const Verdict verdict = complete ? judge(*question) : Verdict{};
    Parts answer;
    answer.push_back(make_part("1.0"));
    answer.push_back(make_part(complete ? text_of((*question)[kRequestId]) : std::string_view()));
    answer.push_back(make_part(verdict.allowed ? "200" : "400"));
    answer.push_back(make_part(verdict.allowed ? "OK" : "not known here"));
    answer.push_back(make_part(verdict.name));
    answer.push_back(make_part(""));
    socket_.send(answer);
  }
}

KeyGate::Verdict KeyGate::judge(const Parts& question) const {
  const std::string_view address = text_of(question[kAddress]);
  const std::string_view mechanism = text_of(question[kMechanism]);
  if (mechanism == "NULL") {
    const std::optional<Credentials> credentials = parse_peer_address(address);
    return {credentials && admit_(*credentials), ""};
  }
  if (mechanism != "CURVE" || question.size() <= kCredentials || address != kLoopback) {
    return {};
  }
  const auto holder = keys_.find(letters_of(question[kCredentials]));
  return holder == keys_.end() ? Verdict{} : Verdict{true, holder->second};
}

}  // namespace quay::daemon::publish
