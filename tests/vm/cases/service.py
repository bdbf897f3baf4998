# SPDX-License-Identifier: Apache-2.0
"""The service as its packages leave it: what only real systemd can show."""
import json
import re

from vm import SLOWER, VmError

MOST_EXPOSURE = 1.5
PROBE = "/usr/local/sbin/quay-vm-probe"
# Each line is tried inside quayd's own sandbox and outside of it by the same user. Rights of files are opened wide before, so
# that what refuses is the sandbox.
PROBE_TEXT = '''#!/usr/bin/python3
import ctypes, json, mmap, os, socket, sys
def tried(what):
    try:
        what()
        return "allowed"
    except Exception as error:
        return type(error).__name__
def write(path):
    with open(path, "w") as file:
        file.write("x")
def unshared():
    if ctypes.CDLL(None, use_errno=True).unshare(0x10000000):
        raise OSError(ctypes.get_errno(), "unshare")
def outside():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.sendto(b"x", ("198.51.100.7", 9))
def local():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.sendto(b"x", ("127.0.0.1", 9))
print(json.dumps({
    "memory": tried(lambda: os.close(os.open("/dev/mem", os.O_RDONLY))),
    "disk": tried(lambda: os.close(os.open("/dev/vda", os.O_RDONLY))),
    "home": tried(lambda: open("/home/clerk/letter").read()),
    "usr": tried(lambda: write("/usr/share/quay-vm-open/x")),
    "namespace": tried(unshared),
    "code": tried(lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC).close()),
    "packets": tried(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()),
    "abroad": tried(outside),
    "usb": tried(lambda: os.close(os.open("/dev/bus/usb/001/001", os.O_RDWR))),
    "state": tried(lambda: write("/var/lib/quay/vm-probe")),
    "loopback": tried(local),
    "null": tried(lambda: write("/dev/null")),
}))
'''
REFUSED = ("memory", "disk", "home", "usr", "namespace", "code", "packets", "abroad")
LEFT = ("usb", "state", "loopback", "null")


def the_shipped_unit_is_ready(counter, proved):
    vm = counter.vm
    assert counter.show("ActiveState") == "active" and counter.show("NotifyAccess") == "main"
    fragment = counter.show("FragmentPath")
    assert vm.try_run(["dpkg", "-S", fragment])[1].startswith("quay:"), fragment
    assert vm.run(["systemctl", "is-enabled", "quayd.service"]).strip() == "enabled"
    assert vm.run("stat -c %U /proc/$(systemctl show -P MainPID quayd)").strip() == "quay"
    proved("dpkg -i enables and starts quayd; it said READY=1 to systemd and runs as user quay")
    said = vm.run(["systemd-analyze", "security", "--no-pager", "quayd.service"])
    exposure = float(re.search(r"exposure level for quayd.service: ([\d.]+)", said).group(1))
    assert exposure <= MOST_EXPOSURE, f"exposure {exposure}"
    proved(f"systemd-analyze security of the running unit: {exposure}")


def its_sockets_are_the_groups(counter, proved):
    vm = counter.vm
    listed = dict(line.split(" ", 1) for line in vm.run("stat -c '%n %U:%G %a %F' /run/quay /run/quay/events /run/quay/control "
                                                        "/run/quay/images /run/quay/live /var/lib/quay").splitlines())
    assert listed.pop("/run/quay") == "quay:quay 750 directory", listed
    assert listed.pop("/var/lib/quay") == "quay:quay 700 directory", listed
    for path, said in listed.items():
        owner, mode, kind = said.split(" ", 2)
        assert owner == "quay:quay" and kind == "socket" and int(mode, 8) & 0o007 == 0, f"{path}: {said}"
    proved("sockets and directories belong to quay:quay, nothing is anybody's: " + ", ".join(sorted(listed)))
    vm.run("useradd stranger && useradd -G quay clerk")
    assert vm.try_run("setpriv --reuid stranger --regid stranger --init-groups quayctl status")[0] != 0
    vm.run("setpriv --reuid clerk --regid clerk --init-groups quayctl status")
    proved("a member of group quay is served, another user is not")


def probed(vm, command):
    return json.loads(vm.run(command).strip().splitlines()[-1])


def the_sandbox_refuses_and_lets_work(counter, proved):
    vm = counter.vm
    vm.run("mkdir -p /home/clerk /usr/share/quay-vm-open && echo dear > /home/clerk/letter && chmod 777 /usr/share/quay-vm-open"
           " && chmod 666 /dev/mem /dev/vda /dev/bus/usb/001/001 && chmod -R a+rX /home/clerk")
    vm.write(PROBE, PROBE_TEXT, 0o755)
    outside = probed(vm, f"setpriv --reuid quay --regid quay --init-groups {PROBE}")
    # The suite's own check: without the sandbox the same user may. (Raw packets take a capability, /dev/mem takes one besides
    # its rights, and the guest has no way abroad.)
    for what in ("disk", "home", "usr", "code", "namespace"):
        assert outside[what] == "allowed", f"{what} is refused without the sandbox too: {outside}"
    # A process of the unit, as its workers are.
    counter.drop_in("probe", f"[Service]\nExecStartPre=/bin/sh -c '{PROBE} > /var/lib/quay/vm-probe.json'\n")
    vm.run(["systemctl", "restart", "quayd.service"], 60)
    counter.ready()
    inside = probed(vm, ["cat", "/var/lib/quay/vm-probe.json"])
    refused = {what: inside[what] for what in REFUSED}
    assert "allowed" not in refused.values(), inside
    assert all(inside[what] == "allowed" for what in LEFT), inside
    proved("refused inside, though the files' rights allow it: " + ", ".join(f"{what} ({why})" for what, why in refused.items()))
    proved("left inside: " + ", ".join(LEFT))


def a_hung_daemon_is_killed_and_started_again(counter, proved):
    vm = counter.vm
    counter.drop_in("watchdog", "[Service]\nWatchdogSec=20\n")
    vm.run(["systemctl", "restart", "quayd.service"], 60)
    counter.ready()
    first = counter.show("MainPID")
    vm.run(["kill", "-STOP", first])
    vm.until(f"test $(systemctl show -P MainPID quayd) != {first} && systemctl is-active --quiet quayd", 60)
    assert "Watchdog timeout" in counter.journal("-u", "quayd", "--grep", "Watchdog"), "it was not the watchdog"
    assert counter.show("NRestarts") == "1"
    counter.ready()
    proved("SIGSTOP of quayd: killed by systemd's watchdog, started again, READY again, answers")


def a_crashed_daemon_is_started_again(counter, proved):
    vm = counter.vm
    first = counter.show("MainPID")
    vm.run(["kill", "-SEGV", first])
    vm.until(f"pid=$(systemctl show -P MainPID quayd); test $pid != {first} && test $pid != 0 && systemctl is-active --quiet quayd", 60)
    assert counter.show("NRestarts") == "1"
    counter.ready()
    assert not vm.run("find / -xdev -name 'core*' -size +100k -type f -newer /etc/machine-id 2>/dev/null | grep -v /proc || true").strip()
    proved("SIGSEGV of quayd: started again, READY again, answers; no core was left on the disk")


def a_wrong_configuration_is_not_started_again(counter, proved):
    vm = counter.vm
    vm.write("/etc/quay/quay.toml", "[scanner]\ndiscover = 7\n")
    assert vm.try_run(["systemctl", "restart", "quayd.service"], 60)[0] != 0
    vm.until("test $(systemctl show -P ActiveState quayd) = failed", 30)
    assert counter.show("ExecMainStatus") == "78" and counter.show("NRestarts") == "0"
    proved("a wrong configuration ends quayd with 78, and systemd does not try it again and again")


CASES = [the_shipped_unit_is_ready, its_sockets_are_the_groups, the_sandbox_refuses_and_lets_work,
         a_hung_daemon_is_killed_and_started_again, a_crashed_daemon_is_started_again, a_wrong_configuration_is_not_started_again]
