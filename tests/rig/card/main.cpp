// SPDX-License-Identifier: Apache-2.0
// quay-sim-card: citizen ID cards, and others, in simulated readers of the real pcscd. For tests and the demo.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <map>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tests/rig/card/card_control.hpp"
#include "tests/rig/control/program.hpp"
#include "tests/rig/pictures/jpeg.hpp"

namespace quay::rig::card {
namespace {

constexpr const char* kProgram = "quay-sim-card";
constexpr std::uint16_t kFirstPort = 0x8C7B;

struct Arguments {
  std::filesystem::path directory;
  std::filesystem::path trust;
  std::filesystem::path portrait;
  std::vector<Role> slots{Role::citizen};
  std::string reader = "Quay Sim Reader";
  bool out = false;
  std::vector<std::string> tell;
  CardOptions card;
};

void describe_card(CLI::App& app, CardOptions& card) {
  const std::map<std::string, CardAccess> access{
      {"direct", CardAccess::direct}, {"mf", CardAccess::master_file}, {"missing", CardAccess::missing}};
  const std::map<std::string, ActiveKind> active{{"none", ActiveKind::none},
                                                 {"ecdsa", ActiveKind::ecdsa},
                                                 {"rsa", ActiveKind::rsa},
                                                 {"ed25519", ActiveKind::ed25519}};
  const std::map<std::string, Signer> signers{{"good", Signer::good},
                                              {"expired", Signer::expired},
                                              {"revoked", Signer::revoked},
                                              {"stranger", Signer::stranger}};
  app.add_option("--card-access", card.card_access, "how EF.CardAccess is reached")
      ->transform(CLI::CheckedTransformer(access));
  app.add_flag("!--no-master-file", card.master_file, "SELECT of the master file answers 6D00");
  app.add_flag("!--no-pace", card.pace, "PACE is offered, then refused");
  app.add_option("--pace-protocol", card.pace_protocol)->check(CLI::IsMember(pace_protocol_names()));
  app.add_option("--curve", card.curve, "standardised domain parameters: 10 to 18")->capture_default_str();
  app.add_flag("!--no-bac", card.bac, "a card that opens by PACE alone");
  app.add_option("--most-read", card.most_read, "READ BINARY of more answers 6700")->capture_default_str();
  app.add_flag("!--no-extended", card.extended, "extended lengths answer 6700");
  app.add_option("--tries", card.tries, "wrong CANs before the card refuses for good")->capture_default_str();
  app.add_option("--active", card.active, "active authentication")->transform(CLI::CheckedTransformer(active));
  app.add_flag("!--no-chip-authentication", card.chip_authentication);
  app.add_flag("--clone", card.clone, "the data of another card, without its keys");
  app.add_flag("--forged", card.forged, "DG1 is not what was signed");
  app.add_flag("!--no-details", card.readable_details, "DG13 holds what nobody can read");
  app.add_option("--withhold", card.withheld, "data groups that are signed, but answer 6A82")->delimiter(',');
  app.add_option("--signer", card.signer, "the document signer")->transform(CLI::CheckedTransformer(signers));
}

void describe_options(CLI::App& app, Arguments& arguments) {
  const std::map<std::string, Role> roles{
      {"citizen", Role::citizen}, {"bank", Role::bank}, {"sam", Role::sam}, {"empty", Role::empty}};
  app.add_option("--directory", arguments.directory, "takes sockets, configuration and log; at most 80 characters")
      ->required();
  app.add_option("--trust", arguments.trust, "folder that takes the root certificate and the revocation list");
  app.add_option("--portrait", arguments.portrait, "JPEG or JPEG 2000, for DG2")->check(CLI::ExistingFile);
  app.add_option("--slots", arguments.slots, "what lies in each slot, two slots a reader")
      ->transform(CLI::CheckedTransformer(roles))
      ->delimiter(',');
  app.add_option("--reader", arguments.reader, "name of the reader")->capture_default_str();
  app.add_flag("--out", arguments.out, "start with the citizen's card out of the reader");
  app.add_option("--tell", arguments.tell, "send a command to a running simulator, print its reply");
  describe_card(app, arguments.card);
  app.footer(fmt::format("Commands on DIRECTORY/card.sock:\n{}", card_commands_help()));
}

Status write_file(const std::filesystem::path& path, View bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return file.flush() ? Status() : Status(failure(Errc::file_unwritable, "rig.trust", path.string()));
}

Status give_out(const Issuer& issuer, const std::filesystem::path& folder) {
  if (folder.empty()) {
    return {};
  }
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  Status root = write_file(folder / "csca.cer", issuer.root_certificate());
  return root ? write_file(folder / "csca.crl", issuer.revocation_list()) : root;
}

std::vector<ReaderOptions> readers_for(const Arguments& arguments) {
  std::vector<ReaderOptions> readers;
  readers.reserve(arguments.slots.size());
  for (std::size_t first = 0; first < arguments.slots.size(); first += 2) {
    const std::string name = first == 0 ? arguments.reader : fmt::format("{} {}", arguments.reader, first / 2 + 1);
    readers.push_back({name, static_cast<std::uint16_t>(kFirstPort + first)});
  }
  return readers;
}

/// Cards that are soldered in, or lie there from the start.
Status insert_all(const Arguments& arguments, const std::vector<std::unique_ptr<Slot>>& slots) {
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const bool stays_out = arguments.out && arguments.slots[i] == Role::citizen;
    if (Status in = stays_out ? Status() : slots[i]->insert(); !in) {
      return in;
    }
  }
  return {};
}

int simulate(Arguments& arguments) {
  const EndSignals end;
  if (!arguments.portrait.empty()) {
    auto portrait = read_file(arguments.portrait);
    if (!portrait) {
      return complain(kProgram, portrait.error());
    }
    arguments.card.portrait = std::move(*portrait);
  }
  Application application(arguments.card);
  PrivatePcscd pcscd(arguments.directory, readers_for(arguments));
  std::vector<std::unique_ptr<Slot>> slots;
  for (const Role role : arguments.slots) {
    slots.push_back(std::make_unique<Slot>(role, role == Role::citizen ? &application : nullptr,
                                           static_cast<std::uint16_t>(kFirstPort + slots.size())));
  }
  CardControl control(arguments.directory / "card.sock", slots, application, pcscd,
                      [] { ::kill(::getpid(), SIGTERM); });
  Status done = give_out(application.issuer(), arguments.trust);
  done = done ? PrivatePcscd::enter(arguments.directory) : done;
  done = done ? pcscd.start() : done;
  done = done ? control.open() : done;
  done = done ? insert_all(arguments, slots) : done;
  if (!done) {
    return complain(kProgram, done.error());
  }
  fmt::print("ready pcscd={} control={}\n", pcscd.socket().string(), (arguments.directory / "card.sock").string());
  std::fflush(stdout);
  end.wait();
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app("Citizen ID cards in simulated readers of the real pcscd; faults on command");
  Arguments arguments;
  describe_options(app, arguments);
  CLI11_PARSE(app, argc, argv);
  if (!arguments.tell.empty()) {
    return tell_running(kProgram, arguments.directory / "card.sock", arguments.tell);
  }
  return simulate(arguments);
}

}  // namespace
}  // namespace quay::rig::card

int main(int argc, char** argv) { return quay::rig::card::run(argc, argv); }
