// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/sealed_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "crypto/sha256.hpp"

namespace quay::daemon::storage {
namespace {

constexpr std::size_t kChunksAtOnce = 4;  // sealed while still in the cache, then written with one call

/// Reads until `into` is full or the file ends; the number of bytes read.
Result<std::size_t> read_at(int fd, std::span<std::uint8_t> into, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < into.size()) {
    const auto at = static_cast<off_t>(offset + done);
    const ssize_t got = ::pread(fd, into.data() + done, into.size() - done, at);
    if (got < 0 && errno != EINTR) {
      return failure(errno_error(Errc::spool_corrupt, "spool.read", errno));
    }
    if (got == 0) {
      break;
    }
    done += static_cast<std::size_t>(got < 0 ? 0 : got);
  }
  return done;
}

Status fill_at(int fd, std::span<std::uint8_t> into, std::uint64_t offset, const std::string& identity) {
  const auto got = read_at(fd, into, offset);
  if (!got) {
    return failure(got.error());
  }
  return *got == into.size() ? Status()
                             : Status(failure(Errc::spool_corrupt, "spool.read " + identity, "the file is too short"));
}

}  // namespace

Result<std::string> write_sealed(Draft& draft, ObjectSealer sealer, std::span<const std::uint8_t> content) {
  crypto::Sha256 digest;
  std::vector<std::uint8_t> sealed(kObjectHeaderBytes + kChunksAtOnce * kSealedChunkBytes);
  std::copy(sealer.header().begin(), sealer.header().end(), sealed.begin());
  std::size_t filled = kObjectHeaderBytes;
  while (!content.empty()) {
    for (std::size_t i = 0; i < kChunksAtOnce && !content.empty(); ++i) {
      const auto chunk = content.first(std::min(content.size(), kObjectChunkBytes));
      const std::size_t size = chunk.size() + crypto::kTagBytes;
      digest.update(chunk);
      if (Status done = sealer.seal_next(chunk, std::span(sealed).subspan(filled, size)); !done) {
        return failure(done.error());
      }
      filled += size;
      content = content.subspan(chunk.size());
    }
    if (Status written = draft.write(std::span(sealed).first(filled)); !written) {
      return failure(written.error());
    }
    filled = 0;
  }
  return digest.hex();
}

Result<SealedFile> SealedFile::open(UniqueFd file, const crypto::Secret& visit_key, const std::string& identity) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) {
    return failure(errno_error(Errc::spool_corrupt, "spool.read " + identity, errno));
  }
  ObjectHeader header{};
  if (Status read = fill_at(file.get(), header, 0, identity); !read) {
    return failure(read.error());
  }
  auto opener = ObjectOpener::create(visit_key, identity, header, static_cast<std::uint64_t>(status.st_size));
  if (!opener) {
    return failure(opener.error());
  }
  return SealedFile(std::move(file), std::move(*opener));
}

Status SealedFile::read(std::uint64_t offset, std::span<std::uint8_t> out) {
  std::vector<std::uint8_t> part;  // of a chunk that is wanted only in part
  while (!out.empty()) {
    const std::uint64_t index = offset / kObjectChunkBytes;
    const auto skipped = static_cast<std::size_t>(offset % kObjectChunkBytes);
    const std::size_t size = opener_.chunk_bytes(index);
    const std::size_t wanted = std::min(size - skipped, out.size());
    Status read;
    if (wanted == size) {
      read = read_chunk(index, out.first(size));
    } else {
      part.resize(size);
      read = read_chunk(index, part);
      std::copy_n(part.begin() + static_cast<std::ptrdiff_t>(skipped), wanted, out.begin());
    }
    if (!read) {
      crypto::wipe(part);
      return read;
    }
    offset += wanted;
    out = out.subspan(wanted);
  }
  crypto::wipe(part);
  return {};
}

Status SealedFile::read_chunk(std::uint64_t index, std::span<std::uint8_t> out) {
  std::vector<std::uint8_t> sealed(out.size() + crypto::kTagBytes);
  if (Status read = fill_at(file_.get(), sealed, ObjectOpener::chunk_offset(index), "chunk"); !read) {
    return read;
  }
  return opener_.open(index, sealed, out);
}

}  // namespace quay::daemon::storage
