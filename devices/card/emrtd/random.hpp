// SPDX-License-Identifier: Apache-2.0
// Where nonces and private keys come from: the kernel's generator, or the published values of a test vector.
#pragma once

#include <functional>

#include "base/result.hpp"
#include "devices/card/emrtd/bytes.hpp"

namespace quay::emrtd {

/// So many bytes that nobody can foresee. Errors: key_unusable.
using RandomSource = std::function<Result<Bytes>(std::size_t size)>;

RandomSource kernel_random();

}  // namespace quay::emrtd
