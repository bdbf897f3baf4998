// SPDX-License-Identifier: Apache-2.0
// Portal profiles as files: the shipped ones are good, every mistake has its line, and /etc wins over /usr/share.
#include "daemon/service/portals.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace quay::daemon::service {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kSmall = R"(title_vi = "Cổng thử"
title_en = "Trial"
source = "nobody"
checked = 2026-11-26
[[paper]]
kind = "document"
title_vi = "Giấy tờ"
title_en = "Paper"
media_types = ["application/pdf"]
)";

std::string mistakes_in(const std::string& text) {
  const auto portal = parse_portal(text, "trial", "trial.toml");
  return portal ? "" : portal.error().detail;
}

class PortalsTest : public testing::Test {
 protected:
  PortalsTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "portalsXXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
    for (const char* name : {"usr", "etc"}) {
      std::filesystem::create_directories(root_ / name);
      directories_.push_back(root_ / name);
    }
  }
  ~PortalsTest() override { std::filesystem::remove_all(root_); }

  void write(const std::string& file, const std::string& text) { std::ofstream(root_ / file) << text; }

  std::filesystem::path root_;
  std::vector<std::filesystem::path> directories_;
};

TEST_F(PortalsTest, EveryShippedProfileIsGoodAndNamesItsSource) {
  const std::vector<std::filesystem::path> shipped{QUAY_SHIPPED_PORTALS};
  const documents::PortalSet loaded = load_portals(shipped);
  EXPECT_THAT(loaded.mistakes, IsEmpty());
  std::vector<std::string> names;
  for (const protocol::Portal& portal : loaded.portals) {
    names.push_back(portal.portal);
    EXPECT_FALSE(portal.source.empty());
    EXPECT_EQ(portal.checked.size(), 10U);
  }
  EXPECT_THAT(names, ElementsAre("chung-1mb", "giayphep-laixe", "hochieu-online", "hoso-nd30", "luutru-tt05"));
}

TEST_F(PortalsTest, TheRulesOfTheLawAreInTheShippedProfiles) {
  const std::vector<std::filesystem::path> shipped{QUAY_SHIPPED_PORTALS};
  const documents::PortalSet loaded = load_portals(shipped);
  ASSERT_EQ(loaded.portals.size(), 5U);
  EXPECT_EQ(loaded.portals[0].papers[0].max_bytes, 1'000'000U);
  const protocol::PaperRules& archive = loaded.portals[4].papers[0];
  EXPECT_TRUE(archive.pdfa_required);
  EXPECT_TRUE(archive.colour_required);
  EXPECT_EQ(archive.min_dpi, 200);
  EXPECT_EQ(archive.file_name, "{code}.{nnn}.{ext}");
  EXPECT_EQ(loaded.portals[4].papers[1].min_dpi, 300);
}

TEST_F(PortalsTest, ALaterDirectoryOverridesAndAnEmptyFileTakesAway) {
  std::string other = kSmall;
  other.replace(other.find("Trial"), 5, "Other");
  write("usr/one.toml", kSmall);
  write("usr/two.toml", kSmall);
  write("etc/one.toml", other);
  write("etc/two.toml", "");
  write("etc/notes.txt", "no profile");
  const documents::PortalSet loaded = load_portals(directories_);
  ASSERT_EQ(loaded.portals.size(), 1U);
  EXPECT_EQ(loaded.portals[0].portal, "one");
  EXPECT_EQ(loaded.portals[0].title_en, "Other");
  EXPECT_THAT(loaded.mistakes, IsEmpty());
}

TEST_F(PortalsTest, AMistakeCostsItsPortalAndNoOther) {
  write("usr/bad.toml", "title_vi = 7\n");
  write("usr/good.toml", kSmall);
  const documents::PortalSet loaded = load_portals(directories_);
  ASSERT_EQ(loaded.portals.size(), 1U);
  EXPECT_EQ(loaded.portals[0].portal, "good");
  EXPECT_THAT(loaded.mistakes, Contains(HasSubstr("bad.toml:1: title_vi: found 7 where 1 to 200 bytes of text")));
}

TEST_F(PortalsTest, ADirectoryThatIsNotThereHasNoProfiles) {
  directories_ = {root_ / "nowhere"};
  const documents::PortalSet loaded = load_portals(directories_);
  EXPECT_THAT(loaded.portals, IsEmpty());
  EXPECT_THAT(loaded.mistakes, IsEmpty());
}

TEST_F(PortalsTest, EveryMistakeIsSaidWithItsLine) {
  EXPECT_THAT(mistakes_in(std::string(kSmall) + "max_byte = 5\n"),
              HasSubstr("trial.toml:10: paper[1].max_byte: unknown key; did you mean max_bytes?"));
  EXPECT_THAT(mistakes_in(std::string(kSmall) + "media_types = []\n"), HasSubstr("trial.toml:10"));
  EXPECT_THAT(mistakes_in(std::string(kSmall) + "file_name = \"{code}/{n}\"\n"),
              HasSubstr("trial.toml:10: paper[1].file_name: found \"{code}/{n}\" where letters, digits"));
  EXPECT_THAT(mistakes_in(std::string(kSmall) + "page_sizes = [\"A9\"]\n"), HasSubstr("A3, A4, A5 or a size in mm"));
  EXPECT_THAT(mistakes_in(std::string(kSmall) + "min_dpi = 300\nmax_dpi = 200\n"),
              HasSubstr("found max_dpi 200 below min_dpi 300"));
  EXPECT_THAT(mistakes_in("checked = \"today\"\n"), HasSubstr("trial.toml:1: checked: found \"today\" where a date"));
  EXPECT_THAT(mistakes_in(""), HasSubstr("paper: missing"));
  EXPECT_THAT(mistakes_in(std::string(kSmall) + "[[paper]]\nkind = \"document\"\n"),
              HasSubstr("kind: \"document\" is taken by an earlier [[paper]]"));
}

TEST_F(PortalsTest, TheFilesNameMustBeAPortalsName) {
  EXPECT_THAT(parse_portal(kSmall, "Cổng", "Cổng.toml").error().detail, HasSubstr("the file's name is no portal's"));
}

}  // namespace
}  // namespace quay::daemon::service
