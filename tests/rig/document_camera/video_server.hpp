// SPDX-License-Identifier: Apache-2.0
// The simulated video node: a socket where the node's file would be. Each program that opens it gets a session.
#pragma once

#include <filesystem>

#include "tests/rig/control/socket_server.hpp"
#include "tests/rig/document_camera/document_camera_model.hpp"

namespace quay::rig {

class VideoServer {
 public:
  /// Borrows `camera`.
  VideoServer(const std::filesystem::path& node, DocumentCameraModel& camera);

  /// Errors as SocketServer::open.
  Status plug() { return server_.open(); }
  /// The node goes, and with it what every program holds of it.
  void unplug() {
    server_.close();
    camera_.lose_owner();
  }

 private:
  void serve(int fd);

  DocumentCameraModel& camera_;
  SocketServer server_;
};

}  // namespace quay::rig
