// SPDX-License-Identifier: Apache-2.0
// The folder where an operator puts the roots of issuing authorities (CSCA certificates) and their revocation lists.
#pragma once

#include <filesystem>

#include "base/log.hpp"
#include "devices/card/emrtd/trust_store.hpp"

namespace quay::card {

/// Every *.cer, *.crt, *.der, *.pem and *.crl of the folder, as it is now. A file that is none of these is told and
/// passed over; a folder that is not there holds nothing, and then nothing is ever valid.
emrtd::TrustStore read_trust(const std::filesystem::path& directory, const Log& log);

}  // namespace quay::card
