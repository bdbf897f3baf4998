// SPDX-License-Identifier: Apache-2.0
// What a front end needs to hand documents over: manifests that bind bytes to raw pages, uploads that break off, and
// what a portal would say before the citizen leaves.
#include <random>
#include <set>

#include "tests/system/document_counter.hpp"

namespace quay::system_test {
namespace {

using testing::HasSubstr;

TEST_F(Documents, TheManifestHashesFileChunksPagesAndRawPages) {
  open(3, 150);
  const Document document = assemble(order(captures_));
  const auto manifest =
      ask<protocol::Manifest>("document.manifest", protocol::DocumentArguments{{}, document.document});
  ASSERT_TRUE(manifest) << describe(manifest.error());
  const std::vector<std::uint8_t> bytes = fetch(document);
  EXPECT_EQ(manifest->file.sha256, sha256(bytes));
  EXPECT_EQ(manifest->file.bytes, bytes.size());
  ASSERT_EQ(manifest->file.chunks.size(), (bytes.size() + 65535) / 65536);
  for (std::size_t i = 0; i < manifest->file.chunks.size(); ++i) {
    const std::span<const std::uint8_t> rest = std::span(bytes).subspan(i * 65536);
    EXPECT_EQ(manifest->file.chunks[i], sha256(rest.first(std::min<std::size_t>(rest.size(), 65536)))) << i;
  }
  std::string chain = "quay-manifest-1\n";
  ASSERT_EQ(manifest->pages.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    const protocol::ManifestPage& page = manifest->pages[i];
    EXPECT_EQ(page.capture, captures_[i]);
    EXPECT_EQ(page.sha256, sha256(fetch(page.capture, "page")));
    EXPECT_EQ(page.raw_sha256.size(), 64U);
    EXPECT_EQ(page.profile, "hoso");
    EXPECT_FALSE(page.steps.empty());
    chain += page.raw_sha256 + " " + page.sha256 + " 0\n";
  }
  chain += manifest->file.sha256 + "\n";
  EXPECT_EQ(manifest->chain_sha256, sha256({reinterpret_cast<const std::uint8_t*>(chain.data()), chain.size()}));
}

/// A portal that keeps what came of a broken upload, and counts every byte that came to it.
struct SlowPortal {
  std::vector<std::uint8_t> kept;
  std::uint64_t received = 0;

  void take(std::span<const std::uint8_t> part) {
    kept.insert(kept.end(), part.begin(), part.end());
    received += part.size();
  }
};

TEST_F(Documents, AnUploadThatBreaksOffAnywhereGoesOnAndSendsAtMostOneChunkTwice) {
  open(6, 150);
  const Document document = assemble(order(captures_));
  const auto manifest =
      ask<protocol::Manifest>("document.manifest", protocol::DocumentArguments{{}, document.document});
  ASSERT_TRUE(manifest);
  const std::vector<std::uint8_t> whole = fetch(document.document, manifest->rendition);
  std::mt19937 random(30);
  for (int upload = 0; upload < 20; ++upload) {
    SlowPortal portal;
    std::uint64_t sent_again = 0;
    for (int breaks = 0; portal.kept.size() < manifest->file.bytes; ++breaks) {
      ASSERT_LT(breaks, 1000);
      const std::uint64_t before = portal.kept.size();
      portal.kept.resize(before / 65536 * 65536);  // whole chunks stay: those can be held against the manifest
      for (std::size_t i = 0; i < portal.kept.size() / 65536; ++i) {
        ASSERT_EQ(sha256(std::span(portal.kept).subspan(i * 65536, 65536)), manifest->file.chunks.at(i));
      }
      sent_again = std::max(sent_again, before - portal.kept.size());
      const std::uint64_t from = portal.kept.size();
      const std::uint64_t until =
          std::min<std::uint64_t>(manifest->file.bytes, from + 65536 + random() % 400'000);  // where the line breaks
      portal.take(std::span(whole).subspan(from, until - from));
    }
    EXPECT_LE(sent_again, 65536U);
    EXPECT_EQ(sha256(portal.kept), manifest->file.sha256);
  }
}

TEST_F(Documents, PreFlightSaysWhatAPortalWouldRefuseAndHowToMendIt) {
  prepare(2);
  std::ofstream(portal_directory() + "/strict.toml") << R"(title_vi = "Cổng khó"
title_en = "Strict"
source = "this test"
checked = 2026-11-26
[dossier]
max_files = 1
[[paper]]
kind = "document"
title_vi = "Giấy tờ"
title_en = "Paper"
media_types = ["application/pdf"]
max_bytes = 3000
min_dpi = 200
pdfa_required = true
pdf_min_version = "1.4"
file_name = "{code}.{nnn}.{ext}"
)";
  std::ofstream(portal_directory() + "/broken.toml") << "title_vi = 1\n";
  open(2);
  const auto portals = ask<protocol::PortalListResult>("portal.list", protocol::NoArguments{});
  ASSERT_TRUE(portals);
  ASSERT_EQ(portals->portals.size(), 1U);
  EXPECT_EQ(portals->portals[0].portal, "strict");
  ASSERT_FALSE(portals->mistakes.empty());
  EXPECT_THAT(portals->mistakes[0], HasSubstr("broken.toml:1"));

  auto wanted = order(captures_);
  wanted.portal = "strict";
  Document document = assemble(wanted);
  const auto codes = [](const std::vector<protocol::Finding>& findings) {
    std::set<std::string> found;
    for (const protocol::Finding& one : findings) {
      found.insert(one.code);
      EXPECT_FALSE(one.vi.empty());
      EXPECT_FALSE(one.en.empty());
    }
    return found;
  };
  EXPECT_THAT(codes(document.findings),
              testing::UnorderedElementsAre("portal.file_too_large", "portal.file_name", "portal.resolution_low"));
  protocol::DocumentLabelArguments label;
  label.document = document.document;
  label.code = "H26.12-260101-0001";
  label.ordinal = 2;
  const auto labelled = ask<Document>("document.label", label);
  ASSERT_TRUE(labelled) << describe(labelled.error());
  EXPECT_EQ(labelled->name, "H26.12-260101-0001.002.pdf");
  EXPECT_EQ(labelled->revision, 1);

  protocol::PreflightArguments preflight;
  preflight.visit = visit_;
  preflight.portal = "strict";
  preflight.documents = {document.document, document.document};
  const auto result = ask<protocol::PreflightResult>("document.preflight", preflight);
  ASSERT_TRUE(result) << describe(result.error());
  EXPECT_FALSE(result->accepted);
  EXPECT_THAT(codes(result->dossier), testing::UnorderedElementsAre("portal.too_many_files", "portal.file_name"));
  EXPECT_EQ(result->files.at(0).name, "H26.12-260101-0001.002.pdf");
  preflight.portal = "nowhere";
  EXPECT_EQ(ask<protocol::PreflightResult>("document.preflight", preflight).error().code, Errc::portal_unknown);
}

TEST_F(Documents, QuayctlScanNamesTheFileForItsPortalAndSaysWhatWouldBeRefused) {
  prepare(2);
  std::ofstream(portal_directory() + "/tiny.toml") << R"(title_vi = "Cổng nhỏ"
title_en = "Tiny"
source = "this test"
checked = 2026-11-26
[[paper]]
kind = "document"
title_vi = "Giấy tờ"
title_en = "Paper"
media_types = ["application/pdf"]
max_pages = 1
file_name = "{code}.{nnn}.{ext}"
)";
  counter_->write_config("[portals]\ndirectories = [\"" + portal_directory() + "\"]\n");
  counter_->start();
  const std::string file = (counter_->path() / "out.pdf").string();
  const std::vector<std::string> scan{"--lang", "en", "--json", "scan", "-o", file, "--source", "adf", "--dpi", "75"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), scan.begin(), scan.end());
    return counter_->quayctl(more);
  };
  const auto [refused, said, faults] = with({"--portal", "tiny", "--code", "H26.12-260101-0001", "--ordinal", "7"});
  EXPECT_EQ(refused, 4) << said << faults;
  const auto summary = boost::json::parse(said).as_object();
  EXPECT_EQ(summary.at("name"), "H26.12-260101-0001.007.pdf");
  EXPECT_EQ(summary.at("findings").at(0).at("code"), "portal.too_many_pages");
  EXPECT_EQ(summary.at("findings").at(0).at("mend").at("action"), "split");
  EXPECT_EQ(std::filesystem::file_size(file), summary.at("bytes").to_number<std::uint64_t>());

  counter_->script().load(1);
  const Said accepted = with({"--portal", "tiny", "--code", "H26.12-260101-0001", "--ordinal", "8"});
  EXPECT_EQ(accepted.code, 0) << accepted.output;

  counter_->script().load(1);
  const Said unknown = with({"--portal", "nowhere"});
  EXPECT_THAT(unknown.output, HasSubstr("portal.unknown"));
  EXPECT_NE(unknown.code, 0);
}

TEST_F(Documents, QuayctlScanRefusesACodeThatIsNoneAndKeepsThePages) {
  prepare(1);
  counter_->start();
  const Said refused = counter_->quayctl({"--json", "scan", "-o", (counter_->path() / "out.pdf").string(), "--source",
                                          "adf", "--dpi", "75", "--code", "../../etc"});
  EXPECT_THAT(refused.output, HasSubstr("document.code_invalid"));
  EXPECT_EQ(refused.code, 4);
  client::Client client = counter_->connect();
  const auto visits = client.call_as<protocol::VisitListResult>("visit.list", protocol::NoArguments{});
  ASSERT_TRUE(visits);
  EXPECT_EQ(visits->visits.size(), 1U);
}

}  // namespace
}  // namespace quay::system_test
