# SPDX-License-Identifier: Apache-2.0
"""A counter in the machine: Debian with quay's own packages, and the words in which cases speak of it. What differs from a real
counter is said here: patience, since plain emulation is slow."""
import json
import pathlib
import re
import subprocess
import tarfile

import vm as machines
from vm import SLOWER, VmError

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAYLOAD_BYTES = 64 << 20
# The watchdog of the shipped unit would take a slow machine for a hung daemon.
PATIENCE = f"[Service]\nWatchdogSec=90\nTimeoutStartSec={60 * SLOWER}\n"
DEADLINES = {"start_ms": 10000 * SLOWER, "describe_ms": 15000 * SLOWER, "first_row_ms": 60000, "stall_ms": 40000,
             "processing_ms": 60000 * SLOWER, "cancel_grace_ms": 3000 * SLOWER}


def payload(packages, place):
    """The packages as a raw tar archive, as long as any other: the guest's second disk must not change its size."""
    path = place / "payload.tar"
    with tarfile.open(path, "w") as archive:
        for package in packages:
            archive.add(package, package.name)
    if path.stat().st_size > PAYLOAD_BYTES:
        raise SystemExit(f"vm: the packages are larger than {PAYLOAD_BYTES} bytes")
    with open(path, "r+b") as file:
        file.truncate(PAYLOAD_BYTES)
    return path


def settings(**sections):
    """The shipped quay.toml with deadlines that suit, and `section={"key": "TOML value"}` put into it."""
    text = (ROOT / "systemd/quay.toml").read_text()
    for section, keys in {"deadlines": DEADLINES, **sections}.items():
        for key, value in keys.items():
            text = re.sub(rf"(?m)^#?{key} = .*\n", "", text) if f"[{section}]" in text else text
        lines = "".join(f"{key} = {value}\n" for key, value in keys.items())
        text = text.replace(f"\n[{section}]\n", f"\n[{section}]\n{lines}", 1)
    return text


class Counter:
    """A running machine on which quay is installed."""

    def __init__(self, vm):
        self.vm = vm
        self.room = vm.room

    # ---- the service ----------------------------------------------------------------------------------------------

    def show(self, name):
        return self.vm.run(["systemctl", "show", "-P", name, "quayd.service"]).strip()

    def ready(self):
        """Type=notify: active is what it is from READY=1 on."""
        self.vm.until(["systemctl", "is-active", "--quiet", "quayd.service"], 60)
        self.vm.until(["quayctl", "--json", "status"], 30)

    def drop_in(self, name, text):
        self.vm.write(f"/etc/systemd/system/quayd.service.d/{name}.conf", text)
        self.vm.run(["systemctl", "daemon-reload"])

    def configure(self, tail="", **sections):
        self.vm.write("/etc/quay/quay.toml", settings(**sections) + tail)
        self.vm.run(["systemctl", "restart", "quayd.service"], 60)
        self.ready()

    # ---- what a front end sees ------------------------------------------------------------------------------------

    def quayctl(self, *words, seconds=60):
        out = self.vm.run(["quayctl", "--json", "--lang", "en", *words], seconds)
        return [json.loads(line) for line in out.splitlines() if line.startswith("{")]

    def devices(self):
        return self.quayctl("devices")[0].get("devices", [])

    def device(self, what, wanted, seconds=60):
        """The first device for which `wanted(device)` holds; polled."""
        last = []

        def look():
            last[:] = self.devices()
            return next((one for one in last if wanted(one)), None)

        try:
            return machines.wait_until(what, look, seconds * SLOWER)
        except VmError as error:
            raise VmError(f"{error}\nlast seen: {json.dumps(last)}") from None

    def no_device(self, what, of_kind, seconds=30):
        """Until no device of that kind is usable."""
        machines.wait_until(f"{what} gone", lambda: not [one for one in self.devices() if of_kind(one) and one["status"] != "absent"], seconds * SLOWER)

    def take_page(self, device, seconds=60):
        """One page of a device by quayctl, the whole way to a PDF: (exit code, what it said)."""
        return self.vm.try_run(["quayctl", "--json", "--lang", "en", "scan", "--device", device, "--profile", "original", "--pages", "1",
                                "-o", "/tmp/page.pdf"], seconds)

    def journal(self, *words):
        return self.vm.run(["journalctl", "-b", "--no-pager", "-o", "cat", *words])


def install(vm, names):
    """dpkg itself, then what a slow machine needs."""
    vm.run("mkdir -p /root/debs && dd if=/dev/vdb iflag=direct bs=1M status=none | tar -xf - -C /root/debs")
    vm.run("cd /root/debs && DEBIAN_FRONTEND=noninteractive dpkg -i " + " ".join(names), 120)


def debs(directory):
    found = sorted(directory.glob("*.deb"))
    if not found:
        raise SystemExit(f"vm: no packages in {directory}: ./dev package")
    return [path for path in found if not path.name.startswith("quay-sdk")]


def control(socket, program, *words):
    """Tells a simulated device of the rig something; what it answers."""
    done = subprocess.run([program, "--control", socket, "--tell", *words], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise VmError(f"{program.name} {words}: {done.stdout}{done.stderr}")
    return done.stdout.strip()
