# SPDX-License-Identifier: Apache-2.0
"""A multifunction printer without a driver: ipp-usb on real udev and USB, eSCL through libsane, IPP over loopback."""
import contextlib
import json

import counter as counters
from devices.ippusb import Multifunction, Simulators
from usbredir import attach

SHEET = counters.ROOT / "tests/data/card/portrait.jpg"
# ipp-usb gives its first device this port.
DEVICES = """
[[scanner.device]]
id = "mfp-scanner"
escl_url = "http://localhost:60000/eSCL"

[[printer.device]]
id = "mfp-printer"
uri = "ipp://localhost:60000/ipp/print"
"""
# What a copier does: a page of the feeder, printed.
COPY = '''
import quay_client
with quay_client.Client() as quay, quay.follow(topics=["job.finished"]) as ends:
    visit = quay.open_visit()
    scan = quay.scan(visit, "mfp-scanner", settings={"source": "adf", "resolution_dpi": 75}, profile="original", max_pages=1)
    print("scanned", len(scan.captures))
    job = quay.call("print.submit", {"visit": visit, "device": "mfp-printer", "captures": scan.captures})["job"]
    end = next(event for event in ends if event.data["job"] == job)
    print("printed", end.data["state"], end.data)
'''


@contextlib.contextmanager
def multifunction(counter):
    sims = Simulators(counter.programs, counter.room, [SHEET])
    try:
        device = attach(Multifunction, counter.vm, "mfp", sims)
        device.simulators = sims
        yield device
        device.close()
    finally:
        sims.end()


def ready(name):
    return lambda one: one["id"] == name and one["status"] == "ready"


def a_multifunction_scans_and_prints_over_usb(counter, proved):
    vm = counter.vm
    with multifunction(counter) as device:
        counter.configure(DEVICES)
        device.plug()
        vm.until(["systemctl", "is-active", "--quiet", "ipp-usb.service"], 30)
        proved("plugged in: udev starts ipp-usb")
        counter.device("the scanner half", ready("mfp-scanner"), 120)
        counter.device("the printer half", ready("mfp-printer"), 120)
        proved("both halves ready under quayd, over ipp-usb's loopback port")
        vm.write("/root/copier.py", COPY)
        said = vm.run(["python3", "/root/copier.py"], 90)
        assert "scanned 1" in said, said
        proved("a page came by eSCL through libsane, ipp-usb and the kernel's USB")
        assert "printed done" in said and len(device.simulators.sheets_printed()) == 1, (said, device.simulators.sheets_printed())
        proved("that page was printed by IPP the same way: one sheet fell, and quayd says done")


def a_multifunction_is_pulled_out_in_mid_scan(counter, proved):
    vm = counter.vm
    with multifunction(counter) as device:
        counter.configure(DEVICES)
        device.plug()
        counter.device("the scanner half", ready("mfp-scanner"), 120)
        device.at_byte(6000, device.pull)
        code, said = vm.try_run(["quayctl", "--json", "scan", "--device", "mfp-scanner", "--source", "adf", "--dpi", "75", "--profile", "original", "-o", "/tmp/page.pdf"], 90)
        word = json.loads(said.strip().splitlines()[-1])["error"]["code"]
        assert code != 0 and word.split(".")[0] in ("device", "scan"), said
        proved(f"pulled out in the middle of a page: {word}")
        device.plug()
        counter.device("the scanner half again", ready("mfp-scanner"), 120)
        code, said = vm.try_run(["quayctl", "--json", "scan", "--device", "mfp-scanner", "--source", "adf", "--dpi", "75", "--pages", "1", "--profile", "original",
                                 "-o", "/tmp/again.pdf"], 90)
        assert code == 0, said
        proved("plugged in again: it heals by itself and scans")


CASES = [a_multifunction_scans_and_prints_over_usb, a_multifunction_is_pulled_out_in_mid_scan]
