#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Install, upgrade, remove and purge in a private root, with the pages of a real quayd in it: what stays and what goes.
Usage: life_test.py PACKAGES BIN_DIRECTORY"""
import os
import signal
import subprocess
import sys
import time
import unittest

from packages import ROOT, arguments, debs
from private_root import PrivateRoot, newer

sys.path.insert(0, str(ROOT / "clients/python"))
import quay_client  # noqa: E402

PACKAGES, BIN = arguments()
# The Python client's byte code is compiled by a program that knows no DPKG_ROOT; it has no data either.
DEBS = [path for name, path in debs(PACKAGES).items() if name != "python3-quay-client"]
WANTS = "etc/systemd/system/multi-user.target.wants/quayd.service"

CONFIGURATION = """# by the operator
[daemon]
runtime_directory = "{root}/run/quay"
state_directory = "{root}/var/lib/quay"
libexec_directory = "{root}/usr/libexec/quay"
text_language = ""

[[scanner.device]]
id = "s"
escl_url = "unix://escl.sock/eSCL"
escl_socket_directory = "{room}"
"""


def wait_for(path, child):
    until = time.monotonic() + 60
    while not path.exists():
        if child.poll() is not None or time.monotonic() > until:
            raise AssertionError(f"{path} did not come")
        time.sleep(0.05)


class Counter:
    """The installed quayd and a simulated scanner; a visit whose pages lie in the spool."""

    def __init__(self, root):
        self.root, self.children = root, []
        (root / "etc/quay/quay.toml").write_text(CONFIGURATION.format(root=root.path, room=root.room))
        socket = root.room / "escl.sock"
        scanner = self.start(BIN / "quay-sim-scanner", "--socket", socket, "--pages", ROOT / "tests/data/pages", "--sheets", "2")
        wait_for(socket, scanner)
        self.quayd = None

    def start(self, *command):
        child = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.children.append(child)
        return child

    def open(self):
        self.quayd = self.start(self.root / "usr/sbin/quayd", "--config", self.root / "etc/quay/quay.toml")

    def close(self):
        self.quayd.send_signal(signal.SIGTERM)
        self.quayd.wait(timeout=60)

    def end(self):
        for child in self.children:
            child.kill()
            child.wait()


class Life(unittest.TestCase):
    def setUp(self):
        self.root = PrivateRoot()
        self.addCleanup(self.root.remove)
        self.root.must("--install", *DEBS)

    def counter(self):
        counter = Counter(self.root)
        self.addCleanup(counter.end)
        counter.open()
        return counter

    def scan(self):
        """(client with an open visit, one of its captures)"""
        quay = quay_client.Client(self.root / "run/quay", wait=60.0)
        self.addCleanup(quay.close)
        return quay, quay.scan(quay.open_visit(), "s", settings={"source": "adf", "resolution_dpi": 75}, timeout=120).captures[0]


class Install(Life):
    def test_user_directories_and_service_are_there(self):
        self.assertRegex((self.root / "etc/passwd").read_text(), r"(?m)^quay:.*:/var/lib/quay:/usr/sbin/nologin$")
        self.assertRegex((self.root / "etc/group").read_text(), r"(?m)^quay:")
        for folder, mode in (("var/lib/quay", 0o700), ("run/quay", 0o750)):
            self.assertEqual((self.root / folder).stat().st_mode & 0o7777, mode, folder)
        self.assertEqual(os.readlink(self.root / WANTS), "/lib/systemd/system/quayd.service")

    def test_a_package_that_misses_quay_is_not_configured(self):
        bare = PrivateRoot()
        self.addCleanup(bare.remove)
        done = bare.dpkg("--install", debs(PACKAGES)["quay-camera"])
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("depends on quay (=", done.stderr)

    def test_a_service_that_the_administrator_disabled_stays_so(self):
        (self.root / WANTS).unlink()
        self.root.must("--install", *[newer(deb, "0.9.9", self.root.room) for deb in DEBS])
        self.assertFalse((self.root / WANTS).is_symlink())


class Keep(Life):
    def test_pages_and_configuration_live_through_upgrade_removal_and_return(self):
        counter = self.counter()
        quay, capture = self.scan()
        page = quay.fetch(capture, "page")
        counter.close()
        root_certificate = self.root / "etc/quay/csca/vn.cer"
        root_certificate.write_bytes(b"certificate")
        kept = self.root.tree("var/lib/quay") | self.root.tree("etc/quay")
        self.assertTrue([path for path in kept if path.startswith("var/lib/quay/spool/")])

        self.root.must("--install", *[newer(deb, "0.9.9", self.root.room) for deb in DEBS])
        after = self.root.tree("var/lib/quay") | self.root.tree("etc/quay")
        # confold keeps the operator's file, and dpkg lays the new one beside it.
        self.assertIn(b"# of a newer version", after.pop("etc/quay/quay.toml.dpkg-dist"))
        self.assertEqual(after, kept)

        removed = self.root.must("--remove", "quay-scanner", "quay-camera", "quay-document-camera", "quay-printer", "quay-card", "quay")
        self.assertIn("stay sealed", removed.stderr)
        self.assertEqual(self.root.status("quay"), "config-files")
        self.assertFalse((self.root / "usr/sbin/quayd").exists())
        self.assertFalse((self.root / "usr/libexec/quay").exists())
        (self.root / "etc/quay/quay.toml.dpkg-dist").unlink()
        self.assertEqual(self.root.tree("var/lib/quay") | self.root.tree("etc/quay"), kept)

        self.root.must("--install", *DEBS)
        counter.open()
        quay_client.Client(self.root / "run/quay", wait=60.0).close()
        self.assertEqual(quay.fetch(capture, "page"), page)


class Purge(Life):
    def test_nothing_of_a_citizen_is_left_and_keys_are_overwritten_where_they_lay(self):
        counter = self.counter()
        self.scan()
        refused = self.root.dpkg("--purge", "quay-scanner", "quay-camera", "quay-document-camera", "quay-printer", "quay-card", "quay")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("still runs", refused.stderr)
        self.assertTrue((self.root / "var/lib/quay/service.key").exists())
        counter.close()

        (self.root / "etc/credstore.encrypted").mkdir()
        (self.root / "etc/credstore.encrypted/quay-service-key").write_bytes(os.urandom(64))
        (self.root / "etc/quay").mkdir(exist_ok=True)
        (self.root / "etc/quay/server.key").write_bytes(os.urandom(40))
        secrets = ["var/lib/quay/service.key", "var/lib/quay/journal.db", "etc/credstore.encrypted/quay-service-key",
                   "etc/quay/server.key"]
        # A second name keeps the blocks in sight after the first is gone.
        for number, secret in enumerate(secrets):
            os.link(self.root / secret, self.root.room / f"second-name-{number}")
        self.root.must("--purge", "quay")

        for number, secret in enumerate(secrets):
            left = (self.root.room / f"second-name-{number}").read_bytes()
            self.assertTrue(left and not left.strip(b"\0"), secret)
        for folder in ("var/lib/quay", "etc/quay", "run/quay"):
            self.assertFalse((self.root / folder).exists(), folder)
        self.assertFalse((self.root / secrets[2]).exists())
        named = [path for path in self.root.path.rglob("*quay*") if "var/lib/dpkg" not in str(path)]
        # The Node client and the like are a package of their own, still there.
        self.assertEqual([path for path in named if "quay-sdk" not in str(path) and path != self.root / "usr/share/quay"], [])
        self.assertFalse((self.root / WANTS).is_symlink())

    def test_killed_after_the_keys_the_pages_are_unreadable_and_the_next_purge_ends_it(self):
        state = self.root / "var/lib/quay"
        for name, content in (("service.key", b"k" * 32), ("journal.db", b"wrapped"), ("journal.db-wal", b"wrapped too"),
                              ("access.log", b"line"), ("spool/1", b"sealed")):
            (state / name).parent.mkdir(exist_ok=True)
            (state / name).write_bytes(content)
        self.root.stand_in("find", "kill -KILL $PPID")  # the first thing that touches a page
        self.assertEqual(self.root.postrm("purge").returncode, -signal.SIGKILL)
        self.assertEqual(sorted(path.name for path in state.rglob("*") if path.is_file()), ["1", "access.log"])

        self.root.stand_in("find", "exec /usr/bin/find \"$@\"")
        done = self.root.postrm("purge")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse(state.exists())

    def test_where_a_link_leads_is_not_destroyed(self):
        state = self.root / "var/lib/quay"
        victim = self.root / "etc/victim"
        victim.write_bytes(b"somebody else's")
        for name in ("service.key", "journal.db-wal", "spool-link"):
            (state / name).unlink(missing_ok=True)
            (state / name).symlink_to(victim)
        done = self.root.postrm("purge")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(victim.read_bytes(), b"somebody else's")
        self.assertFalse(state.exists())

    def test_what_cannot_be_deleted_is_said_and_the_package_is_not_purged(self):
        spool = self.root / "var/lib/quay/spool"
        spool.mkdir()
        (spool / "1").write_bytes(b"sealed")
        self.root.stand_in("find", "for last; do :; done; [ \"$last\" = -delete ] && exit 1; exec /usr/bin/find \"$@\"")
        done = self.root.postrm("purge")
        self.assertEqual(done.returncode, 1)
        self.assertIn("could not be emptied", done.stderr)

    def test_pages_elsewhere_are_named(self):
        (self.root / "etc/quay/quay.toml").write_text('[daemon]\nstate_directory = "/srv/quay"\n')
        self.assertIn("keeps pages in /srv/quay", self.root.postrm("remove").stderr)


if __name__ == "__main__":
    unittest.main()
