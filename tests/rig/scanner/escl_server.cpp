// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/scanner/escl_server.hpp"

#include <algorithm>
#include <optional>
#include <span>

namespace quay::rig {
namespace {

constexpr std::string_view kJobs = "/eSCL/ScanJobs";
constexpr std::string_view kNextDocument = "/NextDocument";
constexpr auto kStallLook = Milliseconds(20);
constexpr std::size_t kPacedSteps = 64;

/// "/eSCL/ScanJobs/<id>[/NextDocument]" taken apart; empty when it is something else.
struct JobTarget {
  std::string job_id;
  bool next_document = false;
};

JobTarget parse_job_target(std::string_view target) {
  if (!target.starts_with(kJobs) || target.size() <= kJobs.size() + 1) {
    return {};
  }
  target.remove_prefix(kJobs.size() + 1);
  JobTarget job;
  job.next_document = target.ends_with(kNextDocument);
  if (job.next_document) {
    target.remove_suffix(kNextDocument.size());
  }
  job.job_id = std::string(target);
  return job;
}

/// Sends `bytes` so that the last one leaves at `start` + `span`; at once when `span` is zero.
bool send_paced(int fd, std::span<const std::uint8_t> bytes, Deadline start, SteadyClock::duration span) {
  if (span == SteadyClock::duration::zero()) {
    return send_all(fd, bytes);
  }
  const std::size_t step = bytes.size() / kPacedSteps + 1;
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const std::size_t now = std::min(step, bytes.size() - sent);
    const double done = static_cast<double>(sent + now) / static_cast<double>(bytes.size());
    const auto due = start + std::chrono::duration_cast<SteadyClock::duration>(span * done);
    if (!wait_while_connected(fd, due) || !send_all(fd, bytes.subspan(sent, now))) {
      return false;
    }
    sent += now;
  }
  return true;
}

Bytes garbage_like(const Bytes& jpeg) {
  Bytes garbage(jpeg.size());
  std::uint32_t state = 12345;
  for (std::uint8_t& byte : garbage) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>(state >> 24U);
  }
  return garbage;
}

bool breaks_off(FaultKind effect) { return effect == FaultKind::truncate || effect == FaultKind::unplug; }

}  // namespace

EsclServer::EsclServer(std::filesystem::path socket, TypePlate plate, ScannerModel& model, PageStore& pages)
    : plate_(std::move(plate)),
      model_(model),
      pages_(pages),
      server_(std::move(socket), [this](int fd) { serve(fd); }) {}

void EsclServer::serve(int fd) {
  HttpReader reader(fd);
  while (const auto request = reader.next()) {
    if (model_.fault_kind() == FaultKind::mute && !stall(fd)) {
      return;
    }
    if (answer(fd, *request) == After::close) {
      return;
    }
  }
}

EsclServer::After EsclServer::answer(int fd, const HttpRequest& request) {
  const bool get = request.method == "GET";
  if (get && request.target == "/eSCL/ScannerCapabilities") {
    return send_text(fd, request, {.content_type = "text/xml"}, capabilities_xml(plate_, pages_.bed()));
  }
  if (get && request.target == "/eSCL/ScannerStatus") {
    return send_text(fd, request, {.content_type = "text/xml"}, status_xml(model_.status()));
  }
  if (request.method == "POST" && request.target == kJobs) {
    return create_job(fd, request);
  }
  const JobTarget target = parse_job_target(request.target);
  if (get && target.next_document) {
    return send_next_page(fd, request, target.job_id);
  }
  if (request.method == "DELETE" && !target.job_id.empty()) {
    return send_text(fd, request, {.status = model_.delete_job(target.job_id) ? 200 : 404}, {});
  }
  return send_text(fd, request, {.status = 404}, {});
}

EsclServer::After EsclServer::send_text(int fd, const HttpRequest& request, HttpResponse response,
                                        std::string_view text) {
  response.content_length = text.size();
  response.keep_alive = request.keep_alive;
  const bool sent = send_all(fd, head_of(response)) && send_all(fd, text);
  return sent && request.keep_alive ? After::keep : After::close;
}

EsclServer::After EsclServer::create_job(int fd, const HttpRequest& request) {
  const auto settings = parse_scan_settings(request.body, pages_.bed());
  if (!settings) {
    return send_text(fd, request, {.status = 409, .content_type = "text/plain"}, settings.error().detail);
  }
  const auto outcome = model_.create_job(*settings);
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
    return send_text(fd, request, {.status = refusal->http_status}, {});
  }
  HttpResponse created{.status = 201};
  created.location = std::string(kJobs) + "/" + std::get<JobId>(outcome).value;
  return send_text(fd, request, created, {});
}

EsclServer::After EsclServer::send_next_page(int fd, const HttpRequest& request, const std::string& job_id) {
  const auto outcome = model_.next_page(job_id);
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
    return send_text(fd, request, {.status = refusal->http_status}, {});
  }
  const auto& order = std::get<PageOrder>(outcome);
  const auto jpeg = pages_.render(order.picture, order.settings);
  if (!jpeg) {
    model_.finish_page(PageEnd::broken);
    return send_text(fd, request, {.status = 500, .content_type = "text/plain"}, jpeg.error().detail);
  }
  const std::optional<std::uint8_t> last_byte = deliver(fd, order, **jpeg);
  model_.finish_page(last_byte ? PageEnd::delivered : PageEnd::broken);
  // The model moves on before the client can: who holds the last byte may ask for the next page at once.
  const bool delivered = last_byte && send_all(fd, std::span(&*last_byte, 1));
  return delivered && request.keep_alive ? After::keep : After::close;
}

std::optional<std::uint8_t> EsclServer::deliver(int fd, const PageOrder& order, const Bytes& jpeg) {
  if (!wait_while_connected(fd, order.not_before) || order.effect == FaultKind::drop ||
      (order.effect == FaultKind::stall_headers && !stall(fd))) {
    return std::nullopt;
  }
  const Bytes garbage = order.effect == FaultKind::garbage ? garbage_like(jpeg) : Bytes{};
  std::span<const std::uint8_t> body = order.effect == FaultKind::garbage ? garbage : jpeg;
  if (order.effect == FaultKind::half_jpeg) {
    body = body.first(body.size() / 2);
  }
  const HttpResponse page{.content_type = "image/jpeg", .content_length = body.size()};
  const std::size_t half = body.size() / 2;
  const auto half_time = order.page_time / 2;
  if (!send_all(fd, head_of(page)) || !send_paced(fd, body.first(half), order.scan_start, half_time)) {
    return std::nullopt;
  }
  if (order.effect == FaultKind::unplug) {
    unplug();
  }
  if (breaks_off(order.effect) || (order.effect == FaultKind::stall && !stall(fd))) {
    return std::nullopt;
  }
  const auto rest = body.subspan(half, body.size() - half - 1);
  return send_paced(fd, rest, order.scan_start + half_time, half_time) ? std::optional(body.back()) : std::nullopt;
}

/// Waits until another fault is set; false when the peer went away before.
bool EsclServer::stall(int fd) {
  const std::uint64_t epoch = model_.fault_epoch();
  model_.enter_stall();
  bool connected = true;
  while (connected && model_.fault_epoch() == epoch) {
    connected = wait_while_connected(fd, deadline_in(kStallLook));
  }
  model_.leave_stall();
  return connected;
}

}  // namespace quay::rig
