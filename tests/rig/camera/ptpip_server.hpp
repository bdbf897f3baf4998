// SPDX-License-Identifier: Apache-2.0
// PTP/IP (CIPA DC-005): the command and the event connection of one camera on a port of 127.0.0.1, and what goes wrong
// on the wire. libgphoto2 reaches it as "ptpip:127.0.0.1:PORT:PORT".
#pragma once

#include <cstdint>
#include <mutex>

#include "tests/rig/camera/camera_operations.hpp"
#include "tests/rig/control/socket_server.hpp"

namespace quay::rig {

class PtpIpServer {
 public:
  /// Borrows `camera`. Port 0: any that is free.
  PtpIpServer(std::uint16_t port, CameraModel& camera);
  PtpIpServer(const PtpIpServer&) = delete;
  PtpIpServer& operator=(const PtpIpServer&) = delete;
  ~PtpIpServer();

  /// Errors as SocketServer::open.
  Status plug();
  /// Pulls the cable: every connection is cut, nobody is let in.
  void unplug();
  std::uint16_t port() const { return server_.port(); }

 private:
  void serve(int fd);
  void serve_commands(int fd);
  void serve_events(int fd);
  bool serve_one(int fd, const PtpRequest& request);
  bool send_data(int fd, const PtpRequest& request, const Bytes& data, CameraFaultKind fault);
  void cut(int fd);
  void tell(CameraEvent event);

  CameraModel& camera_;
  std::mutex mutex_;
  int commands_ = -1;  ///< the command connection of the newest session
  int events_ = -1;    ///< its event connection
  SocketServer server_;
};

}  // namespace quay::rig
