// SPDX-License-Identifier: Apache-2.0
// The machine that quayctl doctor looks at, below a folder that stands for /: its files, its processes and which
// devices they hold. Reads only; what cannot be read is absent, never guessed.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quay::ctl::doctor {

struct Process {
  int id = 0;
  std::string name;                  ///< comm: at most 15 bytes (proc(5))
  bool visible = false;              ///< may we see what it has open
  std::vector<std::string> devices;  ///< /dev/bus/usb/BUS/DEVICE, /dev/videoN that it has open, without repeats
};

class Machine {
 public:
  /// `root` stands for /; sockets are looked for in `run_directory`, as it is.
  Machine(std::filesystem::path root, std::filesystem::path run_directory);

  const std::filesystem::path& run_directory() const { return run_directory_; }
  bool is_this_one() const { return root_ == "/"; }
  std::filesystem::path at(std::string_view absolute) const;
  bool has(std::string_view absolute) const;
  /// The bytes of a file; nothing when it cannot be read.
  std::optional<std::string> text(std::string_view absolute) const;

  const std::vector<Process>& processes() const { return processes_; }
  bool runs(std::string_view name) const;

  /// Number and members of a group of /etc/group.
  struct Group {
    gid_t id;
    std::vector<std::string> members;
  };
  std::optional<Group> group(std::string_view name) const;

 private:
  std::filesystem::path root_;
  std::filesystem::path run_directory_;
  std::vector<Process> processes_;
};

/// What a program said, and how it ended.
struct Outcome {
  int exit_code = -1;  ///< -1: it could not be started, or was killed
  std::string output;  ///< both streams
};

inline constexpr std::size_t kMostOutput = 4096;

/// First word of a fix that is take_rights_away(), not a program.
inline constexpr std::string_view kTakeRightsAway = "take-rights-away";

/// Leaves a regular file or a folder to its owner alone; never follows a link.
Outcome take_rights_away(const std::string& path);

/// Runs a program to its end, without a shell. The first word is its path, or a name to look for in PATH. Of what it
/// says the first `most` bytes are kept.
Outcome run_program(std::vector<std::string> words, std::size_t most = kMostOutput);

}  // namespace quay::ctl::doctor
