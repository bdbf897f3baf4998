// SPDX-License-Identifier: Apache-2.0
// What sealing costs: a raw A4 page of 300 dpi (26 MB) written plainly and sealed, each synced, and read back; wall and
// CPU time, medians. Usage: quay-bench-storage FOLDER [REPEATS]. Prints a table in Markdown.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "base/clock.hpp"
#include "crypto/sha256.hpp"
#include "daemon/storage/spool.hpp"

namespace {

using quay::daemon::storage::Draft;
using quay::daemon::storage::KeyRing;
using quay::daemon::storage::ObjectName;
using quay::daemon::storage::ServiceKey;
using quay::daemon::storage::Spool;
using quay::daemon::storage::SpoolLimits;

constexpr std::size_t kPageBytes = 26'099'040;  // 2480 x 3508 x 3

struct Cost {
  double wall_ms = 0;
  double cpu_ms = 0;
};

double cpu_ms() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto ms = [](const timeval& t) {
    return 1e3 * static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e3;
  };
  return ms(used.ru_utime) + ms(used.ru_stime);
}

/// Median wall and CPU time of `work`.
Cost measure(int repeats, const std::function<void()>& work) {
  std::vector<double> wall;
  std::vector<double> cpu;
  for (int i = 0; i < repeats; ++i) {
    const double cpu_before = cpu_ms();
    const auto before = quay::SteadyClock::now();
    work();
    wall.push_back(std::chrono::duration<double, std::milli>(quay::SteadyClock::now() - before).count());
    cpu.push_back(cpu_ms() - cpu_before);
  }
  std::sort(wall.begin(), wall.end());
  std::sort(cpu.begin(), cpu.end());
  return Cost{wall[wall.size() / 2], cpu[cpu.size() / 2]};
}

template <class T>
T must(quay::Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", quay::describe(result.error()).c_str());
    std::exit(1);
  }
  return *std::move(result);
}

/// As the spool wrote before it sealed: hashed in pieces of 256 KiB, synced, named.
void write_plain(int folder, const std::vector<std::uint8_t>& page) {
  Draft draft = must(Draft::create(folder));
  quay::crypto::Sha256 digest;
  for (std::size_t at = 0; at < page.size(); at += 262'144) {
    const auto piece = std::span(page).subspan(at, std::min<std::size_t>(262'144, page.size() - at));
    digest.update(piece);
    if (!draft.write(piece)) {
      std::exit(1);
    }
  }
  ::fdatasync(draft.fd());
  if (!draft.publish("plain")) {
    std::exit(1);
  }
  ::fsync(folder);
  ::unlinkat(folder, "plain", 0);
}

void print(const char* what, const Cost& cost) {
  std::printf("| %s | %.1f | %.1f |\n", what, cost.wall_ms, cost.cpu_ms);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: quay-bench-storage FOLDER [REPEATS]\n");
    return 2;
  }
  const int repeats = argc > 2 ? std::max(1, std::atoi(argv[2])) : 11;
  std::vector<std::uint8_t> page(kPageBytes);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : page) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>(state >> 24U);
  }
  Spool spool = must(Spool::open(std::string(argv[1]) + "/spool", SpoolLimits{0}, KeyRing(must(ServiceKey::random()))));
  const ObjectName object{{quay::random_uuid()}, quay::random_uuid(), "raw"};
  spool.keys().add(object.visit, must(spool.keys().make(object.visit)));
  const quay::UniqueFd folder(::open(argv[1], O_RDONLY | O_DIRECTORY));
  const Cost plain = measure(repeats, [&] { write_plain(folder.get(), page); });
  const Cost sealed = measure(repeats, [&] {
    [[maybe_unused]] const quay::Status gone = spool.remove(object);
    must(spool.write(object, page));
  });
  const auto stored = quay::daemon::storage::StoredObject{page.size(), quay::crypto::sha256_hex(page)};
  std::string hash;
  const Cost digest = measure(repeats, [&] { hash = quay::crypto::sha256_hex(page); });
  const Cost whole =
      measure(repeats, [&] { const quay::UniqueFd opened = must(spool.read_into_memfd(object, stored)); });
  const Cost part = measure(repeats, [&] { hash.resize(must(spool.read(object, 10'000'000, 1048576)).size()); });
  std::printf("| one page of 26 MB | wall ms | CPU ms |\n|---|---|---|\n");
  print("written plainly, SHA-256, synced", plain);
  print("written sealed, SHA-256, synced", sealed);
  print("its SHA-256 alone", digest);
  print("read back, opened and checked, into a memfd", whole);
  print("1 MiB out of its middle", part);
  std::printf("\nsealed / plain: %.2f wall, %.2f CPU\n", sealed.wall_ms / plain.wall_ms, sealed.cpu_ms / plain.cpu_ms);
  return 0;
}
