// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/devices/supervised_camera.hpp"

#include <utility>

#include "base/shared_buffer.hpp"
#include "protocol/client/error_table.hpp"

namespace quay::test {

using daemon::loop::Awaitable;
using daemon::supervise::Incoming;

namespace {

constexpr Milliseconds kReady{20'000};

daemon::supervise::WorkerSpec spec_of(const std::string& port, const std::string& model, Milliseconds late_work) {
  daemon::supervise::WorkerSpec spec;
  spec.name = "camera";
  spec.process.program = QUAY_CAMERA;
  spec.process.arguments = {"--port", port, "--model", model};
  spec.process.environment = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/nonexistent"};
  spec.late_work_option = "--picture-may-come-ms";
  spec.late_work = late_work;
  spec.deadlines.cancel_grace = Milliseconds(200);
  spec.crashes.first_rest = Milliseconds(1);
  return spec;
}

}  // namespace

std::string CameraAnswers::code() const {
  return error ? std::string(protocol::error_row(error->code).wire) : std::string();
}

SupervisedCamera::SupervisedCamera(const std::string& port, const std::string& model, Milliseconds late_work)
    : worker_(loop_, log_, spec_of(port, model, late_work)) {
  tasks_.spawn("worker", worker_.run());
}

SupervisedCamera::~SupervisedCamera() {
  worker_.stop();
  while (tasks_.running() > 0) {
    loop_.run_one();
  }
}

CameraAnswers SupervisedCamera::ask(Make make, Milliseconds stall, Enough enough) {
  answers_ = {};
  done_ = false;
  tasks_.spawn("request", carry_out(std::move(make), stall, std::move(enough)));
  while (!done_) {
    loop_.run_one();
  }
  return std::exchange(answers_, {});
}

Awaitable<void> SupervisedCamera::carry_out(Make make, Milliseconds stall, Enough enough) {
  const Deadline ready_by = deadline_in(kReady);
  const bool ready = co_await worker_.wait_ready(ready_by);
  Status going = ready ? worker_.start(make) : Status(failure(Errc::worker_start_failed, "test", "not ready"));
  while (going) {
    const Deadline deadline = deadline_in(stall);
    Result<Incoming> incoming = co_await worker_.next(deadline);
    if (!incoming) {
      going = failure(incoming.error());
      break;
    }
    if (const auto* finished = std::get_if<frames::Finished>(&incoming->message)) {
      going = finished->error ? Status(failure(protocol::from_body(*finished->error))) : Status();
      break;
    }
    take(std::move(*incoming));
    if (enough && enough(answers_)) {
      worker_.cancel();
    }
  }
  answers_.error = going ? std::nullopt : std::optional(going.error());
  done_ = true;
}

void SupervisedCamera::take(Incoming incoming) {
  if (const auto* page = std::get_if<frames::PageRead>(&incoming.message)) {
    const daemon::supervise::BufferLease lease = worker_.lease(page->buffer);
    const auto file = ReadableBuffer::open(std::move(incoming.descriptors.at(0)), page->bytes);
    const auto bytes = file ? file->bytes() : std::span<const std::uint8_t>();
    answers_.pages.emplace_back(bytes.begin(), bytes.end());
    answers_.media_types.push_back(page->geometry.media_type);
    worker_.note_kept(page->page);
  } else if (const auto* described = std::get_if<frames::Described>(&incoming.message)) {
    answers_.described = *described;
  } else if (const auto* condition = std::get_if<frames::Condition>(&incoming.message)) {
    answers_.condition = *condition;
  } else if (const auto* progress = std::get_if<frames::Progress>(&incoming.message)) {
    answers_.stages.push_back(progress->stage);
  } else if (std::holds_alternative<frames::LiveFrame>(incoming.message)) {
    answers_.live_frames += 1;
  }
}

CameraAnswers SupervisedCamera::describe(Milliseconds stall) {
  return ask([](std::uint64_t request) { return frames::ToWorker(frames::Describe{{}, request}); }, stall);
}

CameraAnswers SupervisedCamera::look(Milliseconds stall) {
  return ask([](std::uint64_t request) { return frames::ToWorker(frames::Look{{}, request}); }, stall);
}

CameraAnswers SupervisedCamera::capture(const frames::Capture& order, Milliseconds stall, Enough enough) {
  const auto make = [order](std::uint64_t request) {
    frames::Capture asked = order;
    asked.request = request;
    return frames::ToWorker(std::move(asked));
  };
  return ask(make, stall, std::move(enough));
}

CameraAnswers SupervisedCamera::live_view(int wanted, Milliseconds stall, double frames_per_second) {
  return ask(
      [frames_per_second](std::uint64_t request) {
        return frames::ToWorker(frames::LiveView{{}, request, frames_per_second});
      },
      stall, [wanted](const CameraAnswers& answers) { return answers.live_frames >= wanted; });
}

}  // namespace quay::test
