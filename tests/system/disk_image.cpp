// SPDX-License-Identifier: Apache-2.0
#include "tests/system/disk_image.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include <fmt/format.h>

#include "base/unique_fd.hpp"

namespace quay::system_test {
namespace {

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Mounts of this process are nobody else's, and go with it.
bool leave_the_others_alone() {
  return ::geteuid() == 0 && ::unshare(CLONE_NEWNS) == 0 &&
         ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

bool run(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

}  // namespace

DiskImage::DiskImage(std::filesystem::path image, std::filesystem::path directory, std::uint64_t bytes)
    : image_(std::move(image)), directory_(std::move(directory)) {
  std::filesystem::create_directories(directory_);
  std::ofstream(image_).close();
  std::filesystem::resize_file(image_, bytes);
  mounted_ = leave_the_others_alone() && run(fmt::format("mkfs.ext4 -q -F '{}'", image_.string())) &&
             run(fmt::format("mount -o loop '{}' '{}'", image_.string(), directory_.string()));
}

DiskImage::DiskImage(std::filesystem::path directory, std::uint64_t bytes) : directory_(std::move(directory)) {
  std::filesystem::create_directories(directory_);
  const std::string options = fmt::format("size={},mode=0700", bytes);
  mounted_ = leave_the_others_alone() && ::mount("tmpfs", directory_.c_str(), "tmpfs", 0, options.c_str()) == 0;
}

DiskImage::~DiskImage() {
  if (mounted_) {
    ::umount2(directory_.c_str(), MNT_DETACH);
  }
}

void DiskImage::settle() const {
  const UniqueFd folder(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ::syncfs(folder.get());
  const UniqueFd image(::open(image_.c_str(), O_RDONLY | O_CLOEXEC));
  ::fsync(image.get());
}

std::string DiskImage::blocks() const {
  settle();
  return mounted_ && !image_.empty() ? read_file(image_) : everything_in(directory_);
}

std::string everything_in(const std::filesystem::path& directory) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    all += entry.path().filename().string() + "\n";
    if (entry.is_regular_file()) {
      all += read_file(entry.path());
    }
  }
  return all;
}

}  // namespace quay::system_test
