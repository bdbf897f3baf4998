#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The service as systemd sees it. `systemd-analyze verify` ends with 0 for a misspelt key, so any word it says counts as a
fault. Usage: service_lint.py CONFIGURED_UNIT PROGRAM"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

UNIT = pathlib.Path(sys.argv.pop(1))
PROGRAM = pathlib.Path(sys.argv.pop(1))
SANDBOX = (pathlib.Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()
LARGEST_EXPOSURE = 15  # tenths, as systemd-analyze counts; what is left, and why: docs/sandbox.md


def unit_text():
    """The unit with the program where it was built, so that it need not be installed."""
    return re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={PROGRAM}", UNIT.read_text())


def analyze(verb, *options, text):
    with tempfile.TemporaryDirectory() as folder:
        unit = pathlib.Path(folder) / "quayd.service"
        unit.write_text(text)
        return subprocess.run(["systemd-analyze", verb, *options, str(unit)], capture_output=True, text=True, timeout=60)


class Service(unittest.TestCase):
    def test_systemd_understands_every_line(self):
        done = analyze("verify", "--man=no", text=unit_text())
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_a_misspelt_key_would_be_seen(self):
        done = analyze("verify", "--man=no", text=unit_text().replace("UMask=", "UMaks="))
        self.assertIn("UMaks", done.stdout + done.stderr)

    def test_the_sandbox_is_tight(self):
        done = analyze("security", "--offline=yes", f"--threshold={LARGEST_EXPOSURE}", text=unit_text())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_torn_sandbox_would_be_seen(self):
        torn = unit_text().replace("CapabilityBoundingSet=", "#").replace("SystemCallFilter=", "#")
        done = analyze("security", "--offline=yes", f"--threshold={LARGEST_EXPOSURE}", text=torn)
        self.assertNotEqual(done.returncode, 0)

    def test_what_is_left_open_is_what_the_document_says(self):
        verdict = json.loads(analyze("security", "--offline=yes", "--json=short", text=unit_text()).stdout)
        left = {row["json_field"]: row["exposure"] for row in verdict if not row["set"] and row["exposure"]}
        told = dict(re.findall(r"(?m)^\| `(\w+)` \| ([\d.]+) \|", SANDBOX.split("## Workers")[0]))
        self.assertEqual(left, told)

    def test_a_child_cannot_leave_the_sandbox(self):
        """Workers are children of quayd: what binds the unit binds them."""
        lines = unit_text().splitlines()
        for setting in ("NoNewPrivileges=yes", "CapabilityBoundingSet=", "RestrictNamespaces=yes", "RestrictSUIDSGID=yes"):
            self.assertIn(setting, lines)
        self.assertNotRegex(unit_text(), r"(?m)^Delegate=|^Exec\w+=[+!]")

    def test_the_imaging_worker_is_as_little_exposed_as_the_document_says(self):
        """Its seccomp filter leaves no socket, device or resource call: the unit without them, as systemd judges it."""
        text = re.sub(r"(?m)^(DeviceAllow|IPAddressAllow|LoadCredentialEncrypted)=.*\n", "", unit_text())
        text = re.sub(r"(?m)^RestrictAddressFamilies=.*$", "RestrictAddressFamilies=none\nPrivateNetwork=yes\nPrivateDevices=yes", text)
        text = re.sub(r"(?m)^(SystemCallFilter=~.*)$", r"\1 @resources", text)
        told = re.search(r"(?m)^\| `quay-imaging` \| ([\d.]+) \|", SANDBOX).group(1)
        self.assertIn(f": {told} ", analyze("security", "--offline=yes", text=text).stdout)

    def test_every_group_of_settings_says_why(self):
        lines = unit_text().splitlines()
        settings = [i for i, line in enumerate(lines) if re.match(r"[A-Z]\w+=", line)]
        reasons = [line for line in lines if line.startswith("#")]
        self.assertGreater(len(reasons), len(settings) / 3)

    def test_the_stop_is_longer_than_what_quayd_may_need(self):
        toml = (pathlib.Path(__file__).parents[2] / "systemd" / "quay.toml").read_text()
        drain = int(re.search(r"drain_ms = (\d+)", toml).group(1))
        grace = int(re.search(r"cancel_grace_ms = (\d+)", toml).group(1))
        stop = int(re.search(r"(?m)^TimeoutStopSec=(\d+)$", unit_text()).group(1))
        self.assertGreater(stop * 1000, drain + grace)


if __name__ == "__main__":
    unittest.main()
