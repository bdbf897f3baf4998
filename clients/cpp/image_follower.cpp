// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/image_follower.hpp"

#include <algorithm>
#include <utility>

#include "clients/cpp/digest.hpp"
#include "protocol/json/parse.hpp"

namespace quay::client {
namespace {

constexpr Milliseconds kLookAfter{3000};  // then the daemon is asked whether it still knows the follow
constexpr Milliseconds kRetry{200};       // while nobody is there

}  // namespace

Result<ImageFollower> ImageFollower::open(Client& client, const std::string& visit, FollowOptions options) {
  auto socket = client.open_socket(Socket::Kind::commands, "images");
  if (!socket) {
    return failure(std::move(socket).error());
  }
  ImageFollower follower(client, std::move(*socket), visit, std::move(options));
  if (Status followed = follower.follow(deadline_in(kCallPatience)); !followed) {
    return failure(std::move(followed).error());
  }
  return follower;
}

Status ImageFollower::send(const std::string& name, protocol::json::object arguments, Deadline deadline) {
  protocol::Command command;
  command.v = protocol::kApiVersion;
  command.id = random_uuid();
  command.cmd = name;
  command.args = std::move(arguments);
  command.visit_key = client_.keys().key_of(visit_);
  return socket_.send(protocol::encode(command), deadline);
}

/// What is pushed before the answer belongs to an earlier follow of this socket and is dropped: it comes again.
Status ImageFollower::follow(Deadline deadline) {
  const protocol::FollowArguments wanted{visit_, options_.renditions, options_.credit, options_.after};
  if (Status sent = send("images.follow", protocol::to_json_object(wanted), deadline); !sent) {
    return sent;
  }
  bytes_.clear();
  for (;;) {
    auto frames = socket_.receive(deadline);
    if (!frames) {
      return failure(std::move(frames).error());
    }
    if (!*frames) {
      return failure(Errc::daemon_unreachable, "images.follow", "no answer");
    }
    const auto begun = take_answer(**frames);
    if (!begun || *begun) {
      return begun ? Status() : failure(begun.error());
    }
  }
}

/// True when the follow has begun; false for what answers something else.
Result<bool> ImageFollower::take_answer(const Frames& frames) {
  auto reply = protocol::decode_reply(text_of(frames.front()));
  if (!reply || reply->id.empty() || is_refusal(frames)) {
    return false;
  }
  const auto result = result_of(std::move(*reply), "images.follow");
  const auto answer = result ? protocol::from_json<protocol::FollowResult>(*result) : failure(result.error());
  if (!answer) {
    return failure(answer.error());
  }
  if (answer->follow.empty() || answer->credit == 0) {
    return false;
  }
  follow_ = answer->follow;
  lost_ = looking_ = false;
  silent_after_ = deadline_in(kLookAfter);
  return true;
}

/// Nothing came for a while: perhaps there is nothing, perhaps this daemon never heard of the follow.
void ImageFollower::look() {
  lost_ = std::exchange(looking_, true);
  silent_after_ = deadline_in(kLookAfter);
  if (!lost_) {
    const protocol::CreditArguments nothing{{}, follow_, 0};
    lost_ = !send("images.credit", protocol::to_json_object(nothing), deadline_in(kRetry));
  }
}

/// The answer to images.credit when the follow is over.
bool ImageFollower::is_refusal(const Frames& frames) const {
  const auto reply = protocol::decode_reply(text_of(frames.front()));
  return reply && reply->error && reply->error->operation == "images.credit";
}

Result<std::optional<PushedImage>> ImageFollower::next(Deadline deadline) {
  do {
    auto image = lost_ ? follow_again(deadline) : receive(deadline);
    if (!image || *image) {
      return image;
    }
  } while (SteadyClock::now() < deadline);
  return std::nullopt;
}

/// Gives no image. A daemon that is away is asked again until the deadline.
Result<std::optional<PushedImage>> ImageFollower::follow_again(Deadline deadline) {
  const Status followed = follow(std::min(deadline, deadline_in(kCallPatience)));
  if (!followed && followed.error().code != Errc::daemon_unreachable) {
    return failure(followed.error());
  }
  return std::nullopt;
}

/// The next message, when it completes an image.
Result<std::optional<PushedImage>> ImageFollower::receive(Deadline deadline) {
  auto frames = socket_.receive(std::min(deadline, silent_after_));
  if (!frames) {
    return failure(std::move(frames).error());
  }
  if (!*frames) {
    if (SteadyClock::now() >= silent_after_) {
      look();
    }
    return std::nullopt;
  }
  looking_ = false;
  silent_after_ = deadline_in(kLookAfter);
  lost_ = is_refusal(**frames);
  return take(std::move(**frames));
}

Result<std::optional<PushedImage>> ImageFollower::take(Frames frames) {
  const auto text = protocol::parse_object(text_of(frames.front()));
  if (!text) {
    return failure(Errc::request_malformed, "images.follow", text.error());
  }
  const auto end = protocol::from_json<protocol::ImageEnd>(*text);
  if (end && end->type == "image.end" && end->follow == follow_) {
    return failure(protocol::from_body(end->reason));
  }
  auto part = protocol::from_json<protocol::ImagePart>(*text);
  if (!part || part->type != "image.part" || part->follow != follow_ || frames.size() != 2) {
    return std::nullopt;  // the answer to images.credit, or of a follow that is over
  }
  if (part->offset == 0) {
    bytes_.clear();
  }
  if (part->offset != bytes_.size()) {
    lost_ = true;  // a piece is missing
    return std::nullopt;
  }
  const auto* data = frames.back().data<std::uint8_t>();
  bytes_.insert(bytes_.end(), data, data + frames.back().size());
  const protocol::CreditArguments credit{{}, follow_, frames.back().size()};
  lost_ = !send("images.credit", protocol::to_json_object(credit), deadline_in(kRetry));
  return bytes_.size() < part->total ? std::nullopt : finish(*part);
}

Result<std::optional<PushedImage>> ImageFollower::finish(const protocol::ImagePart& head) {
  PushedImage image{head.number, head.id, head.rendition, head.media_type, head.sha256, std::move(bytes_)};
  bytes_.clear();
  if (sha256_hex(image.bytes) != image.sha256) {
    return failure(Errc::spool_corrupt, "images.follow", "the SHA-256 of what came is not the one announced");
  }
  options_.after = head.number;
  if (!seen_.insert(head.id + " " + head.rendition + " " + head.sha256).second) {
    return std::nullopt;
  }
  return image;
}

}  // namespace quay::client
