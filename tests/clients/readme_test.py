#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every example of a client's README, one after another at one counter, and compares what it prints with the block below it.
Usage: readme_test.py README LANGUAGE COMMAND...: the example is the command's last argument. In expected text `...` stands for
anything; `<!-- feeder: N -->` above an example puts N sheets in, else there are three. The counter listens on 127.0.0.1 too: an
example finds address and server's key in its environment and its own key in `kiosk.key`."""
import os
import pathlib
import re
import subprocess
import sys
import unittest

from counter import ROOT, Counter

README, LANGUAGE, *COMMAND = sys.argv[1:]
EXAMPLE = re.compile(r"(?:<!-- feeder: (?P<sheets>\d+) -->\n)?```%s\n(?P<code>.*?)```\n```text\n(?P<text>.*?)```" % LANGUAGE, re.S)


def pattern_of(text):
    """A line of dots alone stands for any number of lines, none too."""
    pattern = re.escape(text.strip()).replace(re.escape("...\n"), "\0").replace(re.escape("..."), "[^\n]*")
    return re.compile(pattern.replace("\0", "(?:[^\n]*\n)*?"))


class Readme(unittest.TestCase):
    maxDiff = None

    def test_every_example_prints_what_the_readme_says(self):
        text = pathlib.Path(README).read_text()
        examples = list(EXAMPLE.finditer(text))
        self.assertEqual(len(examples), text.count(f"```{LANGUAGE}\n"), "an example without the text it prints")
        self.assertTrue(examples)
        with Counter(tcp=True, camera="overhead-1" in text) as counter:
            counter.start()
            (counter.path / "node_modules").mkdir()  # as `npm install` of a folder does
            node = ROOT / "clients" / "node"
            (counter.path / "node_modules" / "quay-client").symlink_to(node)
            (counter.path / "node_modules" / "zeromq").symlink_to(node / "node_modules" / "zeromq")
            for example in examples:
                counter.load(int(example["sheets"] or 3))
                self.run_one(counter, example)

    def run_one(self, counter, example):
        environment = {**os.environ, "QUAY_RUNTIME_DIRECTORY": counter.run, "LANG": "C.UTF-8",
                       "QUAY_CONNECT": counter.connect, "QUAY_SERVER_KEY": counter.server_key}
        done = subprocess.run([*COMMAND, example["code"]], cwd=counter.path, env=environment, capture_output=True, text=True,
                              timeout=120)
        self.assertEqual((done.returncode, done.stderr), (0, ""), example["code"])
        self.assertRegex(done.stdout.strip(), re.compile(pattern_of(example["text"]).pattern + r"\Z"), example["code"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
