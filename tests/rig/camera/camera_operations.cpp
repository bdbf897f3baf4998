// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/camera/camera_operations.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "tests/rig/camera/ptp_codes.hpp"

namespace quay::rig {
namespace {

constexpr std::uint32_t kNikon = 0x0000000A;  // VendorExtensionID
constexpr std::uint64_t kCardBytes = 32'000'000'000;
constexpr std::uint64_t kPictureBytes = 5'000'000;
constexpr std::uint16_t kUint8 = 0x0002;
constexpr std::uint16_t kUint16 = 0x0004;
constexpr std::size_t kLiveHeader = 128;  // what Nikon puts before the JPEG

/// A property that a host may choose from a list (form 2, enumeration).
struct Choice {
  std::uint16_t property;
  std::uint16_t type;
  std::uint32_t initial;
  std::span<const std::uint16_t> values;
};

constexpr std::array<std::uint16_t, 5> kIsoValues{100, 200, 400, 800, 1600};
constexpr std::array<std::uint16_t, 4> kWhiteBalances{2, 4, 5, 6};  // automatic, daylight, fluorescent, tungsten
constexpr std::array<std::uint16_t, 4> kQualities{ptp::kRawQuality, 0, 1, 2};  // raw; JPEG basic, normal, fine
constexpr std::array kChoices{Choice{ptp::kExposureIndex, kUint16, ptp::kFirstIso, kIsoValues},
                              Choice{ptp::kWhiteBalance, kUint16, 2, kWhiteBalances},
                              Choice{ptp::kCompressionSetting, kUint8, ptp::kRawQuality, kQualities}};

void write_value(PtpWriter& writer, const Choice& choice, std::uint32_t value) {
  choice.type == kUint8 ? writer.u8(static_cast<std::uint8_t>(value)) : writer.u16(static_cast<std::uint16_t>(value));
}

/// Those that this camera has: a raw-only one has but the first quality.
std::span<const std::uint16_t> values_of(const CameraModel& camera, const Choice& choice) {
  const bool only = choice.property == ptp::kCompressionSetting && camera.options().raw_only;
  return only ? choice.values.first(1) : choice.values;
}

const Choice* choice_of(std::uint32_t property) {
  const auto* found =
      std::find_if(kChoices.begin(), kChoices.end(), [&](const Choice& one) { return one.property == property; });
  return found == kChoices.end() ? nullptr : found;
}

PtpAnswer with(PtpWriter& writer) { return {ptp::kOk, writer.take()}; }

std::vector<std::uint16_t> operations_of(const CameraOptions& options) {
  std::vector<std::uint16_t> operations{ptp::kGetDeviceInfo,     ptp::kOpenSession,       ptp::kCloseSession,
                                        ptp::kGetStorageIds,     ptp::kGetStorageInfo,    ptp::kGetNumObjects,
                                        ptp::kGetObjectHandles,  ptp::kGetObjectInfo,     ptp::kGetObject,
                                        ptp::kDeleteObject,      ptp::kGetDevicePropDesc, ptp::kGetDevicePropValue,
                                        ptp::kSetDevicePropValue};
  if (options.phone != PhoneKind::none) {
    return operations;
  }
  operations.push_back(ptp::kInitiateCapture);
  if (options.live_view) {
    for (const std::uint16_t operation :
         {ptp::kNikonDeviceReady, ptp::kNikonStartLiveView, ptp::kNikonEndLiveView, ptp::kNikonGetLiveViewImage}) {
      operations.push_back(operation);
    }
  }
  return operations;
}

std::vector<std::uint16_t> properties_of(const CameraOptions& options) {
  if (options.phone != PhoneKind::none) {
    return {ptp::kBatteryLevel};
  }
  std::vector<std::uint16_t> properties{ptp::kBatteryLevel, ptp::kWhiteBalance, ptp::kExposureIndex};
  if (options.live_view) {
    properties.push_back(ptp::kNikonLiveViewStatus);
  }
  if (options.raw || options.raw_only) {
    properties.push_back(ptp::kCompressionSetting);
  }
  return properties;
}

PhoneIdentity says_it_is(const CameraOptions& options) {
  return options.phone != PhoneKind::none
             ? identity_of(options.phone)
             : PhoneIdentity{options.live_view ? kNikon : 0, "", options.maker, options.model};
}

PtpAnswer device_info(const CameraModel& camera) {
  const PhoneIdentity who = says_it_is(camera.options());
  const std::array events{ptp::kObjectAdded, ptp::kStoreAdded, ptp::kStoreFullEvent, ptp::kCaptureComplete};
  const std::array formats{ptp::kExifJpeg, ptp::kAssociation};
  PtpWriter writer;
  writer.u16(100).u32(who.vendor).u16(100).text(who.extensions).u16(0);
  writer.codes(operations_of(camera.options())).codes(events).codes(properties_of(camera.options()));
  writer.codes(formats).codes(formats);
  writer.text(who.maker).text(who.model).text("1.0").text("QUAY-0001");
  return with(writer);
}

PtpAnswer storage_ids(const CameraModel& camera) {
  std::vector<std::uint32_t> visible;
  const std::uint16_t code = camera.storages(visible);
  PtpWriter writer;
  return code == ptp::kOk ? with(writer.handles(visible)) : PtpAnswer{code, {}};
}

PtpAnswer storage_info(const CameraModel& camera, const PtpRequest& request) {
  if (request.parameters[0] != ptp::kCard) {
    return {ptp::kInvalidStorageId, {}};
  }
  const auto room = static_cast<std::uint32_t>(std::max(0, camera.room()));
  PtpWriter writer;
  writer.u16(4).u16(3).u16(0).u64(kCardBytes).u64(kPictureBytes * room).u32(room).text("card").text("");
  return with(writer);
}

PtpAnswer object_handles(const CameraModel& camera, const PtpRequest& request) {
  const std::uint32_t parent = request.parameters[2];
  std::vector<std::uint32_t> handles;
  for (const CardObject& object : camera.objects()) {
    const bool wanted = parent == 0 || object.parent == (parent == ptp::kAll ? 0 : parent);
    if (wanted) {
      handles.push_back(object.handle);
    }
  }
  PtpWriter writer;
  writer.handles(handles);
  return with(writer);
}

PtpAnswer object_info(const CameraModel& camera, const PtpRequest& request, bool long_size) {
  const auto object = camera.object(request.parameters[0]);
  if (!object) {
    return {ptp::kInvalidObjectHandle, {}};
  }
  const auto bytes = object->file ? static_cast<std::uint32_t>(object->file->size()) * (long_size ? 2 : 1) : 0;
  const bool folder = !object->file;
  const std::uint16_t picture = object->name.ends_with(".JPG") ? ptp::kExifJpeg : ptp::kUndefinedObject;
  PtpWriter writer;
  writer.u32(ptp::kCard).u16(folder ? ptp::kAssociation : picture).u16(0).u32(bytes);
  writer.u16(0).u32(0).u32(0).u32(0);  // no thumbnail
  writer.u32(static_cast<std::uint32_t>(object->size.width)).u32(static_cast<std::uint32_t>(object->size.height));
  writer.u32(24).u32(object->parent).u16(folder ? 1 : 0).u32(0).u32(0);
  writer.text(object->name).text("20261126T080000").text("20261126T080000").text("");
  return with(writer);
}

PtpAnswer object(const CameraModel& camera, const PtpRequest& request) {
  const auto found = camera.object(request.parameters[0]);
  return found && found->file ? PtpAnswer{ptp::kOk, *found->file} : PtpAnswer{ptp::kInvalidObjectHandle, {}};
}

PtpAnswer property_description(const CameraModel& camera, std::uint32_t property) {
  PtpWriter writer;
  if (property == ptp::kBatteryLevel) {
    writer.u16(ptp::kBatteryLevel).u16(kUint8).u8(0).u8(100).u8(static_cast<std::uint8_t>(camera.battery()));
    writer.u8(1).u8(0).u8(100).u8(1);
    return with(writer);
  }
  if (property == ptp::kNikonLiveViewStatus) {
    writer.u16(ptp::kNikonLiveViewStatus).u16(kUint8).u8(0).u8(0).u8(camera.in_live_view() ? 1 : 0).u8(0);
    return with(writer);
  }
  const Choice* choice = choice_of(property);
  if (choice == nullptr) {
    return {ptp::kDevicePropNotSupported, {}};
  }
  const std::span<const std::uint16_t> values = values_of(camera, *choice);
  writer.u16(choice->property).u16(choice->type).u8(1);
  write_value(writer, *choice, choice->initial);
  write_value(writer, *choice, camera.setting(choice->property, choice->initial));
  writer.u8(2).u16(static_cast<std::uint16_t>(values.size()));
  for (const std::uint16_t value : values) {
    write_value(writer, *choice, value);
  }
  return with(writer);
}

PtpAnswer property_value(const CameraModel& camera, std::uint32_t property) {
  PtpWriter writer;
  if (property == ptp::kBatteryLevel) {
    return with(writer.u8(static_cast<std::uint8_t>(camera.battery())));
  }
  if (property == ptp::kNikonLiveViewStatus) {
    return with(writer.u8(camera.in_live_view() ? 1 : 0));
  }
  const Choice* choice = choice_of(property);
  if (choice == nullptr) {
    return {ptp::kDevicePropNotSupported, {}};
  }
  write_value(writer, *choice, camera.setting(choice->property, choice->initial));
  return with(writer);
}

PtpAnswer set_property(CameraModel& camera, const PtpRequest& request) {
  const Choice* choice = choice_of(request.parameters[0]);
  if (choice == nullptr) {
    return {ptp::kDevicePropNotSupported, {}};
  }
  PtpReader reader(request.data);
  const std::uint16_t value = choice->type == kUint8 ? reader.u8() : reader.u16();
  const std::span<const std::uint16_t> values = values_of(camera, *choice);
  if (std::find(values.begin(), values.end(), value) == values.end()) {
    return {ptp::kInvalidDevicePropValue, {}};
  }
  camera.set(choice->property, value);
  return {};
}

PtpAnswer live_image(CameraModel& camera) {
  const auto frame = camera.live_frame();
  if (!frame) {
    return {ptp::kNikonNotLiveView, {}};
  }
  PtpWriter writer;
  writer.bytes(Bytes(kLiveHeader, 0)).bytes(*frame);
  return with(writer);
}

PtpAnswer live_view(CameraModel& camera, const PtpRequest& request) {
  if (!camera.options().live_view) {
    return {ptp::kOperationNotSupported, {}};
  }
  switch (request.operation) {
    case ptp::kNikonStartLiveView:
    case ptp::kNikonEndLiveView: camera.start_live_view(request.operation == ptp::kNikonStartLiveView); return {};
    case ptp::kNikonGetLiveViewImage: return live_image(camera);
    default: return {};  // DeviceReady
  }
}

}  // namespace

PtpAnswer answer(CameraModel& camera, const PtpRequest& request, bool long_size) {
  PtpWriter writer;
  switch (request.operation) {
    case ptp::kGetDeviceInfo: return device_info(camera);
    case ptp::kOpenSession: camera.session_opened(); return {};
    case ptp::kCloseSession: camera.start_live_view(false); return {};
    case ptp::kGetStorageIds: return storage_ids(camera);
    case ptp::kGetStorageInfo: return storage_info(camera, request);
    case ptp::kGetObjectHandles: return object_handles(camera, request);
    case ptp::kGetObjectInfo: return object_info(camera, request, long_size);
    case ptp::kGetObject: return object(camera, request);
    case ptp::kDeleteObject: return {camera.remove(request.parameters[0]) ? ptp::kOk : ptp::kInvalidObjectHandle, {}};
    case ptp::kInitiateCapture: return {camera.shoot(), {}};
    case ptp::kGetDevicePropDesc: return property_description(camera, request.parameters[0]);
    case ptp::kGetDevicePropValue: return property_value(camera, request.parameters[0]);
    case ptp::kSetDevicePropValue: return set_property(camera, request);
    case ptp::kNikonDeviceReady:
    case ptp::kNikonStartLiveView:
    case ptp::kNikonEndLiveView:
    case ptp::kNikonGetLiveViewImage: return live_view(camera, request);
    default: return {ptp::kOperationNotSupported, {}};
  }
}

}  // namespace quay::rig
