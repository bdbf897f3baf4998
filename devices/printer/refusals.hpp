// SPDX-License-Identifier: Apache-2.0
// What an operation that failed means for a print: is it asked again, waited for, or is it sure that nothing was taken?
#pragma once

#include "base/error.hpp"

namespace quay::printer {

/// No answer that could be read: nobody knows what the printer did.
bool is_transport(const Error& error);

/// What does not stop a print: it is waited for, and the clerk sees it.
bool waits_out(const Error& error);

/// The printer answered in IPP that it does not take the request (RFC 8011 appendix B): a client error, or a server
/// that is busy or takes no jobs. After another server error it may have begun.
bool took_nothing(const Error& error);

}  // namespace quay::printer
