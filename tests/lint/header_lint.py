#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every header compiles alone. Where a .cpp of the same name includes it first, the build itself has shown that; the others
are compiled here, with the flags of a neighbour. Usage: header_lint.py BUILD_DIRECTORY"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import unittest

from sources import ROOT, files, name

BUILD = pathlib.Path(sys.argv.pop(1)).resolve()


def commands():
    """folder -> compiler and flags of one of its sources."""
    found = {}
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        source = pathlib.Path(entry["file"])
        if ROOT in source.parents:
            words = shlex.split(entry["command"])
            words = words[1:] if words[0].endswith("ccache") else words
            drop = {words.index(flag) + 1 for flag in ("-o", "-c", "-MF", "-MT") if flag in words}
            kept = [w for i, w in enumerate(words) if i not in drop and w not in ("-o", "-c", "-MD", "-MF", "-MT")]
            found.setdefault(name(source.parent), kept)
    return found


def is_shown_by_its_source(header):
    source = header.with_suffix(".cpp")
    if not source.exists():
        return False
    first = re.search(r'^#include ["<]([^">]+)[">]', source.read_text(), re.M)
    return bool(first) and first.group(1) == name(header)


def flags_for(header, known):
    folder = name(header.parent)
    while folder not in known and "/" in folder:
        folder = folder.rpartition("/")[0]
    return known.get(folder)


def compile_alone(header, flags):
    done = subprocess.run([*flags, "-Wno-pragma-once-outside-header", "-Wno-unused-const-variable", "-fsyntax-only", "-x", "c++",
                           "-"], input=f'#include "{name(header)}"\n', cwd=ROOT, capture_output=True, text=True)
    return None if done.returncode == 0 else f"{name(header)} does not compile alone:\n{done.stderr[:2000]}"


class Headers(unittest.TestCase):
    def test_every_header_compiles_alone(self):
        known = commands()
        alone = [h for h in files(".hpp") if not is_shown_by_its_source(h)]
        jobs = [(h, flags) for h in alone if (flags := flags_for(h, known))]
        self.assertTrue(jobs, "no header to check: is the build directory right?")
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            found = [fault for fault in pool.map(lambda job: compile_alone(*job), jobs) if fault]
        self.assertEqual(found, [], "\n" + "\n".join(found))


if __name__ == "__main__":
    unittest.main()
