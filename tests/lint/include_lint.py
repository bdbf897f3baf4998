#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Who may include whom: holds every #include of the tree against includes.toml."""
import pathlib
import re
import tomllib
import unittest

from sources import ROOT, bare, files, name

TABLE = tomllib.loads((pathlib.Path(__file__).parent / "includes.toml").read_text())
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:<([^>]+)>|"([^"]+)")', re.M)
STANDARD = re.compile(r"^[a-z_]+$|^c[a-z]+$")  # <vector>, <csignal>
POSIX = re.compile(r"^(sys|linux|asm|net|netinet|arpa)/[a-z0-9_]+\.h$|^(dirent|elf|fcntl|poll|pthread|sched|signal|spawn|termios|"
                   r"unistd|glob|fnmatch|pwd|grp|syslog|limits|errno|time|getopt|malloc|execinfo|dlfcn)\.h$")


def row_of(folder):
    """The row for `folder` or for the nearest folder above it; its name and content."""
    while folder:
        if folder in TABLE["folders"]:
            return folder, TABLE["folders"][folder]
        folder = folder.rpartition("/")[0]
    return None, None


def within(folder, allowed):
    return any(a == "*" or folder == a or folder.startswith(a + "/") for a in allowed)


def library_of(header):
    for library, prefixes in TABLE["libraries"].items():
        if any(header.startswith(prefix) for prefix in prefixes):
            return library
    return None


def faults_of_ours(folder, row_name, row, header):
    target = header.rpartition("/")[0]
    if not target:
        return f'"{header}": write the path from the root of the repository'
    # A row for all of daemon/ is for its main and its glue: they may include the parts.
    allowed = row["own"] + [row_name] + [folder]
    return None if within(target, allowed) else f'"{header}": {folder} may not include {target}'


def faults_of_others(folder, row, header):
    library = library_of(header)
    if library is None:
        if STANDARD.match(header) or POSIX.match(header):
            return None
        return f"<{header}>: belongs to no library in includes.toml"
    return None if library in row["libraries"] or "*" in row["libraries"] else f"<{header}>: {folder} may not use {library}"


def faults(folder, text):
    row_name, row = row_of(folder)
    if row is None:
        return [f"folder {folder} has no row in includes.toml"]
    # bare() empties literals, the names of our headers among them: look at the text, but not inside comments.
    commented = bare(text.replace('#include "', "#include @").replace("#  include", "#include"))
    text = re.sub(r'(#include )@([^"\n]*)"?[^\n]*', r'\1"\2"', commented)
    found = []
    for theirs, ours in INCLUDE.findall(text):
        fault = faults_of_ours(folder, row_name, row, ours) if ours else faults_of_others(folder, row, theirs)
        if fault:
            found.append(fault)
    return found


class Rule(unittest.TestCase):
    def test_the_daemon_knows_no_device_and_no_codec(self):
        self.assertEqual(len(faults("daemon/jobs", '#include "devices/scanner/sane.hpp"\n#include "imaging/page.hpp"')), 2)
        self.assertEqual(len(faults("daemon/supervise", "#include <sane/sane.h>\n#include <jpeglib.h>")), 2)

    def test_zmq_stays_in_publish_and_in_the_client(self):
        self.assertEqual(faults("daemon/publish", "#include <zmq.hpp>"), [])
        self.assertEqual(faults("clients/cpp", "#include <zmq.hpp>"), [])
        self.assertEqual(len(faults("ctl", "#include <zmq.hpp>")), 1)

    def test_core_is_pure(self):
        self.assertEqual(len(faults("daemon/core", "#include <boost/asio/io_context.hpp>")), 1)

    def test_one_kind_of_worker_never_includes_another(self):
        self.assertEqual(len(faults("devices/scanner", '#include "devices/image_processor/x.hpp"')), 1)

    def test_paths_begin_at_the_root_and_unknown_libraries_are_named(self):
        self.assertEqual(len(faults("base", '#include "ids.hpp"')), 1)
        self.assertEqual(len(faults("base", "#include <leftpad/leftpad.h>")), 1)

    def test_includes_in_comments_do_not_count(self):
        self.assertEqual(faults("base", '// #include <zmq.hpp>\n/*\n#include "ctl/x.hpp"\n*/'), [])


class Tree(unittest.TestCase):
    def test_every_include_is_allowed_by_the_table(self):
        found = []
        for path in files(".cpp", ".hpp"):
            folder = str(path.parent.relative_to(ROOT))
            found += [f"{name(path)}: {fault}" for fault in faults(folder, path.read_text())]
        self.assertEqual(found, [], "\n" + "\n".join(found))


if __name__ == "__main__":
    unittest.main()
