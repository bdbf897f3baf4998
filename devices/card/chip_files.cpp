// SPDX-License-Identifier: Apache-2.0
#include "devices/card/chip_files.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "devices/card/emrtd/security_infos.hpp"
#include "devices/card/emrtd/security_object.hpp"
#include "devices/card/emrtd/tlv.hpp"

namespace quay::card {

using emrtd::FileId;
using emrtd::Finding;
using emrtd::Proof;

namespace {

constexpr std::array kGroups{std::pair(1, FileId::dg1), std::pair(2, FileId::dg2), std::pair(13, FileId::dg13),
                             std::pair(14, FileId::dg14), std::pair(15, FileId::dg15)};

std::string name_of(Finding finding) {
  switch (finding) {
    case Finding::data_changed: return "data_changed";
    case Finding::data_unsigned: return "data_unsigned";
    case Finding::signature_forged: return "signature_forged";
    case Finding::signer_without_root: return "signer_without_root";
    case Finding::signer_expired: return "signer_expired";
    case Finding::signer_revoked: return "signer_revoked";
    case Finding::chip_copied: return "chip_copied";
    case Finding::chip_not_proven: return "chip_not_proven";
  }
  return "";
}

protocol::CardTruth truth_of(emrtd::Authenticity authenticity) {
  switch (authenticity) {
    case emrtd::Authenticity::valid: return protocol::CardTruth::valid;
    case emrtd::Authenticity::signer_unknown: return protocol::CardTruth::signer_unknown;
    case emrtd::Authenticity::invalid: break;
  }
  return protocol::CardTruth::invalid;
}

/// What DG14 says, or nothing at all.
emrtd::SecurityInfos infos_in(const std::map<FileId, emrtd::Bytes>& files) {
  constexpr std::uint32_t kDg14 = 0x6E;
  const auto file = files.find(FileId::dg14);
  if (file == files.end()) {
    return {};
  }
  const auto content = emrtd::require_tlv(file->second, kDg14);
  const auto infos =
      content ? emrtd::parse_security_infos(content->value) : Result<emrtd::SecurityInfos>(failure(content.error()));
  return infos ? *infos : emrtd::SecurityInfos{};
}

/// What the issuer signed and this program does not understand proves nothing, and speaks against nobody. Only files
/// can be like that: to an answer of the chip there is no "not understood", or a copy would choose it.
Result<Proof> as_far_as_known(Result<Proof> proof) {
  return proof || !concerns_file_alone(proof.error()) ? std::move(proof) : Result<Proof>(Proof::none);
}

tl::unexpected<Error> unsigned_data() {
  return failure(Errc::card_data_malformed, "card.judge", "the card has no security object");
}

std::string way_of(emrtd::OpenedBy way) {
  return way == emrtd::OpenedBy::pace ? "pace" : (way == emrtd::OpenedBy::bac ? "bac" : "");
}

protocol::CardAuthenticity said_of(const emrtd::Verdict& verdict, emrtd::OpenedBy way) {
  protocol::CardAuthenticity said;
  said.truth = truth_of(verdict.authenticity);
  std::transform(verdict.findings.begin(), verdict.findings.end(), std::back_inserter(said.reasons), name_of);
  said.opened_by = way_of(way);
  return said;
}

}  // namespace

bool concerns_file_alone(const Error& error) {
  return error.code == Errc::card_unsupported || error.code == Errc::card_data_malformed;
}

Result<emrtd::Bytes> ChipFiles::read(emrtd::ChipReader& chip, FileId file) {
  const auto known = files_.find(file);
  if (known != files_.end()) {
    return known->second;
  }
  auto bytes = chip.read(file);
  if (bytes) {
    files_[file] = *bytes;
  }
  return bytes;
}

Status ChipFiles::check_same(emrtd::ChipReader& chip) {
  const auto known = files_.find(FileId::dg1);
  if (known == files_.end()) {
    return {};
  }
  const auto now = chip.read(FileId::dg1);
  if (!now) {
    return failure(now.error());
  }
  return *now == known->second ? Status()
                               : Status(failure(Errc::card_removed, "card.read", "another card was laid down"));
}

/// What one session has to say for the chip.
Result<Proof> ChipFiles::prove_once(emrtd::ChipReader& chip, const emrtd::SecurityInfos& infos) {
  const auto key = files_.find(FileId::dg15);
  const auto active =
      key == files_.end() ? Result<Proof>(Proof::none) : as_far_as_known(chip.prove_actively(key->second, infos));
  if (!active || *active == Proof::failed) {
    return active;
  }
  const auto agreed = as_far_as_known(chip.agree_with_chip(infos));
  return agreed && *agreed == Proof::none ? active : agreed;
}

/// Nobody is told of a copy for one answer that came wrong: the chip is opened anew and asked again.
Result<Proof> ChipFiles::prove(emrtd::ChipReader& chip) {
  const emrtd::SecurityInfos infos = infos_in(files_);
  const auto first = prove_once(chip, infos);
  if (!first || *first != Proof::failed) {
    return first;
  }
  const Status anew = chip.open_anew();
  return anew ? prove_once(chip, infos) : Result<Proof>(failure(anew.error()));
}

/// What would prove the chip, was signed by the issuer, and is not given out.
bool ChipFiles::withholds(const emrtd::SecurityObject& signed_object) const {
  return (signed_object.lists(14) && !files_.contains(FileId::dg14)) ||
         (signed_object.lists(15) && !files_.contains(FileId::dg15));
}

std::vector<Finding> ChipFiles::judge_files(const emrtd::TrustStore& trust, std::int64_t unix_seconds,
                                            Proof proof) const {
  const auto file = files_.find(FileId::sod);
  const auto signed_object = file == files_.end() ? Result<emrtd::SecurityObject>(unsigned_data())
                                                  : emrtd::SecurityObject::parse(file->second);
  std::vector<Finding> findings =
      signed_object ? signed_object->judge_signer(trust, unix_seconds) : std::vector{Finding::data_unsigned};
  for (const auto& [number, id] : kGroups) {
    const auto group = files_.find(id);
    if (signed_object && group != files_.end()) {
      const std::vector<Finding> more = signed_object->judge_file(number, group->second);
      findings.insert(findings.end(), more.begin(), more.end());
    }
  }
  if (proof == Proof::failed || (signed_object && withholds(*signed_object))) {
    findings.push_back(Finding::chip_copied);
  } else if (proof == Proof::none) {
    findings.push_back(Finding::chip_not_proven);
  }
  return findings;
}

Result<protocol::CardAuthenticity> ChipFiles::judge(emrtd::ChipReader& chip, const emrtd::TrustStore& trust,
                                                    std::int64_t unix_seconds) {
  for (const FileId id : {FileId::sod, FileId::dg14, FileId::dg15}) {
    const auto file = read(chip, id);
    if (!file && !concerns_file_alone(file.error())) {
      return failure(file.error());
    }
  }
  const auto proof = prove(chip);
  if (!proof) {
    return failure(proof.error());
  }
  return said_of(emrtd::verdict_of(judge_files(trust, unix_seconds, *proof)), chip.opened_by());
}

}  // namespace quay::card
