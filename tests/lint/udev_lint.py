#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The udev rules, read as udev reads them. udevadm of systemd 252 has no `verify`; so the grammar is checked here, and where
a namespace can be had (unshare -Urm) udevd's own rule engine judges simulated USB devices (umockdev, udevadm test)."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from sources import ROOT

RULES = sorted((ROOT / "udev").glob("*.rules"))
MATCH = {"ACTION", "SUBSYSTEM", "KERNEL", "TEST", "ENV", "ATTR", "ATTRS", "SUBSYSTEMS", "KERNELS", "DRIVERS", "TAGS"}
ASSIGN = {"GROUP", "MODE", "ENV", "ATTR", "GOTO", "LABEL", "TAG", "SYMLINK", "OWNER", "IMPORT"}
TOKEN = re.compile(r'\s*([A-Z]+)(?:\{([^}]+)\})?\s*(==|!=|\+=|:=|=)\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)')

SCANNER = """P: /devices/pci0000:00/usb1/1-1
N: bus/usb/001/002
E: DEVNAME=/dev/bus/usb/001/002
E: DEVTYPE=usb_device
E: MAJOR=189
E: MINOR=1
E: SUBSYSTEM=usb
{extra}A: idVendor={vendor}\\n
A: idProduct=0123\\n
"""


def faults_of_line(line):
    """Faults of one rule: unknown keys, wrong operators, words outside of the grammar."""
    found, position = [], 0
    while position < len(line):
        token = TOKEN.match(line, position)
        if not token:
            return found + [f"cannot read from: {line[position:]}"]
        key, _, operator, value = token.groups()
        known = MATCH if operator in ("==", "!=") else ASSIGN
        if key not in known:
            found.append(f"{key} does not go with {operator}")
        if key == "MODE" and int(value, 8) & 0o007:
            found.append(f"MODE {value} lets everybody in")
        position = token.end()
    return found


def rules_of(text):
    joined = re.sub(r"\\\n\s*", " ", text)
    return [line.strip() for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def can_unshare():
    return subprocess.run(["unshare", "-Urm", "true"], capture_output=True).returncode == 0


VIDEO = """P: /devices/pci0000:00/usb1/1-1/1-1:1.0/video4linux/video0
N: video0
E: DEVNAME=/dev/video0
E: MAJOR=81
E: MINOR=0
E: SUBSYSTEM=video4linux
{extra}"""
VIDEO_PATH = "/sys/devices/pci0000:00/usb1/1-1/1-1:1.0/video4linux/video0"


def udev_says(extra="", vendor="04f9", device=SCANNER, path="/sys/devices/pci0000:00/usb1/1-1"):
    """What udev's rule engine makes of a plugged device, with only our rules and a group quay of its own."""
    with tempfile.TemporaryDirectory() as folder:
        box = pathlib.Path(folder)
        (box / "device").write_text(device.format(extra=extra, vendor=vendor))
        (box / "group").write_text("root:x:0:\nquay:x:4242:\n")
        (box / "empty").mkdir()
        (box / "rules").mkdir()
        for rules in RULES:
            shutil.copy(rules, box / "rules")
        script = f"""
            mount -t tmpfs none /run && mkdir -p /run/udev/rules.d && cp {box}/rules/* /run/udev/rules.d/
            mount --bind {box}/group /etc/group
            for folder in /lib/udev/rules.d /usr/lib/udev/rules.d /etc/udev/rules.d; do
              [ -d $folder ] && mount --bind {box}/empty $folder
            done
            exec umockdev-run -d {box}/device -- udevadm test -a add {path}"""
        done = subprocess.run(["unshare", "-Urm", "sh", "-c", script], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "LC_ALL": "C"})
        return done.stdout + done.stderr


class Rule(unittest.TestCase):
    def test_misspelt_keys_and_open_modes_are_found(self):
        self.assertTrue(faults_of_line('GRUOP="quay"'))
        self.assertTrue(faults_of_line('MODE="0666"'))
        self.assertTrue(faults_of_line('ACTION="add"'))
        self.assertTrue(faults_of_line('MODE="0660" GROUP=quay'))
        self.assertEqual(faults_of_line('ENV{DEVTYPE}!="usb_device", GOTO="end"'), [])


class Tree(unittest.TestCase):
    def test_every_rule_is_well_formed(self):
        self.assertTrue(RULES)
        for path in RULES:
            for line in rules_of(path.read_text()):
                self.assertEqual(faults_of_line(line), [], f"{path.name}: {line}")

    def test_every_goto_has_its_label(self):
        for path in RULES:
            text = "\n".join(rules_of(path.read_text()))
            self.assertLessEqual(set(re.findall(r'GOTO="(\w+)"', text)), set(re.findall(r'LABEL="(\w+)"', text)))

    @unittest.skipUnless(can_unshare(), "no user namespaces here: udev's own engine is not asked")
    def test_udev_gives_a_scanner_to_group_quay_and_leaves_other_devices_alone(self):
        scanner = udev_says(extra="E: libsane_matched=yes\n")
        self.assertRegex(scanner, r"(?m)GROUP 4242")
        self.assertRegex(scanner, r"(?m)MODE 0660")
        self.assertNotRegex(scanner, r"(?i)invalid|unknown (key|group)|no matching label")
        other = udev_says()
        self.assertNotRegex(other, r"GROUP 4242")

    @unittest.skipUnless(can_unshare(), "no user namespaces here: udev's own engine is not asked")
    def test_a_technician_can_add_a_scanner_libsane_does_not_know(self):
        self.assertRegex(udev_says(extra="E: quay_scanner=yes\n"), r"GROUP 4242")

    @unittest.skipUnless(can_unshare(), "no user namespaces here: udev's own engine is not asked")
    def test_udev_gives_a_camera_to_group_quay(self):
        camera = udev_says(extra="E: ID_GPHOTO2=1\n")
        self.assertRegex(camera, r"(?m)GROUP 4242")
        self.assertRegex(camera, r"(?m)MODE 0660")

    @unittest.skipUnless(can_unshare(), "no user namespaces here: udev's own engine is not asked")
    def test_udev_keeps_the_desktop_off_a_camera(self):
        self.assertNotRegex(udev_says(extra="E: ID_GPHOTO2=1\n"), r"(?m)^ID_GPHOTO2=.")
        self.assertRegex(udev_says(extra="E: ID_OTHER=1\n"), r"(?m)^ID_OTHER=1", "properties are told at all")

    def test_udev_keeps_the_counters_devices_awake(self):
        for kind in ("scanner", "camera"):
            rules = rules_of((ROOT / "udev" / f"70-quay-{kind}.rules").read_text())
            self.assertIn('TEST=="power/control", ATTR{power/control}="on"', rules, kind)

    @unittest.skipUnless(can_unshare(), "no user namespaces here: udev's own engine is not asked")
    def test_udev_gives_a_document_camera_to_group_quay_and_leaves_webcams_alone(self):
        def says(product, capabilities=":capture:"):
            extra = f"E: ID_V4L_CAPABILITIES={capabilities}\nE: ID_V4L_PRODUCT={product}\n"
            return udev_says(extra=extra, device=VIDEO, path=VIDEO_PATH)
        camera = says("Ziggi HD Document Camera")
        self.assertRegex(camera, r"(?m)GROUP 4242")
        self.assertRegex(camera, r"(?m)MODE 0660")
        self.assertNotRegex(camera, r"(?i)invalid|unknown (key|group)|no matching label")
        self.assertNotRegex(says("HD Webcam C525"), r"GROUP 4242")
        self.assertNotRegex(says("Ziggi HD Document Camera", ":"), r"GROUP 4242")
        vouched = "E: ID_V4L_CAPABILITIES=:capture:\nE: quay_document_camera=yes\n"
        self.assertRegex(udev_says(extra=vouched, device=VIDEO, path=VIDEO_PATH), r"GROUP 4242")


if __name__ == "__main__":
    unittest.main()
