// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/followers.hpp"

#include <algorithm>

#include "protocol/client/events.hpp"

namespace quay::daemon::jobs {

using loop::Awaitable;

namespace {

constexpr std::size_t kMostOfOneVisit = 4;
constexpr std::uint64_t kSmallPiece = 64ULL * 1024;  // less credit than this is saved up
constexpr std::uint64_t kPiece =
    64ULL * 1024;  // an event waits for one at most on the storage thread: its p99 beside 25 MB pages
constexpr Milliseconds kFullQueue{20};  // until a peer's queue is looked at again

protocol::ImagePart part_of(const std::string& follow, const storage::NumberedRendition& rendition,
                            std::uint64_t offset, std::uint64_t bytes) {
  const protocol::RenditionInfo& info = rendition.row.info;
  protocol::ImagePart part;
  part.follow = follow;
  part.number = rendition.number;
  part.id = rendition.row.owner;
  part.rendition = info.rendition;
  part.media_type = info.media_type;
  part.offset = offset;
  part.bytes = bytes;
  part.total = info.bytes;
  part.sha256 = info.sha256;
  return part;
}

}  // namespace

std::string Followers::enlist(FollowOrder order) {
  const VisitId visit = order.visit;
  auto follow = std::make_shared<Follow>(loop_, std::move(order));
  follow->id = random_uuid();
  const auto same_visit = [&](const std::string& id) { return follows_.at(id)->order.visit == visit; };
  if (std::count_if(order_.begin(), order_.end(), same_visit) >= static_cast<std::ptrdiff_t>(kMostOfOneVisit)) {
    const std::string oldest = *std::find_if(order_.begin(), order_.end(), same_visit);
    finish(*follows_.at(oldest), Errc::request_too_many);
  }
  follows_.emplace(follow->id, follow);
  order_.push_back(follow->id);
  tasks_.spawn("follow", push(follow));
  return follow->id;
}

void Followers::begin(const std::string& follow) {
  if (const auto found = follows_.find(follow); found != follows_.end()) {
    found->second->begun = true;
    poke(*found->second);
  }
}

Followers::FollowPtr Followers::find(const std::string& follow, const std::string& peer) const {
  const auto found = follows_.find(follow);
  return found != follows_.end() && found->second->order.peer == peer ? found->second : nullptr;
}

Status Followers::give_credit(const std::string& follow, const std::string& peer, std::uint64_t bytes) {
  const FollowPtr found = find(follow, peer);
  if (!found) {
    return failure(Errc::request_bad_argument, "images.credit",
                   "/args/follow: no follow of this connection, or it is over");
  }
  found->credit = std::min(found->credit + std::min(bytes, protocol::kMostCredit), found->order.credit);
  if (!found->caught_up) {
    poke(*found);
  }
  return {};
}

void Followers::end(const std::string& follow, const std::string& peer) {
  if (const FollowPtr found = find(follow, peer)) {
    found->wake.close();
  }
}

void Followers::hear(const publish::Notice& notice) {
  const bool closed = notice.topic == protocol::topic::kVisitClosed;
  const bool handed_over = notice.topic == protocol::topic::kVisitHandedOver;
  for (const auto& [id, follow] : follows_) {
    if (follow->order.visit.value != notice.visit) {
      continue;
    }
    if (closed || handed_over) {
      finish(*follow, closed ? Errc::visit_closed : Errc::visit_not_owner);
    } else if (!notice.fresh || !send_fresh(*follow, notice.fresh)) {
      poke(*follow);
    }
  }
}

/// The short way: what has just been stored goes to a follower who has everything before it. False: the long way.
bool Followers::send_fresh(Follow& follow, const std::shared_ptr<const publish::FreshRendition>& fresh) {
  const std::vector<std::string>& wanted = follow.order.renditions;
  const std::uint64_t size = fresh->bytes.size();
  if (!follow.caught_up || size > follow.credit ||
      std::find(wanted.begin(), wanted.end(), fresh->info.rendition) == wanted.end()) {
    return false;
  }
  const protocol::ImagePart head = part_of(follow.id, {fresh->number, {fresh->owner, fresh->info, {}}}, 0, size);
  zmq::message_t bytes = publish::make_part(fresh->bytes, fresh);
  const std::string text = protocol::json::serialize(protocol::to_json(head));
  if (images_.push(follow.order.peer, text, bytes) != publish::Sent::yes) {
    return false;
  }
  follow.credit -= size;
  follow.order.after = fresh->number;
  return true;
}

void Followers::stop() {
  for (const auto& [id, follow] : follows_) {
    follow->wake.close();
  }
}

void Followers::poke(Follow& follow) {
  follow.caught_up = false;
  if (follow.wake.size() == 0) {
    follow.wake.push(0);
  }
}

void Followers::finish(Follow& follow, Errc why) {
  follow.ended = why;
  follow.wake.close();
}

/// Runs as long as the follow lives. Sleeps when there is nothing to send or nothing may be sent.
Awaitable<void> Followers::push(FollowPtr follow) {
  bool alive = true;
  while (alive && !follow->wake.closed()) {
    Result<std::optional<Piece>> piece = std::optional<Piece>();
    const bool looked = follow->begun && follow->credit >= kSmallPiece;
    if (looked) {
      piece = co_await next_piece(follow);
    }
    if (!piece) {
      finish(*follow, piece.error().code);
    } else if (*piece) {
      alive = co_await send(follow, std::move(**piece));
    } else {
      follow->caught_up = looked && follow->wake.size() == 0;
      co_await follow->wake.receive(loop::kUntilClosed);
    }
  }
  if (follow->ended) {
    protocol::ImageEnd last;
    last.follow = follow->id;
    last.reason = protocol::to_body(make_error(*follow->ended, "images.follow", follow->order.visit.value));
    zmq::message_t nothing;
    images_.push(follow->order.peer, protocol::json::serialize(protocol::to_json(last)), nothing);
  }
  follows_.erase(follow->id);
  std::erase(order_, follow->id);
}

/// False when the peer has gone. Waits while its queue is full: other replies may fill it, credit alone cannot.
Awaitable<bool> Followers::send(FollowPtr follow, Piece piece) {
  const std::uint64_t size = piece.bytes.size();
  const Place place{piece.head.number, piece.head.offset + size};
  const bool whole = place.offset == piece.head.total;
  const std::string head = protocol::json::serialize(protocol::to_json(piece.head));
  zmq::message_t bytes = publish::make_part(std::move(piece.bytes));
  for (;;) {
    const publish::Sent sent = images_.push(follow->order.peer, head, bytes);
    if (sent != publish::Sent::queue_full) {
      follow->credit -= size;
      follow->place = place;
      if (whole) {
        follow->order.after = place.number;
        follow->place = {};
      }
      co_return sent == publish::Sent::yes;
    }
    const Deadline later = deadline_in(kFullQueue);
    co_await follow->wake.receive(later);
    if (follow->wake.closed()) {
      co_return false;
    }
  }
}

Awaitable<Result<std::optional<Followers::Piece>>> Followers::next_piece(FollowPtr follow) {
  // A copy: credit comes in while the storage thread reads.
  const Wanted wanted{follow->id,          follow->order.visit, follow->order.renditions,
                      follow->order.after, follow->place,       follow->credit};
  const auto work = [wanted](storage::Journal& journal, storage::Spool& spool) {
    return read_piece(journal, spool, wanted);
  };
  co_return co_await ledger_.run(work);
}

Result<std::optional<Followers::Piece>> Followers::read_piece(storage::Journal& journal, storage::Spool& spool,
                                                              const Wanted& wanted) {
  const auto found = journal.rendition_after(wanted.visit, wanted.after, wanted.renditions);
  if (!found) {
    return failure(found.error());
  }
  if (!*found) {
    return std::optional<Piece>();
  }
  const storage::NumberedRendition& rendition = **found;
  const protocol::RenditionInfo& info = rendition.row.info;
  const std::uint64_t offset = wanted.place.number == rendition.number ? wanted.place.offset : 0;
  const std::uint64_t length = std::min({info.bytes - offset, wanted.most, kPiece});
  auto bytes = spool.read({wanted.visit, rendition.row.owner, info.rendition}, offset, length);
  if (!bytes) {
    return failure(bytes.error());
  }
  const std::uint64_t size = bytes->size();
  return std::optional(Piece{part_of(wanted.follow, rendition, offset, size), std::move(*bytes)});
}

}  // namespace quay::daemon::jobs
