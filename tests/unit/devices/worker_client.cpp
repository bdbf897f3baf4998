// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/devices/worker_client.hpp"

#include <poll.h>

#include <stdexcept>
#include <utility>

#include "protocol/worker/codec.hpp"
#include "protocol/worker/seqpacket.hpp"

namespace quay::test {
namespace {

constexpr int kPatienceMs = 20'000;

bool readable(int fd) {
  pollfd watched{fd, POLLIN, 0};
  return ::poll(&watched, 1, kPatienceMs) == 1;
}

ReadableBuffer map(Reply& reply, std::uint64_t bytes) {
  if (reply.descriptors.size() != 1) {
    throw std::runtime_error("a frame came with " + std::to_string(reply.descriptors.size()) + " descriptors");
  }
  auto buffer = ReadableBuffer::open(std::move(reply.descriptors.front()), bytes);
  if (!buffer) {
    throw std::runtime_error(describe(buffer.error()));
  }
  return *std::move(buffer);
}

std::vector<std::uint8_t> copy(Reply& reply, std::uint64_t size) {
  const ReadableBuffer buffer = map(reply, size);
  return {buffer.bytes().begin(), buffer.bytes().end()};
}

}  // namespace

WorkerClient::WorkerClient(const std::string& program, std::vector<std::string> arguments,
                           const std::map<std::string, std::string>& environment) {
  auto ends = frames::make_channel();
  if (!ends) {
    throw std::runtime_error(describe(ends.error()));
  }
  daemon::supervise::ProcessSpec spec{program, std::move(arguments), {}};
  for (const auto& [name, value] : environment) {
    spec.environment.push_back(name + "=" + value);
  }
  auto process = daemon::supervise::Process::spawn(spec, ends->second);
  if (!process) {
    throw std::runtime_error(describe(process.error()));
  }
  process_ = *std::move(process);
  channel_ = std::move(ends->first);
}

void WorkerClient::send(const frames::ToWorker& message, const std::vector<int>& descriptors) {
  const Status sent = frames::send_packet(channel_.get(), frames::encode(message), descriptors, frames::Blocking::yes);
  if (!sent) {
    throw std::runtime_error(describe(sent.error()));
  }
}

void WorkerClient::send_raw(const std::string& text) {
  if (const Status sent = frames::send_packet(channel_.get(), text, {}, frames::Blocking::yes); !sent) {
    throw std::runtime_error(describe(sent.error()));
  }
}

std::optional<Reply> WorkerClient::next() {
  if (!readable(channel_.get())) {
    return std::nullopt;
  }
  auto packet = frames::receive_packet(channel_.get(), frames::Blocking::no);
  if (!packet) {
    return std::nullopt;
  }
  auto message = frames::decode_from_worker(packet->text);
  if (!message) {
    throw std::runtime_error(describe(message.error()));
  }
  return Reply{*std::move(message), std::move(packet->descriptors)};
}

bool WorkerClient::greeted() {
  const std::optional<Reply> reply = next();
  return reply && std::holds_alternative<frames::Hello>(reply->message);
}

Answers WorkerClient::ask(const frames::ToWorker& request, const std::vector<int>& descriptors, Buffers buffers) {
  send(request, descriptors);
  return collect(buffers);
}

Answers WorkerClient::collect(Buffers buffers) {
  return collect_while([](const frames::FromWorker&) { return true; }, buffers);
}

Answers WorkerClient::collect_while(const std::function<bool(const frames::FromWorker&)>& on_frame, Buffers buffers) {
  Answers answers;
  while (std::optional<Reply> reply = next()) {
    if (!on_frame(reply->message)) {
      return answers;
    }
    if (take(*reply, answers, buffers)) {
      break;
    }
  }
  return answers;
}

/// Files `reply` under its kind. True for Finished.
bool WorkerClient::take(Reply& reply, Answers& answers, Buffers buffers) {
  if (auto* progress = std::get_if<frames::Progress>(&reply.message)) {
    answers.progress.push_back(*progress);
    return false;
  }
  if (auto* page = std::get_if<frames::PageRead>(&reply.message)) {
    answers.order.emplace_back("page");
    answers.pages.push_back({*page, map(reply, page->bytes)});
    if (buffers == Buffers::give_back) {
      release(page->buffer);
    }
  } else if (auto* part = std::get_if<frames::CardRead>(&reply.message)) {
    answers.order.emplace_back(protocol::enum_name(part->part));
    const bool has_portrait = part->portrait_bytes > 0;
    answers.card.push_back({*part, has_portrait ? copy(reply, part->portrait_bytes) : std::vector<std::uint8_t>()});
  } else if (auto* described = std::get_if<frames::Described>(&reply.message);
             described != nullptr && described->request == 0) {
    answers.news.push_back(*described);
  } else if (described != nullptr) {
    answers.order.emplace_back("described");
    answers.described = *described;
  } else if (auto* placed = std::get_if<frames::Placed>(&reply.message)) {
    answers.order.emplace_back("placed");
    answers.placed = *placed;
  } else if (auto* seen = std::get_if<frames::PrintSeen>(&reply.message)) {
    answers.seen.push_back(*seen);
  } else if (auto* preview = std::get_if<frames::Preview>(&reply.message)) {
    answers.order.emplace_back("preview");
    answers.preview = *preview;
    answers.preview_bytes = copy(reply, preview->bytes);
  } else if (auto* rendition = std::get_if<frames::Rendition>(&reply.message)) {
    answers.order.emplace_back("rendition");
    answers.rendition = *rendition;
    answers.rendition_bytes = copy(reply, rendition->bytes);
  } else if (auto* finished = std::get_if<frames::Finished>(&reply.message)) {
    answers.order.emplace_back("finished");
    answers.finished = *finished;
    return true;
  }
  return false;
}

void WorkerClient::release(std::uint64_t buffer) {
  // The worker may have died since it sent the page: then nobody wants the buffer back.
  [[maybe_unused]] const Status sent =
      frames::send_packet(channel_.get(), frames::encode(frames::ReleaseBuffer{{}, buffer}), {}, frames::Blocking::yes);
}

std::string WorkerClient::ending() { return readable(process_->pidfd()) ? process_->reap() : std::string(); }

}  // namespace quay::test
