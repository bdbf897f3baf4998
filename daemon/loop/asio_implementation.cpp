// SPDX-License-Identifier: Apache-2.0
// The one place where Boost.Asio's own code is compiled (BOOST_ASIO_SEPARATE_COMPILATION): halves every other unit.
#include <boost/asio/impl/src.hpp>
