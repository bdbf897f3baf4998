// SPDX-License-Identifier: Apache-2.0
// Brings the bytes of a page, preview or document: in chunks, several on the way at once, what was lost asked for
// again, and the SHA-256 of the whole checked before anybody sees them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "clients/cpp/client.hpp"

namespace quay::client {

struct FetchedFile {
  std::vector<std::uint8_t> bytes;
  std::string sha256;  ///< lower-case hex, checked
};

/// Fetches rendition `rendition` (preview | page | document) of the capture or document `id`. Borrows `client` for the
/// call. Errors: what the daemon answered (capture.not_ready, rendition.unknown, ...); daemon_unreachable after three
/// silences of 2 s; request_deadline; image_too_large beyond 1 GiB; spool_corrupt when the digest does not fit.
Result<FetchedFile> fetch_image(Client& client, const std::string& id, const std::string& rendition, Deadline deadline);

/// The same into the file `path`, which appears when it is whole, checked and durable; gives the SHA-256. What came
/// before an interruption, also of the program, stays in `path`.part (readable by this user only) and is not fetched
/// again. Errors: also file_unwritable, file_unreadable.
Result<std::string> fetch_image_to(Client& client, const std::string& id, const std::string& rendition,
                                   const std::filesystem::path& path, Deadline deadline);

}  // namespace quay::client
