#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`cmake --install` puts everything where Debian expects it, and nothing elsewhere. Usage: install_lint.py BUILD_DIRECTORY"""
import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(sys.argv.pop(1))

EXPECTED = {
    "usr/sbin/quayd": 0o755,
    "usr/bin/quayctl": 0o755,
    "usr/libexec/quay/quay-scanner": 0o755,
    "usr/libexec/quay/quay-camera": 0o755,
    "usr/libexec/quay/quay-document-camera": 0o755,
    "usr/libexec/quay/quay-card": 0o755,
    "usr/libexec/quay/quay-printer": 0o755,
    "usr/libexec/quay/quay-forms": 0o755,
    "usr/libexec/quay/quay-imaging": 0o755,
    "usr/lib/systemd/system/quayd.service": 0o644,
    "usr/lib/sysusers.d/quay.conf": 0o644,
    "usr/lib/tmpfiles.d/quay.conf": 0o644,
    "usr/lib/udev/rules.d/70-quay-camera.rules": 0o644,
    "usr/lib/udev/rules.d/70-quay-document-camera.rules": 0o644,
    "usr/lib/udev/rules.d/70-quay-scanner.rules": 0o644,
    "usr/share/bash-completion/completions/quayctl": 0o644,
    "usr/share/man/man1/quayctl.1": 0o644,
    "usr/share/man/man5/quay.toml.5": 0o644,
    "usr/share/man/man8/quayd.8": 0o644,
    "usr/share/doc/quay/README.md": 0o644,
    "usr/share/doc/quay/NOTICE": 0o644,
    "usr/share/doc/quay/LICENSE": 0o644,
    "usr/share/doc/quay/protocol.md": 0o644,
    "usr/lib/python3/dist-packages/quay_client/__init__.py": 0o644,
    "usr/lib/python3/dist-packages/quay_client/py.typed": 0o644,
    "usr/share/quay/clients/node/index.js": 0o644,
    "usr/share/quay/clients/node/lib/client.js": 0o644,
    "usr/share/quay/clients/node/package-lock.json": 0o644,
    "usr/share/quay/monitoring/README.md": 0o644,
    "usr/share/quay/monitoring/quay-alerts.yml": 0o644,
    "usr/share/quay/monitoring/quay-dashboard.json": 0o644,
    "usr/share/quay/portals.d/chung-1mb.toml": 0o644,
    "usr/share/quay/portals.d/hoso-nd30.toml": 0o644,
    "usr/share/polkit-1/rules.d/60-quay-pcsc.rules": 0o644,
    "etc/quay/quay.toml": 0o644,
}


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.directory.name)
        subprocess.run(["cmake", "--install", str(BUILD)], env={**os.environ, "DESTDIR": str(cls.root)}, check=True,
                       stdout=subprocess.DEVNULL)
        cls.installed = {str(p.relative_to(cls.root)): stat.S_IMODE(p.lstat().st_mode)
                         for p in cls.root.rglob("*") if not p.is_dir()}

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def test_everything_is_where_debian_expects_it(self):
        for path, mode in EXPECTED.items():
            self.assertIn(path, self.installed)
            self.assertEqual(oct(self.installed[path]), oct(mode), path)

    def test_nothing_of_the_rig_or_the_tests_is_installed(self):
        self.assertEqual([p for p in self.installed if "sim" in p or "test" in p or "rig" in p.split("/")[-1]], [])

    def test_nothing_is_writable_by_others_nor_gains_rights(self):
        self.assertEqual([p for p, mode in self.installed.items() if mode & 0o6022], [])

    def test_everything_is_below_usr_or_etc(self):
        self.assertEqual([p for p in self.installed if not p.startswith(("usr/", "etc/quay/"))], [])

    def test_the_unit_names_the_installed_program_and_configuration(self):
        unit = (self.root / "usr/lib/systemd/system/quayd.service").read_text()
        self.assertIn("\nExecStart=/usr/sbin/quayd --config /etc/quay/quay.toml\n", unit)

    def test_the_python_client_is_whole_and_finds_no_daemon_where_there_is_none(self):
        packages = self.root / "usr/lib/python3/dist-packages"
        program = "import quay_client\ntry: quay_client.Client('/nowhere')\nexcept quay_client.DaemonUnreachable as e: print(e.code)"
        done = subprocess.run(["/usr/bin/python3", "-B", "-c", program], env={"PYTHONPATH": str(packages)}, capture_output=True,
                              text=True, timeout=30)
        self.assertEqual((done.stdout, done.stderr), ("daemon.unreachable\n", ""))

    def test_the_installed_programs_start_without_the_build_directory(self):
        done = subprocess.run([str(self.root / "usr/bin/quayctl"), "version"], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        dynamic = subprocess.run(["readelf", "-d", str(self.root / "usr/sbin/quayd")], capture_output=True, text=True)
        self.assertNotIn("RUNPATH", dynamic.stdout)


if __name__ == "__main__":
    unittest.main()
