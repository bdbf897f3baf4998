// SPDX-License-Identifier: Apache-2.0
// Documents of a visit: assembled, edited with undo, described down to 64 KiB chunks for an upload that may break off,
// and held against what a portal takes. Pages are counted from 1, as people count them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/client/commands.hpp"
#include "protocol/client/page_report.hpp"

namespace quay::protocol {

/// What a manifest hashes, and an upload resumes by.
inline constexpr std::uint64_t kManifestChunk = std::uint64_t{64} * 1024;

// ---- assemble, edit, get ------------------------------------------------------------------------------------------

/// One page of a document: which capture, which of its generations (capture.rework), turned how far.
struct DocumentPage : AllOptional {
  std::int32_t page = 0;
  std::string capture;
  std::int32_t generation = 1;
  std::int32_t rotate_deg = 0;  ///< clockwise: 0, 90, 180, 270
  bool text = false;            ///< its words are in the file, as invisible text
};

struct DocumentAssembleArguments {
  std::string visit;
  std::vector<std::string> captures;  ///< in page order, each in its newest generation
  std::optional<std::string> code;    ///< dossier code, H26.12-260101-0001
  std::int32_t ordinal = 0;           ///< of this file in its dossier, 1 to 999; 0: none yet
  std::optional<std::string> portal;  ///< who will get it: its rules are checked at once
  std::optional<std::string> kind;    ///< of paper, by the portal's profile; without it the profile's first
  std::uint64_t max_bytes = 0;        ///< a limit of the front end's own; 0: none
  bool fit = true;  ///< too large for portal or max_bytes: pages are made anew, lighter, as far as they stay legible
  static constexpr bool is_optional(std::string_view name) { return name != "visit" && name != "captures"; }
};

enum class EditOp : std::uint8_t { insert, move, replace, rotate, drop, undo, redo, restore };
BOOST_DESCRIBE_ENUM(EditOp, insert, move, replace, rotate, drop, undo, redo, restore)

/// One step. insert {capture, to}: it becomes page `to`, or the last one. move {page, to}: it becomes page `to`.
/// replace {page, capture}. rotate {page, rotate_deg}: further clockwise; page 0: all. drop {page}. undo, redo,
/// restore {revision}: alone in their command.
struct DocumentEdit {
  EditOp op = EditOp::move;
  std::int32_t page = 0;
  std::int32_t to = 0;
  std::string capture;
  std::int32_t generation = 0;  ///< 0: the newest that is ready
  std::int32_t rotate_deg = 0;
  std::int32_t revision = 0;
  static constexpr bool is_optional(std::string_view name) { return name != "op"; }
};

/// All edits or none; together they are one revision and one step of undo.
struct DocumentEditArguments {
  std::string document;
  std::vector<DocumentEdit> edits;
  std::int32_t revision = 0;  ///< the one that was on the screen; refused when it is not the newest. 0: not checked
  static constexpr bool is_optional(std::string_view name) { return name == "revision"; }
};

/// Says what a document is for. What is absent stays as it was; another portal without a kind takes its first.
struct DocumentLabelArguments {
  std::string document;
  std::optional<std::string> code;
  std::optional<std::int32_t> ordinal;
  std::optional<std::string> portal;
  std::optional<std::string> kind;
  std::optional<std::uint64_t> max_bytes;
  static constexpr bool is_optional(std::string_view name) { return name != "document"; }
};

struct DocumentArguments : AllRequired {
  std::string document;
};

/// What a person can do about a finding.
enum class MendAction : std::uint8_t { none, split, join, rework, rescan, drop, name, other };
BOOST_DESCRIBE_ENUM(MendAction, none, split, join, rework, rescan, drop, name, other)

struct Mend : AllOptional {
  MendAction action = MendAction::none;
  std::vector<std::int32_t> pages;               ///< rework, rescan, drop: which
  std::vector<std::vector<std::int32_t>> parts;  ///< split: pages of each file to be
  std::int32_t dpi = 0;                          ///< rework, rescan: at this resolution; 0: as it was
  std::string format;                            ///< rework: as pdf or jpeg; empty: as it was
};

enum class Severity : std::uint8_t { refused, remark, other };
BOOST_DESCRIBE_ENUM(Severity, refused, remark, other)

/// One reason why a portal would refuse a file or a dossier. Numbers in `have` and `allowed`, words in the others.
struct Finding : AllOptional {
  std::string code;
  Severity severity = Severity::refused;
  std::int32_t page = 0;  ///< 0: the whole
  std::string vi;
  std::string en;
  std::optional<double> have;
  std::optional<double> allowed;
  std::string unit;  ///< bytes, pages, files, dpi, px
  std::optional<std::string> found;
  std::optional<std::string> accepted;
  Mend mend;
};

struct Document : AllOptional {
  std::string document;
  std::string visit;
  std::vector<std::string> captures;  ///< of each page
  std::int32_t pages = 0;
  RenditionInfo file;  ///< `rendition` is its name for images.fetch: `document`, or `document-N` of revision N
  std::int32_t revision = 1;
  bool can_undo = false;
  bool can_redo = false;
  std::vector<DocumentPage> page_list;
  std::string name;  ///< by the portal's rule; empty while code or ordinal is missing
  std::string code;
  std::int32_t ordinal = 0;
  std::string portal;
  std::string kind;
  std::vector<Finding> findings;  ///< what the portal, or max_bytes, says to this revision
};

struct DocumentListArguments : AllRequired {
  std::string visit;
};

struct DocumentListResult : AllOptional {
  std::vector<Document> documents;
};

// ---- document.manifest --------------------------------------------------------------------------------------------

struct ManifestPage : AllOptional {
  std::int32_t page = 0;
  std::string capture;
  std::int32_t generation = 1;
  std::int32_t rotate_deg = 0;
  bool text = false;        ///< its own file is the rendition `text`, not `page`
  std::uint64_t bytes = 0;  ///< of the page's own file
  std::string sha256;       ///< of the page's own file
  std::uint64_t raw_bytes = 0;
  std::string raw_sha256;  ///< of the page as the device gave it
  std::string profile;
  std::vector<std::string> steps;  ///< of clean-up, in their order
  std::vector<std::string> flags;
  double angle_deg = 0;
  bool whitened = false;
};

struct ManifestFile : AllOptional {
  std::string name;
  std::string media_type;
  std::uint64_t bytes = 0;
  std::string sha256;
  std::uint64_t chunk_bytes = kManifestChunk;
  std::vector<std::string> chunks;  ///< SHA-256 of each chunk; the last may be shorter
};

struct Manifest : AllOptional {
  std::string document;
  std::int32_t revision = 1;
  std::string rendition;
  ManifestFile file;
  std::vector<ManifestPage> pages;
  std::string chain_sha256;  ///< binds raw pages, clean pages, their order and the file: docs/protocol.md
};

// ---- portal.list, document.preflight ------------------------------------------------------------------------------

/// What a portal takes of one kind of paper. 0 and empty: no rule.
struct PaperRules : AllOptional {
  std::string kind;
  std::string title_vi;
  std::string title_en;
  std::vector<std::string> media_types;
  std::uint64_t max_bytes = 0;
  std::int32_t max_pages = 0;
  std::int32_t min_dpi = 0;
  std::int32_t max_dpi = 0;
  bool colour_required = false;
  std::vector<std::string> page_sizes;  ///< A3, A4, A5, or WIDTHxHEIGHT in mm
  std::int32_t min_width_px = 0;
  std::int32_t min_height_px = 0;
  std::string shape;  ///< WIDTH:HEIGHT of a picture
  std::string pdf_min_version;
  bool pdfa_required = false;
  std::string file_name;  ///< {code}, {nnn} or {n}, {kind}, {ext}
};

struct Portal : AllOptional {
  std::string portal;
  std::string title_vi;
  std::string title_en;
  std::string source;   ///< where the rules were read
  std::string checked;  ///< and when, YYYY-MM-DD
  std::uint64_t max_dossier_bytes = 0;
  std::int32_t max_files = 0;
  std::vector<PaperRules> papers;  ///< the first is what a file is without a kind
};

struct PortalListResult : AllOptional {
  std::vector<Portal> portals;
  std::vector<std::string> mistakes;  ///< profiles that could not be read, "file:line: what was expected"
};

/// A document, or a capture that is handed over as the picture it is.
struct PreflightFile {
  std::optional<std::string> document;
  std::optional<std::string> capture;
  std::optional<std::string> kind;
  static constexpr bool is_optional(std::string_view) { return true; }
};

struct PreflightArguments {
  std::string visit;
  std::string portal;
  std::vector<std::string> documents;  ///< each with the kind it was assembled for
  std::vector<PreflightFile> files;    ///< when kinds or pictures are to be said
  static constexpr bool is_optional(std::string_view name) { return name == "documents" || name == "files"; }
};

struct PreflightFileResult : AllOptional {
  std::string id;
  std::string kind;
  std::string name;
  bool accepted = true;
  std::uint64_t bytes = 0;
  std::vector<Finding> findings;
};

struct PreflightResult : AllOptional {
  std::string portal;
  bool accepted = true;  ///< nothing would be refused; remarks may be there
  std::uint64_t bytes = 0;
  std::vector<PreflightFileResult> files;
  std::vector<Finding> dossier;
};

/// document.ready: a revision can be fetched. Names only: details are asked for by the visit's owner.
struct DocumentReady : AllOptional {
  std::string document;
  std::string visit;
  std::int32_t revision = 1;
  std::int32_t pages = 0;
  std::uint64_t bytes = 0;
};

BOOST_DESCRIBE_STRUCT(DocumentPage, (), (page, capture, generation, rotate_deg, text))
BOOST_DESCRIBE_STRUCT(DocumentAssembleArguments, (), (visit, captures, code, ordinal, portal, kind, max_bytes, fit))
BOOST_DESCRIBE_STRUCT(DocumentEdit, (), (op, page, to, capture, generation, rotate_deg, revision))
BOOST_DESCRIBE_STRUCT(DocumentEditArguments, (), (document, edits, revision))
BOOST_DESCRIBE_STRUCT(DocumentLabelArguments, (), (document, code, ordinal, portal, kind, max_bytes))
BOOST_DESCRIBE_STRUCT(DocumentArguments, (), (document))
BOOST_DESCRIBE_STRUCT(Mend, (), (action, pages, parts, dpi, format))
BOOST_DESCRIBE_STRUCT(Finding, (), (code, severity, page, vi, en, have, allowed, unit, found, accepted, mend))
BOOST_DESCRIBE_STRUCT(Document, (),
                      (document, visit, captures, pages, file, revision, can_undo, can_redo, page_list, name, code,
                       ordinal, portal, kind, findings))
BOOST_DESCRIBE_STRUCT(DocumentListArguments, (), (visit))
BOOST_DESCRIBE_STRUCT(DocumentListResult, (), (documents))
BOOST_DESCRIBE_STRUCT(ManifestPage, (),
                      (page, capture, generation, rotate_deg, text, bytes, sha256, raw_bytes, raw_sha256, profile,
                       steps, flags, angle_deg, whitened))
BOOST_DESCRIBE_STRUCT(ManifestFile, (), (name, media_type, bytes, sha256, chunk_bytes, chunks))
BOOST_DESCRIBE_STRUCT(Manifest, (), (document, revision, rendition, file, pages, chain_sha256))
BOOST_DESCRIBE_STRUCT(PaperRules, (),
                      (kind, title_vi, title_en, media_types, max_bytes, max_pages, min_dpi, max_dpi, colour_required,
                       page_sizes, min_width_px, min_height_px, shape, pdf_min_version, pdfa_required, file_name))
BOOST_DESCRIBE_STRUCT(Portal, (), (portal, title_vi, title_en, source, checked, max_dossier_bytes, max_files, papers))
BOOST_DESCRIBE_STRUCT(PortalListResult, (), (portals, mistakes))
BOOST_DESCRIBE_STRUCT(PreflightFile, (), (document, capture, kind))
BOOST_DESCRIBE_STRUCT(PreflightArguments, (), (visit, portal, documents, files))
BOOST_DESCRIBE_STRUCT(PreflightFileResult, (), (id, kind, name, accepted, bytes, findings))
BOOST_DESCRIBE_STRUCT(PreflightResult, (), (portal, accepted, bytes, files, dossier))
BOOST_DESCRIBE_STRUCT(DocumentReady, (), (document, visit, revision, pages, bytes))

}  // namespace quay::protocol
