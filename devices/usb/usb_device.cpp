// SPDX-License-Identifier: Apache-2.0
#include "devices/usb/usb_device.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "devices/usb/usb_reset.hpp"

namespace quay::usb {

namespace frames = worker::frames;

namespace {

using Monitor = std::unique_ptr<udev_monitor, Freed<udev_monitor_unref>>;

/// Events of udevd, which come when its rules have run: by the kernel's own the node would still be root's.
Monitor listen(udev* context) {
  Monitor monitor(udev_monitor_new_from_netlink(context, "udev"));
  if (monitor) {
    udev_monitor_filter_add_match_subsystem_devtype(monitor.get(), "usb", "usb_device");
    udev_monitor_enable_receiving(monitor.get());
  }
  return monitor;
}

/// Which event it was does not matter: a fast plug may give one for several, so all is looked at anew.
void drain(udev_monitor* monitor) {
  while (udev_device* node = udev_monitor_receive_device(monitor)) {
    udev_device_unref(node);
  }
}

}  // namespace

UsbWatcher::~UsbWatcher() {
  if (thread_.joinable()) {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
    thread_.join();
  }
}

Status UsbWatcher::prepare() {
  wake_ = UniqueFd(::eventfd(0, EFD_CLOEXEC));
  if (!wake_) {
    return failure(errno_error(Errc::worker_start_failed, "eventfd", errno));
  }
  thread_ = std::thread([this] { watch(); });
  return {};
}

/// False when quayd is gone.
bool UsbWatcher::tell_changes(udev* context, std::optional<std::vector<UsbDevice>>& told) const {
  std::vector<UsbDevice> now = plugged_devices(context);
  if (told == now) {
    return true;
  }
  frames::Described news;
  news.usb = protocol::worker::UsbTree{{}, now};
  told = std::move(now);
  return channel_->send(news).has_value();
}

void UsbWatcher::watch() {
  const Udev context(udev_new());
  const Monitor monitor = context ? listen(context.get()) : nullptr;
  if (!monitor) {
    log_.warning("udev gives no events: USB is looked at every {} ms", look_.count());
  }
  std::optional<std::vector<UsbDevice>> told;
  std::array<pollfd, 2> ready{{{wake_.get(), POLLIN, 0}, {-1, POLLIN, 0}}};
  if (monitor) {
    ready[1].fd = udev_monitor_get_fd(monitor.get());
  }
  while (context && tell_changes(context.get(), told)) {
    ::poll(ready.data(), ready.size(), static_cast<int>(look_.count()));
    if ((ready[0].revents & POLLIN) != 0) {
      return;
    }
    if (monitor) {
      drain(monitor.get());
    }
  }
}

worker::Outcome UsbWatcher::carry_out(const frames::ToWorker& request, std::vector<UniqueFd> /*descriptors*/,
                                      worker::Job& /*job*/) {
  const auto* reset = std::get_if<frames::ResetUsb>(&request);
  if (reset == nullptr) {
    return {0, make_error(Errc::worker_protocol, "quay-usb", "resets ports, nothing else")};
  }
  const Status done = reset_device(reset->bus, reset->address);
  return {0, done ? std::nullopt : std::optional(done.error())};
}

}  // namespace quay::usb
