#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Debian's own judge of packages says nothing: no error, no warning. Usage: lintian_test.py PACKAGES BIN_DIRECTORY"""
import pathlib
import tempfile
import unittest

from packages import ROOT, arguments, debs, out_of, run

PACKAGES_DIRECTORY, _ = arguments()


def lintian(*files):
    return run("lintian", "--allow-root", "--fail-on", "error,warning", "--display-level", ">=warning", *files)


class Lintian(unittest.TestCase):
    def test_no_error_and_no_warning(self):
        done = lintian(*PACKAGES_DIRECTORY.glob("*.changes"))
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def test_a_fault_would_be_seen(self):
        with tempfile.TemporaryDirectory() as room:
            tree = pathlib.Path(room) / "tree"
            out_of("dpkg-deb", "--raw-extract", debs(PACKAGES_DIRECTORY)["quay-card"], tree)
            (tree / "usr/share/doc/quay-card/copyright").unlink()
            out_of("dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, f"{room}/quay-card_0.1.0_amd64.deb")
            done = lintian(f"{room}/quay-card_0.1.0_amd64.deb")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no-copyright-file", done.stdout)

    def test_every_override_says_why(self):
        for overrides in (ROOT / "debian").glob("*.lintian-overrides"):
            before = "#"
            for line in overrides.read_text().splitlines():
                self.assertTrue(line.startswith("#") or before.startswith("#"), f"{overrides.name}: {line}")
                before = line


if __name__ == "__main__":
    unittest.main()
