#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The VM suite: boots Debian once, installs quay's packages once, and starts every case from that state, restored.
Usage: suite.py BUILD_DIRECTORY [CASE...]; without a case all of them, in order. What each proves: README.md beside this file."""
import hashlib
import importlib
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

import counter as counters
import modules
import vm as machines

HERE = pathlib.Path(__file__).resolve().parent


def all_cases():
    """{name: function}, in the order in which they are written."""
    found = {}
    for name in ("service", "packages", "camera", "document_camera", "card", "multifunction", "power"):
        module = importlib.import_module(f"cases.{name}")
        found.update({case.__name__: case for case in module.CASES})
    return found


class NoGuest(Exception):
    """No machine can be made here, and why."""


class Suite:
    """The states that cases start from, and what came of them."""

    def __init__(self, build):
        self.programs = build / "bin"
        self.place = build.parent / "vm"
        self.place.mkdir(parents=True, exist_ok=True)
        # Short: UNIX sockets have no room for long names.
        self.rooms = pathlib.Path(tempfile.mkdtemp(prefix="q-vm-"))
        self.packages = counters.debs(build.parent / "packages")
        self.payload = counters.payload(self.packages, self.place)
        self.image = None
        self.installed = None

    def step(self, what, work):
        begun = time.monotonic()
        found = work()
        print(f"   {what}: {time.monotonic() - begun:.1f} s", flush=True)
        return found

    def prepare(self):
        command = [sys.executable, HERE / "image.py", self.place, *self.packages]
        made = self.step("Debian's disk", lambda: subprocess.run(command, stdout=subprocess.PIPE, text=True))
        if made.returncode == modules.SKIP:
            raise NoGuest(made.stdout.strip())
        if made.returncode:
            raise machines.VmError("the guest's disk could not be made")
        self.image = pathlib.Path(made.stdout.strip())
        booted = self.image / "booted.qcow2"
        if not booted.exists():
            self.step("booted and kept", lambda: self.boot(booted))
        key = hashlib.sha256(b"".join(path.read_bytes() for path in self.packages) + (HERE / "counter.py").read_bytes()).hexdigest()[:16]
        self.installed = self.image / f"installed-{key}.qcow2"
        if not self.installed.exists():
            for old in self.image.glob("installed-*"):
                old.unlink()
            self.step("quay's packages installed and kept", lambda: self.install(booted))

    def boot(self, disk):
        making = disk.with_suffix(".making")
        machines.overlay(self.image, making)
        with machines.Vm(self.image, making, self.payload, self.rooms / "boot") as vm:
            code, said = vm.try_run("systemctl is-system-running --wait; systemctl --failed --no-legend", 60)
            if "running" not in said.splitlines()[0]:
                raise machines.VmError(f"the guest did not come up well: {said}\n{vm.evidence()}")
            # USB is there before the state is kept, so that a device plugged in later meets a kernel at rest.
            vm.run("udevadm settle; sync; echo 3 > /proc/sys/vm/drop_caches")
            vm.snapshot("booted")
        making.rename(disk)

    def install(self, booted):
        making = self.installed.with_suffix(".making")
        machines.copied(booted, making)
        with machines.Vm(self.image, making, self.payload, self.rooms / "install", "booted") as vm:
            try:
                counters.install(vm, [path.name for path in self.packages])
                counter = counters.Counter(vm)
                counter.ready()
                counter.drop_in("slow", counters.PATIENCE)
                counter.configure()
                vm.run("rm -r /root/debs; sync; echo 3 > /proc/sys/vm/drop_caches")
                vm.snapshot("installed")
            except machines.VmError as error:
                raise machines.VmError(f"{error}\n{vm.evidence()}") from None
        making.rename(self.installed)

    def run(self, name, case):
        """True when the case held; what it proved is printed, or why it did not."""
        room = self.rooms / name[:24]
        room.mkdir()
        disk = machines.copied(self.installed, room / "disk.qcow2")
        begun = time.monotonic()
        proved = []
        counter = None
        try:
            with machines.Vm(self.image, disk, self.payload, room, "installed") as vm:
                counter = counters.Counter(vm)
                counter.programs, counter.image, counter.payload = self.programs, self.image, self.payload
                # The restored clock stands where the state was kept; after a boot it would jump past the end of open visits.
                vm.run(["date", "-s", f"@{time.time():.0f}"])
                case(counter, proved.append)
        except Exception as error:  # a case that breaks is a case that failed; the others go on
            if counter:
                self.keep_evidence(name, counter.vm)
            print(f"FAIL {name}: {time.monotonic() - begun:.1f} s; it had proved: {'; '.join(proved) or 'nothing'}\n"
                  f"{traceback.format_exc() if not isinstance(error, machines.VmError) else error}", flush=True)
            return False
        finally:
            disk.unlink()
        print(f"ok   {name}: {time.monotonic() - begun:.1f} s\n" + "".join(f"       - {one}\n" for one in proved), end="", flush=True)
        return True

    def keep_evidence(self, name, vm):
        path = self.place / f"{name}.log"
        path.write_text(vm.last_words + "\n---- qemu\n" + (vm.room / "qemu.log").read_text())
        print(f"   the guest's journal: {path}", flush=True)


def skipped(reason):
    print(f"SKIPPED: the VM suite proved nothing: {reason}")
    return 0


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    sys.path.insert(0, str(HERE))
    reason = machines.missing()
    if reason:
        return skipped(reason)
    cases = all_cases()
    wanted = sys.argv[2:] or list(cases)
    unknown = [name for name in wanted if name not in cases]
    if unknown:
        print(f"vm: no case {', '.join(unknown)}; there are: {', '.join(cases)}", file=sys.stderr)
        return 64
    begun = time.monotonic()
    suite = Suite(build)
    try:
        suite.prepare()
        failed = [name for name in wanted if not suite.run(name, cases[name])]
    except NoGuest as reason:
        return skipped(reason)
    except machines.VmError as error:
        print(f"FAIL before any case: {error}")
        return 1
    finally:
        shutil.rmtree(suite.rooms, ignore_errors=True)
    print(f"{len(wanted) - len(failed)} of {len(wanted)} cases held, {time.monotonic() - begun:.0f} s"
          + (f"; failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
