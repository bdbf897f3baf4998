// SPDX-License-Identifier: Apache-2.0
// Configuration: what is right is taken, everything else is refused with file, line, key, what was found and what was
// expected; and the file that is installed says all there is to say.
#include "daemon/service/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "settings/suggest.hpp"
#include "tests/unit/daemon/config_support.hpp"

namespace quay::daemon::service {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string shipped_text() {
  std::ifstream file(QUAY_SHIPPED_CONFIG);
  EXPECT_TRUE(file.is_open());
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ConfigTest, AnEmptyFileGivesTheDefaults) {
  Config expected;
  expected.libexec_directory = QUAY_EXPECTED_LIBEXEC;
  expected.forms_directory = QUAY_EXPECTED_FORMS;
  EXPECT_EQ(parse(""), expected);
}

TEST(ConfigTest, EveryKeyIsTaken) {
  const Config config = parse(R"(
    [daemon]
    runtime_directory = "/run/q"
    state_directory = "/srv/../srv/q/"
    libexec_directory = "/opt/quay"
    log_level = "debug"
    keep_free_mib = 0
    image_workers = 3
    [scanner]
    discover = true
    sane_backends = ["epson2", "hp_x-1"]
    sane_config_directory = "/opt/sane.d"
    sane_backend_directory = "/opt/sane"
    [events]
    keep = 5000
    keep_days = 7
    [metrics]
    textfile = "/run/m/quay.prom"
    every_s = 5
    [deadlines]
    start_ms = 101
    describe_ms = 102
    first_row_ms = 103
    stall_ms = 104
    processing_ms = 105
    cancel_grace_ms = 106
    drain_ms = 107
    card_ms = 4111
    print_stale_ms = 4112
    print_stop_ms = 4113
    [printer]
    forms_directory = "/opt/forms"
    [visits]
    idle_ms = 108
    longest_ms = 109
    warning_ms = 110
    purge_when_delivered = true
    [portals]
    directories = ["/opt/portals/../p", "/etc/q"]
    [[scanner.device]]
    id = "counter-1"
    sane_device = "epson2:libusb:001:004"
    [[scanner.device]]
    id = "counter-2"
    name = "Máy quét quầy 2"
    escl_url = "unix://escl.sock/eSCL"
    escl_socket_directory = "/run/escl"
    sane_directory = "/opt/sane/counter-2"
  )");
  Config expected;
  expected.runtime_directory = "/run/q";
  expected.state_directory = "/srv/q/";
  expected.libexec_directory = "/opt/quay";
  expected.log_level = LogLevel::debug;
  expected.keep_free_mib = 0;
  expected.image_workers = 3;
  expected.discover_scanners = true;
  expected.sane_backends = {"epson2", "hp_x-1"};
  expected.sane_config_directory = "/opt/sane.d";
  expected.sane_backend_directory = "/opt/sane";
  expected.deadlines = {Milliseconds(101),  Milliseconds(102), Milliseconds(103), Milliseconds(104),
                        Milliseconds(105),  Milliseconds(106), Milliseconds(107), Milliseconds(4111),
                        Milliseconds(4112), Milliseconds(4113)};
  expected.forms_directory = "/opt/forms";
  expected.visits = {Milliseconds(108), Milliseconds(109), Milliseconds(110), true};
  expected.portal_directories = {"/opt/p", "/etc/q"};
  expected.events = {5000, 7};
  expected.metrics = {"/run/m/quay.prom", 5};
  expected.scanners = {
      {"counter-1", "counter-1", "epson2:libusb:001:004", "", "", ""},
      {"counter-2", "Máy quét quầy 2", "", "unix://escl.sock/eSCL", "/run/escl", "/opt/sane/counter-2"}};
  EXPECT_EQ(config, expected);
}

TEST(ConfigTest, EveryLogLevelHasItsName) {
  EXPECT_EQ(parse("daemon.log_level = \"error\"").log_level, LogLevel::error);
  EXPECT_EQ(parse("daemon.log_level = \"warning\"").log_level, LogLevel::warning);
  EXPECT_EQ(parse("daemon.log_level = \"notice\"").log_level, LogLevel::notice);
  EXPECT_EQ(parse("daemon.log_level = \"info\"").log_level, LogLevel::info);
  EXPECT_THAT(mistakes("daemon.log_level = \"loud\""),
              ElementsAre("quay.toml:1: daemon.log_level: found \"loud\" where one of error, warning, notice, info, "
                          "debug was expected"));
}

TEST(ConfigTest, AMistypedKeyIsRefusedWithTheOneThatWasMeant) {
  EXPECT_THAT(mistakes("[daemon]\n\nlog_leve = \"info\""),
              ElementsAre("quay.toml:3: daemon.log_leve: unknown key; did you mean log_level?"));
  EXPECT_THAT(mistakes("[deamon]"), ElementsAre("quay.toml:1: deamon: unknown key; did you mean daemon?"));
  EXPECT_THAT(mistakes("[[scanner.device]]\nid = \"a\"\nsane_devcie = \"a:b\"\nescl_url = \"http://a/eSCL\""),
              ElementsAre("quay.toml:3: scanner.device[1].sane_devcie: unknown key; did you mean sane_device?"));
}

TEST(ConfigTest, AKeyThatResemblesNothingIsRefusedWithAllThatAreKnown) {
  EXPECT_THAT(
      mistakes("colour = 1"),
      ElementsAre("quay.toml:1: colour: unknown key; known here: daemon, scanner, camera, "
                  "document_camera, printer, card, events, metrics, deadlines, access, peer, tcp, visits, portals"));
}

TEST(ConfigTest, AWrongTypeIsRefusedWithWhatWasFoundAndExpected) {
  EXPECT_THAT(mistakes("[daemon]\nkeep_free_mib = \"256\""),
              ElementsAre("quay.toml:2: daemon.keep_free_mib: found \"256\" where a whole number from 0 to 1048576 was "
                          "expected"));
  EXPECT_THAT(mistakes("[scanner]\ndiscover = 1"),
              ElementsAre("quay.toml:2: scanner.discover: found 1 where true or false was expected"));
  EXPECT_THAT(mistakes("[daemon]\nimage_workers = 1.5"),
              ElementsAre("quay.toml:2: daemon.image_workers: found 1.5 where a whole number from 0 to 64 was "
                          "expected"));
  EXPECT_THAT(mistakes("[scanner]\nsane_backends = \"hp\""),
              ElementsAre("quay.toml:2: scanner.sane_backends: found \"hp\" where an array of names of SANE backends "
                          "was expected"));
  EXPECT_THAT(mistakes("daemon = 3"), ElementsAre("quay.toml:1: daemon: found 3 where a section [daemon] was "
                                                  "expected"));
  EXPECT_THAT(mistakes("scanner.device = { id = \"a\" }"),
              ElementsAre("quay.toml:1: scanner.device: found a table where sections [[scanner.device]] was expected"));
  EXPECT_THAT(mistakes("scanner.device = [ 1 ]"),
              ElementsAre("quay.toml:1: scanner.device[1]: found 1 where a section [[scanner.device]] was expected"));
  EXPECT_THAT(mistakes("[daemon]\nlog_level = 2026-11-24"), ElementsAre(HasSubstr("found a date or time")));
  EXPECT_THAT(mistakes("[daemon]\nlog_level = true"), ElementsAre(HasSubstr("found true")));
  EXPECT_THAT(mistakes("[daemon]\nlog_level = []"), ElementsAre(HasSubstr("found an array")));
}

TEST(ConfigTest, NumbersAreTakenUpToTheirLimitsAndNoFurther) {
  for (const std::string key :
       {"start_ms", "describe_ms", "first_row_ms", "stall_ms", "processing_ms", "cancel_grace_ms", "drain_ms"}) {
    const std::string line = "deadlines." + key + " = ";
    EXPECT_THAT(mistakes(line + "100"), IsEmpty());
    EXPECT_THAT(mistakes(line + "3600000"), IsEmpty());
    for (const std::string wrong : {"99", "3600001", "-1", "0", "9223372036854775807"}) {
      EXPECT_THAT(mistakes(line + wrong), ElementsAre("quay.toml:1: deadlines." + key + ": found " + wrong +
                                                      " where a whole number from 100 to 3600000 was expected"));
    }
  }
  EXPECT_THAT(mistakes("deadlines.card_ms = 3500"), IsEmpty());
  EXPECT_THAT(mistakes("deadlines.card_ms = 3000"), SizeIs(1)) << "another program may have a card for so long";
  EXPECT_THAT(mistakes("daemon.image_workers = 64"), IsEmpty());
  EXPECT_THAT(mistakes("daemon.image_workers = 65"), SizeIs(1));
  EXPECT_THAT(mistakes("daemon.image_workers = -1"), SizeIs(1));
  EXPECT_THAT(mistakes("daemon.keep_free_mib = 1048577"), SizeIs(1));
}

TEST(ConfigTest, PathsAreAbsoluteAndShortEnough) {
  for (const std::string key : {"daemon.runtime_directory", "daemon.state_directory", "daemon.libexec_directory",
                                "scanner.sane_config_directory", "scanner.sane_backend_directory"}) {
    EXPECT_THAT(mistakes(key + " = \"run/quay\""), ElementsAre(HasSubstr(key + ": found \"run/quay\" where an absolute "
                                                                               "path")));
    EXPECT_THAT(mistakes(key + " = \"\""), SizeIs(1));
    EXPECT_THAT(mistakes(key + " = \"/a\\u0000b\""), SizeIs(1));
  }
  EXPECT_THAT(mistakes("daemon.runtime_directory = \"/" + std::string(98, 'r') + "\""), IsEmpty());
  EXPECT_THAT(mistakes("daemon.runtime_directory = \"/" + std::string(99, 'r') + "\""),
              ElementsAre(HasSubstr("an absolute path of at most 99 bytes")));
}

TEST(ConfigTest, AScannerIsNamedOnceAndReachedInOneWay) {
  const std::string id = "[[scanner.device]]\nid = \"a\"\n";
  EXPECT_THAT(
      mistakes(id + "sane_device = \"hp:x\"\nescl_url = \"http://h/eSCL\""),
      ElementsAre("quay.toml:1: scanner.device[1]: found both where exactly one of sane_device and escl_url was "
                  "expected"));
  EXPECT_THAT(mistakes(id), ElementsAre("quay.toml:1: scanner.device[1]: found neither where exactly one of "
                                        "sane_device and escl_url was expected"));
  EXPECT_THAT(mistakes("[[scanner.device]]\nsane_device = \"hp:x\""),
              ElementsAre("quay.toml:1: scanner.device[1]: id: missing; 1 to 40 of a-z, 0-9 and - were expected"));
  EXPECT_THAT(mistakes(id + "sane_device = \"hp:x\"\n" + id + "sane_device = \"hp:y\""),
              ElementsAre("quay.toml:4: scanner.device[2]: id: \"a\" is taken by the device at line 1"));
}

TEST(ConfigTest, ADocumentCameraHasALastingNameAndAnIdOfItsOwn) {
  const Config config = parse(
      "[document_camera]\ndiscover = true\n[[document_camera.device]]\nid = \"overhead\"\n"
      "video = \"/dev/v4l/by-id/usb-Quay-video-index0\"");
  EXPECT_TRUE(config.discover_document_cameras);
  ASSERT_THAT(config.document_cameras, SizeIs(1));
  EXPECT_EQ(config.document_cameras[0].name, "overhead");
  EXPECT_EQ(config.document_cameras[0].video, "/dev/v4l/by-id/usb-Quay-video-index0");
  EXPECT_FALSE(parse("").discover_document_cameras);
  EXPECT_THAT(mistakes("[[document_camera.device]]\nid = \"a\""), ElementsAre(HasSubstr("video: missing")));
  EXPECT_THAT(mistakes("[[document_camera.device]]\nid = \"a\"\nvideo = \"video0\""),
              ElementsAre(HasSubstr("document_camera.device[1].video")));
  EXPECT_THAT(mistakes("[[camera.device]]\nid = \"a\"\nport = \"usb:001,004\"\n"
                       "[[document_camera.device]]\nid = \"a\"\nvideo = \"/dev/video0\""),
              ElementsAre(HasSubstr("taken by the device at line 1")));
}

TEST(ConfigTest, APrinterIsReachedInOneWayAlone) {
  const Config config = parse(
      "[printer]\nforms_directory = \"/srv/forms\"\n[[printer.device]]\nid = \"laser\"\n"
      "uri = \"ipp://192.0.2.9/ipp/print\"\n[[printer.device]]\nid = \"old\"\nqueue = \"counter\"\n"
      "trust_uncounted = true");
  ASSERT_THAT(config.printers, SizeIs(2));
  EXPECT_EQ(config.forms_directory, "/srv/forms");
  EXPECT_EQ(config.printers[0].name, "laser");
  EXPECT_EQ(config.printers[0].look, Milliseconds(5'000));
  EXPECT_FALSE(config.printers[0].trust_uncounted);
  EXPECT_EQ(config.printers[1].service, "/run/cups/cups.sock");
  EXPECT_TRUE(config.printers[1].trust_uncounted);
  const std::string one = "[[printer.device]]\nid = \"a\"\n";
  EXPECT_THAT(mistakes(one), ElementsAre(HasSubstr("found neither where exactly one of uri and queue")));
  EXPECT_THAT(mistakes(one + "uri = \"ipp://a/b\"\nqueue = \"q\""), ElementsAre(HasSubstr("found both")));
  EXPECT_THAT(mistakes(one + "uri = \"http://a/b\""), ElementsAre(HasSubstr("printer.device[1].uri")));
  EXPECT_THAT(mistakes(one + "queue = \"a/b\""), ElementsAre(HasSubstr("printer.device[1].queue")));
}

TEST(ConfigTest, ACameraHasAPortAndAnIdOfItsOwn) {
  const Config config = parse("[[camera.device]]\nid = \"eos\"\nport = \"ptpip:192.0.2.7\"");
  ASSERT_THAT(config.cameras, SizeIs(1));
  EXPECT_EQ(config.cameras[0].name, "eos");
  EXPECT_EQ(config.cameras[0].model, "PTP/IP Camera");
  EXPECT_THAT(mistakes("[[camera.device]]\nid = \"eos\""), ElementsAre(HasSubstr("port: missing")));
  EXPECT_THAT(mistakes("[[camera.device]]\nid = \"a\"\nport = \"gopher:1\""),
              ElementsAre(HasSubstr("camera.device[1].port")));
  EXPECT_THAT(mistakes("[[scanner.device]]\nid = \"a\"\nsane_device = \"hp:x\"\n"
                       "[[camera.device]]\nid = \"a\"\nport = \"usb:001,004\""),
              ElementsAre(HasSubstr("\"a\" is taken by the device at line 4")));
}

TEST(ConfigTest, IdsNamesAndAddressesHaveAShape) {
  const auto with = [](const std::string& line) {
    return mistakes("[[scanner.device]]\nid = \"a\"\nsane_device = \"hp:x\"\n" + line);
  };
  EXPECT_THAT(with("name = \"\""), SizeIs(1));
  EXPECT_THAT(with("name = \"a\\nb\""), SizeIs(1));
  EXPECT_THAT(with("name = \"" + std::string(101, 'n') + "\""), SizeIs(1));
  EXPECT_THAT(with("escl_socket_directory = \"/run\""),
              ElementsAre(HasSubstr("escl_socket_directory: found without an escl_url that begins with unix://")));
  for (const std::string id : {"", "A", "a b", "../a", "é", "a_b"}) {
    EXPECT_THAT(mistakes("[[scanner.device]]\nid = \"" + id + "\"\nsane_device = \"hp:x\""),
                ElementsAre(HasSubstr("[1].id: found \"" + id + "\"")));
  }
  EXPECT_THAT(mistakes("[[scanner.device]]\nid = \"" + std::string(41, 'a') + "\"\nsane_device = \"hp:x\""), SizeIs(1));
  for (const std::string device : {"", "hp", ":x", "h p:x", "hp:x\\u0007"}) {
    EXPECT_THAT(mistakes("[[scanner.device]]\nid = \"a\"\nsane_device = \"" + device + "\""),
                ElementsAre(HasSubstr("[1].sane_device: found")));
  }
  for (const std::string url : {"", "ftp://h", "http://", "h/eSCL", "http://a b"}) {
    EXPECT_THAT(mistakes("[[scanner.device]]\nid = \"a\"\nescl_url = \"" + url + "\""),
                ElementsAre(HasSubstr("[1].escl_url: found")));
  }
}

TEST(ConfigTest, DiscoveryNeedsABackendToAsk) {
  EXPECT_THAT(mistakes("[scanner]\n\ndiscover = true"),
              ElementsAre("quay.toml:3: scanner.discover: found true where scanner.sane_backends names no backend to "
                          "ask"));
  EXPECT_THAT(mistakes("[scanner]\nsane_backends = [\"hp\", \"../x\", 3]"),
              ElementsAre(HasSubstr("found \"../x\" where names of SANE backends was expected"),
                          HasSubstr("found 3 where names of SANE backends was expected")));
}

TEST(ConfigTest, AllMistakesAreListedInTheOrderOfTheFile) {
  const std::vector<std::string> all = mistakes(
      "[scanner]\ndiscover = 7\n[daemon]\nstate_directory = \"x\"\nlog_level = 3\n[deadlines]\nstall_ms = 1\n[zoo]\n");
  ASSERT_THAT(all, SizeIs(5));
  EXPECT_THAT(all[0], HasSubstr("quay.toml:2: scanner.discover"));
  EXPECT_THAT(all[1], HasSubstr("quay.toml:4: daemon.state_directory"));
  EXPECT_THAT(all[2], HasSubstr("quay.toml:5: daemon.log_level"));
  EXPECT_THAT(all[3], HasSubstr("quay.toml:7: deadlines.stall_ms"));
  EXPECT_THAT(all[4], HasSubstr("quay.toml:8: zoo"));
}

TEST(ConfigTest, WhatIsNotTomlIsRefusedWithItsLine) {
  EXPECT_THAT(mistakes("[daemon]\nlog_level = "), ElementsAre(HasSubstr("quay.toml:2: ")));
  EXPECT_THAT(mistakes("[daemon]\nlog_level = \"info\"\nlog_level = \"info\""),
              ElementsAre(HasSubstr("quay.toml:3: ")));
  EXPECT_THAT(mistakes("\xff\xfe"), SizeIs(1));
  EXPECT_THAT(mistakes(std::string(100'000, '[')), SizeIs(1)) << "deep nesting must not exhaust the stack";
}

TEST(ConfigTest, AMistakeIsOneLineWhateverItsKeyHolds) {
  EXPECT_THAT(mistakes("\"a\\nb\" = 1"), ElementsAre(HasSubstr("quay.toml:1: a?b: unknown key")));
  EXPECT_THAT(mistakes("daemon.log_level = \"a\\nb\""), ElementsAre(HasSubstr("found \"a?b\" where")));
}

TEST(ConfigTest, UnquotedVietnameseIsRefusedWithItsLine) {
  for (const std::string letter : {"á", "đ", "ư", "ễ", "Ω", "\xef\xac\xa6", "\xef\xbb\xbe"}) {
    EXPECT_THAT(mistakes("[daemon]\nm" + letter + "y = 1"), ElementsAre(HasSubstr("quay.toml:2: "))) << letter;
    EXPECT_THAT(mistakes("[daemon]\nlog_level = " + letter), ElementsAre(HasSubstr("quay.toml:2: "))) << letter;
  }
}

TEST(ConfigTest, ALongValueIsShortenedInTheMessage) {
  const std::vector<std::string> list = mistakes("daemon.log_level = \"" + std::string(5000, 'x') + "\"");
  ASSERT_THAT(list, SizeIs(1));
  EXPECT_LT(list[0].size(), 200U);
}

class ConfigFileTest : public testing::Test {
 protected:
  std::filesystem::path file_ =
      std::filesystem::temp_directory_path() / ("quay-config-test-" + std::to_string(::getpid()) + ".toml");
  ~ConfigFileTest() override { std::filesystem::remove(file_); }
};

TEST_F(ConfigFileTest, AFileIsReadAndNamedInMistakes) {
  std::ofstream(file_) << "[daemon]\nimage_workers = 2\n";
  EXPECT_EQ(load_config(file_)->image_workers, 2);
  std::ofstream(file_) << "[daemon]\nimage_workers = 2000\n";
  EXPECT_THAT(load_config(file_).error().detail, HasSubstr(file_.string() + ":2: daemon.image_workers"));
}

TEST_F(ConfigFileTest, AnEmptyFileIsFine) {
  std::ofstream(file_).flush();
  EXPECT_TRUE(load_config(file_));
}

TEST_F(ConfigFileTest, AFileThatCannotBeReadIsNamedWithTheReason) {
  const auto missing = load_config("/nowhere/quay.toml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::file_unreadable);
  EXPECT_EQ(missing.error().native.name, "ENOENT");
  EXPECT_THAT(missing.error().operation, HasSubstr("/nowhere/quay.toml"));
  EXPECT_EQ(load_config("/").error().code, Errc::file_unreadable);
}

TEST_F(ConfigFileTest, AFileThatIsNoConfigurationIsNotReadIntoMemory) {
  EXPECT_EQ(load_config("/dev/zero").error().code, Errc::config_invalid);
}

TEST(ShippedConfigTest, IsValidAndDiffersFromTheDefaultsOnlyInDiscovery) {
  Config config = parse(shipped_text());
  EXPECT_TRUE(config.discover_scanners);
  EXPECT_THAT(config.sane_backends, Contains("epson2"));
  config.discover_scanners = false;
  config.sane_backends.clear();
  EXPECT_EQ(config, parse(""));
}

TEST(ShippedConfigTest, DocumentsEveryKeyAndNoOther) {
  std::vector<std::string> documented;
  std::string section;
  std::istringstream lines(shipped_text());
  const std::regex header("#?\\[+([a-z_.]+)\\]+");
  const std::regex key("#?([a-z_]+) = .*");
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, header)) {
      section = match[1];
    } else if (std::regex_match(line, match, key)) {
      documented.push_back(section + "." + match[1].str());
    }
  }
  EXPECT_THAT(documented, testing::UnorderedElementsAreArray(config_keys()));
}

TEST(ShippedConfigTest, ShowsTheTrueDefaults) {
  // Every commented key with its value taken as written must change nothing. Examples (a backend folder, a device)
  // are no defaults.
  std::istringstream lines(shipped_text());
  std::string text;
  const std::regex commented("#([a-z_]+ = .*)");
  for (std::string line; std::getline(lines, line) && line != "#[[scanner.device]]";) {
    std::smatch match;
    const bool is_default = std::regex_match(line, match, commented) && !line.starts_with("#sane_backend_directory") &&
                            !line.starts_with("#server_secret_key_file") && !line.starts_with("#pcscd_socket") &&
                            !line.starts_with("#textfile");
    text += (is_default ? match[1].str() : line) + "\n";
  }
  Config config = parse(text);
  config.libexec_directory = QUAY_EXPECTED_LIBEXEC;  // the shipped path is Debian's; a build may choose another
  EXPECT_EQ(config.discover_scanners, true);
  config.discover_scanners = false;
  config.sane_backends.clear();
  EXPECT_EQ(config, parse(""));
}

TEST(ShippedConfigTest, ItsExampleDeviceIsValidOnceOneOfTheTwoAddressesIsChosen) {
  const std::string all = shipped_text();
  const std::size_t begin = all.find("#[[scanner.device]]");
  std::istringstream lines(all.substr(begin, all.find("# A camera named by hand") - begin));
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const bool wanted = line.starts_with("#") && !line.starts_with("# ") && !line.starts_with("#escl_");
    text += wanted ? line.substr(1) + "\n" : "\n";
  }
  const Config config = parse(text);
  ASSERT_THAT(config.scanners, SizeIs(1));
  EXPECT_EQ(config.scanners[0].sane_device, "epson2:libusb:001:004");
}

TEST(ConfigTest, ChipsOfIdentityCardsAreLeftAloneUnlessTheOperatorSaysOtherwise) {
  EXPECT_FALSE(parse("").card.chip);
  const Config config = parse("[card]\nchip = true\nreader = \"ACS\"\ntrust_directory = \"/srv/csca\"");
  EXPECT_TRUE(config.card.chip);
  EXPECT_EQ(config.card.reader, "ACS");
  EXPECT_EQ(config.card.trust_directory, "/srv/csca");
  EXPECT_THAT(mistakes("[card]\nchip = \"yes\""), ElementsAre(HasSubstr("card.chip")));
  EXPECT_THAT(mistakes("[card]\ntrust_directory = \"csca\""), ElementsAre(HasSubstr("card.trust_directory")));
}

TEST(SuggestTest, CountsInsertionsDeletionsSubstitutionsAndSwaps) {
  EXPECT_EQ(settings::edit_distance("", ""), 0U);
  EXPECT_EQ(settings::edit_distance("abc", ""), 3U);
  EXPECT_EQ(settings::edit_distance("", "abc"), 3U);
  EXPECT_EQ(settings::edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(settings::edit_distance("devcie", "device"), 1U);
}

TEST(SuggestTest, SuggestsTheNearestWordAndNothingFarFetched) {
  constexpr std::array<std::string_view, 3> kWords{"start_ms", "stall_ms", "drain_ms"};
  EXPECT_EQ(settings::nearest_word("stal_ms", kWords), "stall_ms");
  EXPECT_EQ(settings::nearest_word("colour", kWords), std::nullopt);
  EXPECT_EQ(settings::nearest_word("x", {}), std::nullopt);
}

}  // namespace
}  // namespace quay::daemon::service
