// SPDX-License-Identifier: Apache-2.0
// Pre-flight: each rule by example with its numbers, names by rule, and 1,000 random dossiers against the plain meaning
// of the limits: what is let through keeps every one, and what is proposed mends what was found.
#include "daemon/documents/preflight.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

#include "daemon/documents/file_name.hpp"
#include "daemon/documents/size_share.hpp"

namespace quay::daemon::documents {
namespace {

using protocol::Finding;
using protocol::MendAction;
using protocol::PaperRules;
using protocol::Severity;
using testing::ElementsAre;
using testing::IsEmpty;

PageFacts good_page(std::uint64_t bytes = 40'000) {
  PageFacts page;
  page.bytes = bytes;
  page.width_px = 2480;
  page.height_px = 3508;
  page.width_mm = 210;
  page.height_mm = 297;
  page.dpi = 300;
  page.scan_dpi = 300;
  return page;
}

FileFacts file_of(std::vector<PageFacts> pages) {
  FileFacts file;
  file.id = "f";
  file.media_type = "application/pdf";
  file.pdf_version = "1.7";
  file.pdfa = true;
  file.code = "H26.12-260101-0001";
  file.ordinal = 1;
  file.bytes = std::accumulate(pages.begin(), pages.end(), std::uint64_t{0},
                               [](std::uint64_t sum, const PageFacts& page) { return sum + page.bytes; });
  file.pages = std::move(pages);
  return file;
}

PaperRules rules() {
  PaperRules made;
  made.kind = "document";
  made.media_types = {"application/pdf"};
  made.max_bytes = 100'000;
  made.min_dpi = 200;
  made.colour_required = true;
  made.pdf_min_version = "1.4";
  made.file_name = "{code}.{nnn}.{ext}";
  return made;
}

/// The only finding. Fails the test when there are none or more.
Finding only(const std::vector<Finding>& findings) {
  EXPECT_EQ(findings.size(), 1U);
  return findings.empty() ? Finding{} : findings.front();
}

TEST(PreflightTest, AGoodFileHasNoFinding) { EXPECT_THAT(check_file(rules(), file_of({good_page()})), IsEmpty()); }

TEST(PreflightTest, AFileThatIsTooLargeIsSplitWhereItFits) {
  const Finding found = only(check_file(rules(), file_of({good_page(), good_page(), good_page(), good_page()})));
  EXPECT_EQ(found.code, "portal.file_too_large");
  EXPECT_EQ(found.have, 160'000);
  EXPECT_EQ(found.allowed, 100'000);
  EXPECT_EQ(found.unit, "bytes");
  EXPECT_EQ(found.mend.action, MendAction::split);
  EXPECT_THAT(found.mend.parts, ElementsAre(ElementsAre(1, 2), ElementsAre(3, 4)));
  EXPECT_FALSE(found.vi.empty());
  EXPECT_FALSE(found.en.empty());
}

TEST(PreflightTest, APageThatIsTooLargeAloneIsMadeSmallerButNeverBelowTheLegalFloor) {
  FileFacts file = file_of({good_page(), good_page(150'000)});
  Finding found = only(check_file(rules(), file));
  EXPECT_EQ(found.mend.action, MendAction::rework);
  EXPECT_THAT(found.mend.pages, ElementsAre(2));
  EXPECT_EQ(found.mend.dpi, kLegalFloorDpi);
  file.pages[1].dpi = 200;
  found = only(check_file(rules(), file));
  EXPECT_EQ(found.mend.action, MendAction::none);
}

TEST(PreflightTest, TheFrontEndsOwnLimitHoldsToo) {
  const Finding found = only(check_file(rules(), file_of({good_page()}), 30'000));
  EXPECT_EQ(found.allowed, 30'000);
  EXPECT_THAT(check_file(rules(), file_of({good_page()}), 40'000), IsEmpty());
}

TEST(PreflightTest, ACoarsePageIsScannedAgainUnlessTheRawPageIsFineEnough) {
  FileFacts file = file_of({good_page(), good_page()});
  file.pages[1].dpi = 150;
  Finding found = only(check_file(rules(), file));
  EXPECT_EQ(found.code, "portal.resolution_low");
  EXPECT_EQ(found.page, 2);
  EXPECT_EQ(found.have, 150);
  EXPECT_EQ(found.allowed, 200);
  EXPECT_EQ(found.mend.action, MendAction::rework);
  file.pages[1].scan_dpi = 150;
  found = only(check_file(rules(), file));
  EXPECT_EQ(found.mend.action, MendAction::rescan);
  EXPECT_EQ(found.mend.dpi, 200);
}

TEST(PreflightTest, APageScaledUpStaysAsCoarseAsItWasScanned) {
  FileFacts file = file_of({good_page()});
  file.pages[0].scan_dpi = 100;
  EXPECT_EQ(only(check_file(rules(), file)).have, 100);
}

TEST(PreflightTest, AScannersTwoHundredNeedsNotBeExact) {
  FileFacts file = file_of({good_page()});
  file.pages[0].dpi = 199.5;
  file.pages[0].scan_dpi = 199.5;
  EXPECT_THAT(check_file(rules(), file), IsEmpty());
}

TEST(PreflightTest, GreyIsRefusedWhereColourIsTheRule) {
  FileFacts file = file_of({good_page()});
  file.pages[0].bits = 8;
  const Finding found = only(check_file(rules(), file));
  EXPECT_EQ(found.code, "portal.colour_required");
  EXPECT_EQ(found.have, 8);
  PaperRules any = rules();
  any.colour_required = false;
  EXPECT_THAT(check_file(any, file), IsEmpty());
}

TEST(PreflightTest, AnotherTypeIsMadeFromTheRawPage) {
  PaperRules jpeg = rules();
  jpeg.media_types = {"image/jpeg"};
  const Finding found = only(check_file(jpeg, file_of({good_page()})));
  EXPECT_EQ(found.code, "portal.media_type");
  EXPECT_EQ(found.found, "application/pdf");
  EXPECT_EQ(found.accepted, "image/jpeg");
  EXPECT_EQ(found.mend.format, "jpeg");
}

TEST(PreflightTest, SizeOfPaperHoldsUprightAndLying) {
  PaperRules sized = rules();
  sized.page_sizes = {"A4", "85.6x54"};
  FileFacts file = file_of({good_page()});
  EXPECT_THAT(check_file(sized, file), IsEmpty());
  std::swap(file.pages[0].width_mm, file.pages[0].height_mm);
  EXPECT_THAT(check_file(sized, file), IsEmpty());
  file.pages[0].width_mm = 148;
  const Finding found = only(check_file(sized, file));
  EXPECT_EQ(found.code, "portal.page_size");
  EXPECT_EQ(found.found, "148x210");
}

TEST(PreflightTest, APortraitNeedsItsPixelsAndItsShape) {
  PaperRules portrait;
  portrait.media_types = {"image/jpeg"};
  portrait.min_width_px = 472;
  portrait.min_height_px = 709;
  portrait.shape = "4:6";
  FileFacts file = file_of({good_page()});
  file.media_type = "image/jpeg";
  file.pages[0].width_px = 472;
  file.pages[0].height_px = 709;
  EXPECT_THAT(check_file(portrait, file), IsEmpty());
  file.pages[0].height_px = 708;
  EXPECT_EQ(only(check_file(portrait, file)).code, "portal.pixels_low");
  file.pages[0].height_px = 900;
  EXPECT_EQ(only(check_file(portrait, file)).code, "portal.picture_shape");
}

TEST(PreflightTest, PdfVersionAndConformanceAreHeldToTheRule) {
  PaperRules strict = rules();
  strict.pdfa_required = true;
  FileFacts file = file_of({good_page()});
  file.pdfa = false;
  EXPECT_EQ(only(check_file(strict, file)).code, "portal.pdfa_required");
  file.pdfa = true;
  file.pdf_version = "1.3";
  EXPECT_EQ(only(check_file(strict, file)).code, "portal.pdf_version");
}

TEST(PreflightTest, ABlankPageAndAnEstimatedSizeAreRemarksNotRefusals) {
  protocol::Portal portal;
  portal.papers = {rules()};
  FileFacts file = file_of({good_page()});
  file.pages[0].blank = true;
  file.pages[0].scale_estimated = true;
  const auto result = preflight(portal, std::vector{file});
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->accepted);
  ASSERT_EQ(result->files[0].findings.size(), 2U);
  EXPECT_EQ(result->files[0].findings[0].severity, Severity::remark);
}

TEST(PreflightTest, ADossierHasItsOwnLimitsAndEachFileItsOwnName) {
  protocol::Portal portal;
  portal.papers = {rules()};
  portal.max_dossier_bytes = 100'000;
  portal.max_files = 2;
  const FileFacts file = file_of({good_page()});
  const auto result = preflight(portal, std::vector{file, file, file});
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->accepted);
  std::vector<std::string> codes;
  for (const Finding& one : result->dossier) {
    codes.push_back(one.code);
  }
  EXPECT_THAT(codes,
              ElementsAre("portal.dossier_too_large", "portal.too_many_files", "portal.file_name", "portal.file_name"));
  EXPECT_EQ(result->files[0].name, "H26.12-260101-0001.001.pdf");
  EXPECT_EQ(result->bytes, 120'000U);
}

TEST(PreflightTest, AnUnknownKindIsRefused) {
  protocol::Portal portal;
  portal.papers = {rules()};
  FileFacts file = file_of({good_page()});
  file.kind = "portrait";
  EXPECT_EQ(preflight(portal, std::vector{file}).error().code, Errc::portal_kind_unknown);
}

TEST(PreflightTest, AThousandRandomFilesAreLetThroughExactlyWhenTheyKeepTheLimits) {
  std::mt19937 random(4);
  const auto below = [&](std::uint32_t limit) { return random() % limit; };
  int let_through = 0;
  for (int i = 0; i < 1000; ++i) {
    PaperRules limits = rules();
    limits.max_bytes = 20'000 + below(600'000);
    limits.max_pages = static_cast<std::int32_t>(1 + below(12));
    std::vector<PageFacts> pages;
    bool fine = true;
    bool coloured = true;
    for (auto count = 1 + below(15); count > 0; --count) {
      PageFacts page = good_page(5'000 + below(90'000));
      page.dpi = static_cast<double>(180 + below(120));
      page.bits = below(20) == 0 ? 8 : 24;
      fine = fine && page.dpi >= 199;
      coloured = coloured && page.bits == 24;
      pages.push_back(page);
    }
    const FileFacts file = file_of(pages);
    const auto findings = check_file(limits, file);
    const bool small = file.bytes <= limits.max_bytes;
    const bool short_enough = pages.size() <= static_cast<std::size_t>(limits.max_pages);
    ASSERT_EQ(findings.empty(), small && short_enough && fine && coloured) << i;
    let_through += findings.empty() ? 1 : 0;
    for (const Finding& found : findings) {
      std::int32_t next = 1;
      for (const auto& part : found.mend.parts) {  // a proposed split has every page once, in order, within the limits
        std::uint64_t bytes = 0;
        for (const std::int32_t page : part) {
          ASSERT_EQ(page, next++);
          bytes += pages[static_cast<std::size_t>(page - 1)].bytes;
        }
        ASSERT_LE(part.size(), static_cast<std::size_t>(limits.max_pages));
        ASSERT_TRUE(found.code != "portal.file_too_large" || bytes <= limits.max_bytes);
      }
      ASSERT_TRUE(found.mend.parts.empty() || next == static_cast<std::int32_t>(pages.size()) + 1);
      ASSERT_TRUE(found.mend.action != MendAction::rework || found.mend.dpi >= kLegalFloorDpi);
    }
  }
  EXPECT_GT(let_through, 20);
}

TEST(FileNameTest, DossierCodesOfEveryFormAreTakenAndOthersRefused) {
  for (const char* good :
       {"H26-260101-0001", "H26.12-260101-0001", "000.01.14.H26-241231-12345", "G09.3.2-260228-00000001"}) {
    EXPECT_TRUE(check_code(good)) << good;
  }
  for (const char* bad :
       {"", "H26", "H26-260101", "h26-260101-0001", "H26-260231-0001", "H26-260001-0001", "H26-26010-0001",
        "H26-260101-001", "H26..1-260101-0001", "26.12-260101-0001", "H26-260101-0001-2", "H26/12-260101-0001",
        "../H26-260101-0001", "H26-260101-00O1", "Hồ-260101-0001"}) {
    const Status refused = check_code(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code, Errc::document_code_invalid);
  }
}

TEST(FileNameTest, ARefusalNeverRepeatsTheCode) {
  EXPECT_THAT(check_code("SECRET-1").error().detail, testing::Not(testing::HasSubstr("SECRET")));
}

TEST(FileNameTest, ARuleIsFilledInOrSaysThatAPartIsMissing) {
  const NameParts parts{"H26-260101-0001", 7, "portrait", "image/jpeg"};
  EXPECT_EQ(file_name("{code}.{nnn}.{ext}", parts), "H26-260101-0001.007.jpg");
  EXPECT_EQ(file_name("{kind}_{n}.{ext}", parts), "portrait_7.jpg");
  EXPECT_EQ(file_name("{code}.{nnn}.{ext}", {"", 7, "", "application/pdf"}), std::nullopt);
  EXPECT_EQ(file_name("{code}.{nnn}.{ext}", {"H26-260101-0001", 0, "", "application/pdf"}), std::nullopt);
}

TEST(FileNameTest, AWrongRuleIsSaid) {
  EXPECT_EQ(mistake_in_rule("{code}.{nnn}.{ext}"), std::nullopt);
  EXPECT_NE(mistake_in_rule("{code}/{nnn}"), std::nullopt);
  EXPECT_NE(mistake_in_rule("{name}.pdf"), std::nullopt);
  EXPECT_NE(mistake_in_rule("{code.pdf"), std::nullopt);
  EXPECT_NE(mistake_in_rule("code}.pdf"), std::nullopt);
  EXPECT_NE(mistake_in_rule("hồ-sơ-{n}.pdf"), std::nullopt);
}

TEST(SizeShare, LargePagesShareWhatSmallOnesLeave) {
  const auto limit_of = [](std::vector<std::uint64_t> sizes, std::uint64_t limit) { return page_limit(sizes, limit); };
  EXPECT_EQ(limit_of({10, 10, 10}, 30), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(limit_of({10, 100, 100}, 110), 50U);
  EXPECT_EQ(limit_of({100, 10, 30}, 100), 60U);
  EXPECT_EQ(limit_of({100}, 40), 40U);
  EXPECT_EQ(limit_of({5, 5}, 0), 0U);
}

TEST(SizeShare, KeepsTheSumWithinTheLimitAndWastesLessThanAByteAPage) {
  std::mt19937 chance(7);
  for (int round = 0; round < 500; ++round) {
    std::vector<std::uint64_t> sizes(1 + chance() % 40);
    std::generate(sizes.begin(), sizes.end(), [&] { return 1 + chance() % 100'000; });
    const std::uint64_t limit = chance() % 3'000'000;
    const std::uint64_t most = page_limit(sizes, limit);
    std::uint64_t sum = 0;
    bool some_reduced = false;
    for (const std::uint64_t size : sizes) {
      sum += std::min(size, most);
      some_reduced |= size > most;
    }
    EXPECT_LE(sum, limit);
    EXPECT_TRUE(!some_reduced || sum + sizes.size() > limit);
  }
}

}  // namespace
}  // namespace quay::daemon::documents
