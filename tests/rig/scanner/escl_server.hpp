// SPDX-License-Identifier: Apache-2.0
// The eSCL face of the simulated scanner: routes requests to the model, renders pages, sends them at the scanner's
// pace and carries out what a fault does to a page on the wire.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "tests/rig/control/socket_server.hpp"
#include "tests/rig/pictures/page_store.hpp"
#include "tests/rig/scanner/http.hpp"
#include "tests/rig/scanner/scanner_model.hpp"

namespace quay::rig {

class EsclServer {
 public:
  /// Borrows `model` and `pages`: both must outlive the server.
  EsclServer(std::filesystem::path socket, TypePlate plate, ScannerModel& model, PageStore& pages);

  /// Listens on the socket. Errors as SocketServer::open. Thread: not one of the server's own.
  Status plug() { return server_.open(); }

  /// Gone as if the cable was pulled: no socket, every connection cut.
  void unplug() { server_.close(); }

 private:
  /// Whether the connection can carry another request.
  enum class After : std::uint8_t { keep, close };

  void serve(int fd);
  After answer(int fd, const HttpRequest& request);
  After create_job(int fd, const HttpRequest& request);
  After send_next_page(int fd, const HttpRequest& request, const std::string& job_id);
  After send_text(int fd, const HttpRequest& request, HttpResponse response, std::string_view text);
  /// Sends all of a page but its last byte and returns that; nothing when the page broke off.
  std::optional<std::uint8_t> deliver(int fd, const PageOrder& order, const Bytes& jpeg);
  bool stall(int fd);

  TypePlate plate_;
  ScannerModel& model_;
  PageStore& pages_;
  SocketServer server_;
};

}  // namespace quay::rig
