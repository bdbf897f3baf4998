// SPDX-License-Identifier: Apache-2.0
// The settings of an open camera: libgphoto2's widgets, one at a time.
#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "devices/camera/session.hpp"

namespace quay::camera {

/// Names only: the driver knows them without asking the camera.
void Session::read_settings() {
  CameraList* raw = nullptr;
  if (gp_list_new(&raw) < GP_OK) {
    return;
  }
  const std::unique_ptr<CameraList, Freed<gp_list_free>> names(raw);
  const int listed = gp_camera_list_config(camera_.get(), names.get(), context_.get());
  for (int i = 0; listed >= GP_OK && i < gp_list_count(names.get()); ++i) {
    const char* name = nullptr;
    if (gp_list_get_name(names.get(), i, &name) == GP_OK && name != nullptr) {
      settings_.emplace(name);
    }
  }
}

/// The driver answers "no such setting" also where the camera did not answer: what it listed must be there, or the
/// session is torn.
Result<Session::Widget> Session::widget(const char* name) {
  if (!has_setting(name)) {
    return Widget();
  }
  CameraWidget* found = nullptr;
  if (gp_camera_get_single_config(camera_.get(), name, &found, context_.get()) == GP_OK) {
    said_.clear();
    return Widget(found);
  }
  const Status answers = alive();
  return answers ? Result<Widget>(Widget()) : failure(answers.error());
}

Result<std::string> Session::text_setting(const char* name) {
  const auto found = widget(name);
  if (!found) {
    return failure(found.error());
  }
  CameraWidgetType type = GP_WIDGET_WINDOW;
  const bool is_text = *found && gp_widget_get_type(found->get(), &type) == GP_OK &&
                       (type == GP_WIDGET_TEXT || type == GP_WIDGET_RADIO || type == GP_WIDGET_MENU);
  const char* value = nullptr;
  const bool told =
      is_text && gp_widget_get_value(found->get(), static_cast<void*>(&value)) == GP_OK && value != nullptr;
  return told ? std::string(value) : std::string();
}

Result<std::optional<ChoiceSetting>> Session::choice_setting(const char* name) {
  const auto found = widget(name);
  if (!found) {
    return failure(found.error());
  }
  CameraWidgetType type = GP_WIDGET_WINDOW;
  if (!*found || gp_widget_get_type(found->get(), &type) != GP_OK ||
      (type != GP_WIDGET_RADIO && type != GP_WIDGET_MENU)) {
    return std::optional<ChoiceSetting>();
  }
  ChoiceSetting setting;
  const char* current = nullptr;
  if (gp_widget_get_value(found->get(), static_cast<void*>(&current)) == GP_OK && current != nullptr) {
    setting.current = current;
  }
  for (int i = 0; i < gp_widget_count_choices(found->get()); ++i) {
    const char* choice = nullptr;
    if (gp_widget_get_choice(found->get(), i, &choice) == GP_OK) {
      setting.choices.emplace_back(choice);
    }
  }
  return setting.choices.empty() ? std::nullopt : std::optional(std::move(setting));
}

Status Session::set_choice(const char* name, const std::string& value) {
  const auto setting = choice_setting(name);
  if (!setting) {
    return failure(setting.error());
  }
  if (!*setting) {
    return has_setting(name) ? failure(Errc::device_io, name, "the camera does not say what it can be")
                             : failure(Errc::device_invalid_setting, name, "the camera has no such setting");
  }
  const std::vector<std::string>& choices = (*setting)->choices;
  if (std::find(choices.begin(), choices.end(), value) == choices.end()) {
    return failure(Errc::device_invalid_setting, name,
                   fmt::format("\"{}\": one of \"{}\" was expected", value, fmt::join(choices, "\", \"")));
  }
  return (*setting)->current == value ? Status() : set_value(name, value.c_str());
}

Status Session::set_switch(const char* name, bool on) {
  if (!has_setting(name)) {
    return failure(Errc::device_unsupported, name, "the camera has no such setting");
  }
  const int value = on ? 1 : 0;
  return set_value(name, &value);
}

Status Session::set_value(const char* name, const void* value) {
  if (Status allowed = refuse_guest(name); !allowed) {
    return allowed;
  }
  const auto found = widget(name);
  if (!found) {
    return failure(found.error());
  }
  int done = *found ? gp_widget_set_value(found->get(), value) : GP_ERROR_NOT_SUPPORTED;
  if (done == GP_OK) {
    done = gp_camera_set_single_config(camera_.get(), name, found->get(), context_.get());
  }
  if (done == GP_OK) {
    return {};
  }
  Error refused = error(done, name);
  const Status answers = alive();  // the driver finds no setting also where the camera did not answer
  return failure(answers ? std::move(refused) : answers.error());
}

}  // namespace quay::camera
