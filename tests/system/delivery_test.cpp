// SPDX-License-Identifier: Apache-2.0
// What reaches whom: newcomers, followers, consumers that acknowledge, and front ends that were away too long.
#include <csignal>
#include <fstream>
#include <set>
#include <sstream>

#include <zmq.hpp>

#include "clients/cpp/event_stream.hpp"
#include "clients/cpp/image_follower.hpp"
#include "protocol/client/events.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/system/counter.hpp"

namespace quay::system_test {
namespace {

using protocol::JobState;

/// A SUB that sees the frames as they are.
class Listener {
 public:
  explicit Listener(const Counter& counter, const std::string& topic = "") : socket_(context_, zmq::socket_type::sub) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::rcvtimeo, 10'000);
    socket_.set(zmq::sockopt::subscribe, topic);
    socket_.connect("ipc://" + (counter.run_directory() / "events").string());
  }

  std::vector<std::string> next() {
    std::vector<std::string> frames;
    for (zmq::message_t part; socket_.recv(part) && (frames.push_back(part.to_string()), part.more());) {
    }
    return frames;
  }

 private:
  zmq::context_t context_;
  zmq::socket_t socket_;
};

template <class T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(describe(result.error()));
  }
  return *std::move(result);
}

/// The next `count` renditions; fewer when ten seconds have passed.
std::vector<client::PushedImage> take(client::ImageFollower& follower, std::size_t count) {
  std::vector<client::PushedImage> images;
  const Deadline deadline = deadline_in(Milliseconds(10'000));
  while (images.size() < count) {
    auto image = must(follower.next(deadline));
    if (!image) {
      break;
    }
    images.push_back(std::move(*image));
  }
  return images;
}

std::set<std::string> names(const std::vector<client::PushedImage>& images) {
  std::set<std::string> all;
  for (const client::PushedImage& image : images) {
    all.insert(image.id + "." + image.rendition);
  }
  return all;
}

TEST(Delivery, ANewcomerGetsTheStateOfTheCounterWithItsFirstFrame) {
  Counter counter;
  counter.start();
  counter.open_visit();
  Listener newcomer(counter, "hb");
  const std::vector<std::string> frames = newcomer.next();
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[0], "hb");
  const protocol::Event event = must(protocol::decode_event(frames[2]));
  const auto heartbeat = must(protocol::from_json<protocol::Heartbeat>(event.data));
  EXPECT_TRUE(is_uuid(event.journal));
  ASSERT_EQ(heartbeat.devices.size(), 1U);
  EXPECT_EQ(heartbeat.devices[0].id, kScanner);
  EXPECT_EQ(heartbeat.devices[0].status, protocol::DeviceStatus::ready);
  EXPECT_EQ(heartbeat.roots.at("visit.").to_number<std::uint64_t>(), heartbeat.seq);
}

TEST(Delivery, TheSnapshotTheEventsAndTheHeartbeatAgreeOnTheNumber) {
  Counter counter;
  counter.start();
  client::Client client = counter.connect();
  const auto state = must(client.call_as<protocol::StateResult>("state.get", protocol::NoArguments{}));
  auto stream = must(client::EventStream::open(client, {state.journal, state.seq}));
  const std::string visit = counter.open_visit();
  const auto event = must(stream.next(deadline_in(Milliseconds(10'000))));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->seq, state.seq + 1);
  EXPECT_EQ(event->visit, visit);
}

TEST(Delivery, EventsCarryNoDigestAndNoGeometry) {
  Counter counter({.sheets = 1});
  counter.start();
  Listener listener(counter);
  const std::string visit = counter.open_visit();
  EXPECT_EQ(counter.scan({.visit = visit}).state, JobState::done);
  std::string all;
  std::vector<std::string> frames = listener.next();
  for (; frames.size() == 3 && frames[0] != "job.finished"; frames = listener.next()) {
    all += frames[2];
  }
  EXPECT_NE(all.find("capture.ready"), std::string::npos);
  for (const char* secret : {"sha256", "width_mm", "\"dpi\"", "geometry"}) {
    EXPECT_EQ(all.find(std::string("capture.ready") + secret), std::string::npos);
  }
  const auto capture = counter.captures(visit).at(0);
  EXPECT_EQ(all.find(capture.renditions.at(0).sha256), std::string::npos);
}

TEST(Delivery, EachPageComesToItsFollowerByItselfAndOnce) {
  Counter counter({.sheets = 3});
  counter.start();
  const std::string visit = counter.open_visit();
  client::Client client = counter.connect();
  auto follower = must(client::ImageFollower::open(client, visit, {.renditions = {"preview", "page"}}));
  ASSERT_TRUE(counter.start_scan({.visit = visit}));
  const auto images = take(follower, 6);
  ASSERT_EQ(images.size(), 6U);
  EXPECT_EQ(names(images).size(), 6U);
  EXPECT_EQ(images.front().rendition, "preview");
  for (std::size_t i = 1; i < images.size(); ++i) {
    EXPECT_GT(images[i].number, images[i - 1].number);
  }
  for (const client::PushedImage& image : images) {
    const std::string head(image.bytes.begin(), image.bytes.begin() + 4);
    EXPECT_EQ(head, image.rendition == "page" ? "%PDF" : "\xff\xd8\xff\xe0");
  }
}

TEST(Delivery, WhoComesBackGetsTheRestAndNothingTwice) {
  Counter counter({.sheets = 3});
  counter.start();
  const std::string visit = counter.open_visit();
  client::Client client = counter.connect();
  std::set<std::string> got;
  std::uint64_t position = 0;
  {
    auto first = must(client::ImageFollower::open(client, visit, {.renditions = {"page"}}));
    ASSERT_TRUE(counter.start_scan({.visit = visit}));
    got = names(take(first, 1));
    position = first.position();
  }
  counter.kill_daemon();
  counter.start();
  auto again = must(client::ImageFollower::open(client, visit, {.renditions = {"page"}, .after = position}));
  const bool whole = rig::wait_until(
      [&] {
        for (const client::PushedImage& image : take(again, 1)) {
          EXPECT_TRUE(got.insert(image.id + "." + image.rendition).second) << "twice";
        }
        return got.size() == must(client.call_as<protocol::CaptureListResult>(
                                      "capture.list", protocol::CaptureListArguments{visit, {}}))
                                 .captures.size();
      },
      Milliseconds(20'000));
  EXPECT_TRUE(whole) << counter.daemon().transcript();
  EXPECT_GE(got.size(), 1U);
}

TEST(Delivery, WhoFollowsLateGetsEveryPageThatIsThereAlready) {
  Counter counter({.sheets = 3});
  counter.start();
  const std::string visit = counter.open_visit();
  const protocol::Job job = counter.scan({.visit = visit});
  ASSERT_EQ(job.captures.size(), 3U);
  client::Client client = counter.connect();
  for (int i = 0; i < 4; ++i) {  // a first piece that overtakes the answer to images.follow would be lost
    auto follower = must(client::ImageFollower::open(client, visit, {.renditions = {"page"}}));
    EXPECT_EQ(names(take(follower, 3)).size(), 3U);
  }
}

TEST(Delivery, AFollowerGoesOnByItselfOverADeathOfTheDaemon) {
  Counter counter({.sheets = 4});
  counter.start();
  const std::string visit = counter.open_visit();
  client::Client client = counter.connect();
  auto follower = must(client::ImageFollower::open(client, visit, {.renditions = {"page"}}));
  ASSERT_TRUE(counter.start_scan({.visit = visit}));
  std::vector<client::PushedImage> images = take(follower, 1);
  counter.kill_daemon();
  counter.start();
  const std::size_t pages = counter.captures(visit).size();
  for (client::PushedImage& image : take(follower, pages - images.size())) {
    images.push_back(std::move(image));
  }
  EXPECT_EQ(images.size(), pages) << counter.daemon().transcript();
  EXPECT_EQ(names(images).size(), pages) << "each once";
}

TEST(Delivery, AFollowerThatGivesNoCreditGetsNoMoreThanItGave) {
  Counter counter({.sheets = 4});
  counter.start();
  const std::string visit = counter.open_visit();
  client::Client client = counter.connect();
  auto socket = must(client.open_socket(client::Socket::Kind::commands, "images"));
  protocol::Command follow;
  follow.v = 1;
  follow.id = "f";
  follow.cmd = "images.follow";
  follow.visit_key = counter.key_of(visit);
  follow.args = protocol::to_json_object(protocol::FollowArguments{visit, {"page"}, protocol::kLeastCredit});
  ASSERT_TRUE(socket.send(protocol::encode(follow), deadline_in(Milliseconds(2000))));
  EXPECT_EQ(counter.scan({.visit = visit, .resolution_dpi = 300}).state, JobState::done);
  std::size_t bytes = 0;
  std::size_t pieces = 0;
  for (auto frames = must(socket.receive(deadline_in(Milliseconds(500)))); frames;
       frames = must(socket.receive(deadline_in(Milliseconds(500))))) {
    bytes += frames->size() == 2 ? frames->back().size() : 0;
    pieces += frames->size() == 2 ? 1 : 0;
  }
  EXPECT_GE(pieces, 1U);
  EXPECT_LE(bytes, protocol::kLeastCredit);
}

TEST(Delivery, WhoAsksForTooManyChunksAtOnceIsToldSoAndGetsTheOthers) {
  constexpr int kAsked = 100;
  Counter counter({.sheets = 1});
  counter.start();
  const std::string visit = counter.open_visit();
  const protocol::Job job = counter.scan({.visit = visit});
  ASSERT_EQ(job.captures.size(), 1U);
  client::Client client = counter.connect();
  EXPECT_EQ(client.hello().limits.fetches_in_flight, 4);
  auto socket = must(client.open_socket(client::Socket::Kind::commands, "images"));
  for (int i = 0; i < kAsked; ++i) {
    protocol::Command fetch;
    fetch.v = 1;
    fetch.id = std::to_string(i);
    fetch.cmd = "images.fetch";
    fetch.visit_key = counter.key_of(visit);
    fetch.args = protocol::to_json_object(protocol::FetchArguments{job.captures[0], "preview"});
    ASSERT_TRUE(socket.send(protocol::encode(fetch), deadline_in(Milliseconds(2000))));
  }
  std::set<std::string> answered;
  std::size_t refused = 0;
  // Who asks and does not read may lose answers: what does not fit the queue of a peer is dropped.
  for (auto frames = must(socket.receive(deadline_in(Milliseconds(5000)))); frames;
       frames = must(socket.receive(deadline_in(Milliseconds(1000))))) {
    const auto reply = must(protocol::decode_reply(client::text_of(frames->front())));
    EXPECT_TRUE(answered.insert(reply.id).second);
    if (reply.error) {
      EXPECT_EQ(reply.error->code, "request.too_many");
      EXPECT_TRUE(reply.error->retry_after_ms);
      ++refused;
    }
  }
  EXPECT_GT(refused, 0U);
  EXPECT_GT(answered.size(), refused);
  EXPECT_TRUE(client::fetch_image(client, job.captures[0], "page", deadline_in(Milliseconds(10'000))));
}

TEST(Delivery, ClosingTheVisitEndsItsFollowAndSaysWhy) {
  Counter counter;
  counter.start();
  const std::string visit = counter.open_visit();
  client::Client client = counter.connect();
  auto follower = must(client::ImageFollower::open(client, visit));
  must(client.call_as<protocol::Visit>("visit.close", protocol::VisitArguments{{}, visit}));
  const auto nothing = follower.next(deadline_in(Milliseconds(10'000)));
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, Errc::visit_closed);
  const auto refused = client::ImageFollower::open(client, visit);
  ASSERT_FALSE(refused);
}

TEST(Delivery, TheFifthFollowOfAVisitEndsTheFirst) {
  Counter counter;
  counter.start();
  const std::string visit = counter.open_visit();
  client::Client client = counter.connect();
  std::vector<client::ImageFollower> followers;
  for (int i = 0; i < 5; ++i) {
    followers.push_back(must(client::ImageFollower::open(client, visit)));
  }
  const auto ended = followers.front().next(deadline_in(Milliseconds(10'000)));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Errc::request_too_many);
}

TEST(Delivery, PagesAreSetAsideTakenBackAndAcknowledged) {
  Counter counter({.sheets = 2});
  counter.start();
  const std::string visit = counter.open_visit();
  client::Client client = counter.connect();
  const protocol::Job job = counter.scan({.visit = visit});
  ASSERT_EQ(job.captures.size(), 2U);
  const auto count = [&](bool with_discarded) {
    const protocol::CaptureListArguments all{visit, {}, with_discarded};
    return must(client.call_as<protocol::CaptureListResult>("capture.list", all)).captures.size();
  };
  const protocol::CapturesArguments first{{}, visit, {job.captures[0]}};
  must(client.call_as<protocol::CapturesResult>("capture.discard", first));
  EXPECT_EQ(count(false), 1U);
  EXPECT_EQ(count(true), 2U);
  must(client.call_as<protocol::CapturesResult>("capture.restore", first));
  EXPECT_EQ(count(false), 2U);
  const protocol::AcknowledgeArguments safe{visit, "portal", job.captures, {}};
  must(client.call_as<protocol::AcknowledgeResult>("capture.ack", safe));
  const auto capture =
      must(client.call_as<protocol::Capture>("capture.get", protocol::CaptureArguments{{}, job.captures[0]}));
  EXPECT_EQ(capture.acknowledged_by, "portal");
  const auto stranger = client.call("capture.ack", protocol::to_json_object(protocol::AcknowledgeArguments{
                                                       visit, "portal", {job.captures[0], "not-a-page"}, {}}));
  ASSERT_FALSE(stranger);
  EXPECT_EQ(stranger.error().code, Errc::capture_unknown);
}

TEST(Delivery, WhoWasAwayTooLongIsToldAndGetsTheListOfEveryOpenPage) {
  Counter counter({.sheets = 2});
  counter.write_config("[events]\nkeep = 100\n");
  counter.start();
  const std::string visit = counter.open_visit();
  client::Client client = counter.connect();
  const protocol::Job job = counter.scan({.visit = visit});
  ASSERT_EQ(job.captures.size(), 2U);
  must(client.call_as<protocol::AcknowledgeResult>(
      "capture.ack", protocol::AcknowledgeArguments{visit, "portal", {job.captures[0]}, {}}));
  const protocol::CapturesArguments second{{}, visit, {job.captures[1]}};
  for (int i = 0; i < 60; ++i) {
    must(client.call_as<protocol::CapturesResult>("capture.discard", second));
    must(client.call_as<protocol::CapturesResult>("capture.restore", second));
  }
  counter.kill_daemon();
  counter.start();  // tidies its log when it starts
  protocol::ReplayArguments from_the_beginning;
  from_the_beginning.from = 1;
  protocol::ReplayResult page;
  ASSERT_TRUE(rig::wait_until(
      [&] {
        page = must(client.call_as<protocol::ReplayResult>("replay", from_the_beginning));
        return page.truncated;
      },
      Milliseconds(20'000)));
  EXPECT_GE(page.oldest, 20U);
  ASSERT_EQ(page.captures.size(), 1U);
  EXPECT_EQ(page.captures[0].capture, job.captures[1]);
  EXPECT_EQ(page.captures[0].state, "ready");
  EXPECT_EQ(page.events.front().at("seq").to_number<std::uint64_t>(), page.oldest);
  from_the_beginning.from = page.oldest;
  EXPECT_FALSE(must(client.call_as<protocol::ReplayResult>("replay", from_the_beginning)).truncated);
}

/// Anonymous memory of a process in bytes (proc_pid_status(5)).
std::int64_t anonymous_memory(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("RssAnon:", 0) == 0) {
      return std::stoll(line.substr(8)) * 1024;
    }
  }
  return -1;
}

/// Sequence numbers that `quayctl --json watch` has printed so far.
std::vector<std::uint64_t> numbers_in(const std::string& output) {
  std::vector<std::uint64_t> numbers;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    const auto event = protocol::decode_event(line);
    if (event && event->seq) {
      numbers.push_back(*event->seq);
    }
  }
  return numbers;
}

/// Numbers of the events that came to `listener`, up to the next job.finished.
std::vector<std::uint64_t> numbers_of_a_job(Listener& listener) {
  std::vector<std::uint64_t> numbers;
  for (std::vector<std::string> frames = listener.next(); frames.size() == 3; frames = listener.next()) {
    if (!frames[1].empty()) {
      numbers.push_back(std::stoull(frames[1]));
    }
    if (frames[0] == "job.finished") {
      break;
    }
  }
  return numbers;
}

/// 500 pages are some 2000 events: more than the queue of the stopped one holds.
TEST(Delivery, AStoppedSubscriberCostsLittleDelaysNobodyAndCatchesUp) {
  constexpr int kJobs = 25;
  Counter counter({.sheets = 0});
  counter.start();
  rig::ChildOptions watch;
  watch.arguments = {std::string(QUAY_BIN_DIRECTORY) + "/quayctl", "--json", "watch", "--from", "1"};
  watch.environment = {{"QUAY_RUNTIME_DIRECTORY", counter.run_directory().string()}};
  watch.output_directory = counter.path();
  watch.output_name = "watch";
  auto stopped = must(rig::ChildProcess::start(watch));
  const std::string visit = counter.open_visit();
  ASSERT_TRUE(rig::wait_until([&] { return !numbers_in(stopped.output()).empty(); }, Milliseconds(10'000)));
  counter.script().load(20);
  ASSERT_EQ(counter.scan({.visit = visit}).state, JobState::done);  // what grows once has grown
  stopped.send_signal(SIGSTOP);
  const std::int64_t before = anonymous_memory(counter.daemon().pid());
  Listener other(counter);
  ASSERT_EQ(other.next().at(0), "hb");
  std::vector<std::uint64_t> live;
  for (int job = 0; job < kJobs; ++job) {
    counter.script().load(20);
    EXPECT_EQ(counter.scan({.visit = visit, .profile = "original"}).pages, 20);
    const std::vector<std::uint64_t> numbers = numbers_of_a_job(other);
    live.insert(live.end(), numbers.begin(), numbers.end());
  }
  ASSERT_GT(live.size(), 1500U);
  for (std::size_t i = 1; i < live.size(); ++i) {
    ASSERT_EQ(live[i], live[i - 1] + 1) << "the other subscriber lost one, or was behind";
  }
  const std::int64_t growth = anonymous_memory(counter.daemon().pid()) - before;
  EXPECT_LT(growth, 8 * 1024 * 1024);
  stopped.send_signal(SIGCONT);
  client::Client client = counter.connect();
  const std::uint64_t newest = must(client.call_as<protocol::StateResult>("state.get", protocol::NoArguments{})).seq;
  std::vector<std::uint64_t> seen;
  EXPECT_TRUE(rig::wait_until(
      [&] {
        seen = numbers_in(stopped.output());
        return !seen.empty() && seen.back() >= newest;
      },
      Milliseconds(30'000)));
  for (std::size_t i = 1; i < seen.size(); ++i) {
    ASSERT_EQ(seen[i], seen[i - 1] + 1) << "lost, doubled or out of order";
  }
}

}  // namespace
}  // namespace quay::system_test
