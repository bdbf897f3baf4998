// SPDX-License-Identifier: Apache-2.0
// Faults of the simulated document camera as a test spells them.
#include "tests/rig/document_camera/video_fault.hpp"

#include <gtest/gtest.h>

namespace quay::rig {
namespace {

TEST(VideoFault, IsReadWithItsFields) {
  EXPECT_EQ(parse_video_fault("none").value(), VideoFault{});
  EXPECT_EQ(parse_video_fault("hang op=streamon").value(),
            (VideoFault{VideoFaultKind::hang, VideoOperation::streamon, 0, 0}));
  EXPECT_EQ(parse_video_fault("no-space above=2000000").value(),
            (VideoFault{VideoFaultKind::no_space, VideoOperation::none, 2'000'000, 0}));
  EXPECT_EQ(parse_video_fault("freeze after=3").value(),
            (VideoFault{VideoFaultKind::freeze, VideoOperation::none, 0, 3}));
}

TEST(VideoFault, ThatIsMisspeltIsRefused) {
  for (const char* text : {"", "hung", "hang op=streamof", "freeze after=x", "freeze after=3x", "freeze 3"}) {
    EXPECT_FALSE(parse_video_fault(text)) << text;
  }
}

}  // namespace
}  // namespace quay::rig
