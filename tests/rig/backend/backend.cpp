// SPDX-License-Identifier: Apache-2.0
// The entry points of libsane-quaytest.so.1 as sane-dll(5) looks them up. SANE's C API has no context argument
// between sane_init and sane_exit: the one Backend below is that context. Nothing is thrown into C.
#include <sane/sane.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <list>
#include <new>
#include <string>
#include <vector>

#include "tests/rig/backend/counter_state.hpp"
#include "tests/rig/backend/device.hpp"
#include "tests/rig/backend/misfortune.hpp"

namespace quay::rig {
namespace {

struct Backend {
  std::vector<std::string> names;
  std::vector<SANE_Device> devices;
  std::vector<const SANE_Device*> list;
  std::list<Device> open_devices;
};

Backend& backend() {
  static Backend instance;
  return instance;
}

template <class Call>
SANE_Status guarded(Call call) {
  try {
    return call();
  } catch (const std::bad_alloc&) {
    return SANE_STATUS_NO_MEM;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "quaytest: %s\n", error.what());
    return SANE_STATUS_INVAL;
  }
}

SANE_Status complain(const Error& error) {
  std::fprintf(stderr, "quaytest: %s\n", describe(error).c_str());
  return SANE_STATUS_INVAL;
}

std::string name_of(const Script& script, int device) {
  return script.usb_name.empty() ? std::to_string(device) : script.usb_name;
}

bool unplugged(const Script& script) { return read_state(script.state, initial_state(script)).unplugged; }

SANE_Status list_devices(const SANE_Device*** list) {
  auto script = read_script();
  if (!script) {
    return complain(script.error());
  }
  if (const auto fault = strike(*script, Place::get_devices, 0, 0)) {
    return *fault;
  }
  Backend& all = backend();
  const int count = unplugged(*script) ? 0 : script->devices;
  all.names.clear();
  all.devices.clear();
  all.list.clear();
  for (int i = 0; i < count; ++i) {
    all.names.push_back(name_of(*script, i));
  }
  for (const std::string& name : all.names) {
    all.devices.push_back({name.c_str(), "Quay", "Test feeder", "sheetfed scanner"});
  }
  for (const SANE_Device& device : all.devices) {
    all.list.push_back(&device);
  }
  all.list.push_back(nullptr);
  *list = all.list.data();
  return SANE_STATUS_GOOD;
}

bool is_listed(const std::string& name, const Script& script) {
  for (int i = 0; i < script.devices; ++i) {
    if (name.empty() || name == name_of(script, i)) {
      return true;
    }
  }
  return false;
}

SANE_Status open_device(const std::string& name, SANE_Handle* handle) {
  auto script = read_script();
  if (!script) {
    return complain(script.error());
  }
  if (const auto fault = strike(*script, Place::open, 0, 0)) {
    return *fault;
  }
  if (unplugged(*script) || !is_listed(name, *script)) {
    return SANE_STATUS_INVAL;
  }
  auto paper = read_paper(script->pages);
  if (!paper) {
    return complain(paper.error());
  }
  *handle = &backend().open_devices.emplace_back(std::move(*script), std::move(*paper));
  return SANE_STATUS_GOOD;
}

Device& device(SANE_Handle handle) { return *static_cast<Device*>(handle); }

void close_device(SANE_Handle handle) {
  const Device* gone = &device(handle);
  strike(gone->script(), Place::close, 0, 0);
  backend().open_devices.remove_if([gone](const Device& candidate) { return &candidate == gone; });
}

}  // namespace
}  // namespace quay::rig

extern "C" {

SANE_Status sane_quaytest_init(SANE_Int* version, SANE_Auth_Callback) {
  if (version != nullptr) {
    *version = SANE_VERSION_CODE(1, 0, 1);
  }
  return SANE_STATUS_GOOD;
}

void sane_quaytest_exit() { quay::rig::backend() = {}; }

SANE_Status sane_quaytest_get_devices(const SANE_Device*** list, SANE_Bool) {
  return quay::rig::guarded([&] { return quay::rig::list_devices(list); });
}

SANE_Status sane_quaytest_open(SANE_String_Const name, SANE_Handle* handle) {
  return quay::rig::guarded([&] { return quay::rig::open_device(name, handle); });
}

void sane_quaytest_close(SANE_Handle handle) { quay::rig::close_device(handle); }

const SANE_Option_Descriptor* sane_quaytest_get_option_descriptor(SANE_Handle handle, SANE_Int option) {
  return quay::rig::device(handle).options().descriptor(option);
}

SANE_Status sane_quaytest_control_option(SANE_Handle handle, SANE_Int option, SANE_Action action, void* value,
                                         SANE_Int* info) {
  return quay::rig::guarded([&] {
    auto& device = quay::rig::device(handle);
    if (device.options().descriptor(option) == nullptr) {
      return SANE_STATUS_INVAL;
    }
    return device.control(static_cast<quay::rig::Option>(option), action, value, info);
  });
}

SANE_Status sane_quaytest_get_parameters(SANE_Handle handle, SANE_Parameters* parameters) {
  *parameters = quay::rig::device(handle).parameters();
  return SANE_STATUS_GOOD;
}

SANE_Status sane_quaytest_start(SANE_Handle handle) {
  return quay::rig::guarded([&] { return quay::rig::device(handle).start(); });
}

SANE_Status sane_quaytest_read(SANE_Handle handle, SANE_Byte* data, SANE_Int capacity, SANE_Int* length) {
  return quay::rig::guarded([&] { return quay::rig::device(handle).read(data, capacity, *length); });
}

void sane_quaytest_cancel(SANE_Handle handle) { quay::rig::device(handle).cancel(); }

SANE_Status sane_quaytest_set_io_mode(SANE_Handle, SANE_Bool non_blocking) {
  return non_blocking == SANE_FALSE ? SANE_STATUS_GOOD : SANE_STATUS_UNSUPPORTED;
}

SANE_Status sane_quaytest_get_select_fd(SANE_Handle, SANE_Int*) { return SANE_STATUS_UNSUPPORTED; }

}  // extern "C"
