// SPDX-License-Identifier: Apache-2.0
// quayctl keys new: a pair of keys for the sockets on 127.0.0.1. The secret one goes into a file and nowhere else.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "base/unique_fd.hpp"
#include "clients/cpp/curve_keys.hpp"
#include "ctl/verbs.hpp"

namespace quay::ctl {
namespace {

/// A new file that only its owner may read; never one that is there already.
Status write_secret(const std::filesystem::path& file, const std::string& key) {
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  const std::string line = key + "\n";
  const bool written =
      fd && ::write(fd.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(fd.get()) == 0;
  return written ? Status() : Status(failure(errno_error(Errc::file_unwritable, "write " + file.string(), errno)));
}

int run(const Session& session, const std::filesystem::path& file) {
  const auto pair = client::make_key_pair();
  if (!pair) {
    return session.complain(pair.error());
  }
  if (Status written = write_secret(file, pair->secret_key); !written) {
    return session.complain(written.error());
  }
  if (session.json) {
    session.print(protocol::json::value{{"public_key", pair->public_key}, {"secret_key_file", file.string()}});
  } else {
    session.print(pair->public_key);
    session.remark(fmt::format(fmt::runtime(session.say("khóa bí mật nằm trong {}, khóa công khai ở dòng trên",
                                                        "the secret key is in {}, the public one is the line above")),
                               file.string()));
  }
  return 0;
}

}  // namespace

void add_keys(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("keys", "Keys for the sockets on 127.0.0.1");
  verb->require_subcommand(1);
  CLI::App* make = verb->add_subcommand("new", "Make a pair: the secret key into FILE, the public one to the output");
  auto file = std::make_shared<std::filesystem::path>();
  make->add_option("FILE", *file, "File to make; readable by its owner only")->required();
  make->callback([&line, file] { line.action = [&session = line.session, file] { return run(session, *file); }; });
}

}  // namespace quay::ctl
