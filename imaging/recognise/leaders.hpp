// SPDX-License-Identifier: Apache-2.0
// Rows of dots that lead the pen on a form. Readers of text take them for letters and lose the line they stand in.
#pragma once

#include "base/image.hpp"

namespace quay::imaging {

/// Makes the dots of such rows pale in a copy that is only read. Page: gray, dark on light. A row has at least eight
/// dots at an even distance; shorter pieces of it, between letters written over it, count as well. Dots of letters and
/// full stops stay as they are. Returns how many dots were made pale.
std::int32_t pale_leaders(Image& page);

}  // namespace quay::imaging
