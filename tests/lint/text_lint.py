#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What every file of the tree keeps to: a licence line and a head that says what it owns, a size one can hold in the mind,
no unfinished work, no path of somebody's machine."""
import re
import unittest

from sources import ROOT, files, name

LINES = {".cpp": 450, ".hpp": 300, ".py": 450}
SPDX = "SPDX-License-Identifier: Apache-2.0"
SOURCES = (".cpp", ".hpp", ".py", ".bash", ".sh")

# Split, so that this file does not hold what it looks for.
FORBIDDEN = [
    (re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b"), "unfinished work: open an issue or do it"),
    (re.compile(r"\bGTEST_S" r"KIP\b|\bDIS" r"ABLED_"), "a test that does not run"),
    (re.compile(r"(?<![\w.])/(wo" r"rk|fa" r"rm)/"), "a path of one machine"),
    (re.compile(r"deb\.deb" r"ian\.org|py" r"pi\.org|npm" r"js\.(com|org)|crates" r"\.io|proxy\.gol" r"ang"), "a registry's host"),
]


def faults_of_words(text):
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        found += [(number, why) for pattern, why in FORBIDDEN if pattern.search(line)]
    return found


def fault_of_head(text):
    lines = text.splitlines()
    first = 1 if lines and lines[0].startswith("#!") else 0
    if len(lines) <= first or SPDX not in lines[first]:
        return "the first line must be: " + SPDX
    return None


class Rule(unittest.TestCase):
    def test_unfinished_work_and_machine_paths_are_found(self):
        self.assertTrue(faults_of_words("// TO" "DO: later"))
        self.assertTrue(faults_of_words('open("/wo' 'rk/x")'))
        self.assertFalse(faults_of_words("the framework/tests and http://work.example/"))

    def test_a_missing_licence_line_is_found(self):
        self.assertIsNotNone(fault_of_head("#pragma once\n"))
        self.assertIsNone(fault_of_head("#!/usr/bin/python3\n# " + SPDX))


class Tree(unittest.TestCase):
    def check(self, found):
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_every_source_begins_with_the_licence(self):
        faults = [(path, fault_of_head(path.read_text())) for path in files(*SOURCES)]
        self.check([f"{name(path)}: {fault}" for path, fault in faults if fault])

    def test_every_header_says_what_it_owns(self):
        found = []
        for path in files(".hpp"):
            lines = path.read_text().splitlines()
            if len(lines) < 2 or not lines[1].startswith("//") or "#pragma once" not in lines[:10]:
                found.append(f"{name(path)}: line 2 says what the file owns and refuses to do; #pragma once follows")
        self.check(found)

    def test_no_file_is_too_long(self):
        found = []
        for path in files(*LINES):
            text = path.read_text()
            lines = len(text.splitlines())
            if lines > LINES[path.suffix] and "not to be edited" not in text[:200]:  # a program made it
                found.append(f"{name(path)}: {lines} lines where {LINES[path.suffix]} are the most: split it by what changes")
        self.check(found)

    def test_nothing_is_unfinished_and_no_machine_is_named(self):
        found = []
        for path in files():
            try:
                text = path.read_text()
            except UnicodeDecodeError:
                continue
            found += [f"{name(path)}:{line}: {why}" for line, why in faults_of_words(text)]
        self.check(found)

    def test_every_kind_of_device_has_a_readme_with_the_same_headings(self):
        headings = ["Devices tried", "Library and version", "Options used", "Quirks", "Error map", "How to record",
                    "How to fake"]
        found = []
        for folder in sorted((ROOT / "devices").iterdir()):
            if not folder.is_dir() or folder.name in ("worker", "usb", "image_processor"):
                continue
            readme = folder / "README.md"
            text = readme.read_text() if readme.exists() else ""
            present = re.findall(r"(?m)^## (.+?)\s*$", text)
            found += [f"{name(readme)}: no heading '## {h}'" for h in headings if h not in present]
        self.check(found)


if __name__ == "__main__":
    unittest.main()
