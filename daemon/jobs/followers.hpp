// SPDX-License-Identifier: Apache-2.0
// Pushes the renditions of a visit to the front end that owns it, the moment they are durable, and never more bytes
// than it gave credit for: they are read from the spool only when they may be sent. Who may follow is checked
// elsewhere.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/jobs/ledger.hpp"
#include "daemon/loop/task_group.hpp"
#include "daemon/publish/command_socket.hpp"
#include "protocol/client/images.hpp"

namespace quay::daemon::jobs {

struct FollowOrder {
  std::string peer;  ///< routing id on `images`
  VisitId visit;
  std::vector<std::string> renditions;
  std::uint64_t credit = 0;  ///< bytes
  std::uint64_t after = 0;   ///< number of the last rendition the front end has whole
};

class Followers {
 public:
  Followers(loop::Loop& loop, Ledger& ledger, loop::TaskGroup& tasks, publish::CommandSocket& images)
      : loop_(loop), ledger_(ledger), tasks_(tasks), images_(images) {}

  /// Takes a follow on and gives its id. The fifth of one visit ends the first, so that a front end that comes back is
  /// never shut out by what it left behind.
  std::string enlist(FollowOrder order);

  /// Starts pushing: once the front end has been told the id, so that it knows whose the first piece is.
  void begin(const std::string& follow);

  /// Takes credit back. Errors: request_bad_argument when it is over, or another peer's.
  Status give_credit(const std::string& follow, const std::string& peer, std::uint64_t bytes);

  /// Ends a follow of this peer; one that is over is fine.
  void end(const std::string& follow, const std::string& peer);

  /// Looks whether a published event concerns a follow: wakes it, or ends it when the visit is closed or handed over.
  void hear(const publish::Notice& notice);

  void stop();
  std::size_t count() const { return follows_.size(); }

 private:
  /// What is being sent: which rendition, and from where on.
  struct Place {
    std::uint64_t number = 0;
    std::uint64_t offset = 0;
  };
  struct Follow {
    Follow(loop::Loop& loop, FollowOrder what) : order(std::move(what)), wake(loop), credit(order.credit) {}
    std::string id;
    FollowOrder order;
    loop::Mailbox<int> wake;
    std::uint64_t credit;
    Place place;  ///< number 0: the next rendition has not been begun
    bool begun = false;
    bool caught_up = false;  ///< everything stored so far was sent, and nothing was heard of since
    std::optional<Errc> ended;
  };
  /// What the storage thread is asked for.
  struct Wanted {
    std::string follow;
    VisitId visit;
    std::vector<std::string> renditions;
    std::uint64_t after;
    Place place;
    std::uint64_t most;  ///< bytes
  };
  struct Piece {
    protocol::ImagePart head;
    std::vector<std::uint8_t> bytes;
  };
  using FollowPtr = std::shared_ptr<Follow>;

  loop::Awaitable<void> push(FollowPtr follow);
  loop::Awaitable<bool> send(FollowPtr follow, Piece piece);
  loop::Awaitable<Result<std::optional<Piece>>> next_piece(FollowPtr follow);
  static Result<std::optional<Piece>> read_piece(storage::Journal& journal, storage::Spool& spool,
                                                 const Wanted& wanted);
  bool send_fresh(Follow& follow, const std::shared_ptr<const publish::FreshRendition>& fresh);
  void poke(Follow& follow);
  void finish(Follow& follow, Errc why);
  FollowPtr find(const std::string& follow, const std::string& peer) const;

  loop::Loop& loop_;
  Ledger& ledger_;
  loop::TaskGroup& tasks_;
  publish::CommandSocket& images_;
  std::map<std::string, FollowPtr> follows_;
  std::vector<std::string> order_;  ///< ids, oldest first
};

}  // namespace quay::daemon::jobs
