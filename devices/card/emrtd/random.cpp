// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/random.hpp"

#include "crypto/secret.hpp"

namespace quay::emrtd {

RandomSource kernel_random() {
  return [](std::size_t size) -> Result<Bytes> {
    Bytes out(size);
    const Status filled = crypto::fill_random(out);
    return filled ? Result<Bytes>(std::move(out)) : tl::unexpected(filled.error());
  };
}

}  // namespace quay::emrtd
