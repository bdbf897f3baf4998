// SPDX-License-Identifier: Apache-2.0
// What a camera sees, as it sees it: the newest frame with what is seen on it; whoever is slow misses frames and never
// lags behind. Asks for the view again when quayd was restarted. The contract: docs/protocol.md, "Live view".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clients/cpp/client.hpp"
#include "protocol/client/camera.hpp"

namespace quay::client {

struct LiveFrame {
  std::uint64_t number = 0;  ///< counts what the camera gave
  zmq::message_t jpeg;
  std::optional<protocol::LiveJudgement> judgement;  ///< the newest there is, of this frame or of one a little earlier
};

/// Borrows its Client. Thread: the client's. Ends the view when it goes.
class LiveView {
 public:
  /// Errors: what camera.live answers; device_unsupported over tcp, where no frames are given.
  static Result<LiveView> open(Client& client, protocol::CameraLiveArguments wish);

  LiveView(LiveView&& other) noexcept;
  LiveView& operator=(LiveView&&) = delete;
  LiveView(const LiveView&) = delete;
  LiveView& operator=(const LiveView&) = delete;
  ~LiveView();

  /// The newest frame; nothing when `deadline` has passed. Errors: what ends a live view for good: visit_closed,
  /// device_leased, device_unsupported; what does not is tried again until the deadline.
  Result<std::optional<LiveFrame>> next(Deadline deadline);

  /// From now on at another pace, or with another automatic capture. Errors: what camera.live answers.
  Status change(protocol::CameraLiveArguments wish);

  /// Ends the live view; the camera is free when this returns.
  void close();

 private:
  LiveView(Client& client, Socket socket, protocol::CameraLiveArguments wish)
      : client_(&client), socket_(std::move(socket)), wish_(std::move(wish)) {}

  Status ask();
  Status ask_again();
  Status pass_over_old();
  Result<std::optional<LiveFrame>> newest(Deadline first);
  void take(Frames frames, std::optional<LiveFrame>& newest);

  Client* client_;  ///< null: closed, or moved from
  Socket socket_;
  protocol::CameraLiveArguments wish_;
  std::string topic_;
  std::optional<protocol::LiveJudgement> judgement_;
  Deadline silent_at_{};
  std::optional<Deadline> read_at_;  ///< when the last frame was given
};

}  // namespace quay::client
