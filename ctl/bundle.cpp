// SPDX-License-Identifier: Apache-2.0
// quayctl bundle: what a distant technician needs to see of a counter, in one small file with nothing personal in it.
// Made also when quayd does not answer.
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>

#include "ctl/bundle/texts.hpp"
#include "ctl/doctor/examination.hpp"
#include "ctl/trace_file.hpp"
#include "ctl/verbs.hpp"

namespace quay::ctl {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostBytes = 200 * 1024;
constexpr std::size_t kMostLog = 256 * 1024;
constexpr const char* kFolder = "quay-bundle";

struct BundleOptions {
  std::string output = "quay-bundle.tar.gz";
  std::string log;
};

struct Part {
  std::string name;
  std::string text;
};

/// A folder of our own for as long as the bundle is made.
class Room {
 public:
  Room() {
    std::string pattern = (fs::temp_directory_path() / "quay-bundle.XXXXXX").string();
    path_ = ::mkdtemp(pattern.data()) != nullptr ? fs::path(pattern) : fs::path();
  }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;
  ~Room() {
    std::error_code none;
    fs::remove_all(path_, none);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The newest half of a text, from the begin of a line.
std::string newest_half(const std::string& text) {
  const std::size_t line = text.find('\n', text.size() / 2);
  return line == std::string::npos ? std::string() : "...\n" + text.substr(line + 1);
}

std::string log_text(const BundleOptions& options) {
  if (!options.log.empty()) {
    return file_text(options.log);
  }
  const doctor::Outcome said = doctor::run_program(
      {"journalctl", "-q", "--no-pager", "-u", "quayd", "-n", "1000", "-o", "short-iso-precise"}, kMostLog);
  return said.output;
}

std::string findings_text(const Session& session) {
  std::string text;
  for (const doctor::Named& named : doctor::examine("/", session.run_directory)) {
    text += protocol::json::serialize(doctor::to_json(named)) + "\n";
  }
  return text;
}

/// A citizen's own phone is counted, not described.
protocol::Device told_device(protocol::Device device) {
  if (device.guest) {
    device.name.clear();
    device.identity = {};
  }
  return device;
}

/// What quayd says, when it answers. Gives why it did not.
std::string add_said_by_quayd(const Session& session, std::vector<Part>& parts) {
  auto client = session.connect();
  const auto list = client ? client->call_as<protocol::DeviceListResult>("device.list", protocol::NoArguments{})
                           : Result<protocol::DeviceListResult>(failure(client.error()));
  if (!list) {
    return describe(list.error());
  }
  std::string devices;
  for (const protocol::Device& device : list->devices) {
    devices += protocol::json::serialize(protocol::to_json(told_device(device))) + "\n";
    const auto trace = trace_text(*client, device.id);
    parts.push_back({device.id + ".session", trace ? *trace : describe(trace.error()) + "\n"});
  }
  parts.push_back({"devices.jsonl", devices});
  return "";
}

std::string contents_text(const std::string& silence) {
  return fmt::format(
      "Gói hỗ trợ của quay: không có dữ liệu của công dân. Gửi cho bộ phận kỹ thuật.\n"
      "Support bundle of quay: nothing personal is in it. Send it to the technicians.\n\n"
      "machine.txt      system, packages, USB devices without their serial numbers\n"
      "doctor.jsonl     what `quayctl doctor` finds\n"
      "quay.toml        the configuration; texts as their length, but for a few\n"
      "quayd.log        quayd's lines, which hold nothing personal\n"
      "devices.jsonl    the devices as quayd sees them\n"
      "DEVICE.session   what went between quayd and a device: kinds, sizes, times; no pixels, no texts\n{}",
      silence.empty() ? "" : "\nquayd did not answer: " + silence + "\n");
}

Status write_parts(const fs::path& folder, const std::vector<Part>& parts) {
  std::error_code error;
  fs::create_directory(folder, error);
  for (const Part& part : parts) {
    std::ofstream file(folder / part.name, std::ios::binary | std::ios::trunc);
    file << part.text;
    if (error || !file.flush()) {
      return failure(Errc::file_unwritable, "bundle", (folder / part.name).string());
    }
  }
  return {};
}

/// Parts -> one file; what is long loses its older half until all of it fits. Gives its size.
Result<std::uintmax_t> pack(const fs::path& room, std::vector<Part> parts, const std::string& output) {
  for (;;) {
    if (const Status written = write_parts(room / kFolder, parts); !written) {
      return failure(written.error());
    }
    const doctor::Outcome packed = doctor::run_program({"tar", "-czf", output, "-C", room.string(), kFolder});
    std::error_code error;
    const std::uintmax_t size = fs::file_size(output, error);
    if (packed.exit_code != 0 || error) {
      return failure(Errc::file_unwritable, "bundle", output + ": " + packed.output);
    }
    if (size <= kMostBytes) {
      return size;
    }
    const auto longest = std::max_element(parts.begin(), parts.end(),
                                          [](const Part& a, const Part& b) { return a.text.size() < b.text.size(); });
    longest->text = newest_half(longest->text);
  }
}

int run(const Session& session, const BundleOptions& options) {
  if (fs::exists(options.output)) {
    return session.complain(make_error(Errc::file_unwritable, "bundle", options.output + " is there already"));
  }
  const doctor::Machine machine("/", session.run_directory);
  std::vector<Part> parts{{"machine.txt", bundle::machine_text(machine)},
                          {"doctor.jsonl", findings_text(session)},
                          {"quay.toml", bundle::settings_text(machine.text("/etc/quay/quay.toml").value_or(""))},
                          {"quayd.log", log_text(options)}};
  const std::string silence = add_said_by_quayd(session, parts);
  parts.push_back({"README.txt", contents_text(silence)});
  const Room room;
  const auto size = pack(room.path(), std::move(parts), options.output);
  if (!size) {
    return session.complain(size.error());
  }
  session.remark(silence);
  if (session.json) {
    session.print(
        protocol::json::value{{"file", options.output}, {"bytes", *size}, {"quayd_answered", silence.empty()}});
  } else {
    session.print(fmt::format("{}  {} KB", options.output, (*size + 1023) / 1024));
  }
  return 0;
}

}  // namespace

void add_bundle(CommandLine& line) {
  CLI::App* verb =
      line.app.add_subcommand("bundle", "Gather what a technician needs into one file, without personal data");
  auto options = std::make_shared<BundleOptions>();
  verb->add_option("-o,--output", options->output, "The file to write")->capture_default_str();
  verb->add_option("--log", options->log, "quayd's lines from this file instead of the systemd journal")
      ->check(CLI::ExistingFile);
  verb->callback(
      [&line, options] { line.action = [&session = line.session, options] { return run(session, *options); }; });
}

}  // namespace quay::ctl
