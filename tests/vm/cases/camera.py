# SPDX-License-Identifier: Apache-2.0
"""A camera on a real USB port: plugged in, used, pulled out, frozen, wobbling in its socket."""
import contextlib
import json

import counter as counters
import vm as machines
from devices.ptp import PtpCamera, SimulatedCamera
from usbredir import attach

PICTURE = counters.ROOT / "tests/data/card/portrait.jpg"

FLAPS = 10


def is_camera(device):
    return device["kind"] == "camera"


def is_ready(device):
    return is_camera(device) and device["status"] == "ready"


@contextlib.contextmanager
def camera_at(counter, name="camera", serial="QUAYCAM1", words=()):
    """A camera that is not plugged in yet; `words`: more for quay-sim-camera."""
    sim = SimulatedCamera(counter.programs, counter.room / f"{name}.control", [PICTURE], words)
    try:
        camera = attach(PtpCamera, counter.vm, name, sim.port, serial)
        camera.sim = sim
        yield camera
        camera.close()
    finally:
        sim.end()


NODE = "/dev/$(udevadm info -q name $(dirname $(grep -l QUAYCAM1 /sys/bus/usb/devices/*/serial)))"


def code_of(said):
    return json.loads(said.strip().splitlines()[-1])["error"]["code"]


def a_camera_is_plugged_in_and_used(counter, proved):
    vm = counter.vm
    counter.configure(camera={"discover": "true"})
    with camera_at(counter) as camera:
        camera.plug()
        vm.until("grep -q QUAYCAM1 /sys/bus/usb/devices/*/serial", 30)
        rights = vm.run(f"udevadm settle; stat -c '%G %a' {NODE}").strip()
        assert rights == "quay 660", rights
        proved("udev gives the camera's node to group quay, 0660")
        device = counter.device("a ready camera", is_ready)
        proved(f"hot plug: quayd tells of {device['id']} by itself; identity {device['identity']}")
        code, said = counter.take_page(device["id"])
        assert code == 0, said
        proved("a picture was taken by libgphoto2 over the kernel's USB, and is a PDF")
        camera.pull()
        counter.no_device("camera", is_camera)
        proved("pulled out: not told of any more")


def a_camera_is_pulled_out_in_mid_picture(counter, proved):
    counter.configure(camera={"discover": "true"})
    with camera_at(counter) as camera:
        camera.plug()
        device = counter.device("a ready camera", is_ready)
        camera.at_byte(PICTURE.stat().st_size // 2, camera.pull)
        code, said = counter.take_page(device["id"])
        assert code != 0 and code_of(said) in ("device.io", "device.absent"), said
        proved(f"pulled out when half of the picture had come: {code_of(said)}")
        camera.plug()
        again = counter.device("the camera again", is_ready)
        assert again["id"] == device["id"], (device["id"], again["id"])
        code, said = counter.take_page(again["id"])
        assert code == 0, said
        proved("plugged in again: ready, the same id, and the next picture comes")


def a_camera_freezes_in_mid_picture(counter, proved):
    counter.configure(camera={"discover": "true"})
    with camera_at(counter) as camera:
        camera.plug()
        device = counter.device("a ready camera", is_ready)
        camera.at_byte(PICTURE.stat().st_size // 2, camera.freeze)
        code, said = counter.take_page(device["id"], 90)
        assert code != 0 and code_of(said) == "device.timeout", said
        proved("frozen when half of the picture had come: device.timeout, no hang")
        camera.pull()
        camera.plug()
        again = counter.device("the camera again", is_ready)
        code, said = counter.take_page(again["id"])
        assert code == 0 and again["id"] == device["id"], said
        proved("plugged anew: ready, the same id, and the next picture comes")


def a_camera_wobbles_in_its_socket(counter, proved):
    counter.configure(camera={"discover": "true"})
    with camera_at(counter) as camera:
        camera.plug()
        device = counter.device("a ready camera", is_ready)
        first = counter.show("MainPID")
        for _ in range(FLAPS):
            camera.pull()
            camera.plug()
        again = counter.device("the camera again", is_ready)
        assert again["id"] == device["id"], (device["id"], again["id"])
        assert len([one for one in counter.devices() if is_camera(one) and one["status"] != "absent"]) == 1, counter.devices()
        code, said = counter.take_page(again["id"])
        assert code == 0, said
        assert counter.show("MainPID") == first and counter.show("NRestarts") == "0"
        proved(f"{FLAPS} times out and in without a pause: one camera, ready, the same id, a picture comes; quayd never stopped")


def two_cameras_of_one_model_are_told_apart(counter, proved):
    counter.configure(camera={"discover": "true"})
    with camera_at(counter, "left", "SAME") as left, camera_at(counter, "right", "SAME") as right:
        left.plug()
        right.plug()
        ready = machines.wait_until("two ready cameras", lambda: both(counter), 60 * machines.SLOWER)
        assert len({one["id"] for one in ready}) == 2, ready
        proved("two of one model with the same serial number, as some makers have it: two ids, both ready")
        for one in ready:
            code, said = counter.take_page(one["id"])
            assert code == 0, said
        proved("each takes a picture")
        right.pull()
        machines.wait_until("one ready camera", lambda: len(both(counter, 1)) == 1, 60 * machines.SLOWER)
        proved("one is pulled out: the other is there")


def both(counter, count=2):
    found = [one for one in counter.devices() if is_ready(one)]
    return found if len(found) == count else []


def a_phone_is_a_guest(counter, proved):
    counter.configure(camera={"discover": "true"})
    with camera_at(counter, words=("--phone", "android", "--old", "2")) as phone:
        phone.plug()
        device = counter.device("a phone", is_ready)
        assert device["guest"] is True, device
        proved("a citizen's phone on USB: known as a guest")
        phone.sim.tell("press")
        code, said = counter.take_page(device["id"])
        assert code == 0, said
        proved("the picture that its owner took since it was plugged in became a page")
        phone.pull()
        counter.no_device("phone", is_camera)
        proved("unplugged: gone")


CASES = [a_camera_is_plugged_in_and_used, a_camera_is_pulled_out_in_mid_picture, a_camera_freezes_in_mid_picture, a_camera_wobbles_in_its_socket,
         two_cameras_of_one_model_are_told_apart, a_phone_is_a_guest]
