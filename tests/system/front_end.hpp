// SPDX-License-Identifier: Apache-2.0
// What tests of several front ends share: short calls, another user of this machine, a look at one handshake.
#pragma once

#include <functional>
#include <string>

#include "clients/cpp/curve_keys.hpp"
#include "protocol/client/error_table.hpp"
#include "tests/system/counter.hpp"

namespace quay::system_test {

/// The wire code of an error, or "done".
inline std::string code_of(const Error& error) { return std::string(protocol::error_row(error.code).wire); }

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "done" : code_of(result.error());
}

std::string call(client::Client& client, const char* command, const protocol::json::object& args);

Result<protocol::VisitOpened> open_visit(client::Client& client, const std::string& request_id = {});

bool is_root();

/// Runs `work` in a process of user nobody and gives what it returned. Needs root: without it the work is done here.
std::string as_nobody(const std::function<std::string()>& work);

/// Lets file rights let anybody in, so that only what quayd itself checks is between a stranger and the counter.
void open_doors(const Counter& counter);

/// What a CURVE client has; empty: a client without.
struct Keys {
  std::string server;
  client::KeyPair own;
};

void use_keys(zmq::socket_t& socket, const Keys& keys);

/// How the first handshake with `endpoint` ends, "let in" or "refused", by the word of libzmq's monitor.
std::string handshake_of(const std::string& endpoint, const Keys& keys, zmq::socket_type type);

}  // namespace quay::system_test
