// SPDX-License-Identifier: Apache-2.0
// toml++ without exceptions, compiled once (toml_implementation.cpp). Private to the configuration reader.
#pragma once

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 0
#define TOML_ENABLE_FORMATTERS 0

#include <toml++/toml.h>
