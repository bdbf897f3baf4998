# SPDX-License-Identifier: Apache-2.0
"""One machine under plain emulation: starts it, speaks QMP and to the agent in it, keeps what is needed to see why something failed.
KVM is never asked for: /dev/kvm may be there and still hang a stock kernel, and a suite must judge the same everywhere."""
import base64
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

QEMU = "qemu-system-x86_64"
# Plain emulation is eight to twenty times slower than a processor, and the machine is not ours alone.
SLOWER = 10
KERNEL_WORDS = "root=/dev/vda console=ttyS0 quiet systemd.show_status=0 mitigations=off nokaslr audit=0 net.ifnames=0 no_timer_check panic=-1"
POLL_S = 0.05


class VmError(Exception):
    """The machine or its agent did not do what was asked; says so with what it printed."""


def wait_until(what, ready, seconds):
    """What `ready()` gives once it is true; polls."""
    end = time.monotonic() + seconds
    while True:
        found = ready()
        if found:
            return found
        if time.monotonic() > end:
            raise VmError(f"waited {seconds} s for: {what}")
        time.sleep(POLL_S)


class Lines:
    """JSON objects, one a line, over a UNIX socket."""

    def __init__(self, path, alive):
        self.socket = socket.socket(socket.AF_UNIX)
        wait_until(f"socket {path.name}", lambda: alive() and self.socket.connect_ex(str(path)) == 0, 5 * SLOWER)
        self.waiting = b""

    def send(self, message):
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def receive(self, seconds):
        end = time.monotonic() + seconds
        while b"\n" not in self.waiting:
            self.socket.settimeout(max(end - time.monotonic(), 0.001))
            try:
                piece = self.socket.recv(1 << 16)
            except TimeoutError:
                raise VmError(f"no answer in {seconds:.0f} s") from None
            if not piece:
                raise VmError("the machine is gone")
            self.waiting += piece
        line, self.waiting = self.waiting.split(b"\n", 1)
        return json.loads(line)


class Vm:
    """`with Vm(...) as vm`: killed at the end. `disk` is a qcow2 of its own; `payload` a tar archive, raw, that the guest sees as
    /dev/vdb; `snapshot` names a state in `disk` to go on from instead of booting."""

    def __init__(self, image, disk, payload, room, snapshot=None):
        self.room = pathlib.Path(room)
        self.room.mkdir(parents=True, exist_ok=True)
        self.disk = pathlib.Path(disk)
        self.asked = 0
        self.last_words = ""  # the guest's journal, when something failed
        command = ["nice", "-n", "1", "setpriv", "--pdeathsig", "KILL", QEMU, "-accel", "tcg,thread=multi,tb-size=256", "-smp", "2", "-m", "768", "-nodefaults", "-display", "none", "-no-reboot",
                   "-kernel", image / "vmlinuz", "-initrd", image / "initrd", "-append", KERNEL_WORDS,
                   "-drive", f"file={self.disk},if=virtio,format=qcow2,cache=writeback",
                   "-drive", f"file={payload},if=virtio,format=raw,readonly=on",
                   "-device", "virtio-rng-pci", "-device", "qemu-xhci,id=xhci,p2=8,p3=4",
                   "-serial", f"file:{self.room}/serial.log", "-device", "virtio-serial",
                   "-chardev", f"socket,id=agent,path={self.room}/agent,server=on,wait=off",
                   "-device", "virtserialport,chardev=agent,name=quay.agent",
                   "-qmp", f"unix:{self.room}/qmp,server=on,wait=off"]
        if snapshot:
            command += ["-loadvm", snapshot]
        with open(self.room / "qemu.log", "w") as log:
            self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.monitor = Lines(self.room / "qmp", self.alive)
            self.monitor.receive(5 * SLOWER)
            self.qmp("qmp_capabilities")
            self.agent = Lines(self.room / "agent", self.alive)
        except BaseException:
            self.kill()
            raise

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind:
            self.last_words = self.evidence()
        self.kill()

    def alive(self):
        if self.process.poll() is not None:
            raise VmError("qemu ended: " + (self.room / "qemu.log").read_text()[-2000:])
        return True

    # ---- the machine ----------------------------------------------------------------------------------------------

    def qmp(self, command, **arguments):
        self.monitor.send({"execute": command, "arguments": arguments})
        while True:
            answer = self.monitor.receive(60 * SLOWER)
            if "error" in answer:
                raise VmError(f"qmp {command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def snapshot(self, name):
        said = self.qmp("human-monitor-command", **{"command-line": f"savevm {name}"})
        if said.strip():
            raise VmError(f"savevm: {said}")

    def plug(self, socket_path, name):
        """A USB device that is spoken to over the socket by usbredir; the socket is QEMU's."""
        self.qmp("chardev-add", id=name, backend={"type": "socket", "data": {
            "addr": {"type": "unix", "data": {"path": str(socket_path)}}, "server": True, "wait": False}})
        self.qmp("device_add", driver="usb-redir", chardev=name, id=f"usb-{name}", bus="xhci.0")

    def cut_power(self):
        """What was not synced to the disk is lost, as when the plug is pulled."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    # ---- the guest ------------------------------------------------------------------------------------------------

    def _ask(self, patience, **order):
        self.asked += 1
        self.agent.send({"id": self.asked, **order})
        while True:
            answer = self.agent.receive(patience + 30 * SLOWER)
            if answer["id"] == self.asked:
                return answer

    def try_run(self, command, seconds=30):
        """(exit code, output) of a list of arguments, or of a text for the shell."""
        answer = self._ask(seconds * SLOWER, run=command, seconds=seconds * SLOWER)
        return answer["rc"], answer["out"]

    def run(self, command, seconds=30):
        code, out = self.try_run(command, seconds)
        if code != 0:
            raise VmError(f"in the guest: {command}: exit code {code}\n{out}")
        return out

    def until(self, command, seconds=30):
        """The command is tried in the guest until it succeeds."""
        answer = self._ask(seconds * SLOWER, run=command, seconds=seconds * SLOWER, until=True)
        if answer["rc"] != 0:
            raise VmError(f"in the guest, {seconds * SLOWER} s long: {command}: exit code {answer['rc']}\n{answer['out']}")
        return answer["out"]

    def write(self, path, text, mode=0o644):
        data = text if isinstance(text, bytes) else text.encode()
        self._ask(30, write=path, bytes=base64.b64encode(data).decode(), mode=mode)

    def evidence(self):
        """What the guest's journal says, for a case that failed."""
        try:
            return self.try_run("journalctl -b --no-pager -o short-monotonic | tail -n 120", 20)[1]
        except (VmError, OSError) as error:
            serial = self.room / "serial.log"
            return f"{error}\n{serial.read_text(errors='replace')[-3000:] if serial.exists() else ''}"


def overlay(image, disk):
    """A disk on top of the image, which stays as it is."""
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", str(image / "disk.ext4"), str(disk)], check=True)


def copied(disk, to):
    shutil.copyfile(disk, to)
    return to


def missing():
    """Why no machine can be run here, or None."""
    for program in (QEMU, "qemu-img", "mke2fs", "cpio", "depmod"):
        if not shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin"):
            return f"{program} is not installed (./dev deps vm)"
    return None
