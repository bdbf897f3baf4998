// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/live_view.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "protocol/json/parse.hpp"

namespace quay::client {
namespace {

constexpr Milliseconds kSilent{3000};  ///< then quayd is asked whether it still shows
constexpr Milliseconds kRetry{200};    ///< while nobody is there, or the camera does something else
constexpr Milliseconds kPause{250};    ///< of the reader, after which what waits is old
constexpr Milliseconds kQuiet{20};     ///< without a frame on the way: the old ones are through
constexpr std::size_t kFrames = 3;     ///< topic | JSON | JPEG

/// Trouble that passes.
bool may_pass(Errc code) {
  using enum Errc;
  constexpr std::array kPassing{device_busy,        device_absent,    device_io,     device_timeout,
                                daemon_unreachable, request_deadline, worker_crashed};
  return std::find(kPassing.begin(), kPassing.end(), code) != kPassing.end();
}

}  // namespace

Result<LiveView> LiveView::open(Client& client, protocol::CameraLiveArguments wish) {
  auto socket = client.open_socket(Socket::Kind::frames, "live");
  if (!socket) {
    return failure(std::move(socket).error());
  }
  LiveView view(client, *std::move(socket), std::move(wish));
  if (Status asked = view.ask(); !asked) {
    view.client_ = nullptr;
    return failure(std::move(asked).error());
  }
  return view;
}

LiveView::LiveView(LiveView&& other) noexcept
    : client_(std::exchange(other.client_, nullptr)),
      socket_(std::move(other.socket_)),
      wish_(std::move(other.wish_)),
      topic_(std::move(other.topic_)),
      judgement_(std::move(other.judgement_)),
      silent_at_(other.silent_at_),
      read_at_(other.read_at_) {}

LiveView::~LiveView() { close(); }

void LiveView::close() {
  if (Client* client = std::exchange(client_, nullptr)) {
    wish_.frames_per_second = 0;
    // When quayd or the visit is gone, so is the view.
    [[maybe_unused]] const auto ended = client->call_as<protocol::CameraLiveResult>("camera.live", wish_);
  }
}

Status LiveView::ask() {
  auto shown = client_->call_as<protocol::CameraLiveResult>("camera.live", wish_);
  if (!shown) {
    return failure(std::move(shown).error());
  }
  silent_at_ = deadline_in(kSilent);
  if (shown->topic != topic_) {
    topic_ = shown->topic;
    judgement_.reset();
    socket_.subscribe(topic_);
  }
  return {};
}

/// Silent for a while: a picture is being taken, or this quayd never heard of the view.
Status LiveView::ask_again() {
  Status asked = ask();
  if (asked || !may_pass(asked.error().code)) {
    return asked;
  }
  silent_at_ = deadline_in(kRetry);
  return {};
}

Status LiveView::change(protocol::CameraLiveArguments wish) {
  wish_ = std::move(wish);
  return client_ != nullptr ? ask() : Status(failure(Errc::usage, "live_view.change", "the view was closed"));
}

/// ZeroMQ keeps the first frames of a pause and drops the later ones: none of those that wait is what the camera sees
/// now.
Status LiveView::pass_over_old() {
  const std::optional<Deadline> read_at = std::exchange(read_at_, std::nullopt);
  if (client_ == nullptr || !read_at || SteadyClock::now() - *read_at <= kPause) {
    return {};
  }
  for (;;) {
    const auto old = newest(deadline_in(kQuiet));
    if (!old) {
      return failure(old.error());
    }
    if (!*old) {
      return {};
    }
  }
}

Result<std::optional<LiveFrame>> LiveView::next(Deadline deadline) {
  if (Status passed = pass_over_old(); !passed) {
    return failure(std::move(passed).error());
  }
  while (client_ != nullptr) {
    auto frame = newest(std::min(deadline, silent_at_));
    if (!frame || *frame) {
      read_at_ = SteadyClock::now();
      return frame;
    }
    const Deadline now = SteadyClock::now();
    if (now >= deadline) {
      break;
    }
    if (now >= silent_at_) {
      if (Status asked = ask_again(); !asked) {
        return failure(std::move(asked).error());
      }
    }
  }
  return std::optional<LiveFrame>();
}

/// Waits for a message until `first`, then takes everything that waits, and gives the last frame of it.
Result<std::optional<LiveFrame>> LiveView::newest(Deadline first) {
  std::optional<LiveFrame> frame;
  for (Deadline until = first;; until = Deadline{}) {
    auto frames = socket_.receive(until);
    if (!frames) {
      return failure(std::move(frames).error());
    }
    if (!*frames) {
      return frame;
    }
    take(**std::move(frames), frame);
  }
}

void LiveView::take(Frames frames, std::optional<LiveFrame>& newest) {
  if (frames.size() != kFrames) {
    return;
  }
  const auto head = protocol::parse_object(text_of(frames[1]));
  if (!head) {
    return;
  }
  if (auto judged = protocol::from_json<protocol::LiveJudgement>(*head); judged && judged->type == "live.judgement") {
    judgement_ = *std::move(judged);
    if (newest) {
      newest->judgement = judgement_;
    }
    return;
  }
  const auto frame = protocol::from_json<protocol::LiveFrame>(*head);
  if (frame && frame->type == "live.frame") {
    newest.emplace(LiveFrame{frame->frame, std::move(frames[2]), judgement_});
    silent_at_ = deadline_in(kSilent);
  }
}

}  // namespace quay::client
