// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/camera_commands.hpp"

#include "daemon/commands/access.hpp"
#include "daemon/commands/query.hpp"
#include "protocol/client/profiles.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

constexpr std::int32_t kMostPictures = 100;
constexpr double kMostFramesPerSecond = 30;
/// The largest file that a camera of today gives for one picture, about.
constexpr std::uint64_t kRoomForPicture = std::uint64_t{32} * 1024 * 1024;

Status check_arguments(const protocol::CameraCaptureArguments& arguments) {
  if (!protocol::is_profile(arguments.profile)) {
    return failure(Errc::request_bad_argument, "camera.capture",
                   "/args/profile: one of " + protocol::profile_names() + " was expected");
  }
  if (arguments.pictures < 1 || arguments.pictures > kMostPictures) {
    return failure(Errc::request_bad_argument, "camera.capture", "/args/pictures: 1 to 100 were expected");
  }
  return {};
}

jobs::CaptureOrder order_of(const protocol::Command& command, const protocol::CameraCaptureArguments& arguments) {
  jobs::CaptureOrder order;
  order.job = JobId{random_uuid()};
  order.kind = "capture";
  order.visit = VisitId{arguments.visit};
  order.device = DeviceId{arguments.device};
  order.profile = arguments.profile;
  order.arguments = protocol::to_json_object(arguments);
  order.ask = [settings = arguments.settings, pictures = arguments.pictures](std::uint64_t request) {
    return protocol::worker::ToWorker(protocol::worker::Capture{{}, request, settings, pictures});
  };
  order.request_id = command.request_id;
  order.deadline = deadline_of(command);
  return order;
}

/// The wish for a live view as the wish for a picture that it becomes when a sheet lies still.
RequestPtr picture_request(const Request& request, const protocol::CameraLiveArguments& arguments) {
  auto picture = std::make_shared<Request>(request);
  protocol::CameraCaptureArguments wanted;
  wanted.visit = arguments.visit;
  wanted.device = arguments.device;
  wanted.settings = arguments.settings;
  wanted.profile = arguments.profile;
  picture->command.cmd = "camera.capture";
  picture->command.request_id.reset();
  picture->command.deadline_ms.reset();
  picture->command.args = protocol::to_json_object(wanted);
  return picture;
}

}  // namespace

void CameraCommands::add_to(CommandSet& commands) {
  commands.add({"camera.capture",
                core::Role::front_end,
                Subject::visit,
                Effect::starts,
                handler(this, &CameraCommands::capture),
                false,
                {},
                Access::logged});
  commands.add({"camera.live",
                core::Role::front_end,
                Subject::visit,
                Effect::starts,
                handler(this, &CameraCommands::live),
                false,
                {},
                Access::logged});
}

Awaitable<Outcome> CameraCommands::capture(RequestPtr request) {
  const auto arguments = arguments_of<protocol::CameraCaptureArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (const Status good = check_arguments(*arguments); !good) {
    co_return failure(good.error());
  }
  const std::uint64_t room = kRoomForPicture * static_cast<std::uint64_t>(std::min(arguments->pictures, 3));
  co_return co_await starter_.start(request, order_of(request->command, *arguments), room);
}

Awaitable<Outcome> CameraCommands::live(RequestPtr request) {
  const auto arguments = arguments_of<protocol::CameraLiveArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (arguments->frames_per_second < 0 || arguments->frames_per_second > kMostFramesPerSecond) {
    co_return failure(Errc::request_bad_argument, "camera.live", "/args/frames_per_second: 0 to 30 were expected");
  }
  if (arguments->frames_per_second == 0) {
    co_await services_.live.stop(arguments->device, arguments->visit);
    co_return success(protocol::CameraLiveResult{{}, arguments->device, "", 0});
  }
  if (!protocol::is_profile(arguments->profile)) {
    co_return failure(Errc::request_bad_argument, "camera.live",
                      "/args/profile: one of " + protocol::profile_names() + " was expected");
  }
  const Status open = co_await check_open_visit(services_.ledger, arguments->visit, request->command.cmd);
  if (!open) {
    co_return failure(open.error());
  }
  if (arguments->auto_capture && arguments->settings.trigger == protocol::CameraTrigger::button) {
    co_return failure(Errc::request_bad_argument, "camera.live",
                      "/args/settings/trigger: with auto_capture no button is waited for");
  }
  LiveOrder order{arguments->frames_per_second, {}};
  if (arguments->auto_capture) {
    order.capture = [this, picture = picture_request(*request, *arguments)] {
      services_.tasks.spawn("automatic capture", capture_by_itself(picture));
    };
  }
  const core::LeaseHolder who = holder_of(request->peer, arguments->visit);
  const auto live = services_.live.start(arguments->device, who, std::move(order));
  if (!live) {
    co_return failure(live.error());
  }
  co_return success(*live);
}

/// No dispatcher sees this command: what it checks and writes down is done here.
Awaitable<void> CameraCommands::capture_by_itself(RequestPtr request) {
  const auto arguments = arguments_of<protocol::CameraCaptureArguments>(request->command);
  if (!arguments) {
    co_return;
  }
  services_.visits.used(VisitId{arguments->visit});
  Outcome begun = co_await starter_.start(request, order_of(request->command, *arguments), kRoomForPicture);
  const audit::AccessRecord record = access_record(*request, begun);
  const Status written = co_await services_.visits.note(record);
  if (begun && !written) {
    [[maybe_unused]] const Status asked = services_.capture_jobs.cancel(*begun->job);
    begun = failure(written.error());
  }
  if (!begun) {
    services_.log.info("device {}: no automatic capture: {}", arguments->device, describe(begun.error()));
    services_.live.refuse(arguments->device, arguments->visit, begun.error());
  }
}

}  // namespace quay::daemon::commands
