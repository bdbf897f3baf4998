// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/live_desk.hpp"

#include "base/encoding.hpp"
#include "daemon/jobs/page_store.hpp"
#include "protocol/client/events.hpp"
#include "protocol/json/writer.hpp"

namespace quay::daemon::commands {

namespace frames = protocol::worker;
using loop::Awaitable;

namespace {

constexpr Milliseconds kReady{20'000};
/// Between two frames; a camera that focuses or wakes up takes seconds.
constexpr Milliseconds kPatience{20'000};
/// A live view that nobody has subscribed to for so long drains the camera's battery for nobody.
constexpr Milliseconds kUnseen{15'000};
constexpr Milliseconds kLook{10};

}  // namespace

LiveDesk::ViewPtr LiveDesk::find(const std::string& device, const std::string& visit) const {
  const auto found = views_.find(device);
  return found != views_.end() && found->second->who.visit == visit ? found->second : nullptr;
}

Result<protocol::CameraLiveResult> LiveDesk::start(const std::string& device, const core::LeaseHolder& who,
                                                   LiveOrder order) {
  const double frames_per_second = order.frames_per_second;
  const bool automatic = order.capture != nullptr;
  ViewPtr view = find(device, who.visit);
  const bool is_new = view == nullptr || view->wish == Wish::end;
  if (is_new) {
    view = std::make_shared<View>();
    view->device = device;
    view->who = who;
    view->topic = "live." + device + "." + random_uuid();
    view->order.frames_per_second = frames_per_second;
    if (const Status begun = begin(view); !begun) {
      return failure(begun.error());
    }
    publisher_.open_topic(view->topic);
    views_[device] = view;
  } else if (view->order.frames_per_second != frames_per_second && view->asking) {
    view->again = true;
    cancel(*view);
  }
  view->order = std::move(order);
  if (view->refused) {  // perhaps what was wrong is put right by the new wish
    view->refused.reset();
    view->watch.note_not_taken();
  }
  return protocol::CameraLiveResult{{}, device, view->topic, frames_per_second, automatic};
}

/// Acquires the device as a job does.
Status LiveDesk::begin(const ViewPtr& view) {
  jobs::SourceDevice* device = devices_.find(view->device);
  if (device == nullptr) {
    return failure(Errc::device_unknown, "camera.live", view->device);
  }
  if (device->spec().kind != protocol::DeviceKind::camera) {
    return failure(Errc::device_unsupported, "camera.live", view->device + " is no camera");
  }
  if (Status admitted = device->admit(view->who.visit); !admitted) {
    return admitted;
  }
  if (Status leased = leases_.start_job(view->device, view->who); !leased) {
    return leased;
  }
  if (!device->try_acquire()) {
    leases_.end_job(view->device, false);
    return failure(Errc::device_busy, "camera.live", "a job uses " + view->device);
  }
  view->running = true;
  view->wish = Wish::show;
  view->seen = deadline_in(kUnseen);
  tasks_.spawn("live view", run(view, device));
  return {};
}

Awaitable<void> LiveDesk::run(ViewPtr view, jobs::SourceDevice* device) {
  Status shown;
  do {
    view->again = false;
    shown = co_await show(view, *device);
  } while (shown && view->again && view->wish == Wish::show);
  const bool blames = !shown && shown.error().code != Errc::device_unsupported;
  device->note(blames ? std::optional(shown.error()) : std::nullopt);
  device->release();
  leases_.end_job(view->device, true);
  view->running = false;
  if (!shown) {
    log_.info("device {}: live view ended: {}", view->device, describe(shown.error()));
  }
  if (!shown || view->wish != Wish::pause) {
    end(*view);
  }
}

/// A phone shows nothing, known or not known yet.
Awaitable<Status> LiveDesk::get_ready(ViewPtr view, jobs::SourceDevice& device) {
  const Deadline ready_by = deadline_in(kReady);
  const bool ready = co_await device.worker().wait_ready(ready_by);
  if (!ready) {
    co_return failure(Errc::worker_start_failed, "camera.live", "not ready");
  }
  if (view->wish != Wish::show) {
    co_return Status();
  }
  const Status met = co_await device.meet();
  if (met && device.is_guest()) {
    co_return failure(Errc::device_unsupported, "camera.live", view->device + " is a citizen's phone");
  }
  co_return view->wish == Wish::show ? met : Status();
}

Awaitable<Status> LiveDesk::show(ViewPtr view, jobs::SourceDevice& device) {
  const Status ready = co_await get_ready(view, device);
  if (!ready || view->wish != Wish::show) {
    co_return ready;
  }
  const auto make = [&](std::uint64_t request) {
    return frames::ToWorker(frames::LiveView{{}, request, view->order.frames_per_second});
  };
  if (Status started = device.worker().start(make); !started) {
    co_return started;
  }
  view->asking = true;
  const Status shown = co_await show_frames(view, device.worker());
  view->asking = false;
  co_return shown;
}

Awaitable<Status> LiveDesk::show_frames(ViewPtr view, supervise::Worker& worker) {
  for (;;) {
    const Deadline deadline = deadline_in(kPatience);
    Result<supervise::Incoming> incoming = co_await worker.next(deadline);
    if (!incoming) {
      co_return failure(incoming.error());
    }
    if (const auto* finished = std::get_if<frames::Finished>(&incoming->message)) {
      const bool by_itself = view->wish == Wish::show && !view->again;
      co_return finished->error&& by_itself ? Status(failure(protocol::from_body(*finished->error))) : Status();
    }
    if (const Status passed = show_frame(view, *std::move(incoming), worker); !passed) {
      worker.cancel();
    }
  }
}

Status LiveDesk::show_frame(const ViewPtr& view, supervise::Incoming incoming, supervise::Worker& worker) {
  const auto* frame = std::get_if<frames::LiveFrame>(&incoming.message);
  if (frame == nullptr) {
    return {};
  }
  const auto jpeg = jobs::open_bytes(incoming, frame->bytes);
  if (!jpeg) {
    return failure(jpeg.error());
  }
  const Deadline now = SteadyClock::now();
  if (publisher_.subscribers(view->topic) > 0) {
    view->seen = now + kUnseen;
  } else if (now > view->seen) {
    view->wish = Wish::end;
    worker.cancel();
  }
  protocol::LiveFrame head;
  head.device = view->device;
  head.frame = ++view->frame;
  head.bytes = frame->bytes;
  publisher_.publish(view->topic, protocol::json::serialize(protocol::to_json(head)),
                     publish::make_part((*jpeg)->bytes(), *jpeg));
  judge_.look(view->topic, *jpeg, [this, view, number = head.frame](const frames::FrameJudged& judged) {
    tell_judgement(view, number, judged);
  });
  return {};
}

/// A judgement that comes when the view has ended, or makes way for a picture, is of no use to anybody.
void LiveDesk::tell_judgement(const ViewPtr& view, std::uint64_t frame, const frames::FrameJudged& judged) {
  if (view->wish != Wish::show || !view->running) {
    return;
  }
  protocol::LiveJudgement told;
  told.device = view->device;
  told.frame = frame;
  told.width = judged.width;
  told.height = judged.height;
  told.sheet_found = judged.sheet_found;
  told.quad_px = judged.quad_px;
  told.quality = judged.quality;
  bool capture = false;
  if (view->order.capture) {
    const core::Sight sight{from_base64(judged.look).value_or(""), from_base64(judged.sheet).value_or(""),
                            judged.quality.empty()};
    capture = view->watch.see(sight, SteadyClock::now());
    const protocol::PageTurn turn = view->watch.state();
    const bool other = turn == protocol::PageTurn::empty || turn == protocol::PageTurn::settling;
    if (other || capture) {
      view->refused.reset();
      view->captured = false;
    }
    told.page = page_of(*view);
  }
  if (view->refused) {
    told.error = protocol::to_body(*view->refused);
  }
  publisher_.publish(view->topic, protocol::json::serialize(protocol::to_json(told)), {});
  view->told = std::move(told);
  if (capture) {
    view->by_itself = true;
    view->order.capture();
  }
}

/// A sheet whose capture is under way, or came to nothing, is not taken.
protocol::PageTurn LiveDesk::page_of(const View& view) {
  const protocol::PageTurn turn = view.watch.state();
  return turn == protocol::PageTurn::taken && !view.captured ? protocol::PageTurn::settling : turn;
}

/// At once: the view may be over before another frame is looked at.
void LiveDesk::tell_refusal(View& view, const Error& why) {
  view.by_itself = false;
  view.refused = why;
  protocol::LiveJudgement told = view.told;
  told.page = page_of(view);
  told.error = protocol::to_body(why);
  publisher_.publish(view.topic, protocol::json::serialize(protocol::to_json(told)), {});
}

void LiveDesk::refuse(const std::string& device, const std::string& visit, const Error& why) {
  const ViewPtr view = find(device, visit);
  if (view && view->by_itself) {
    tell_refusal(*view, why);
  }
}

void LiveDesk::end(View& view) {
  view.wish = Wish::end;
  publisher_.close_topic(view.topic);
  judge_.forget(view.topic);
  view.order.capture = {};
  const auto found = views_.find(view.device);
  if (found != views_.end() && found->second.get() == &view) {
    views_.erase(found);
  }
}

/// Only what the view itself has asked: a question of quayd's own may be under way.
void LiveDesk::cancel(const View& view) {
  if (jobs::SourceDevice* device = devices_.find(view.device); device != nullptr && view.running) {
    device->cancel();
  }
}

Awaitable<void> LiveDesk::wait_stopped(ViewPtr view) {
  loop::Mailbox<int> pause(loop_);
  while (view->running) {
    cancel(*view);
    const Deadline soon = deadline_in(kLook);
    co_await pause.receive(soon);
  }
}

Awaitable<void> LiveDesk::stop(std::string device, std::string visit) {
  if (const ViewPtr view = find(device, visit)) {
    view->wish = Wish::end;
    co_await wait_stopped(view);
    end(*view);
  }
}

Awaitable<void> LiveDesk::pause(std::string device, std::string visit) {
  const ViewPtr view = find(device, visit);
  if (view && view->running) {
    view->wish = Wish::pause;
    view->watch.note_taken();  // whoever asked for the picture: it is of the sheet that lies there
    view->captured = false;
    co_await wait_stopped(view);
  }
}

void LiveDesk::resume(const std::string& device, const jobs::DeviceUse& use) {
  const auto found = views_.find(device);
  if (found == views_.end() || found->second->running || found->second->wish != Wish::pause) {
    return;
  }
  const ViewPtr view = found->second;
  view->captured = use.pages > 0;
  if (!view->captured && view->by_itself) {
    tell_refusal(*view, use.error.value_or(make_error(Errc::camera_no_picture, "camera.capture", device)));
  } else if (!view->captured) {
    view->watch.note_not_taken();
  }
  view->by_itself = false;
  if (const Status begun = begin(view); !begun) {
    log_.info("device {}: live view does not go on: {}", device, describe(begun.error()));
    end(*view);
  }
}

void LiveDesk::hear(const publish::Notice& notice) {
  const bool ends = notice.topic == protocol::topic::kVisitClosed || notice.topic == protocol::topic::kVisitHandedOver;
  const std::map<std::string, ViewPtr> views = ends ? views_ : std::map<std::string, ViewPtr>();
  for (const auto& [device, view] : views) {
    if (view->who.visit == notice.visit) {
      tasks_.spawn("end of a live view", stop(device, notice.visit));
    }
  }
}

void LiveDesk::stop_all() {
  judge_.stop();
  for (const auto& [device, view] : views_) {
    view->wish = Wish::end;
    cancel(*view);
  }
}

}  // namespace quay::daemon::commands
