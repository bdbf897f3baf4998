#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""quayctl doctor over machines made in a folder: a healthy one, and the same with one thing wrong.
Usage: doctor_test.py QUAYCTL"""
import json
import os
import pathlib
import pwd
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import unittest

QUAYCTL = sys.argv.pop(1)  # quayd lies beside it


class Patient(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="quay-doc."))
        self.addCleanup(shutil.rmtree, self.root)
        self.write("etc/group", f"root:x:0:\nquay:x:{os.getgid()}:clerk1\n")
        self.write("etc/quay/quay.toml", "[daemon]\nkeep_free_mib = 1\n[scanner]\ndiscover = true\nsane_backends = [\"test\"]\n")
        self.write("lib/systemd/system/quayd.service", "[Unit]\n")
        self.link("etc/systemd/system/multi-user.target.wants/quayd.service", "/lib/systemd/system/quayd.service")
        self.write("usr/libexec/quay/quay-scanner", "")
        self.write("lib/udev/rules.d/70-quay-scanner.rules", "")
        self.write("var/lib/quay/service.key", "k" * 32).chmod(0o600)
        (self.root / "var/lib/quay").chmod(0o700)
        self.process(100, "quayd")
        self.listen("run/quay/control")
        self.write("dev/bus/usb/001/004", "")  # of group quay, as udev would have it

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def link(self, path, target):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).symlink_to(target)

    def listen(self, path):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(self.root / path))
        server.listen()
        self.addCleanup(server.close)
        return server

    def process(self, number, name, *devices):
        self.write(f"proc/{number}/comm", name + "\n")
        (self.root / f"proc/{number}/fd").mkdir()
        for descriptor, device in enumerate(devices, 3):
            self.link(f"proc/{number}/fd/{descriptor}", device)

    def doctor(self, *options):
        done = subprocess.run([QUAYCTL, "--json", "doctor", "--root", self.root, *options], capture_output=True, text=True, timeout=60)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    def found(self, check, verdict, *options):
        """The finding of one check; and nothing else may be wrong."""
        code, rows = self.doctor(*options)
        self.assertEqual([row["check"] for row in rows if row["verdict"] not in ("ok", "unknown")], [check], rows)
        self.assertEqual(code, 1 if verdict == "fault" else 0)
        row = next(row for row in rows if row["check"] == check)
        self.assertEqual(row["verdict"], verdict)
        self.assertTrue(row["command"])
        return row


class Healthy(Patient):
    def test_nothing_is_wrong_and_every_check_says_so_in_both_languages(self):
        code, rows = self.doctor()
        self.assertEqual(code, 0, rows)
        self.assertEqual([row["check"] for row in rows],
                         ["configuration", "packages", "service", "socket", "room", "keys", "holders", "printing", "card-service"])
        for row in rows:
            self.assertEqual((row["verdict"], row["command"], row["fixable"]), ("ok", "", False), row)
            self.assertTrue(row["vi"] and row["en"] and row["vi"] != row["en"])

    def test_words_for_people_name_cause_and_command(self):
        (self.root / "proc/100/comm").write_text("bash\n")
        said = {}
        for language in ("vi", "en"):
            done = subprocess.run([QUAYCTL, "--lang", language, "doctor", "--root", self.root], capture_output=True, text=True)
            said[language] = done.stdout
            self.assertEqual(done.returncode, 1)
            self.assertIn("$ sudo systemctl start quayd\n", done.stdout)
        self.assertIn("quayd không chạy: khởi động dịch vụ.", said["vi"])
        self.assertIn("quayd does not run: start the service.", said["en"])


class Queue(Patient):
    """A counter that prints through a queue of the local print service."""

    def setUp(self):
        super().setUp()
        with open(self.root / "etc/quay/quay.toml", "a") as settings:
            settings.write('[[printer.device]]\nid = "printer-1"\nqueue = "counter"\n')
        self.write("usr/libexec/quay/quay-printer", "")
        self.write("etc/group", f"root:x:0:\nquay:x:{os.getgid()}:clerk1\nlpadmin:x:999:quay\n")

    def test_copies_that_the_service_keeps_are_told_with_how_to_switch_that_off(self):
        for settings in ("LogLevel warn\n", "PreserveJobFiles Yes\n", "preservejobfiles 86400\n"):
            with self.subTest(settings):
                self.write("etc/cups/cupsd.conf", settings)
                row = self.found("printing", "warning")
                self.assertEqual((row["command"], row["fixable"]), ("sudo cupsctl PreserveJobFiles=No", False))

    def test_a_counter_without_the_service_is_told_to_install_it(self):
        self.assertEqual(self.found("printing", "fault")["command"], "sudo apt install cups")

    def test_a_service_that_keeps_nothing_is_good(self):
        for settings in ("PreserveJobFiles No\n", "PreserveJobFiles 0\n", "PreserveJobFiles Yes\n PreserveJobFiles off\n"):
            with self.subTest(settings):
                self.write("etc/cups/cupsd.conf", settings)
                code, rows = self.doctor()
                self.assertEqual([row["check"] for row in rows if row["verdict"] not in ("ok", "unknown")], [], rows)

    def test_a_quayd_that_may_not_resume_its_queue_is_told(self):
        self.write("etc/cups/cupsd.conf", "PreserveJobFiles No\n")
        self.write("etc/group", f"root:x:0:\nquay:x:{os.getgid()}:clerk1\nlpadmin:x:999:\n")
        self.assertIn("usermod -aG lpadmin quay", self.found("printing", "warning")["command"])


class Ill(Patient):
    def test_a_mistake_in_the_configuration_is_shown_with_its_line(self):
        self.write("etc/quay/quay.toml", "[daemon]\nkeep_free_mbi = 1\n")
        row = self.found("configuration", "fault")
        self.assertIn("quay.toml:2: daemon.keep_free_mbi", row["en"])
        self.assertIn("quay.toml:2: daemon.keep_free_mbi", row["vi"])

    def test_a_missing_configuration_is_told(self):
        (self.root / "etc/quay/quay.toml").unlink()
        self.assertIn("force-confmiss quay", self.found("configuration", "fault")["command"])

    def test_a_wanted_device_without_its_package_is_told(self):
        for section, package in (("camera", "quay-camera"), ("document_camera", "quay-document-camera")):
            self.write("etc/quay/quay.toml", f"[daemon]\nkeep_free_mib = 1\n[{section}]\ndiscover = true\n")
            self.assertTrue(self.found("packages", "fault")["command"].endswith(" " + package))

    def test_rules_below_usr_are_as_good(self):
        (self.root / "usr/lib").mkdir()
        shutil.move(self.root / "lib/udev", self.root / "usr/lib/udev")
        self.assertEqual(self.doctor()[0], 0)
        shutil.rmtree(self.root / "usr/lib/udev")
        self.found("packages", "fault")

    def test_a_service_that_does_not_run_can_be_fixed_but_not_in_another_root(self):
        (self.root / "proc/100/comm").write_text("bash\n")
        self.assertTrue(self.found("service", "fault")["fixable"])
        self.found("service", "fault", "--fix")

    def test_without_a_service_its_socket_is_no_second_fault(self):
        (self.root / "proc/100/comm").write_text("bash\n")
        (self.root / "run/quay/control").unlink()
        self.found("service", "fault")

    def test_a_service_that_will_not_start_with_the_machine_is_a_warning(self):
        (self.root / "etc/systemd/system/multi-user.target.wants/quayd.service").unlink()
        self.assertEqual(self.found("service", "warning")["command"], "sudo systemctl enable quayd")

    def test_a_socket_that_nobody_listens_at_and_one_that_is_not_there(self):
        (self.root / "run/quay/control").unlink()
        self.assertIn("journalctl", self.found("socket", "fault")["command"])
        self.listen("run/quay/control").close()
        self.assertIn("restart", self.found("socket", "fault")["command"])

    def test_a_full_disk_and_a_nearly_full_one(self):
        room = os.statvfs(self.root)
        free = room.f_bavail * room.f_frsize // 2**20
        self.write("etc/quay/quay.toml", f"[daemon]\nkeep_free_mib = {free * 2}\n")
        if free * 2 <= 1048576:  # what quay.toml allows
            self.found("room", "fault")
        self.write("etc/quay/quay.toml", f"[daemon]\nkeep_free_mib = {free * 3 // 4}\n")
        self.found("room", "warning")

    def test_a_key_that_others_can_read_is_mended_by_fix(self):
        key = self.root / "var/lib/quay/service.key"
        key.chmod(0o640)
        self.assertTrue(self.found("keys", "fault")["fixable"])
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o640)
        self.assertEqual(self.doctor("--fix")[0], 0)
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)

    def test_fix_follows_no_link_and_touches_nothing_that_is_not_quays(self):
        elsewhere = self.write("elsewhere/key", "k")
        elsewhere.chmod(0o644)
        key = self.root / "var/lib/quay/service.key"
        key.unlink()
        key.symlink_to(elsewhere)
        self.assertFalse(self.found("keys", "fault", "--fix")["fixable"])
        self.assertEqual(stat.S_IMODE(elsewhere.stat().st_mode), 0o644)
        key.unlink()
        state = self.root / "elsewhere/state"
        shutil.move(self.root / "var/lib/quay", state)
        state.chmod(0o755)
        (self.root / "var/lib/quay").symlink_to(state)
        self.assertFalse(self.found("keys", "fault", "--fix")["fixable"])
        self.assertEqual(stat.S_IMODE(state.stat().st_mode), 0o755)

    def test_a_folder_that_only_a_slip_of_the_pen_made_quays_is_left_alone(self):
        self.write("etc/group", f"root:x:0:\nquay:x:{os.getgid() + 7}:clerk1\n")
        (self.root / "var/lib/quay").chmod(0o755)
        code, rows = self.doctor("--fix")
        self.assertFalse(next(row for row in rows if row["check"] == "keys")["fixable"])
        self.assertEqual(stat.S_IMODE((self.root / "var/lib/quay").stat().st_mode), 0o755)

    def test_pages_that_others_can_reach_are_mended_by_fix(self):
        (self.root / "var/lib/quay").chmod(0o755)
        self.found("keys", "fault")
        self.assertEqual(self.doctor("--fix")[0], 0)
        self.assertEqual(stat.S_IMODE((self.root / "var/lib/quay").stat().st_mode), 0o700)

    def test_chips_without_pcscd(self):
        self.write("etc/quay/quay.toml", "[daemon]\nkeep_free_mib = 1\n[card]\nchip = true\n")
        self.write("usr/libexec/quay/quay-card", "")
        self.write("usr/share/polkit-1/rules.d/60-quay-pcsc.rules", "")
        self.assertTrue(self.found("card-service", "fault")["fixable"])
        self.listen("run/pcscd/pcscd.comm")
        self.assertEqual(self.doctor()[0], 0)


class Held(Patient):
    def test_a_service_that_holds_a_device_is_named_with_how_to_keep_it_away(self):
        self.process(200, "ipp-usb", "/dev/null", "/dev/bus/usb/001/004", "/dev/bus/usb/001/004")
        row = self.found("holders", "fault")
        self.assertIn("/dev/bus/usb/001/004 is held by ipp-usb (process 200)", row["en"])
        self.assertEqual(row["command"], "sudo systemctl mask --now ipp-usb.service")
        self.assertFalse(row["fixable"])

    def test_ipp_usb_stays_where_it_prints_and_the_scanner_goes_by_its_address(self):
        self.write("etc/quay/quay.toml", "[daemon]\nkeep_free_mib = 1\n[[printer.device]]\nid = \"p\"\nuri = \"ipp://localhost:60000/ipp/print\"\n")
        self.write("usr/libexec/quay/quay-printer", "")
        self.process(200, "ipp-usb", "/dev/bus/usb/001/004")
        row = self.found("holders", "fault")
        self.assertIn("escl_url", row["vi"])
        self.assertNotIn("mask", row["command"])

    def test_a_program_of_a_person_is_to_be_closed(self):
        self.write("dev/video0", "")
        self.process(200, "firefox-esr", "/dev/video0")
        self.assertEqual(self.found("holders", "fault")["command"], "sudo kill 200")

    def test_quay_holds_what_is_its_own_and_devices_of_others_are_nobodys_business(self):
        self.process(200, "quay-scanner", "/dev/bus/usb/001/004")
        self.write("etc/group", f"quay:x:{os.getgid() + 1}:\n")
        self.process(201, "ipp-usb", "/dev/bus/usb/001/004")
        self.assertEqual(self.doctor()[0], 0)

    def test_what_takes_cameras_by_itself_is_a_warning_where_there_are_cameras(self):
        self.process(200, "gvfs-gphoto2-vo")
        self.assertEqual(self.doctor()[1][6]["verdict"], "ok")
        self.write("etc/quay/quay.toml", "[daemon]\nkeep_free_mib = 1\n[camera]\ndiscover = true\n")
        self.write("usr/libexec/quay/quay-camera", "")
        self.write("lib/udev/rules.d/70-quay-camera.rules", "")
        self.assertIn("--user mask", self.found("holders", "warning")["command"])


class Stranger(Patient):
    """Who may not look: what cannot be seen is said to be unknown, and who may not speak to quayd is told how to."""

    def closed(self, path):
        (self.root / path).chmod(0)
        self.addCleanup((self.root / path).chmod, 0o700)

    def as_stranger(self):
        """(name, findings); root sees through everything, so it steps down."""
        self.root.chmod(0o755)
        self.closed("var/lib/quay")
        user = 65534 if os.geteuid() == 0 else os.geteuid()
        step_down = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if os.geteuid() == 0 else []
        done = subprocess.run([*step_down, QUAYCTL, "--json", "doctor", "--root", self.root], capture_output=True, text=True,
                              timeout=60, env={"PATH": os.environ["PATH"]})
        return pwd.getpwuid(user).pw_name, {row["check"]: row for row in map(json.loads, done.stdout.splitlines())}

    def test_who_is_not_in_the_group_is_told_to_join_and_who_just_joined_to_log_in_again(self):
        self.closed("run/quay")
        name, rows = self.as_stranger()
        self.assertEqual(rows["socket"]["command"], f"sudo adduser {name} quay")
        self.write("etc/group", f"quay:x:1:clerk1,{name}\n")
        self.assertIn("log out and in again", self.as_stranger()[1]["socket"]["en"])

    def test_keys_and_holders_are_unknown_to_who_may_not_look(self):
        self.closed("proc/100/fd")
        _, rows = self.as_stranger()
        self.assertEqual((rows["keys"]["verdict"], rows["holders"]["verdict"]), ("unknown", "unknown"))
        self.assertEqual(rows["keys"]["command"], "sudo quayctl doctor")


if __name__ == "__main__":
    unittest.main()
