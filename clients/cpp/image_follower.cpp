// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/image_follower.hpp"

#include "clients/cpp/digest.hpp"
#include "protocol/json/parse.hpp"

namespace quay::client {

Result<ImageFollower> ImageFollower::open(Client& client, const std::string& visit, FollowOptions options) {
  auto socket = client.open_socket(Socket::Kind::commands, "images");
  if (!socket) {
    return failure(std::move(socket).error());
  }
  ImageFollower follower(client, std::move(*socket), visit, std::move(options));
  if (Status followed = follower.resume(); !followed) {
    return failure(std::move(followed).error());
  }
  return follower;
}

Status ImageFollower::send(const std::string& name, protocol::json::object arguments) {
  protocol::Command command;
  command.v = protocol::kApiVersion;
  command.id = random_uuid();
  command.cmd = name;
  command.args = std::move(arguments);
  command.visit_key = client_.keys().key_of(visit_);
  return socket_.send(protocol::encode(command), deadline_in(kConnectPatience));
}

/// What is pushed before the answer belongs to an earlier follow of this socket and is dropped: it comes again.
Status ImageFollower::resume() {
  const protocol::FollowArguments wanted{visit_, options_.renditions, options_.credit, options_.after};
  if (Status sent = send("images.follow", protocol::to_json_object(wanted)); !sent) {
    return sent;
  }
  bytes_.clear();
  const Deadline deadline = deadline_in(kCallPatience);
  for (;;) {
    auto frames = socket_.receive(deadline);
    if (!frames) {
      return failure(std::move(frames).error());
    }
    if (!*frames) {
      return failure(Errc::daemon_unreachable, "images.follow", "no answer");
    }
    auto reply = protocol::decode_reply(text_of((*frames)->front()));
    if (!reply || reply->id.empty()) {
      continue;
    }
    auto result = result_of(std::move(*reply), "images.follow");
    auto answer = result ? protocol::from_json<protocol::FollowResult>(*result) : failure(result.error());
    if (!answer) {
      return failure(std::move(answer).error());
    }
    if (!answer->follow.empty() && answer->credit > 0) {
      follow_ = answer->follow;
      return {};
    }
  }
}

Result<std::optional<PushedImage>> ImageFollower::next(Deadline deadline) {
  for (;;) {
    auto frames = socket_.receive(deadline);
    if (!frames) {
      return failure(std::move(frames).error());
    }
    if (!*frames) {
      return std::nullopt;
    }
    auto image = take(std::move(**frames));
    if (!image || *image) {
      return image;
    }
  }
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
    return failure(Errc::request_malformed, "images.follow", "a piece is missing");
  }
  const auto* data = frames.back().data<std::uint8_t>();
  bytes_.insert(bytes_.end(), data, data + frames.back().size());
  const protocol::CreditArguments credit{{}, follow_, frames.back().size()};
  if (Status given = send("images.credit", protocol::to_json_object(credit)); !given) {
    return failure(std::move(given).error());
  }
  return bytes_.size() < part->total ? std::nullopt : finish(std::move(*part));
}

Result<std::optional<PushedImage>> ImageFollower::finish(protocol::ImagePart head) {
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
