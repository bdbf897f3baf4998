# SPDX-License-Identifier: Apache-2.0
"""A document camera behind the kernel's own uvcvideo."""
import json

import counter as counters
from devices.uvc import DocumentCamera
from usbredir import attach

PICTURE = counters.ROOT / "tests/data/card/portrait.jpg"


def is_overhead(device):
    return "Document" in device["name"]


def is_ready(device):
    return is_overhead(device) and device["status"] == "ready"


def plugged(counter):
    counter.configure(document_camera={"discover": "true"}, deadlines={**counters.DEADLINES, "first_row_ms": 30000, "stall_ms": 30000})
    camera = attach(DocumentCamera, counter.vm, "overhead", PICTURE)
    camera.plug()
    counter.vm.until("test -e /dev/video0", 30)
    return camera


def a_document_camera_gives_a_page(counter, proved):
    camera = plugged(counter)
    rights = counter.vm.run("udevadm settle; stat -c '%G %a' /dev/video0").strip()
    assert rights == "quay 660", rights
    proved("udev knows a document camera by the name its maker gave it: group quay, 0660")
    device = counter.device("a ready document camera", is_ready)
    code, said = counter.take_page(device["id"])
    assert code == 0, said
    proved(f"{device['id']} gave a page through uvcvideo, of {camera.frames} frames that it had to offer")
    other = attach(DocumentCamera, counter.vm, "webcam", PICTURE, "Quay Webcam")
    other.plug()
    counter.vm.until("test -e /dev/video2", 30)
    rights = counter.vm.run("udevadm settle; stat -c %G /dev/video2").strip()
    assert rights != "quay", rights
    proved(f"a webcam stays with group {rights}")


def a_document_camera_freezes(counter, proved):
    camera = plugged(counter)
    device = counter.device("a ready document camera", is_ready)
    camera.at_byte(len(camera.picture) * 3 // 2, camera.freeze)
    code, said = counter.take_page(device["id"])
    assert code != 0 and "device.timeout" in said, said
    proved("frames stop in the middle of one: device.timeout, no hang")


def a_document_camera_is_pulled_out_in_mid_stream(counter, proved):
    camera = plugged(counter)
    device = counter.device("a ready document camera", is_ready)
    camera.at_byte(len(camera.picture) * 3 // 2, camera.pull)
    code, said = counter.take_page(device["id"])
    word = json.loads(said.strip().splitlines()[-1])["error"]["code"]
    assert code != 0 and word in ("device.io", "device.absent"), said
    proved(f"pulled out in the middle of a frame: {word}")
    camera.plug()
    again = counter.device("the document camera again", is_ready)
    assert again["id"] == device["id"], (again["id"], device["id"])
    code, said = counter.take_page(again["id"])
    assert code == 0, said
    proved("plugged in again: ready with the same id, and gives a page")


CASES = [a_document_camera_gives_a_page, a_document_camera_freezes, a_document_camera_is_pulled_out_in_mid_stream]
