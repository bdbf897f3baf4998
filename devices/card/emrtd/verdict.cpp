// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/verdict.hpp"

#include <algorithm>

namespace quay::emrtd {
namespace {

Authenticity says(Finding finding) {
  switch (finding) {
    case Finding::data_changed:
    case Finding::data_unsigned:
    case Finding::signature_forged:
    case Finding::signer_revoked:
    case Finding::chip_copied: return Authenticity::invalid;
    case Finding::signer_without_root:
    case Finding::signer_expired: return Authenticity::signer_unknown;
    case Finding::chip_not_proven: return Authenticity::valid;
  }
  return Authenticity::invalid;
}

}  // namespace

Verdict verdict_of(std::vector<Finding> findings) {
  std::sort(findings.begin(), findings.end());
  findings.erase(std::unique(findings.begin(), findings.end()), findings.end());
  Verdict out{Authenticity::valid, std::move(findings)};
  for (const Finding finding : out.findings) {
    out.authenticity = std::max(out.authenticity, says(finding));
  }
  return out;
}

}  // namespace quay::emrtd
