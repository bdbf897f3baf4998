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
  } else if (view->order.frames_per_second != frames_per_second && view->running) {
    view->again = true;
    devices_.find(device)->worker().cancel();
  }
  view->order = std::move(order);
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
    shown = co_await show(view, device->worker());
  } while (shown && view->again && view->wish == Wish::show);
  device->note(shown ? std::nullopt : std::optional(shown.error()));
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

Awaitable<Status> LiveDesk::show(ViewPtr view, supervise::Worker& worker) {
  const Deadline ready_by = deadline_in(kReady);
  const bool ready = co_await worker.wait_ready(ready_by);
  if (!ready) {
    co_return failure(Errc::worker_start_failed, "camera.live", "not ready");
  }
  const auto make = [&](std::uint64_t request) {
    return frames::ToWorker(frames::LiveView{{}, request, view->order.frames_per_second});
  };
  if (view->wish != Wish::show) {
    co_return Status();
  }
  if (Status started = worker.start(make); !started) {
    co_return started;
  }
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
    told.page = view->watch.state();
    if (told.page != protocol::PageTurn::taken) {
      view->refused.reset();
    }
  }
  if (view->refused) {
    told.error = protocol::to_body(*view->refused);
  }
  publisher_.publish(view->topic, protocol::json::serialize(protocol::to_json(told)), {});
  if (capture) {
    view->order.capture();
  }
}

void LiveDesk::refuse(const std::string& device, const std::string& visit, const Error& why) {
  if (const ViewPtr view = find(device, visit)) {
    view->refused = why;
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

Awaitable<void> LiveDesk::wait_stopped(ViewPtr view) {
  loop::Mailbox<int> pause(loop_);
  while (view->running) {
    if (jobs::SourceDevice* device = devices_.find(view->device)) {
      device->worker().cancel();
    }
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
    co_await wait_stopped(view);
  }
}

void LiveDesk::resume(const std::string& device) {
  const auto found = views_.find(device);
  if (found == views_.end() || found->second->running || found->second->wish != Wish::pause) {
    return;
  }
  const ViewPtr view = found->second;
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
    if (jobs::SourceDevice* source = devices_.find(device); source != nullptr && view->running) {
      source->worker().cancel();
    }
  }
}

}  // namespace quay::daemon::commands
