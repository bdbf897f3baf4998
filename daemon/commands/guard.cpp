// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/guard.hpp"

namespace quay::daemon::commands {
namespace {

constexpr std::size_t kManyPeers = 256;  // then the quiet ones are looked for
constexpr Milliseconds kSoon{100};

std::string connection_key(const Request& request) { return "c" + request.from.peer; }
std::string account_key(const Request& request) { return "a" + request.peer.owner; }
bool is_fetch(const Request& request) { return request.command.cmd == "images.fetch"; }

tl::unexpected<Error> too_many(const Request& request, const char* what, Milliseconds wait) {
  Error error = make_error(Errc::request_too_many, request.command.cmd, what);
  error.retry_after_ms = std::max(wait, Milliseconds(1)).count();
  return failure(std::move(error));
}

}  // namespace

void Guard::set_limits(const GuardLimits& limits) {
  limits_ = limits;
  std::erase_if(peers_, [](const auto& peer) { return peer.second.in_flight == 0; });
}

Guard::Entry& Guard::entry(const std::string& key, core::Rate rate, Deadline now) {
  return peers_.try_emplace(key, Entry{core::TokenBucket(rate, now)}).first->second;
}

Status Guard::enter(const Request& request, Deadline now) {
  if (peers_.size() >= kManyPeers) {
    forget_the_quiet(now);
  }
  Entry& connection = entry(connection_key(request), limits_.connection, now);
  Entry& account = entry(account_key(request), limits_.account, now);
  if (connection.in_flight >= limits_.connection_in_flight || account.in_flight >= limits_.account_in_flight ||
      in_flight_ >= limits_.all_in_flight) {
    return too_many(request, "too many commands are waiting for their answers", kSoon);
  }
  if (is_fetch(request) && connection.fetches >= limits_.fetches_in_flight) {
    return too_many(request, "as many chunks as one connection may have are on the way", kSoon);
  }
  if (!connection.bucket.take(now)) {  // first: what it asks in vain is not its account's
    return too_many(request, "too many commands a second on this connection", connection.bucket.wait());
  }
  if (!account.bucket.take(now)) {
    return too_many(request, "too many commands a second from this account", account.bucket.wait());
  }
  ++connection.in_flight;
  connection.fetches += is_fetch(request) ? 1 : 0;
  ++account.in_flight;
  ++in_flight_;
  return {};
}

void Guard::leave(const Request& request) {
  --in_flight_;
  for (const std::string& key : {connection_key(request), account_key(request)}) {
    --peers_.at(key).in_flight;
  }
  peers_.at(connection_key(request)).fetches -= is_fetch(request) ? 1 : 0;
}

void Guard::forget_the_quiet(Deadline now) {
  std::erase_if(peers_, [&](auto& peer) { return peer.second.in_flight == 0 && peer.second.bucket.full(now); });
}

}  // namespace quay::daemon::commands
