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
emrtd::SecurityInfos infos_in(const Result<emrtd::Bytes>& dg14) {
  constexpr std::uint32_t kDg14 = 0x6E;
  const auto content = dg14 ? emrtd::require_tlv(*dg14, kDg14) : Result<emrtd::Tlv>(failure(dg14.error()));
  const auto infos =
      content ? emrtd::parse_security_infos(content->value) : Result<emrtd::SecurityInfos>(failure(content.error()));
  return infos ? *infos : emrtd::SecurityInfos{};
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

Result<Proof> ChipFiles::prove(emrtd::ChipReader& chip, const emrtd::SecurityInfos& infos) {
  const auto key = read(chip, FileId::dg15);
  if (!key && !concerns_file_alone(key.error())) {
    return failure(key.error());
  }
  const auto active = key ? chip.prove_actively(*key, infos) : Result<Proof>(Proof::none);
  if (!active || *active == Proof::failed) {
    return active;
  }
  const auto agreed = chip.agree_with_chip(infos);
  return agreed && *agreed == Proof::none ? active : agreed;
}

Result<protocol::CardAuthenticity> ChipFiles::judge(emrtd::ChipReader& chip, const emrtd::TrustStore& trust,
                                                    std::int64_t unix_seconds) {
  const auto file = read(chip, FileId::sod);
  if (!file && !concerns_file_alone(file.error())) {
    return failure(file.error());
  }
  const auto dg14 = read(chip, FileId::dg14);
  if (!dg14 && !concerns_file_alone(dg14.error())) {
    return failure(dg14.error());
  }
  const auto proof = prove(chip, infos_in(dg14));
  if (!proof && !concerns_file_alone(proof.error())) {
    return failure(proof.error());
  }
  const auto signed_object =
      file ? emrtd::SecurityObject::parse(*file) : Result<emrtd::SecurityObject>(failure(file.error()));
  std::vector<Finding> findings =
      signed_object ? signed_object->judge_signer(trust, unix_seconds) : std::vector{Finding::data_unsigned};
  for (const auto& [number, id] : kGroups) {
    if (signed_object && files_.contains(id)) {
      const std::vector<Finding> more = signed_object->judge_file(number, files_[id]);
      findings.insert(findings.end(), more.begin(), more.end());
    }
  }
  const Proof outcome = proof ? *proof : Proof::failed;
  if (outcome != Proof::passed) {
    findings.push_back(outcome == Proof::failed ? Finding::chip_copied : Finding::chip_not_proven);
  }
  return said_of(emrtd::verdict_of(std::move(findings)), chip.opened_by());
}

}  // namespace quay::card
