#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The documents say what the code says: every command, event, member and remedy is in docs/protocol.md, its examples fit the
schemas' words, and every file a document points at is there."""
import json
import re
import unittest

from sources import ROOT, files, name

PROTOCOL = (ROOT / "docs" / "protocol.md").read_text()
SCHEMAS = ROOT / "protocol" / "schema"


def schema(file):
    return json.loads((SCHEMAS / f"{file}.schema.json").read_text())


def row_of(word):
    """The table row whose first cell names `word`."""
    for line in PROTOCOL.splitlines():
        if line.startswith("|") and f"`{word}`" in line.split("|")[1]:
            return line
    return ""


def names(pattern):
    return sorted(path.name.split(".", 1)[1].removesuffix(".schema.json") for path in SCHEMAS.glob(pattern))


class Documents(unittest.TestCase):
    def test_every_command_and_its_arguments_are_documented(self):
        commands = names("command.*.schema.json")
        self.assertGreater(len(commands), 10)
        for command in commands:
            row = row_of(command)
            self.assertTrue(row, f"docs/protocol.md has no row for {command}")
            for argument in schema(f"command.{command}")["properties"]["args"].get("properties", {}):
                self.assertIn(f"`{argument}`", row, f"{command}: {argument}")

    def test_no_command_or_event_is_documented_that_is_not_there(self):
        known = set(names("command.*.schema.json")) | set(names("event.*.schema.json"))
        for line in PROTOCOL.splitlines():
            for word in re.findall(r"`([a-z]+\.[a-z]+)`", line.split("|")[1]) if line.startswith("| `") else []:
                self.assertIn(word, known)

    def test_every_event_is_documented(self):
        for event in names("event.*.schema.json"):
            self.assertTrue(row_of(event), f"docs/protocol.md has no row for {event}")

    def test_every_scan_setting_is_documented_with_its_words(self):
        settings = schema("command.scan.start")["properties"]["args"]["properties"]["settings"]["properties"]
        for setting, form in settings.items():
            self.assertIn(f"`{setting}`", PROTOCOL)
            for word in form.get("enum", []):
                self.assertIn(f"`{word}`", PROTOCOL, f"{setting}: {word}")

    def test_every_remedy_is_documented(self):
        rows = json.loads((SCHEMAS / "errors.json").read_text())
        rows = rows if isinstance(rows, list) else next(v for v in rows.values() if isinstance(v, list))
        for remedy in {row["remedy"] for row in rows}:
            self.assertTrue(row_of(remedy), remedy)

    def test_every_json_example_is_json(self):
        blocks = re.findall(r"```json\n(.*?)```", PROTOCOL, re.S)
        self.assertGreater(len(blocks), 3)
        for block in blocks:
            for text in re.split(r"\n(?=\{)", block.strip()):
                json.loads(text)

    def test_every_link_and_path_leads_somewhere(self):
        for path in files(".md"):
            for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text()):
                self.assertTrue((path.parent / target).exists(), f"{name(path)}: {target}")

    def test_the_readme_opens_with_the_two_commands_and_its_example_has_twelve_lines(self):
        readme = (ROOT / "README.md").read_text()
        first = re.search(r"```sh\n(.*?)```", readme, re.S).group(1)
        self.assertEqual(re.findall(r"(?m)^\./dev \w+", first), ["./dev demo", "./dev test"])
        example = re.search(r"```python\n(.*?)```", readme, re.S).group(1)
        self.assertEqual(len(example.strip().splitlines()), 12)


if __name__ == "__main__":
    unittest.main()
