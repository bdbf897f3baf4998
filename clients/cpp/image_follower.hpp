// SPDX-License-Identifier: Apache-2.0
// The pages of a visit as they become safe, without asking for each: follows the visit on `images`, gives credit back,
// puts the pieces together, checks the SHA-256, and never hands out the same rendition twice. docs/protocol.md,
// "Bytes".
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "clients/cpp/client.hpp"
#include "protocol/client/images.hpp"

namespace quay::client {

/// One rendition, whole.
struct PushedImage {
  std::uint64_t number = 0;  ///< where to go on: ImageFollower::open(..., {.after = number})
  std::string id;            ///< capture or document
  std::string rendition;
  std::string media_type;
  std::string sha256;  ///< lower-case hex, checked
  std::vector<std::uint8_t> bytes;
};

struct FollowOptions {
  std::vector<std::string> renditions = {"preview", "page", "document"};
  std::uint64_t credit = protocol::kMostCredit;
  std::uint64_t after = 0;
};

/// Borrows its Client, which has the key of the visit. Thread: the client's.
class ImageFollower {
 public:
  /// Errors: daemon_unreachable, and what the daemon answered (visit.unknown, visit.closed, visit.not_owner).
  static Result<ImageFollower> open(Client& client, const std::string& visit, FollowOptions options = {});

  /// The next rendition; nothing when `deadline` passed. Goes on by itself over a restart of the daemon. Errors:
  /// visit_closed, visit_not_owner or request_too_many when nothing more comes; spool_corrupt when a digest does not
  /// fit.
  Result<std::optional<PushedImage>> next(Deadline deadline);

  /// Number of the last rendition that was handed out whole.
  std::uint64_t position() const { return options_.after; }

 private:
  ImageFollower(Client& client, Socket socket, std::string visit, FollowOptions options)
      : client_(client), socket_(std::move(socket)), visit_(std::move(visit)), options_(std::move(options)) {}

  Status follow(Deadline deadline);
  Result<bool> take_answer(const Frames& frames);
  Result<std::optional<PushedImage>> follow_again(Deadline deadline);
  Result<std::optional<PushedImage>> receive(Deadline deadline);
  Status send(const std::string& name, protocol::json::object arguments, Deadline deadline);
  void look();
  bool is_refusal(const Frames& frames) const;
  Result<std::optional<PushedImage>> take(Frames frames);
  Result<std::optional<PushedImage>> finish(const protocol::ImagePart& head);

  Client& client_;
  Socket socket_;
  std::string visit_;
  FollowOptions options_;
  std::string follow_;
  bool lost_ = true;      ///< this daemon does not know the follow, or a piece went missing: follow again
  bool looking_ = false;  ///< it was asked, and has not answered yet
  Deadline silent_after_ = Deadline::min();
  std::vector<std::uint8_t> bytes_;  ///< of the rendition under way
  std::set<std::string> seen_;       ///< "id rendition sha256"
};

}  // namespace quay::client
