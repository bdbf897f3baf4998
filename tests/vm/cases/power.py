# SPDX-License-Identifier: Apache-2.0
"""The plug is pulled: what quayd told of as safe is on the disk. QEMU is killed, so what the guest had not synced, and what QEMU itself
had not written of its disk's tables, is gone; then the disk is booted again."""
import re

import counter as counters
import vm as machines
from cases.camera import camera_at, is_ready

PICTURES = 6
SAFE_BEFORE = 2
# Speaks as a front end does; what it learns goes to the serial line, which is on the host before the guest knows.
FRONT_END = f'''
import quay_client, sys
with quay_client.Client() as quay, open("/dev/ttyS0", "w") as line:
    device = sys.argv[1]
    def say(*words):
        print("@", *words, file=line, flush=True)
    visit = quay.open_visit()
    say("VISIT", visit, quay.visit_key(visit))
    with quay.follow(topics=["capture."]) as events:
        quay.call("camera.capture", {{"visit": visit, "device": device, "pictures": {PICTURES}, "profile": "original"}})
        for event in events:
            if event.type == "capture.captured":
                say("SAFE", event.data["capture"])
'''
LOOK = '''
import hashlib, quay_client, sys
with quay_client.Client(wait=60) as quay:
    visit, key, wanted = sys.argv[1], sys.argv[2], sys.argv[3:]
    quay.use_visit(visit, key)
    def listed():
        return {one["capture"]: one for one in quay.call("capture.list", {"visit": visit})["captures"]}
    while any(one["state"] not in ("ready", "failed") for one in listed().values()):
        pass  # quayd finishes them by itself
    there = listed()
    for capture in wanted:
        print(capture, there[capture]["state"], len(quay.fetch(capture, "page", visit=visit)))
    print("open jobs", len(quay.snapshot()["jobs"]), "pages", len(there))
'''


def said(room, word):
    text = (room / "serial.log").read_text(errors="replace")
    return [line.split() for line in re.findall(rf"@ {word} ([^\r\n]+)\r?\n", text)]


def power_is_cut_in_mid_capture(counter, proved):
    vm = counter.vm
    counter.configure(camera={"discover": "true"})
    with camera_at(counter) as camera:
        camera.plug()
        device = counter.device("a ready camera", is_ready)
        vm.write("/root/front_end.py", FRONT_END)
        vm.write("/root/look.py", LOOK)
        vm.run(f"sync; python3 /root/front_end.py {device['id']} >/root/front_end.log 2>&1 </dev/null & true")
        machines.wait_until("pages that are safe", lambda: len(said(vm.room, "SAFE")) >= SAFE_BEFORE, 120 * machines.SLOWER)
        # The next picture is on its way over USB: half of it has come.
        picture = counters.ROOT / "tests/data/card/portrait.jpg"
        camera.at_byte(picture.stat().st_size // 2, vm.cut_power)
        machines.wait_until("the cut", lambda: vm.process.poll() is not None, 120 * machines.SLOWER)
    safe = [words[0] for words in said(vm.room, "SAFE")]
    [(visit, key)] = said(vm.room, "VISIT")
    proved(f"qemu killed while a picture came over USB; {len(safe)} of {PICTURES} had been told of as safe")
    again = vm.room / "again"
    with machines.Vm(counter.image, vm.disk, counter.payload, again) as second:
        counter.vm = second
        second.until(["systemctl", "is-active", "--quiet", "quayd.service"], 60)
        code, out = second.try_run(["python3", "/root/look.py", visit, key, *safe], 60)
        assert code == 0, f"told of as safe: {safe}; after the cut: {out}"
        found = dict(line.split(" ", 1) for line in out.splitlines() if re.match(r"[0-9a-f]", line))
        assert set(found) == set(safe), f"told of as safe: {safe}; there: {out}"
        assert all(line.startswith("ready") and int(line.split()[1]) > 0 for line in found.values()), out
        assert "open jobs 0" in out, out
        proved(f"booted again from that disk: quayd is ready, {len(found)} of {len(safe)} are there and can be fetched; no job hangs ({out.splitlines()[-1]})")


CASES = [power_is_cut_in_mid_capture]
