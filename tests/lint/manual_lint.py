#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The manual pages format without a warning and name every verb, option, exit code and configuration key there is.
Usage: manual_lint.py QUAYCTL QUAYD"""
import re
import subprocess
import sys
import unittest

from sources import ROOT

QUAYCTL, QUAYD = sys.argv.pop(1), sys.argv.pop(1)
PAGES = sorted((ROOT / "docs" / "man").iterdir())


def help_of(*words):
    return subprocess.run([QUAYCTL, *words, "--help"], capture_output=True, text=True, check=True, timeout=30).stdout


def page(name):
    return (ROOT / "docs" / "man" / name).read_text().replace("\\-", "-")


class Manual(unittest.TestCase):
    def test_groff_has_nothing_to_complain_about(self):
        self.assertEqual([p.name for p in PAGES], ["quay.toml.5", "quayctl.1", "quayd.8"])
        for path in PAGES:
            done = subprocess.run(["groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-z", str(path)], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""), path.name)

    def test_quayctl_1_names_every_verb_and_option(self):
        text = page("quayctl.1")
        listed = help_of()
        verbs = re.findall(r"(?m)^  ([a-z]+) ", listed[listed.index("Subcommands:"):])
        self.assertGreater(len(verbs), 5)
        for verb in verbs:
            self.assertRegex(text, rf"(?m)^\.B[RI]? {verb}\b", verb)
            for option in re.findall(r"(?m)^  (?:-\w,)?(--[a-z-]+)", help_of(verb)):
                self.assertIn(option, text, f"{verb} {option}")

    def test_quayd_8_names_every_option(self):
        listed = subprocess.run([QUAYD, "--help"], capture_output=True, text=True, check=True, timeout=30).stdout
        for option in re.findall(r"(?m)^  (?:-\w,)?(--[a-z-]+)", listed):
            self.assertIn(option, page("quayd.8"))

    def test_quayctl_1_lists_the_exit_codes_of_the_source(self):
        source = (ROOT / "ctl" / "session.hpp").read_text()
        codes = re.findall(r"(?m)^  \w+ = (\d+),", source)
        self.assertIn("130", codes)
        status = page("quayctl.1").split(".SH EXIT STATUS")[1].split(".SH")[0]
        self.assertEqual(re.findall(r"(?m)^\.B (\d+)$", status), codes)

    def test_quay_toml_5_names_every_key_of_the_installed_file(self):
        text = page("quay.toml.5")
        keys = re.findall(r"(?m)^#?(\w+) = ", (ROOT / "systemd" / "quay.toml").read_text())
        self.assertGreater(len(keys), 15)
        for key in keys:
            self.assertRegex(text, rf"(?m)^\.B {key}$", key)

    def test_defaults_in_the_manual_are_those_of_the_installed_file(self):
        text = page("quay.toml.5")
        for key, value in re.findall(r"(?m)^#(\w+) = (\d+|\"[^\"]*\")$", (ROOT / "systemd" / "quay.toml").read_text()):
            entry = re.search(rf"(?ms)^\.B {key}$(.*?)(?=^\.TP|^\.S[SH])", text).group(1)
            if "efault" in entry and "none" not in entry and "the id" not in entry:
                plain = value.strip('"')
                self.assertTrue(plain in entry, f"{key}: {plain} is not in: {entry}")


if __name__ == "__main__":
    unittest.main()
