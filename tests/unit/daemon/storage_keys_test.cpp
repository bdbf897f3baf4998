// SPDX-License-Identifier: Apache-2.0
// The service key, where it comes from and who may see it; the keys of visits, wrapped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/unit/daemon/storage_support.hpp"

namespace quay::daemon::storage {
namespace {

using testing::HasSubstr;

class ServiceKeyTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_ / ServiceKey::kFileName; }
  ServiceKeySource source() const { return {{}, folder_.path()}; }
  /// A credential as systemd would hand it out.
  ServiceKeySource with_credential(const std::string& content) const {
    const std::filesystem::path credentials = folder_ / "credentials";
    std::filesystem::create_directory(credentials);
    std::ofstream(credentials / ServiceKey::kCredentialName, std::ios::trunc) << content;
    return {credentials, folder_.path()};
  }

  TemporaryFolder folder_;
};

TEST_F(ServiceKeyTest, IsMadeOnceForTheServiceOnly) {
  const ServiceKey first = must(ServiceKey::load(source()));
  struct stat status {};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  EXPECT_EQ(status.st_size, 32);
  EXPECT_FALSE(first.from_credential());
  EXPECT_EQ(must(ServiceKey::load(source())).id(), first.id());
}

TEST_F(ServiceKeyTest, ThatOthersMayReadIsRefused) {
  must(ServiceKey::load(source()));
  ::chmod(file().c_str(), 0640);
  EXPECT_THAT(verdict(ServiceKey::load(source())), testing::MatchesRegex("key.unusable: .*mode 640.*600.*"));
}

TEST_F(ServiceKeyTest, ThatIsTooShortOrALinkIsRefused) {
  std::ofstream(file()) << "short";
  ::chmod(file().c_str(), 0600);
  EXPECT_THAT(verdict(ServiceKey::load(source())), HasSubstr("5 bytes where at least 32 were expected"));
  std::filesystem::remove(file());
  std::filesystem::create_symlink("/dev/zero", file());
  EXPECT_THAT(verdict(ServiceKey::load(source())), HasSubstr("ELOOP"));
}

TEST_F(ServiceKeyTest, FromACredentialNeedsNoFileAndLeavesNone) {
  const ServiceKey key = must(ServiceKey::load(with_credential(std::string(32, 'k'))));
  EXPECT_TRUE(key.from_credential());
  EXPECT_FALSE(std::filesystem::exists(file()));
  EXPECT_NE(key.id(), must(ServiceKey::load(with_credential(std::string(32, 'l')))).id());
}

TEST_F(ServiceKeyTest, AShortCredentialIsRefusedInsteadOfAFileBeingMade) {
  EXPECT_THAT(verdict(ServiceKey::load(with_credential("short"))), testing::StartsWith("key.unusable"));
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(ServiceKeyTest, OtherCredentialsOfTheUnitDoNotMatter) {
  std::filesystem::create_directory(folder_ / "credentials");
  EXPECT_FALSE(must(ServiceKey::load({folder_ / "credentials", folder_.path()})).from_credential());
}

KeyRing ring() { return KeyRing(must(ServiceKey::random())); }

TEST(KeyRingTest, GivesTheSameKeyEachTimeAndAnotherForEachVisit) {
  KeyRing keys = ring();
  const VisitId one{random_uuid()};
  const VisitId two{random_uuid()};
  keys.add(one, must(keys.make(one)));
  keys.add(two, must(keys.make(two)));
  const auto first = must(keys.open(one));
  const auto again = must(keys.open(one));
  const auto other = must(keys.open(two));
  EXPECT_TRUE(std::equal(first.bytes().begin(), first.bytes().end(), again.bytes().begin()));
  EXPECT_FALSE(std::equal(first.bytes().begin(), first.bytes().end(), other.bytes().begin()));
}

TEST(KeyRingTest, AKeyOfAnotherVisitOrServiceOrADamagedOneIsRefused) {
  KeyRing keys = ring();
  const VisitId one{random_uuid()};
  const VisitId two{random_uuid()};
  const std::string wrapped = must(keys.make(one));
  keys.add(two, wrapped);
  EXPECT_EQ(keys.open(two).error().code, Errc::key_unusable);
  KeyRing others = ring();
  others.add(one, wrapped);
  EXPECT_EQ(others.open(one).error().code, Errc::key_unusable);
  for (const std::string& damaged :
       {wrapped.substr(2), std::string("02") + wrapped.substr(2), std::string(wrapped.size(), 'x'), std::string()}) {
    keys.add(one, damaged);
    EXPECT_EQ(keys.open(one).error().code, Errc::key_unusable) << damaged;
  }
}

TEST(KeyRingTest, WhatIsForgottenIsClosed) {
  KeyRing keys = ring();
  const VisitId visit{random_uuid()};
  keys.add(visit, must(keys.make(visit)));
  keys.forget(visit);
  EXPECT_EQ(keys.open(visit).error().code, Errc::visit_closed);
}

TEST(KeyRingTest, AJournalSealedWithAnotherServiceKeyIsRefusedWhileVisitsAreOpen) {
  const TemporaryFolder folder;
  const SampleVisit sample = sample_visit(0);
  std::string old_key;
  {
    Store store(folder.path());
    old_key = store.spool.keys().service_key().id();
    must(keep_with_key(store, sample));
  }
  Journal journal = must(Journal::open(folder / "journal.db"));
  EXPECT_TRUE(journal.bind_service_key(old_key));
  EXPECT_THAT(verdict(journal.bind_service_key("deadbeef")), HasSubstr("sealed with key " + old_key));
  VisitRow closed = sample.visit;
  closed.open = false;
  must(journal.destroy_key(closed));
  EXPECT_TRUE(journal.bind_service_key("deadbeef")) << "no visit is open any more";
}

}  // namespace
}  // namespace quay::daemon::storage
