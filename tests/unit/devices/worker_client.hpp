// SPDX-License-Identifier: Apache-2.0
// quayd's side of a worker channel, for tests: starts the real program the way quayd does and talks frames with it.
// Every wait has an end.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/shared_buffer.hpp"
#include "daemon/supervise/process.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::test {

namespace frames = quay::protocol::worker;

/// A frame from the worker with what came beside it.
struct Reply {
  frames::FromWorker message;
  std::vector<UniqueFd> descriptors;
};

/// A page as quayd would see it: pixels mapped read-only.
struct SeenPage {
  frames::PageRead frame;
  ReadableBuffer pixels;
};

/// A part of a card, with the portrait that came beside it.
struct SeenCardPart {
  frames::CardRead frame;
  std::vector<std::uint8_t> portrait;
};

/// Everything a request answered, in order, up to its Finished.
struct Answers {
  std::vector<frames::Progress> progress;
  std::vector<SeenPage> pages;
  std::optional<frames::Described> described;
  std::vector<frames::Described> news;  ///< of which nobody asked
  std::vector<SeenCardPart> card;
  std::optional<frames::Placed> placed;
  std::vector<frames::PrintSeen> seen;  ///< of a print
  std::optional<frames::Preview> preview;
  std::optional<frames::Rendition> rendition;
  std::vector<std::uint8_t> preview_bytes;
  std::vector<std::uint8_t> rendition_bytes;
  std::vector<std::string> order;            ///< the kind of each frame but Progress
  std::optional<frames::Finished> finished;  ///< nothing: the channel was closed, or nothing came for 20 s

  /// The wire code of the error, "" when it went well, "unfinished" without a Finished.
  std::string code() const {
    return !finished ? "unfinished" : finished->error ? finished->error->code : std::string();
  }
};

class WorkerClient {
 public:
  /// Starts `program`; throws std::runtime_error when that fails.
  WorkerClient(const std::string& program, std::vector<std::string> arguments,
               const std::map<std::string, std::string>& environment);

  void send(const frames::ToWorker& message, const std::vector<int>& descriptors = {});
  /// One datagram of the test's own making.
  void send_raw(const std::string& text);

  /// The next frame; nothing when none comes in 20 s or the channel is closed.
  std::optional<Reply> next();

  /// Reads Hello. False when something else, or nothing, came first.
  bool greeted();

  /// Sends `request` and collects up to its Finished. `give_back`: releases every page as soon as it was mapped
  /// (its pixels in Answers may then be overwritten by a later page).
  enum class Buffers : bool { keep, give_back };
  Answers ask(const frames::ToWorker& request, const std::vector<int>& descriptors = {},
              Buffers buffers = Buffers::give_back);
  Answers collect(Buffers buffers = Buffers::give_back);
  /// Like collect, but calls `on_frame` before each frame is looked at and stops when it returns false.
  Answers collect_while(const std::function<bool(const frames::FromWorker&)>& on_frame,
                        Buffers buffers = Buffers::give_back);

  void release(std::uint64_t buffer);
  void close_channel() { channel_.reset(); }
  void kill() { process_->kill(); }
  pid_t pid() const { return process_->pid(); }

  /// How the process ended ("exit status 0", "signal KILL"); empty when it lives on for 20 s.
  std::string ending();

 private:
  bool take(Reply& reply, Answers& answers, Buffers buffers);

  UniqueFd channel_;
  std::optional<daemon::supervise::Process> process_;
};

}  // namespace quay::test
