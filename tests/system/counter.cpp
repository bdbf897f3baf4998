// SPDX-License-Identifier: Apache-2.0
#include "tests/system/counter.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>

#include <fmt/format.h>

#include "tests/rig/support/wait_until.hpp"

namespace quay::system_test {
namespace {

constexpr Milliseconds kPatience{10'000};
constexpr Milliseconds kJobPatience{40'000};

bool is_over(const protocol::Job& job) {
  return job.state != protocol::JobState::queued && job.state != protocol::JobState::running;
}

/// Field 4 of /proc/PID/stat, behind the name in parentheses (proc(5)).
pid_t parent_of(const std::filesystem::path& process) {
  std::ifstream file(process / "stat");
  std::string text;
  std::getline(file, text);
  const std::size_t end = text.rfind(')');
  pid_t parent = 0;
  char state = 0;
  if (end != std::string::npos) {
    std::sscanf(text.c_str() + end + 1, " %c %d", &state, &parent);
  }
  return parent;
}

}  // namespace

Counter::Counter(const CounterOptions& options) : options_(options) {
  if (options.escl) {
    std::filesystem::create_directory(path() / "escl");
    rig::SimScannerOptions sim;
    sim.sheets = options.sheets;
    sim.pages = options.pages;
    auto started = rig::SimScanner::start(path() / "escl", sim);
    if (!started) {
      throw std::runtime_error(describe(started.error()));
    }
    sim_.emplace(std::move(*started));
  } else {
    script_.emplace(path() / "sane-1", options.sheets);
  }
  if (options.two_scanners) {
    second_script_.emplace(path() / "sane-2", options.sheets);
  }
  if (options.camera) {
    auto started = rig::SimCamera::start(path(), {options.scenes, options.camera_arguments});
    if (!started) {
      throw std::runtime_error(describe(started.error()));
    }
    camera_.emplace(std::move(*started));
  }
  if (options.card) {
    std::filesystem::create_directory(path() / "card");
    auto started = rig::SimCard::start(path() / "card", {rig::Portrait::jpeg, options.card_arguments});
    if (!started) {
      throw std::runtime_error(describe(started.error()));
    }
    card_.emplace(std::move(*started));
  }
  link_workers();
  if (options.document_camera) {
    start_document_camera();
  }
  write_config();
}

/// Its worker is the real one, made to see the simulated node.
void Counter::start_document_camera() {
  auto started = rig::SimDocumentCamera::start(path(), {{}, {"--fps", "15"}});
  if (!started) {
    throw std::runtime_error(describe(started.error()));
  }
  document_camera_.emplace(std::move(*started));
  const std::filesystem::path program = std::filesystem::path(QUAY_BIN_DIRECTORY) / "quay-document-camera";
  if (const Status wrapped = document_camera_->wrap(program, libexec_directory() / program.filename()); !wrapped) {
    throw std::runtime_error(describe(wrapped.error()));
  }
}

void Counter::link_workers() const {
  std::filesystem::create_directory(libexec_directory());
  const std::filesystem::path programs = QUAY_BIN_DIRECTORY;
  for (const char* program : {"quay-scanner", "quay-camera", "quay-card", "quay-printer", "quay-forms", "quay-usb"}) {
    std::filesystem::create_symlink(programs / program, libexec_directory() / program);
  }
  std::filesystem::create_symlink(programs / options_.imaging, libexec_directory() / "quay-imaging");
  if (!options_.session.empty()) {
    play_session(options_.session);
  }
}

/// By a script, which knows the session's name.
void Counter::play_session(const std::filesystem::path& session) const {
  const std::filesystem::path script = libexec_directory() / "quay-scanner";
  std::filesystem::remove(script);
  const std::filesystem::path player = std::filesystem::path(QUAY_BIN_DIRECTORY) / "quay-replay";
  std::ofstream(script) << fmt::format("#!/bin/sh\nexec '{}' '{}'\n", player.string(), session.string());
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
}

std::string Counter::scanner_section() const {
  if (options_.escl) {
    return fmt::format("escl_url = \"unix://escl.sock/eSCL\"\nescl_socket_directory = \"{}\"\n",
                       (path() / "escl").string());
  }
  return fmt::format("sane_device = \"quaytest:0\"\nsane_directory = \"{}\"\n", (path() / "sane-1").string());
}

void Counter::write_config(const std::string& more, const std::string& scanner_keys) {
  std::ofstream file(config_file(), std::ios::trunc);
  file << fmt::format(
      "[daemon]\nruntime_directory = \"{}\"\nstate_directory = \"{}\"\nlibexec_directory = \"{}\"\n"
      "keep_free_mib = {}\ntext_language = \"{}\"\nimage_workers = {}\n"
      "[scanner]\nsane_backend_directory = \"{}\"\n{}[deadlines]\n{}"
      "[[scanner.device]]\nid = \"{}\"\n{}",
      run_directory().string(), (path() / "state").string(), libexec_directory().string(), options_.keep_free_mib,
      options_.text_language, options_.image_workers, QUAY_BACKEND_DIRECTORY, scanner_keys, options_.deadlines,
      kScanner, scanner_section());
  if (options_.two_scanners) {
    file << fmt::format("[[scanner.device]]\nid = \"{}\"\nsane_device = \"quaytest:0\"\nsane_directory = \"{}\"\n",
                        kSecondScanner, (path() / "sane-2").string());
  }
  if (camera_) {
    file << fmt::format("[[camera.device]]\nid = \"{}\"\nport = \"{}\"\n", kCamera, camera_->port());
  }
  if (document_camera_ && !options_.discover_document_cameras) {
    file << fmt::format("[[document_camera.device]]\nid = \"{}\"\nvideo = \"{}\"\n", kOverhead,
                        document_camera_->node().string());
  } else if (document_camera_) {
    file << "[document_camera]\ndiscover = true\n";
  }
  if (card_) {
    file << fmt::format("[card]\nchip = true\ntrust_directory = \"{}\"\npcscd_socket = \"{}\"\n",
                        card_->trust().string(), card_->pcscd_socket().string());
  }
  file << more;
}

void Counter::start() { ASSERT_TRUE(try_start()) << (daemon_ ? daemon_->transcript() : "quayd cannot be run"); }

bool Counter::try_start() {
  client_.reset();
  rig::ChildOptions child;
  child.arguments = {std::string(QUAY_BIN_DIRECTORY) + "/quayd", "--config", config_file().string()};
  child.environment = daemon_environment_;
  child.output_directory = path();
  child.output_name = "quayd";
  auto started = rig::ChildProcess::start(child);
  if (!started) {
    return false;
  }
  daemon_.emplace(std::move(*started));
  const bool answers = rig::wait_until(
      [&] {
        auto client = client::Client::connect(run_directory(), Milliseconds(500));
        return client.has_value() || !daemon_->running();
      },
      kPatience);
  return answers && daemon_->running() && device_becomes(protocol::DeviceStatus::ready);
}

void Counter::kill_daemon() {
  daemon_->send_signal(SIGKILL);
  const auto ended = daemon_->wait();
  ASSERT_TRUE(ended);
  client_.reset();
}

void Counter::stop_daemon() {
  daemon_->send_signal(SIGTERM);
  const auto ended = daemon_->wait();
  ASSERT_TRUE(ended) << daemon_->transcript();
  EXPECT_EQ(ended->code, 0) << daemon_->transcript();
  client_.reset();
}

Said Counter::quayctl(std::vector<std::string> words, const std::string& typed) const {
  rig::ChildOptions options;
  options.arguments = {std::string(QUAY_BIN_DIRECTORY) + "/quayctl"};
  options.arguments.insert(options.arguments.end(), words.begin(), words.end());
  options.environment = {{"QUAY_RUNTIME_DIRECTORY", run_directory().string()}, {"LANG", "C.UTF-8"}};
  options.output_directory = path();
  options.output_name = "quayctl";
  options.pipe_input = !typed.empty();
  auto child = rig::ChildProcess::start(options);
  if (child && options.pipe_input) {
    EXPECT_EQ(::write(child->input().get(), typed.data(), typed.size()), static_cast<ssize_t>(typed.size()));
    child->input().reset();
  }
  const auto ended = child ? child->wait(Milliseconds(40'000)) : tl::unexpected(child.error());
  return {ended ? ended->code : -1, child ? child->output() : "", child ? child->errors() : child.error().detail};
}

client::Client Counter::connect() {
  auto client = try_connect();
  if (!client) {
    throw std::runtime_error(describe(client.error()) + "\n" + daemon_->transcript());
  }
  return std::move(*client);
}

Result<client::Client> Counter::try_connect() {
  auto client = client::Client::connect(run_directory());
  if (client) {
    share_keys(*client);
  }
  return client;
}

void Counter::share_keys(client::Client& client) const {
  for (const auto& [visit, key] : visit_keys_) {
    client.keys().keep(visit, key);
  }
}

std::string Counter::key_of(const std::string& visit) const {
  const auto found =
      std::find_if(visit_keys_.begin(), visit_keys_.end(), [&](const auto& entry) { return entry.first == visit; });
  return found == visit_keys_.end() ? "" : found->second;
}

bool Counter::device_becomes(protocol::DeviceStatus status, const std::string& device) {
  return rig::wait_until(
      [&] {
        auto client = client::Client::connect(run_directory(), Milliseconds(1000));
        if (!client) {
          return false;
        }
        const auto found = client->call_as<protocol::Device>("device.describe", protocol::DeviceArguments{{}, device});
        return found && found->status == status;
      },
      kPatience);
}

std::vector<pid_t> Counter::workers(const std::string& program) const {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos || parent_of(entry.path()) != daemon_->pid()) {
      continue;
    }
    std::ifstream comm(entry.path() / "comm");
    std::string text;
    std::getline(comm, text);
    if (text == program.substr(0, 15)) {
      found.push_back(static_cast<pid_t>(std::stol(name)));
    }
  }
  return found;
}

void Counter::freeze(const std::string& program, std::size_t most) const {
  std::vector<pid_t> frozen = workers(program);
  ASSERT_FALSE(frozen.empty()) << program;
  frozen.resize(std::min(frozen.size(), most));
  for (const pid_t worker : frozen) {
    ASSERT_EQ(::kill(worker, SIGSTOP), 0);
  }
}

std::string Counter::open_visit(const protocol::VisitOpenArguments& who) {
  const auto visit = try_open_visit(who);
  EXPECT_TRUE(visit);
  return visit.value_or("");
}

Result<std::string> Counter::try_open_visit(const protocol::VisitOpenArguments& who) {
  auto client = try_connect();
  if (!client) {
    return failure(client.error());
  }
  const auto visit = client->call_as<protocol::VisitOpened>("visit.open", who);
  if (!visit) {
    return failure(visit.error());
  }
  visit_keys_.emplace_back(visit->visit, visit->visit_key);
  return visit->visit;
}

Result<std::string> Counter::start_scan(const Order& order) {
  protocol::ScanStartArguments arguments;
  arguments.visit = order.visit;
  arguments.device = order.device;
  arguments.settings.source = order.source;
  arguments.settings.resolution_dpi = order.resolution_dpi;
  arguments.pages_expected = order.pages_expected;
  arguments.profile = order.profile;
  client::CallOptions options;
  if (!order.request_id.empty()) {
    options.request_id = order.request_id;
  }
  auto client = try_connect();
  if (!client) {
    return failure(client.error());
  }
  const auto accepted = client->call_as<protocol::JobAccepted>("scan.start", arguments, options);
  if (!accepted) {
    return failure(accepted.error());
  }
  return accepted->job;
}

protocol::Job Counter::await(const std::string& job, const std::function<bool(const protocol::Job&)>& until) {
  client::Client client = connect();
  protocol::Job last;
  const bool reached = rig::wait_until(
      [&] {
        const auto found = client.call_as<protocol::Job>("job.get", protocol::JobArguments{{}, job});
        last = found ? *found : last;
        return found && until(*found);
      },
      kJobPatience);
  EXPECT_TRUE(reached) << protocol::enum_name(last.state) << " with " << last.pages << " pages\n"
                       << daemon_->transcript();
  return last;
}

protocol::Job Counter::await_end(const std::string& job) { return await(job, is_over); }

protocol::Job Counter::scan(const Order& order) {
  const auto job = start_scan(order);
  EXPECT_TRUE(job) << (job ? "" : describe(job.error()));
  return job ? await_end(*job) : protocol::Job{};
}

std::vector<protocol::Capture> Counter::captures(const std::string& visit) {
  client::Client client = connect();
  const auto list =
      client.call_as<protocol::CaptureListResult>("capture.list", protocol::CaptureListArguments{visit, {}});
  EXPECT_TRUE(list);
  return list ? list->captures : std::vector<protocol::Capture>();
}

}  // namespace quay::system_test
