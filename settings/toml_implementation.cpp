// SPDX-License-Identifier: Apache-2.0
// The one translation unit that holds toml++'s code.
#define TOML_IMPLEMENTATION
#include "settings/toml.hpp"
