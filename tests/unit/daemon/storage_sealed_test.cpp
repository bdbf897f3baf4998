// SPDX-License-Identifier: Apache-2.0
// Sealed objects: the format byte by byte, and every way in which somebody with the disk but not the key could change
// what is read. The golden values come from a second implementation, written in Python from docs/spool-format.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <numeric>

#include "crypto/hex.hpp"
#include "crypto/sha256.hpp"
#include "tests/unit/daemon/storage_support.hpp"

namespace quay::daemon::storage {
namespace {

using testing::HasSubstr;

constexpr std::size_t kThreeChunks = 2 * kObjectChunkBytes + 1000;

crypto::Secret counting_key() {
  crypto::Secret key = must(crypto::Secret::create(32));
  std::iota(key.bytes().begin(), key.bytes().end(), std::uint8_t{0});
  return key;
}

/// One object with every input fixed.
std::vector<std::uint8_t> golden_file() {
  ObjectSalt salt{};
  std::iota(salt.begin(), salt.end(), std::uint8_t{0x80});
  std::vector<std::uint8_t> content(kObjectChunkBytes + 3);
  std::iota(content.begin(), content.end(), std::uint8_t{0});
  auto sealer = must(ObjectSealer::create(
      counting_key(), "11111111-1111-4111-8111-111111111111/22222222-2222-4222-8222-222222222222.page", content.size(),
      salt));
  std::vector<std::uint8_t> file(sealer.header().begin(), sealer.header().end());
  for (std::size_t at = 0; at < content.size(); at += kObjectChunkBytes) {
    const auto chunk = std::span(content).subspan(at, std::min(kObjectChunkBytes, content.size() - at));
    const std::size_t begin = file.size();
    file.resize(begin + chunk.size() + crypto::kTagBytes);
    must(sealer.seal_next(chunk, std::span(file).subspan(begin)));
  }
  return file;
}

TEST(SealedObjectTest, LiesOnTheDiskAsTheFormatSays) {
  const std::vector<std::uint8_t> file = golden_file();
  EXPECT_EQ(file.size(), sealed_size(kObjectChunkBytes + 3));
  EXPECT_EQ(crypto::to_hex(std::span(file).first(kObjectHeaderBytes)),
            "717561796f626a01"  // "quayobj", version 1
            "0110000000000000"  // AES-256-GCM, chunks of 2^16
            "0000000000010003"  // bytes of content
            "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
            "0000000000000000");
  EXPECT_EQ(crypto::to_hex(std::span(file).last(19)), "19886924c96bc08a540fff07ff6b4aa308bcce");
  EXPECT_EQ(crypto::sha256_hex(file), "2d73d61b4318522ceb8f0a13465d7d9a3615ccd69e3dfe46b30b516daec5a42d");
}

TEST(SealedObjectTest, ChunksOfAnotherSizeAreABug) {
  auto sealer = must(ObjectSealer::create(counting_key(), "a/b.c", 10, ObjectSalt{}));
  std::vector<std::uint8_t> out(9 + crypto::kTagBytes);
  EXPECT_EQ(sealer.seal_next(some_bytes(9), out).error().code, Errc::bug);
  EXPECT_EQ(ObjectSealer::create(counting_key(), "a/b.c", 0, ObjectSalt{}).error().code, Errc::bug);
}

class SealedSpoolTest : public testing::Test {
 protected:
  SealedSpoolTest() : spool_(open_spool(folder_ / "spool")) {}

  ObjectName object(const VisitId& visit, const std::string& name = "raw") const {
    return {visit, random_uuid(), name};
  }
  std::filesystem::path path_of(const ObjectName& object) const {
    return folder_ / "spool" / object.visit.value / (object.owner + "." + object.name);
  }
  ObjectName written(std::size_t bytes = kThreeChunks) {
    const ObjectName made = object(admit(spool_, VisitId{random_uuid()}));
    stored_ = must(spool_.write(made, some_bytes(bytes)));
    return made;
  }
  /// What reading all of it says.
  std::string reading(const ObjectName& object) {
    const std::string whole = verdict(spool_.read(object, 0, ~std::uint64_t{0}));
    EXPECT_EQ(whole.substr(0, 13), verdict(spool_.read_into_memfd(object, stored_)).substr(0, 13));
    return whole;
  }
  void flip(const std::filesystem::path& file, std::size_t at) {
    std::string text = file_text(file);
    overwrite(file, static_cast<std::streamoff>(at), std::string(1, static_cast<char>(text.at(at) ^ 1)));
  }

  TemporaryFolder folder_;
  Spool spool_;
  StoredObject stored_;
};

TEST_F(SealedSpoolTest, NothingOfTheContentIsOnTheDisk) {
  const ObjectName object = this->object(admit(spool_, VisitId{random_uuid()}));
  std::string content(200'000, ' ');
  const std::string marker = "NGUYEN VAN A 001099012345";
  for (std::size_t at = 0; at + marker.size() < content.size(); at += 1000) {
    content.replace(at, marker.size(), marker);
  }
  must(spool_.write(object, std::span(reinterpret_cast<const std::uint8_t*>(content.data()), content.size())));
  EXPECT_THAT(file_text(path_of(object)), testing::Not(HasSubstr("NGUYEN")));
  EXPECT_THAT(file_text(path_of(object)), testing::Not(HasSubstr("001099")));
}

TEST_F(SealedSpoolTest, TheSameContentLooksDifferentEachTime) {
  const VisitId visit = admit(spool_, VisitId{random_uuid()});
  const ObjectName first = object(visit);
  must(spool_.write(first, some_bytes(1000)));
  const std::string before = file_text(path_of(first));
  must(spool_.remove(first));
  must(spool_.write(first, some_bytes(1000)));
  const std::string after = file_text(path_of(first));
  ASSERT_EQ(before.size(), after.size());
  EXPECT_NE(before.substr(kObjectHeaderBytes), after.substr(kObjectHeaderBytes)) << "a key was used twice";
}

TEST_F(SealedSpoolTest, PartsAreReadWithoutTheRest) {
  const ObjectName object = written();
  const std::vector<std::uint8_t> content = some_bytes(kThreeChunks);
  flip(path_of(object), kObjectHeaderBytes + kSealedChunkBytes + 5);  // the middle chunk
  const auto first = must(spool_.read(object, 10, kObjectChunkBytes - 10));
  EXPECT_TRUE(std::equal(first.begin(), first.end(), content.begin() + 10));
  const auto last = must(spool_.read(object, 2 * kObjectChunkBytes + 1, 999));
  EXPECT_TRUE(std::equal(last.begin(), last.end(), content.begin() + 2 * kObjectChunkBytes + 1));
  EXPECT_THAT(verdict(spool_.read(object, kObjectChunkBytes - 1, 2)), HasSubstr("chunk 1 is not what was written"));
}

TEST_F(SealedSpoolTest, PartsAtEveryBoundaryAreWhatWasWritten) {
  const ObjectName object = written();
  const std::vector<std::uint8_t> content = some_bytes(kThreeChunks);
  for (const std::size_t offset : {std::size_t{0}, std::size_t{1}, kObjectChunkBytes - 1, kObjectChunkBytes,
                                   kObjectChunkBytes + 1, 2 * kObjectChunkBytes, kThreeChunks - 1, kThreeChunks}) {
    for (const std::size_t length : {std::size_t{1}, kObjectChunkBytes - 1, kObjectChunkBytes, 2 * kObjectChunkBytes}) {
      const auto part = must(spool_.read(object, offset, length));
      ASSERT_EQ(part.size(), std::min(length, kThreeChunks - offset));
      ASSERT_TRUE(std::equal(part.begin(), part.end(), content.begin() + static_cast<std::ptrdiff_t>(offset)));
    }
  }
}

TEST_F(SealedSpoolTest, AnyChangedByteIsFound) {
  const ObjectName object = written(1000);
  const std::size_t size = std::filesystem::file_size(path_of(object));
  for (std::size_t at = 0; at < size; ++at) {
    flip(path_of(object), at);
    ASSERT_THAT(verdict(spool_.read(object, 0, 1000)), testing::StartsWith("spool.corrupt")) << "byte " << at;
    flip(path_of(object), at);
  }
  EXPECT_EQ(reading(object), "ok");
}

TEST_F(SealedSpoolTest, AnObjectCutAtAChunkIsFoundInEveryPart) {
  const ObjectName object = written();
  std::filesystem::resize_file(path_of(object), kObjectHeaderBytes + 2 * kSealedChunkBytes);
  EXPECT_THAT(reading(object), testing::StartsWith("spool.corrupt"));
  EXPECT_THAT(verdict(spool_.read(object, 0, 10)), testing::StartsWith("spool.corrupt"));
}

TEST_F(SealedSpoolTest, AnObjectCutAtAChunkWithAHeaderToFitIsFound) {
  const ObjectName object = written();
  std::filesystem::resize_file(path_of(object), kObjectHeaderBytes + 2 * kSealedChunkBytes);
  overwrite(path_of(object), 16, std::string("\0\0\0\0\0\2\0\0", 8));
  EXPECT_THAT(verdict(spool_.read(object, 0, 10)), HasSubstr("chunk 0 is not what was written"));
}

TEST_F(SealedSpoolTest, TwoChunksExchangedAreFound) {
  const ObjectName object = written(3 * kObjectChunkBytes);
  const std::string text = file_text(path_of(object));
  const std::string first = text.substr(kObjectHeaderBytes, kSealedChunkBytes);
  const std::string second = text.substr(kObjectHeaderBytes + kSealedChunkBytes, kSealedChunkBytes);
  overwrite(path_of(object), kObjectHeaderBytes, second + first);
  EXPECT_THAT(reading(object), HasSubstr("chunk 0 is not what was written"));
}

TEST_F(SealedSpoolTest, AChunkOfAnotherObjectIsFound) {
  const ObjectName one = written();
  const ObjectName other = object(one.visit);
  must(spool_.write(other, some_bytes(kThreeChunks, 9)));
  overwrite(path_of(one), kObjectHeaderBytes, file_text(path_of(other)).substr(kObjectHeaderBytes, kSealedChunkBytes));
  EXPECT_THAT(reading(one), HasSubstr("chunk 0 is not what was written"));
}

TEST_F(SealedSpoolTest, AWholeObjectInAnothersPlaceIsFound) {
  const ObjectName one = written();
  const ObjectName same_visit = object(one.visit);
  must(spool_.write(same_visit, some_bytes(kThreeChunks, 9)));
  const ObjectName other_visit = object(admit(spool_, VisitId{random_uuid()}));
  must(spool_.write(other_visit, some_bytes(kThreeChunks, 9)));
  for (const ObjectName& taken : {same_visit, other_visit}) {
    overwrite(path_of(one), 0, file_text(path_of(taken)));
    EXPECT_THAT(reading(one), HasSubstr("chunk 0 is not what was written"));
  }
}

TEST_F(SealedSpoolTest, AnotherNameOfTheSameObjectIsAnotherObject) {
  const ObjectName raw = written();
  const ObjectName page{raw.visit, raw.owner, "page"};
  std::filesystem::copy_file(path_of(raw), path_of(page));
  EXPECT_THAT(verdict(spool_.read(page, 0, 1)), HasSubstr("chunk 0 is not what was written"));
}

TEST_F(SealedSpoolTest, PlainBytesInPlaceOfAnObjectAreRefused) {
  const ObjectName object = written();
  std::ofstream(path_of(object), std::ios::trunc) << std::string(kThreeChunks, 'x');
  EXPECT_THAT(reading(object), HasSubstr("the header is not that of a sealed object"));
}

TEST_F(SealedSpoolTest, WithoutItsKeyAVisitCanNeitherBeReadNorWritten) {
  const ObjectName object = written();
  spool_.keys().forget(object.visit);
  EXPECT_EQ(spool_.read(object, 0, 1).error().code, Errc::visit_closed);
  EXPECT_EQ(spool_.read_into_memfd(object, stored_).error().code, Errc::visit_closed);
  EXPECT_EQ(spool_.write(this->object(object.visit), some_bytes(1)).error().code, Errc::visit_closed);
}

}  // namespace
}  // namespace quay::daemon::storage
