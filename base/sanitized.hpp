// SPDX-License-Identifier: Apache-2.0
// Whether this is a build that watches itself: the few places where the runtime of a sanitizer needs more than the
// program, or does less, ask here.
#pragma once

namespace quay {

/// True when built with AddressSanitizer or ThreadSanitizer.
inline constexpr bool kSanitized =
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    true;
#else
    false;
#endif
#else
    false;
#endif

}  // namespace quay
