// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/power_cut.hpp"

#include <fstream>
#include <string>
#include <vector>

#include "tests/faults/object_key.hpp"

namespace quay::faults {
namespace {

namespace fs = std::filesystem;

struct Entry {
  bool folder = false;
  std::string key;
  std::string name;
};

class Disk {
 public:
  Disk(fs::path shadow, Unsynced fate, std::mt19937& chance)
      : shadow_(std::move(shadow)), fate_(fate), chance_(chance) {}

  /// Builds `to` as the disk holds the folder `key`, which the dead process saw as `was` (empty: nowhere any more).
  void build_folder(const std::string& key, const fs::path& was, const fs::path& to) {
    fs::create_directory(to);
    fs::permissions(to, fs::perms::owner_all);
    for (const Entry& entry : spared() && fs::is_directory(was) ? present(was) : synced(key)) {
      const fs::path seen = where(was, entry);
      if (entry.folder) {
        build_folder(entry.key, seen, to / entry.name);
      } else {
        build_file(entry.key, seen, to / entry.name);
      }
    }
  }

 private:
  bool spared() { return fate_ == Unsynced::by_chance && std::bernoulli_distribution(0.5)(chance_); }

  /// The dead process's path of that object, when it still has that name.
  static fs::path where(const fs::path& was, const Entry& entry) {
    const fs::path path = was.empty() ? fs::path() : was / entry.name;
    return !path.empty() && object_key(path) == entry.key ? path : fs::path();
  }

  void build_file(const std::string& key, const fs::path& was, const fs::path& to) {
    if (!was.empty() && spared()) {
      fs::copy_file(was, to);
    } else if (fs::exists(shadow_ / key)) {
      fs::copy_file(shadow_ / key, to);
    } else {
      std::ofstream empty(to);  // its name was synced, its bytes never
    }
    fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
  }

  std::vector<Entry> synced(const std::string& key) const {
    std::vector<Entry> entries;
    std::ifstream list(shadow_ / key);
    std::string kind;
    Entry entry;
    while (list >> kind >> entry.key >> entry.name) {
      entry.folder = kind == "d";
      entries.push_back(entry);
    }
    return entries;
  }

  static std::vector<Entry> present(const fs::path& folder) {
    std::vector<Entry> entries;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (const auto key = object_key(entry.path())) {
        entries.push_back({entry.is_directory(), *key, entry.path().filename().string()});
      }
    }
    return entries;
  }

  fs::path shadow_;
  Unsynced fate_;
  std::mt19937& chance_;
};

}  // namespace

void cut_power(const fs::path& root, const fs::path& shadow, Unsynced fate, std::mt19937& chance) {
  std::string root_key;
  std::ifstream(shadow / "root") >> root_key;
  const fs::path built = root.string() + ".after";
  Disk(shadow, fate, chance).build_folder(root_key, root, built);
  fs::remove_all(root);
  fs::remove_all(shadow);
  fs::rename(built, root);
}

}  // namespace quay::faults
