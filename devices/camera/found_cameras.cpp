// SPDX-License-Identifier: Apache-2.0
#include "devices/camera/found_cameras.hpp"

#include <memory>

#include <gphoto2/gphoto2-camera.h>

#include "devices/camera/gphoto_error.hpp"

namespace quay::camera {

Result<std::vector<protocol::worker::FoundCamera>> find_cameras() {
  GPContext* context = gp_context_new();
  CameraList* list = nullptr;
  int count = gp_list_new(&list);
  if (count >= GP_OK) {
    count = gp_camera_autodetect(list, context);
  }
  std::vector<protocol::worker::FoundCamera> cameras;
  for (int i = 0; i < count; ++i) {
    const char* model = nullptr;
    const char* port = nullptr;
    if (gp_list_get_name(list, i, &model) == GP_OK && gp_list_get_value(list, i, &port) == GP_OK) {
      cameras.push_back({{}, model, port});
    }
  }
  gp_list_free(list);
  gp_context_unref(context);
  if (count < GP_OK) {
    return failure(gphoto_error(count, "gp_camera_autodetect", {}));
  }
  return cameras;
}

}  // namespace quay::camera
