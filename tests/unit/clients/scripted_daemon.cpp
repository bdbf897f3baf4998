// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/clients/scripted_daemon.hpp"

#include <cstdlib>
#include <stdexcept>

#include "protocol/client/commands.hpp"

namespace quay::client {
namespace {

std::filesystem::path make_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "quay-client-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("mkdtemp " + name);
  }
  return name;
}

void send(zmq::socket_t& socket, const std::vector<std::string>& frames) {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    socket.send(zmq::buffer(frames[i]), i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
  }
}

std::string greet(const protocol::Command& command) {
  protocol::HelloResult hello;
  hello.api = "1.0";
  hello.journal = "first";
  hello.seq = 10;
  return done(command, protocol::to_json_object(hello));
}

}  // namespace

std::string done(const protocol::Command& command, protocol::json::object result) {
  protocol::Reply reply;
  reply.id = command.id;
  reply.status = protocol::ReplyStatus::done;
  reply.result = std::move(result);
  return protocol::encode(reply);
}

std::string refused(const std::string& command_id, Errc code) {
  protocol::Reply reply;
  reply.id = command_id;
  reply.status = protocol::ReplyStatus::failed;
  reply.error = protocol::to_body(make_error(code, "scripted", "as the test wants it"));
  return protocol::encode(reply);
}

ScriptedDaemon::ScriptedDaemon(Script script)
    : script_(std::move(script)),
      run_directory_(make_directory()),
      events_(context_, zmq::socket_type::xpub),
      stop_(context_, zmq::socket_type::pair) {
  events_.set(zmq::sockopt::linger, 0);
  events_.bind("ipc://" + (run_directory_ / "events").string());
  stop_.bind("inproc://stop");
  zmq::socket_t up(context_, zmq::socket_type::pair);
  up.bind("inproc://up");
  thread_ = std::thread([this] { serve(); });
  zmq::message_t ready;
  static_cast<void>(up.recv(ready));
}

ScriptedDaemon::~ScriptedDaemon() {
  stop_.send(zmq::str_buffer("stop"), zmq::send_flags::none);
  thread_.join();
  std::error_code ignored;
  std::filesystem::remove_all(run_directory_, ignored);
}

void ScriptedDaemon::serve() {
  zmq::socket_t control(context_, zmq::socket_type::router);
  zmq::socket_t images(context_, zmq::socket_type::router);
  zmq::socket_t stop(context_, zmq::socket_type::pair);
  for (zmq::socket_t* socket : {&control, &images}) {
    socket->set(zmq::sockopt::linger, 0);
  }
  control.bind("ipc://" + (run_directory_ / "control").string());
  images.bind("ipc://" + (run_directory_ / "images").string());
  stop.connect("inproc://stop");
  zmq::socket_t up(context_, zmq::socket_type::pair);
  up.connect("inproc://up");
  up.send(zmq::str_buffer("up"), zmq::send_flags::none);
  std::vector<zmq::pollitem_t> items{
      {control.handle(), 0, ZMQ_POLLIN, 0}, {images.handle(), 0, ZMQ_POLLIN, 0}, {stop.handle(), 0, ZMQ_POLLIN, 0}};
  while (items[2].revents == 0) {
    zmq::poll(items);
    if (items[0].revents != 0) {
      answer(control);
    }
    if (items[1].revents != 0) {
      answer(images);
    }
  }
}

void ScriptedDaemon::answer(zmq::socket_t& socket) {
  zmq::message_t peer;
  zmq::message_t text;
  static_cast<void>(socket.recv(peer));
  static_cast<void>(socket.recv(text));
  std::string id;
  const auto command = protocol::decode_command(text.to_string_view(), id);
  if (!command) {
    send(socket, {peer.to_string(), refused(id, command.error().code)});
    return;
  }
  const Answers answers = command->cmd == "hello" ? Answers{{greet(*command)}} : script_(*command);
  for (const Answer& frames : answers) {
    std::vector<std::string> addressed{peer.to_string()};
    addressed.insert(addressed.end(), frames.begin(), frames.end());
    send(socket, addressed);
  }
}

void ScriptedDaemon::await_subscriber() {
  zmq::message_t subscription;
  static_cast<void>(events_.recv(subscription));
}

void ScriptedDaemon::publish(const protocol::Event& event) {
  publish_frames({event.type, event.seq ? std::to_string(*event.seq) : "", protocol::encode(event)});
}

void ScriptedDaemon::publish_frames(const std::vector<std::string>& frames) { send(events_, frames); }

}  // namespace quay::client
