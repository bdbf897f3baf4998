// SPDX-License-Identifier: Apache-2.0
#include "identity/sex.hpp"

#include "identity/name.hpp"

namespace quay::identity {

std::string sex_of(const std::string& written) {
  const std::string folded = fold_name(written);
  return folded == "NAM" ? "M" : (folded == "NU" ? "F" : written);
}

}  // namespace quay::identity
