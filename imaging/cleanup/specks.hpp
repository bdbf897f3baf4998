// SPDX-License-Identifier: Apache-2.0
// Dust: dark dots far from everything else on a whitened page. Dots of letters, full stops and dotted lines are never
// far from other marks; pencil is pale; ink of a pen has a hue or size. Where there is doubt a dot stays.
#pragma once

#include <cstddef>

#include "base/image.hpp"

namespace quay::imaging {

/// Paints lone specks of a whitened gray or rgb page white. How many they were.
std::size_t remove_specks(Image& page);

}  // namespace quay::imaging
