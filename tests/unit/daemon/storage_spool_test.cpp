// SPDX-License-Identifier: Apache-2.0
// The spool: what is written comes back whole, names cannot leave the folder, nothing is replaced, and every fault of
// the disk has its code. Faults are the kernel's own, made in a child process (storage_support.hpp).
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <numeric>

#include <fmt/format.h>

#include "base/shared_buffer.hpp"
#include "crypto/sha256.hpp"
#include "tests/unit/daemon/storage_support.hpp"

namespace quay::daemon::storage {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::StartsWith;

class SpoolTest : public testing::Test {
 protected:
  std::filesystem::path root() const { return folder_ / "spool"; }
  Spool open() const { return open_spool(root()); }
  std::filesystem::path path_of(const ObjectName& object) const {
    return root() / object.visit.value / (object.owner + "." + object.name);
  }

  TemporaryFolder folder_;
};

ObjectName new_object(Spool& spool, const std::string& name = "raw") {
  return {admit(spool, VisitId{random_uuid()}), random_uuid(), name};
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename());
  }
  return names;
}

Errc code_of(const auto& result) { return result ? Errc::count_ : result.error().code; }

TEST_F(SpoolTest, IsAFolderForTheServiceOnly) {
  open();
  struct stat status {};
  ASSERT_EQ(::stat(root().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST_F(SpoolTest, GivesBackWhatWasWrittenWithItsSizeAndHash) {
  Spool spool = open();
  const ObjectName object = new_object(spool);
  const std::vector<std::uint8_t> bytes = some_bytes(1'000'003);
  const StoredObject stored = must(spool.write(object, bytes));
  EXPECT_EQ(stored.bytes, bytes.size());
  EXPECT_EQ(stored.sha256, crypto::sha256_hex(bytes));
  EXPECT_EQ(must(spool.read(object, 0, bytes.size())), bytes);
  struct stat status {};
  ASSERT_EQ(::stat(path_of(object).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  ASSERT_EQ(::stat(path_of(object).parent_path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST_F(SpoolTest, ReadsAnyPartAndFewerBytesAtTheEnd) {
  Spool spool = open();
  const ObjectName object = new_object(spool);
  std::vector<std::uint8_t> bytes(10);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  must(spool.write(object, bytes));
  EXPECT_THAT(must(spool.read(object, 2, 3)), ElementsAre(2, 3, 4));
  EXPECT_THAT(must(spool.read(object, 8, 1000)), ElementsAre(8, 9));
  EXPECT_THAT(must(spool.read(object, 10, 1)), IsEmpty());
  EXPECT_THAT(must(spool.read(object, 3, ~std::uint64_t{0})), ElementsAre(3, 4, 5, 6, 7, 8, 9));
}

TEST_F(SpoolTest, AnOffsetPastTheEndMeansThatTheObjectIsShorterThanItShouldBe) {
  Spool spool = open();
  const ObjectName object = new_object(spool);
  must(spool.write(object, some_bytes(10)));
  EXPECT_EQ(code_of(spool.read(object, 11, 1)), Errc::spool_corrupt);
  EXPECT_EQ(code_of(spool.read(object, ~std::uint64_t{0}, 1)), Errc::spool_corrupt);
}

TEST_F(SpoolTest, NeverReplacesAnObject) {
  Spool spool = open();
  const ObjectName object = new_object(spool);
  must(spool.write(object, some_bytes(10, 1)));
  const auto again = spool.write(object, some_bytes(10, 2));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::spool_failed);
  EXPECT_EQ(again.error().native.name, "EEXIST");
  EXPECT_EQ(must(spool.read(object, 0, 10)), some_bytes(10, 1));
  EXPECT_TRUE(spool.write(new_object(spool), some_bytes(10))) << "a taken name is no fault of the disk";
}

TEST_F(SpoolTest, AnObjectWithoutBytesIsABug) {
  Spool spool = open();
  EXPECT_EQ(code_of(spool.write(new_object(spool), {})), Errc::bug);
}

TEST_F(SpoolTest, NamesThatAreNotUuidsOrPlainWordsAreRefusedEverywhere) {
  Spool spool = open();
  must(spool.write(new_object(spool), some_bytes(1)));
  const std::string uuid = random_uuid();
  const std::vector<ObjectName> wrong = {
      {VisitId{".."}, uuid, "raw"},
      {VisitId{""}, uuid, "raw"},
      {VisitId{uuid + "/.."}, uuid, "raw"},
      {VisitId{uuid}, "../../etc/passwd", "raw"},
      {VisitId{uuid}, "", "raw"},
      {VisitId{uuid}, uuid, ""},
      {VisitId{uuid}, uuid, "a/b"},
      {VisitId{uuid}, uuid, ".."},
      {VisitId{uuid}, uuid, "RAW"},
      {VisitId{uuid}, uuid, std::string("a\0b", 3)},
      {VisitId{uuid}, uuid, std::string(33, 'a')},
  };
  for (const ObjectName& object : wrong) {
    EXPECT_EQ(code_of(spool.write(object, some_bytes(1))), Errc::bug);
    EXPECT_EQ(code_of(spool.read(object, 0, 1)), Errc::bug);
    EXPECT_EQ(code_of(spool.read_into_memfd(object, {1, ""})), Errc::bug);
    EXPECT_EQ(code_of(spool.remove(object)), Errc::bug);
  }
  EXPECT_EQ(code_of(spool.remove_visit(VisitId{".."})), Errc::bug);
  EXPECT_EQ(names_in(root()).size(), 1U);
}

TEST_F(SpoolTest, DoesNotFollowALinkThatTookAnObjectsPlace) {
  Spool spool = open();
  const ObjectName object = new_object(spool);
  must(spool.write(object, some_bytes(8)));
  std::filesystem::remove(path_of(object));
  std::filesystem::create_symlink("/etc/hostname", path_of(object));
  const auto read = spool.read(object, 0, 8);
  EXPECT_EQ(code_of(read), Errc::spool_corrupt);
  EXPECT_EQ(read.error().native.name, "ELOOP");
}

TEST_F(SpoolTest, WhatIsNotThereIsCorrupt) {
  Spool spool = open();
  EXPECT_EQ(code_of(spool.read(new_object(spool), 0, 1)), Errc::spool_corrupt);
  EXPECT_EQ(code_of(spool.read_into_memfd(new_object(spool), {1, ""})), Errc::spool_corrupt);
}

TEST_F(SpoolTest, AMemfdHoldsTheObjectAndNobodyCanWriteIt) {
  Spool spool = open();
  const ObjectName object = new_object(spool);
  const std::vector<std::uint8_t> bytes = some_bytes(300'000);
  const StoredObject stored = must(spool.write(object, bytes));
  UniqueFd memfd = must(spool.read_into_memfd(object, stored));
  EXPECT_EQ(::mmap(nullptr, bytes.size(), PROT_READ | PROT_WRITE, MAP_SHARED, memfd.get(), 0), MAP_FAILED);
  EXPECT_EQ(::pwrite(memfd.get(), "x", 1, 0), -1);
  EXPECT_NE(::ftruncate(memfd.get(), 1), 0);
  const ReadableBuffer buffer = must(ReadableBuffer::open(std::move(memfd), bytes.size()));
  EXPECT_THAT(buffer.bytes(), ElementsAreArray(bytes));
}

TEST_F(SpoolTest, OneFlippedBitOnTheDiskIsFound) {
  Spool spool = open();
  const ObjectName object = new_object(spool);
  std::vector<std::uint8_t> bytes = some_bytes(100'000);
  const StoredObject stored = must(spool.write(object, bytes));
  overwrite(path_of(object), 54'321, std::string(1, static_cast<char>(bytes[54'321] ^ 0x10U)));
  EXPECT_EQ(code_of(spool.read_into_memfd(object, stored)), Errc::spool_corrupt);
}

TEST_F(SpoolTest, AnObjectThatWasCutOffIsFound) {
  Spool spool = open();
  const ObjectName object = new_object(spool);
  const StoredObject stored = must(spool.write(object, some_bytes(100'000)));
  std::filesystem::resize_file(path_of(object), 99'999);
  EXPECT_EQ(code_of(spool.read_into_memfd(object, stored)), Errc::spool_corrupt);
  std::filesystem::resize_file(path_of(object), 0);
  EXPECT_EQ(code_of(spool.read_into_memfd(object, StoredObject{0, crypto::sha256_hex(std::string_view(""))})),
            Errc::spool_corrupt);
}

TEST_F(SpoolTest, RefusesRoomThatWouldCutIntoTheReserve) {
  const Spool all = open();
  EXPECT_TRUE(all.check_room(1));
  EXPECT_EQ(code_of(all.check_room(~std::uint64_t{0})), Errc::spool_full);
  Spool reserved = open_spool(root(), SpoolLimits{~std::uint64_t{0}});
  EXPECT_EQ(code_of(reserved.check_room(1)), Errc::spool_full);
  EXPECT_TRUE(reserved.write(new_object(reserved), some_bytes(1))) << "a page that was read is saved from the reserve";
}

TEST_F(SpoolTest, AFullDiskRefusesTheObjectLeavesNoTraceOfItAndRecovers) {
  const std::string story = in_a_child([&] {
    make_disk_small(folder_.path(), 1'000'000);
    Spool spool = open();
    const ObjectName big = new_object(spool);
    const std::string refused = verdict(spool.write(big, some_bytes(3'000'000)));
    const ObjectName small{big.visit, random_uuid(), "raw"};
    const std::string taken = verdict(spool.write(small, some_bytes(300'000)));
    return fmt::format("{} {} {}", taken, names_in(root() / big.visit.value).size(), refused);
  });
  EXPECT_THAT(story, StartsWith("ok 1 spool.full"));
}

TEST_F(SpoolTest, WithoutUnnamedFilesTheSameHoldsAndNoTemporaryNameStays) {
  const std::string story = in_a_child([&] {
    forbid_unnamed_files();
    make_disk_small(folder_.path(), 1'000'000);
    Spool spool = open();
    const ObjectName object = new_object(spool);
    const std::string taken = verdict(spool.write(object, some_bytes(300'000)));
    const std::string again = verdict(spool.write(object, some_bytes(300'000)));
    const ObjectName big{object.visit, random_uuid(), "raw"};
    const std::string refused = verdict(spool.write(big, some_bytes(3'000'000)));
    const bool same = must(spool.read(object, 0, 300'000)) == some_bytes(300'000);
    return fmt::format("{} {} {}\n{}\n{}", taken, same, names_in(root() / object.visit.value).size(), again, refused);
  });
  EXPECT_THAT(story, MatchesRegex("ok true 1\nspool.failed: .*EEXIST.*\nspool.full: .*"));
}

TEST_F(SpoolTest, AFailedSyncMarksTheSpoolForGood) {
  const std::string story = in_a_child([&] {
    Spool spool = open();
    break_every_sync();
    const ObjectName object = new_object(spool);
    const std::string first = verdict(spool.write(object, some_bytes(10)));
    const std::string second = verdict(spool.write(new_object(spool), some_bytes(10)));
    return fmt::format("{}\n{}\n{}\n{}", first, second, verdict(spool.check_room(1)),
                       std::filesystem::exists(path_of(object)));
  });
  EXPECT_THAT(story, MatchesRegex("spool.failed: fsync.*EIO.*\nspool.failed: .*a sync failed before.*\n"
                                  "spool.failed: .*a sync failed before.*\nfalse"));
}

TEST_F(SpoolTest, AnObjectWhoseSyncFailedNeverGetsItsName) {
  const std::string story = in_a_child([&] {
    Spool spool = open();
    const ObjectName first = new_object(spool);
    must(spool.write(first, some_bytes(10)));  // the visit's folder is there and synced
    break_every_sync();
    const ObjectName second{first.visit, random_uuid(), "raw"};
    const std::string refused = verdict(spool.write(second, some_bytes(10)));
    return fmt::format("{} {}", std::filesystem::exists(path_of(second)), refused);
  });
  EXPECT_THAT(story, MatchesRegex("false spool.failed: fdatasync of an object.*EIO.*"));
}

TEST_F(SpoolTest, AFolderThatMayNotBeWrittenIsAFailureWithItsReason) {
  const std::string story = in_a_child([&]() -> std::string {
    open();
    if (::geteuid() == 0 && (::chown(root().c_str(), 65534, 65534) != 0 || ::chmod(folder_.path().c_str(), 0755) != 0 ||
                             ::setresgid(65534, 65534, 65534) != 0 || ::setresuid(65534, 65534, 65534) != 0)) {
      return "cannot become nobody";
    }
    ::chmod(root().c_str(), 0500);
    Spool spool = open();
    return verdict(spool.write(new_object(spool), some_bytes(10)));
  });
  EXPECT_THAT(story, MatchesRegex("spool.failed: spool.mkdir: .*EACCES.*"));
}

TEST_F(SpoolTest, AFileInPlaceOfTheSpoolIsRefusedAtTheStart) {
  std::ofstream(root()) << "x";
  const auto spool = Spool::open(root(), SpoolLimits{}, KeyRing(must(ServiceKey::random())));
  ASSERT_FALSE(spool);
  EXPECT_EQ(spool.error().code, Errc::spool_failed);
  EXPECT_EQ(spool.error().native.name, "ENOTDIR");
}

TEST_F(SpoolTest, RemovesOneObjectAndNotItsNeighbour) {
  Spool spool = open();
  const ObjectName page = new_object(spool, "page");
  const ObjectName raw{page.visit, page.owner, "raw"};
  must(spool.write(page, some_bytes(10)));
  must(spool.write(raw, some_bytes(10)));
  EXPECT_TRUE(spool.remove(page));
  EXPECT_FALSE(std::filesystem::exists(path_of(page)));
  EXPECT_TRUE(std::filesystem::exists(path_of(raw)));
  EXPECT_TRUE(spool.remove(page)) << "absent is fine";
  EXPECT_TRUE(spool.remove(new_object(spool))) << "an unknown visit too";
  EXPECT_TRUE(spool.write(page, some_bytes(11))) << "it can be made anew";
}

TEST_F(SpoolTest, RemovesAVisitWithItsFolderAndNotItsNeighbour) {
  Spool spool = open();
  const ObjectName gone = new_object(spool);
  const ObjectName stays = new_object(spool);
  must(spool.write(gone, some_bytes(10)));
  must(spool.write(stays, some_bytes(10)));
  EXPECT_TRUE(spool.remove_visit(gone.visit));
  EXPECT_THAT(names_in(root()), ElementsAre(stays.visit.value));
  EXPECT_TRUE(spool.remove_visit(gone.visit)) << "absent is fine";
  EXPECT_TRUE(spool.write(gone, some_bytes(10))) << "the folder is made anew";
}

TEST_F(SpoolTest, SweepTakesUnknownVisitsAndOwnersAndNothingElse) {
  Spool spool = open();
  const ObjectName known = new_object(spool);
  const ObjectName unknown_owner{known.visit, random_uuid(), "raw"};
  const ObjectName unknown_visit = new_object(spool);
  for (const ObjectName& object : {known, unknown_owner, unknown_visit}) {
    must(spool.write(object, some_bytes(10)));
  }
  std::ofstream(root() / known.visit.value / ("." + random_uuid())) << "left by a crash";
  std::ofstream(root() / "note") << "a technician's";
  std::filesystem::create_directory(root() / "lost+found");
  EXPECT_EQ(must(spool.sweep({known.visit.value}, {known.owner})), 3U);
  EXPECT_THAT(names_in(root()), testing::UnorderedElementsAre(known.visit.value, "note", "lost+found"));
  EXPECT_THAT(names_in(root() / known.visit.value), ElementsAre(known.owner + ".raw"));
}

TEST_F(SpoolTest, SweepByIndexTakesARenditionThatWasNeverCommitted) {
  Spool spool = open();
  const ObjectName raw = new_object(spool);
  const ObjectName page{raw.visit, raw.owner, "page"};
  must(spool.write(raw, some_bytes(10)));
  must(spool.write(page, some_bytes(10)));
  SpoolIndex index;
  index.visits = {raw.visit.value};
  index.owners = {raw.owner};
  index.objects = {raw.owner + ".raw"};
  EXPECT_EQ(must(spool.sweep(index)), 1U);
  EXPECT_TRUE(std::filesystem::exists(path_of(raw)));
  EXPECT_FALSE(std::filesystem::exists(path_of(page)));
}

TEST_F(SpoolTest, AVisitLeftEmptyBySweepGoesToo) {
  Spool spool = open();
  const ObjectName object = new_object(spool);
  must(spool.write(object, some_bytes(10)));
  EXPECT_EQ(must(spool.sweep({object.visit.value}, {})), 1U);
  EXPECT_THAT(names_in(root()), IsEmpty());
}

}  // namespace
}  // namespace quay::daemon::storage
