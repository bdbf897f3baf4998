// SPDX-License-Identifier: Apache-2.0
// Who else uses a card: PC/SC says that somebody does, never who. Looked for among the processes of this machine.
#pragma once

#include <string>

namespace quay::card {

/// "scdaemon (process 812)": the programs that have libpcsclite loaded, where this user may look into them; else
/// "perhaps scdaemon (process 812)" for one that is known to keep cards to itself. Empty: nobody can be named.
std::string holder_of_card();

}  // namespace quay::card
