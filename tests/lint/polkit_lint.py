#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The polkit rule, carried out as polkitd carries it out (JavaScript), with users and actions put to it."""
import json
import subprocess
import unittest

from sources import ROOT

RULE = ROOT / "systemd" / "60-quay-pcsc.rules"
PCSC = ("org.debian.pcsc-lite.access_pcsc", "org.debian.pcsc-lite.access_card")

HARNESS = """
const rules = [];
const polkit = {addRule: (rule) => rules.push(rule), Result: {YES: "yes", NO: "no", NOT_HANDLED: null}};
%s
const asked = JSON.parse(process.argv[1]);
console.log(JSON.stringify(asked.map(([action, user]) => rules.map((rule) => rule({id: action}, {user: user})))));
"""


def answers(*asked):
    done = subprocess.run(["node", "-e", HARNESS % RULE.read_text(), json.dumps(asked)], capture_output=True, text=True,
                          check=True, timeout=30)
    return json.loads(done.stdout)


class Rule(unittest.TestCase):
    def test_the_service_user_may_use_readers_and_cards(self):
        self.assertEqual(answers(*[(action, "quay") for action in PCSC]), [["yes"], ["yes"]])

    def test_nobody_else_and_nothing_else_is_decided_here(self):
        self.assertEqual(answers((PCSC[0], "clerk"), (PCSC[1], ""), ("org.freedesktop.login1.power-off", "quay")),
                         [[None], [None], [None]])


if __name__ == "__main__":
    unittest.main()
