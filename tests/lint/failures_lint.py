#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""docs/failures.md: each failure has its tests, and each test that it names is there."""
import re
import unittest

from sources import ROOT

ROWS = [line for line in (ROOT / "docs" / "failures.md").read_text().splitlines() if re.match(r"\| \d+ \|", line)]
CPP_TEST = re.compile(r"\bTEST(?:_F|_P)?\(\s*(\w+)\s*,\s*(\w+)\s*\)")
PYTHON_TEST = re.compile(r"\bdef (test_\w+)")


def tests_there():
    found = set()
    for path in (ROOT / "tests").rglob("*_test.cpp"):
        found |= {f"{suite}.{test}" for suite, test in CPP_TEST.findall(path.read_text())}
    for path in (ROOT / "tests").rglob("*.py"):
        found |= set(PYTHON_TEST.findall(path.read_text()))
    return found


class Failures(unittest.TestCase):
    def test_every_failure_is_numbered_and_has_a_test_or_says_that_it_is_not_yet_met(self):
        numbers = [int(row.split("|")[1]) for row in ROWS]
        self.assertEqual(numbers, list(range(1, 32)))
        bare = [row.split("|")[1].strip() for row in ROWS if "`" not in row.split("|")[4] and "not yet" not in row]
        self.assertEqual(bare, [])

    def test_every_test_that_is_named_is_there(self):
        there = tests_there()
        named = {test for row in ROWS for test in re.findall(r"`([^`]+)`", row.split("|")[4])}
        self.assertGreater(len(named), 50)
        self.assertEqual(sorted(named - there), [])


if __name__ == "__main__":
    unittest.main()
