// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/document_view.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/sha256.hpp"
#include "daemon/documents/page_list.hpp"
#include "daemon/jobs/page_choice.hpp"
#include "protocol/client/page_report.hpp"
#include "protocol/json/parse.hpp"
#include "protocol/json/writer.hpp"

namespace quay::daemon::jobs {
namespace {

using documents::FileFacts;
using documents::PageFacts;
using documents::PageRef;

/// A column that quayd wrote as JSON; one that cannot be read any more is an empty value, never a dead daemon.
template <class T>
T parse_column(const std::string& text) {
  const auto object = protocol::parse_object(text);
  return object ? protocol::from_json<T>(*object).value_or(T{}) : T{};
}

std::string page_name(const PageRef& page) {
  return documents::rendition_name(page.text ? "text" : "page", page.generation);
}

int bits_of(PixelFormat format) {
  switch (format) {
    case PixelFormat::bitonal: return 1;
    case PixelFormat::gray: return 8;
    case PixelFormat::rgb: break;
  }
  return 24;
}

/// A page with all that the journal knows of it.
struct KnownPage {
  storage::CaptureRow capture;
  storage::RenditionRow page;
  protocol::PageReport report;
  std::string profile;
};

Result<KnownPage> known_page(storage::Journal& journal, const PageRef& ref) {
  const auto capture = journal.capture(ref.capture);
  if (!capture) {
    return failure(capture.error());
  }
  const auto page = journal.rendition(ref.capture.value, page_name(ref));
  if (!page) {
    return failure(page.error());
  }
  const auto made = journal.generation(ref.capture, ref.generation);
  if (!made) {
    return failure(made.error());
  }
  if (!*capture || !*page) {
    return failure(Errc::capture_not_ready, "document.page", ref.capture.value);
  }
  return KnownPage{**capture, **page, parse_column<protocol::PageReport>((*page)->report),
                   *made ? (*made)->profile : (*capture)->profile};
}

PageFacts facts_of(const KnownPage& known, std::int32_t rotate_deg) {
  const protocol::RenditionInfo& info = known.page.info;
  const auto geometry = parse_column<protocol::PageGeometry>(known.capture.geometry);
  PageFacts facts;
  facts.bytes = info.bytes;
  facts.width_px = info.width;
  facts.height_px = info.height;
  facts.width_mm = info.width_mm;
  facts.height_mm = info.height_mm;
  if (rotate_deg % 180 != 0) {
    std::swap(facts.width_px, facts.height_px);
    std::swap(facts.width_mm, facts.height_mm);
  }
  facts.dpi = info.dpi;
  facts.scan_dpi = geometry.dpi;
  facts.bits = bits_of(geometry.format);
  facts.scale_estimated = known.report.scale == "estimated";
  facts.blank = known.report.blank;
  return facts;
}

Result<storage::RenditionRow> file_of(storage::Journal& journal, const DocumentState& state) {
  const std::string name = documents::rendition_name("document", state.row.revision);
  auto file = journal.rendition(state.row.document.value, name);
  if (!file) {
    return failure(file.error());
  }
  if (!*file) {
    return failure(Errc::rendition_unknown, "document", name);
  }
  return **std::move(file);
}

/// What the portal says to the document, and how its file is called. A profile that is gone is a finding too.
void judge(const documents::PortalSet& portals, const DocumentState& state, const FileFacts& facts,
           protocol::Document& document) {
  protocol::PaperRules rules;
  if (!state.row.portal.empty()) {
    const auto portal = portals.find(state.row.portal);
    const auto found = portal ? documents::rules_for(*portal, state.row.kind) : failure(portal.error());
    if (!found) {
      document.findings.push_back(documents::finding_of(found.error().code));
    }
    rules = found.value_or(protocol::PaperRules{});
  }
  document.name = documents::name_of(rules, facts);
  for (protocol::Finding& one : documents::check_file(rules, facts, state.row.max_bytes)) {
    document.findings.push_back(std::move(one));
  }
}

protocol::ManifestPage manifest_page(const KnownPage& known, const PageRef& ref, std::int32_t number) {
  protocol::ManifestPage page;
  page.page = number;
  page.capture = ref.capture.value;
  page.generation = ref.generation;
  page.rotate_deg = ref.rotate_deg;
  page.text = ref.text;
  page.bytes = known.page.info.bytes;
  page.sha256 = known.page.info.sha256;
  page.raw_bytes = known.capture.raw_bytes;
  page.raw_sha256 = known.capture.raw_sha256;
  page.profile = known.profile;
  for (const protocol::StepBody& step : known.report.steps) {
    page.steps.push_back(step.name);
  }
  page.flags = known.report.flags;
  page.angle_deg = known.report.angle_deg;
  page.whitened = known.report.whitened;
  return page;
}

/// Raw page, clean page and turn of each page in order, then the file: docs/protocol.md, "Manifest".
std::string chain_of(const protocol::Manifest& manifest) {
  std::string text = "quay-manifest-1\n";
  for (const protocol::ManifestPage& page : manifest.pages) {
    text += fmt::format("{} {} {}\n", page.raw_sha256, page.sha256, page.rotate_deg);
  }
  return crypto::sha256_hex(std::string_view(text + manifest.file.sha256 + "\n"));
}

}  // namespace

std::string text_of(const documents::PageList& pages) {
  std::vector<protocol::DocumentPage> list;
  for (const PageRef& page : pages) {
    list.push_back({{},
                    static_cast<std::int32_t>(list.size() + 1),
                    page.capture.value,
                    page.generation,
                    page.rotate_deg,
                    page.text});
  }
  return boost::json::serialize(protocol::to_json(list));
}

documents::PageList pages_of(const std::string& text) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(text, error);
  documents::PageList pages;
  if (error) {
    return pages;
  }
  for (const auto& page : protocol::from_json<std::vector<protocol::DocumentPage>>(value).value_or(
           std::vector<protocol::DocumentPage>{})) {
    pages.push_back({CaptureId{page.capture}, page.generation, page.rotate_deg, page.text});
  }
  return pages;
}

Result<DocumentState> document_state(storage::Journal& journal, const DocumentId& id, const std::string& operation) {
  const auto row = journal.document(id);
  if (!row) {
    return failure(row.error());
  }
  if (!*row) {
    return failure(Errc::document_unknown, operation, "\"" + id.value.substr(0, 64) + "\"");
  }
  const auto revision = journal.revision(id, (*row)->revision);
  if (!revision) {
    return failure(revision.error());
  }
  const auto tree = journal.revision_tree(id);
  if (!tree) {
    return failure(tree.error());
  }
  DocumentState state{**row, *revision ? pages_of((*revision)->pages) : documents::PageList{}, {}};
  for (const auto& [number, parent] : *tree) {
    state.tree.push_back({number, parent});
  }
  return state;
}

Result<PageRef> find_page(storage::Journal& journal, const VisitId& visit, const CaptureId& capture,
                          std::int32_t generation) {
  const auto row = journal.capture(capture);
  if (!row) {
    return failure(row.error());
  }
  if (!*row || (*row)->visit != visit) {
    return failure(Errc::capture_unknown, "document.page",
                   "\"" + capture.value.substr(0, 64) + "\" is not of this visit");
  }
  if ((*row)->discarded) {
    return failure(Errc::capture_set_aside, "document.page", capture.value);
  }
  const auto later = journal.generations(capture);
  if (!later) {
    return failure(later.error());
  }
  PageRef page{capture, generation == 0 ? whole_page(*later) : generation};
  const auto stored = journal.rendition(capture.value, page_name(page));
  if (!stored) {
    return failure(stored.error());
  }
  if (!*stored) {
    return failure(Errc::capture_not_ready, "document.page", capture.value);
  }
  if ((*stored)->info.media_type != "application/pdf") {
    return failure(Errc::image_unsupported, "document.page",
                   fmt::format("generation {} is a picture: make it again as pdf", page.generation));
  }
  const auto read = journal.rendition(capture.value, documents::rendition_name("text", page.generation));
  if (!read) {
    return failure(read.error());
  }
  page.text = read->has_value();
  return page;
}

/// How many papers on its glass became pages of a capture beside the whole: its first making says so.
Result<std::int32_t> papers_of(storage::Journal& journal, const CaptureId& capture) {
  const auto first = journal.rendition(capture.value, documents::rendition_name("page", 1));
  if (!first) {
    return failure(first.error());
  }
  return *first ? parse_column<protocol::PageReport>((*first)->report).parts : 1;
}

Result<documents::PageList> find_pages(storage::Journal& journal, const VisitId& visit, const CaptureId& capture) {
  const auto papers = papers_of(journal, capture);
  const auto later = papers ? journal.generations(capture) : failure(papers.error());
  if (!later) {
    return failure(later.error());
  }
  documents::PageList pages;
  for (const std::int32_t generation : standing_pages(*papers, *later)) {
    auto page = find_page(journal, visit, capture, generation);
    if (!page) {
      return failure(page.error());
    }
    pages.push_back(*std::move(page));
  }
  return pages;
}

Result<std::vector<storage::RenditionRow>> stored_pages(storage::Journal& journal, const documents::PageList& pages) {
  std::vector<storage::RenditionRow> rows;
  for (const PageRef& page : pages) {
    auto row = journal.rendition(page.capture.value, page_name(page));
    if (!row) {
      return failure(row.error());
    }
    if (!*row) {
      return failure(Errc::capture_not_ready, "document.page", page.capture.value);
    }
    rows.push_back(**std::move(row));
  }
  return rows;
}

Result<FileFacts> document_facts(storage::Journal& journal, const DocumentState& state) {
  const auto file = file_of(journal, state);
  if (!file) {
    return failure(file.error());
  }
  const auto report = parse_column<protocol::DocumentReport>(file->report);
  FileFacts facts;
  facts.id = state.row.document.value;
  facts.kind = state.row.kind;
  facts.media_type = file->info.media_type;
  facts.bytes = file->info.bytes;
  facts.code = state.row.code;
  facts.ordinal = state.row.ordinal;
  facts.pdf_version = report.pdf_version;
  facts.pdfa = report.conformance.starts_with("PDF/A");
  for (const PageRef& ref : state.pages) {
    const auto known = known_page(journal, ref);
    if (!known) {
      return failure(known.error());
    }
    facts.pages.push_back(facts_of(*known, ref.rotate_deg));
  }
  return facts;
}

Result<FileFacts> capture_facts(storage::Journal& journal, const VisitId& visit, const CaptureId& capture) {
  const auto row = journal.capture(capture);
  if (!row) {
    return failure(row.error());
  }
  if (!*row || (*row)->visit != visit) {
    return failure(Errc::capture_unknown, "document.preflight",
                   "\"" + capture.value.substr(0, 64) + "\" is not of this visit");
  }
  const auto later = journal.generations(capture);
  if (!later) {
    return failure(later.error());
  }
  const auto known = known_page(journal, {capture, handed_over(*later)});
  if (!known) {
    return failure(known.error());
  }
  FileFacts facts;
  facts.id = capture.value;
  facts.media_type = known->page.info.media_type;
  facts.bytes = known->page.info.bytes;
  facts.pdf_version = known->report.pdf_version;
  facts.pdfa = known->report.conformance.starts_with("PDF/A");
  facts.pages = {facts_of(*known, 0)};
  return facts;
}

Result<protocol::Document> view(storage::Journal& journal, const documents::PortalSet& portals,
                                const DocumentState& state) {
  const auto file = file_of(journal, state);
  if (!file) {
    return failure(file.error());
  }
  const auto facts = document_facts(journal, state);
  if (!facts) {
    return failure(facts.error());
  }
  protocol::Document document;
  document.document = state.row.document.value;
  document.visit = state.row.visit.value;
  document.pages = static_cast<std::int32_t>(state.pages.size());
  document.file = file->info;
  document.revision = state.row.revision;
  document.can_undo = documents::can_undo(state.tree, state.row.revision);
  document.can_redo = documents::can_redo(state.tree, state.row.revision);
  for (const PageRef& page : state.pages) {
    document.captures.push_back(page.capture.value);
    document.page_list.push_back({{},
                                  static_cast<std::int32_t>(document.captures.size()),
                                  page.capture.value,
                                  page.generation,
                                  page.rotate_deg,
                                  page.text});
  }
  document.code = state.row.code;
  document.ordinal = state.row.ordinal;
  document.portal = state.row.portal;
  document.kind = state.row.kind;
  judge(portals, state, *facts, document);
  return document;
}

Result<protocol::Manifest> manifest(storage::Journal& journal, const documents::PortalSet& portals,
                                    const DocumentState& state) {
  const auto seen = view(journal, portals, state);
  const auto file = file_of(journal, state);
  if (!seen || !file) {
    return failure(seen ? file.error() : seen.error());
  }
  protocol::Manifest manifest;
  manifest.document = seen->document;
  manifest.revision = seen->revision;
  manifest.rendition = seen->file.rendition;
  manifest.file.name = seen->name;
  manifest.file.media_type = seen->file.media_type;
  manifest.file.bytes = seen->file.bytes;
  manifest.file.sha256 = seen->file.sha256;
  manifest.file.chunks = parse_column<protocol::DocumentReport>(file->report).chunks;
  for (const PageRef& ref : state.pages) {
    const auto known = known_page(journal, ref);
    if (!known) {
      return failure(known.error());
    }
    manifest.pages.push_back(manifest_page(*known, ref, static_cast<std::int32_t>(manifest.pages.size() + 1)));
  }
  manifest.chain_sha256 = chain_of(manifest);
  return manifest;
}

std::vector<std::string> chunk_digests(std::span<const std::uint8_t> bytes) {
  std::vector<std::string> digests;
  while (!bytes.empty()) {
    const std::size_t size = std::min<std::size_t>(bytes.size(), protocol::kManifestChunk);
    digests.push_back(crypto::sha256_hex(bytes.first(size)));
    bytes = bytes.subspan(size);
  }
  return digests;
}

}  // namespace quay::daemon::jobs
