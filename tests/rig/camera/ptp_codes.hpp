// SPDX-License-Identifier: Apache-2.0
// The numbers of PTP that the simulated camera speaks (ISO 15740:2013; 0x9xxx and 0xD1xx are Nikon's).
#pragma once

#include <cstdint>

namespace quay::rig::ptp {

// Operations (section 10.4).
inline constexpr std::uint16_t kGetDeviceInfo = 0x1001;
inline constexpr std::uint16_t kOpenSession = 0x1002;
inline constexpr std::uint16_t kCloseSession = 0x1003;
inline constexpr std::uint16_t kGetStorageIds = 0x1004;
inline constexpr std::uint16_t kGetStorageInfo = 0x1005;
inline constexpr std::uint16_t kGetNumObjects = 0x1006;
inline constexpr std::uint16_t kGetObjectHandles = 0x1007;
inline constexpr std::uint16_t kGetObjectInfo = 0x1008;
inline constexpr std::uint16_t kGetObject = 0x1009;
inline constexpr std::uint16_t kDeleteObject = 0x100B;
inline constexpr std::uint16_t kSendObjectInfo = 0x100C;
inline constexpr std::uint16_t kSendObject = 0x100D;
inline constexpr std::uint16_t kInitiateCapture = 0x100E;
inline constexpr std::uint16_t kGetDevicePropDesc = 0x1014;
inline constexpr std::uint16_t kGetDevicePropValue = 0x1015;
inline constexpr std::uint16_t kSetDevicePropValue = 0x1016;
inline constexpr std::uint16_t kNikonDeviceReady = 0x90C8;
inline constexpr std::uint16_t kNikonStartLiveView = 0x9201;
inline constexpr std::uint16_t kNikonEndLiveView = 0x9202;
inline constexpr std::uint16_t kNikonGetLiveViewImage = 0x9203;

// Responses (section 11).
inline constexpr std::uint16_t kOk = 0x2001;
inline constexpr std::uint16_t kGeneralError = 0x2002;
inline constexpr std::uint16_t kSessionNotOpen = 0x2003;
inline constexpr std::uint16_t kOperationNotSupported = 0x2005;
inline constexpr std::uint16_t kInvalidStorageId = 0x2008;
inline constexpr std::uint16_t kInvalidObjectHandle = 0x2009;
inline constexpr std::uint16_t kDevicePropNotSupported = 0x200A;
inline constexpr std::uint16_t kStoreFull = 0x200C;
inline constexpr std::uint16_t kAccessDenied = 0x200F;
inline constexpr std::uint16_t kDeviceBusy = 0x2019;
inline constexpr std::uint16_t kInvalidDevicePropValue = 0x201C;
inline constexpr std::uint16_t kSessionAlreadyOpen = 0x201E;
inline constexpr std::uint16_t kNikonOutOfFocus = 0xA002;
inline constexpr std::uint16_t kNikonNotLiveView = 0xA00B;

// Events (section 12).
inline constexpr std::uint16_t kObjectAdded = 0x4002;
inline constexpr std::uint16_t kStoreAdded = 0x4004;
inline constexpr std::uint16_t kStoreFullEvent = 0x400A;
inline constexpr std::uint16_t kCaptureComplete = 0x400D;

// Properties (section 13), formats and types.
inline constexpr std::uint16_t kBatteryLevel = 0x5001;
inline constexpr std::uint16_t kImageSize = 0x5003;
inline constexpr std::uint16_t kCompressionSetting = 0x5004;
inline constexpr std::uint16_t kWhiteBalance = 0x5005;
inline constexpr std::uint16_t kExposureIndex = 0x500F;
inline constexpr std::uint32_t kFirstIso = 400;  // what it is set to until somebody sets it
inline constexpr std::uint16_t kNikonLiveViewStatus = 0xD1A2;
inline constexpr std::uint16_t kAssociation = 0x3001;
inline constexpr std::uint16_t kExifJpeg = 0x3801;
inline constexpr std::uint16_t kRawQuality = 4;  // of kCompressionSetting, Nikon
inline constexpr std::uint16_t kUndefinedObject = 0x3000;
inline constexpr std::uint32_t kCard = 0x00010001;  // StorageID
inline constexpr std::uint32_t kAll = 0xFFFFFFFF;

}  // namespace quay::rig::ptp
