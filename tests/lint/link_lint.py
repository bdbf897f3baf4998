#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What each program is linked with: the daemon knows no device and no codec, a worker only its own library.
Usage: link_lint.py BIN_DIRECTORY"""
import pathlib
import re
import subprocess
import sys
import unittest

BIN = pathlib.Path(sys.argv.pop(1))
DEVICES = {"sane", "gphoto2", "cups", "pcsclite"}
CODECS = {"jpeg", "png", "tiff", "lept", "qpdf", "webp", "heif", "lcms2"}
BUS = {"zmq"}
STORES = {"sqlite3"}
NETWORK = {"curl", "ssh2", "ssl", "rtmp", "nghttp2", "ldap", "gssapi_krb5", "gnutls", "psl"}


def libraries_of(program):
    done = subprocess.run(["readelf", "-d", str(BIN / program)], capture_output=True, text=True, check=True)
    return {re.sub(r"^lib|\.so.*$", "", name) for name in re.findall(r"\(NEEDED\).*\[(.+)\]", done.stdout)}


def closure_of(file):
    """Everything the loader maps for a program or a library: {name without version: path}."""
    done = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=True)
    found = re.findall(r"^\s*lib(\S+?)\.so\S* => (\S+)", done.stdout, re.M)
    return {re.sub(r"-[\d.]+$", "", name): path for name, path in found}


def stem(library):
    return re.sub(r"(-|\d).*$", "", library) if library not in DEVICES | CODECS | STORES else library


class Links(unittest.TestCase):
    def check(self, program, needed, forbidden):
        linked = {stem(library) for library in libraries_of(program)} | libraries_of(program)
        self.assertEqual(linked & forbidden, set(), program)
        self.assertLessEqual(needed, linked, program)

    def test_the_daemon_is_linked_with_no_device_library_and_no_codec(self):
        self.check("quayd", {"zmq", "sqlite3", "systemd"}, DEVICES | CODECS)

    def test_a_scanner_worker_knows_sane_and_nothing_else(self):
        self.check("quay-scanner", {"sane"}, CODECS | BUS | STORES | (DEVICES - {"sane"}))

    def test_a_camera_worker_knows_libgphoto2_and_nothing_else(self):
        self.check("quay-camera", {"gphoto2"}, BUS | STORES | (DEVICES - {"gphoto2", "usb"}))

    def test_a_document_camera_worker_knows_jpeg_and_nothing_else(self):
        self.check("quay-document-camera", {"jpeg"}, DEVICES | BUS | STORES | (CODECS - {"jpeg"}))

    def test_a_card_worker_knows_pcsc_and_nothing_else(self):
        self.check("quay-card", {"pcsclite", "crypto"}, CODECS | BUS | STORES | NETWORK | (DEVICES - {"pcsclite"}))

    def test_a_printer_worker_knows_cups_and_nothing_else(self):
        self.check("quay-printer", {"cups", "poppler-glib"}, BUS | STORES | (DEVICES - {"cups"}))

    def test_the_setter_of_forms_knows_no_device(self):
        self.check("quay-forms", {"pangocairo"}, DEVICES | BUS | STORES)

    def test_an_imaging_worker_knows_codecs_and_no_device(self):
        self.check("quay-imaging", {"jpeg"}, DEVICES | BUS | STORES)

    def test_network_libraries_come_into_the_imaging_worker_by_tesseract_alone(self):
        """Decision 0020: Debian's tesseract brings libcurl, which seccomp keeps from ever opening a socket."""
        worker = closure_of(BIN / "quay-imaging")
        self.assertIn("tesseract", worker)
        by_tesseract = closure_of(worker["tesseract"])
        self.assertEqual((set(worker) - set(by_tesseract)) & NETWORK, set())

    def test_quayctl_knows_no_device_and_no_store(self):
        self.check("quayctl", {"zmq"}, DEVICES | STORES)


if __name__ == "__main__":
    unittest.main()
