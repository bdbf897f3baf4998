// SPDX-License-Identifier: Apache-2.0
// Imaging's findings in the words of the protocol.
#pragma once

#include "imaging/page.hpp"
#include "protocol/client/page_report.hpp"

namespace quay::image_processor {

/// What clean() and encode() made of one page.
protocol::PageReport report_of(const imaging::CleanPage& page, const imaging::EncodedPage& encoded);

/// A fault of a picture with its sentences.
protocol::QualityBody body_of(const imaging::QualityIssue& issue);

}  // namespace quay::image_processor
