// SPDX-License-Identifier: Apache-2.0
// The simulated printer on the network: carries requests to its face, and breaks connections as its fault says.
#pragma once

#include <cstdint>

#include "tests/rig/control/socket_server.hpp"
#include "tests/rig/printer/http_stream.hpp"
#include "tests/rig/printer/ipp_face.hpp"

namespace quay::rig {

class IppServer {
 public:
  /// Borrows both. port 0: any that is free.
  IppServer(std::uint16_t port, IppFace& face, PrinterModel& model);

  Status plug() { return server_.open(); }
  void unplug() { server_.close(); }
  std::uint16_t port() const { return server_.port(); }

 private:
  void serve(int fd);
  bool serve_one(int fd, HttpStream& stream);
  bool read_body(int fd, HttpStream& stream, std::vector<std::uint8_t>& body);
  bool wait_out_stall(int fd, std::size_t read);
  bool breaks_here(ipp_op_t operation);

  IppFace& face_;
  PrinterModel& model_;
  SocketServer server_;
};

}  // namespace quay::rig
