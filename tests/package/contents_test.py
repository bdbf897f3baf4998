#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Which file is in which package, and what each brings along. A new worker gets a row in PACKAGES, a stanza in
debian/control and a *.install file. Usage: contents_test.py PACKAGES BIN_DIRECTORY"""
import gzip
import pathlib
import re
import tempfile
import unittest

from packages import ROOT, arguments, debs, entries, field, names_in, out_of

PACKAGES_DIRECTORY, BIN = arguments()
DEBS = debs(PACKAGES_DIRECTORY)

# Every file but those that each package has (COMMON); one with a * stands for the files of a folder.
PACKAGES = {
    "quay": {"etc/quay/quay.toml", "lib/systemd/system/quayd.service", "usr/bin/quayctl", "usr/sbin/quayd",
             "usr/libexec/quay/quay-forms", "usr/libexec/quay/quay-imaging", "usr/libexec/quay/quay-usb",
             "usr/lib/sysusers.d/quay.conf", "usr/lib/tmpfiles.d/quay.conf",
             "usr/share/bash-completion/completions/quayctl", "usr/share/doc/quay/CHANGELOG.md", "usr/share/doc/quay/NOTICE",
             "usr/share/doc/quay/README.md", "usr/share/doc/quay/README.Debian", "usr/share/man/man1/quayctl.1.gz",
             "usr/share/man/man5/quay.toml.5.gz",
             "usr/share/man/man8/quayd.8.gz", "usr/share/quay/forms/*", "usr/share/quay/monitoring/*", "usr/share/quay/portals.d/*"},
    "quay-scanner": {"usr/libexec/quay/quay-scanner", "lib/udev/rules.d/70-quay-scanner.rules"},
    "quay-camera": {"usr/libexec/quay/quay-camera", "lib/udev/rules.d/70-quay-camera.rules"},
    "quay-document-camera": {"usr/libexec/quay/quay-document-camera", "lib/udev/rules.d/70-quay-document-camera.rules"},
    "quay-printer": {"usr/libexec/quay/quay-printer"},
    "quay-card": {"usr/libexec/quay/quay-card", "usr/share/polkit-1/rules.d/60-quay-pcsc.rules"},
    "python3-quay-client": {"usr/lib/python3/dist-packages/quay_client/*", "usr/share/doc/python3-quay-client/README.md"},
    "quay-sdk": {"usr/share/doc/quay-sdk/architecture.md", "usr/share/doc/quay-sdk/protocol.md",
                 "usr/share/quay/clients/node/*"},
}
COMMON = {"usr/share/doc/{}/changelog.gz", "usr/share/doc/{}/copyright"}

# What a package must bring itself, and what not even those that it depends on may bring.
DEVICE_LIBRARIES = {"libsane1", "libgphoto2-6", "libcups2", "libpcsclite1", "pcscd"}
BRINGS = {"quay": set(), "quay-scanner": {"libsane1"}, "quay-camera": {"libgphoto2-6"}, "quay-document-camera": set(),
          "quay-printer": {"libcups2"}, "quay-card": {"libpcsclite1", "pcscd"}}
# libsane1 itself depends on libgphoto2-6 (its backend for cameras); Debian has no scanner library without it.
COMES_WITH = {"quay-scanner": {"libgphoto2-6"}}

ONLY_OF_DEVELOPERS = {"ccache", "git", "libgtest-dev", "libgmock-dev", "libeac-dev", "libumockdev-dev"}


def without_compression(path):
    """Debian compresses documents of more than 4 KiB: which those are changes with every edit."""
    return re.sub(r"(^usr/share/doc/.*\.md)\.gz$", r"\1", path)


def fits(path, patterns):
    return any(path == p or p.endswith("/*") and path.startswith(p[:-1]) for p in patterns)


def installed_depends():
    """{package: names its Depends and Pre-Depends hold} of this machine, virtual packages resolved to who stands for them."""
    depends, stands_for = {}, {}
    for line in out_of("dpkg-query", "-W", "-f", "${Package}\t${Depends}, ${Pre-Depends}\t${Provides}\n").splitlines():
        name, needs, provides = line.split("\t")
        depends.setdefault(name, set()).update(names_in(needs))
        for virtual in names_in(provides):
            stands_for.setdefault(virtual, set()).add(name)
    return depends, stands_for


def closure(first):
    depends, stands_for = installed_depends()
    found, todo = set(), set(first)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo |= depends.get(name, set()) | stands_for.get(name, set())
    return found


class Contents(unittest.TestCase):
    def test_these_are_the_packages(self):
        self.assertEqual(set(DEBS), set(PACKAGES))

    def test_each_file_is_in_its_package_and_in_no_other(self):
        for name, wanted in PACKAGES.items():
            wanted = wanted | {common.format(name) for common in COMMON}
            files = {without_compression(path) for path in entries(DEBS[name]) if not path.endswith("/")}
            self.assertEqual({path for path in files if not fits(path, wanted)}, set(), name)
            self.assertEqual({p for p in wanted if not any(fits(path, {p}) for path in files)}, set(), name)

    def test_the_folders_that_an_operator_fills_are_there(self):
        self.assertIn("etc/quay/portals.d/", entries(DEBS["quay"]))
        self.assertIn("etc/quay/csca/", entries(DEBS["quay-card"]))

    def test_all_belongs_to_root_and_only_root_may_write(self):
        for name, deb in DEBS.items():
            for path, (mode, owner) in entries(deb).items():
                self.assertEqual(owner, "root/root", f"{name}: {path}")
                self.assertNotRegex(mode, r"^.....w|^........w|[sS]", f"{name}: {path}")

    def test_the_configuration_is_the_one_conffile(self):
        for name, deb in DEBS.items():
            with tempfile.TemporaryDirectory() as control:
                out_of("dpkg-deb", "--control", deb, control)
                conffiles = pathlib.Path(control) / "conffiles"
                listed = conffiles.read_text().split() if conffiles.exists() else []
            self.assertEqual(listed, ["/etc/quay/quay.toml"] if name == "quay" else [], name)

    def test_manual_pages_are_whole(self):
        with tempfile.TemporaryDirectory() as room:
            out_of("dpkg-deb", "--extract", DEBS["quay"], room)
            for page in ("man1/quayctl.1", "man5/quay.toml.5", "man8/quayd.8"):
                packed = gzip.open(pathlib.Path(room) / "usr/share/man" / (page + ".gz"), "rt").read()
                self.assertEqual(packed, (ROOT / "docs/man" / pathlib.Path(page).name).read_text())


class Dependencies(unittest.TestCase):
    def test_each_brings_the_libraries_of_its_devices_and_no_others(self):
        for name, wanted in BRINGS.items():
            self.assertEqual(names_in(field(DEBS[name], "Depends")) & DEVICE_LIBRARIES, wanted, name)

    def test_a_counter_without_a_device_carries_nothing_of_it_however_deep(self):
        for name, wanted in BRINGS.items():
            first = names_in(field(DEBS[name], "Depends")) - {"quay"} | names_in(field(DEBS["quay"], "Depends"))
            self.assertEqual(closure(first) & DEVICE_LIBRARIES - wanted, COMES_WITH.get(name, set()), name)

    def test_workers_and_daemon_are_of_one_version(self):
        version = field(DEBS["quay"], "Version")
        for name in BRINGS:
            self.assertEqual(field(DEBS[name], "Version"), version)
            if name != "quay":
                self.assertIn(f"quay (= {version})", field(DEBS[name], "Depends"))

    def test_the_version_is_that_of_the_program(self):
        self.assertIn(field(DEBS["quay"], "Version"), out_of(BIN / "quayd", "--version"))

    def test_what_the_build_needs_is_the_same_here_and_for_developers(self):
        lines = (ROOT / "dev.d/packages").read_text().splitlines()
        for_developers = {line.split()[1] for line in lines if line.startswith("build ")} - ONLY_OF_DEVELOPERS
        stanza = re.search(r"(?ms)^Build-Depends:(.*?)\n(?=\S|\n)", (ROOT / "debian/control").read_text()).group(1)
        here = {name for name in names_in(stanza) if not name.startswith(("debhelper-", "dh-")) and name != "python3"}
        self.assertEqual(here, for_developers)


if __name__ == "__main__":
    unittest.main()
