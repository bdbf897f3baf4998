# SPDX-License-Identifier: Apache-2.0
"""What dpkg does with the packages while systemd, udev and quayd run: upgrade, remove, purge."""

ALL = "quay-camera quay-card quay-document-camera quay-printer quay-scanner quay"
OPEN = '''
import quay_client
with quay_client.Client() as quay:
    visit = quay.open_visit()
    print(visit, quay.visit_key(visit))
'''
GO_ON = '''
import quay_client, sys
with quay_client.Client(wait=60) as quay:
    quay.use_visit(sys.argv[1], sys.argv[2])
    print(quay.call("visit.get", {"visit": sys.argv[1]})["visit"])
'''


def unpack(vm):
    vm.run("mkdir -p /root/debs && dd if=/dev/vdb iflag=direct bs=1M status=none | tar -xf - -C /root/debs")


def an_upgrade_keeps_open_visits(counter, proved):
    vm = counter.vm
    vm.write("/root/open.py", OPEN)
    vm.write("/root/go_on.py", GO_ON)
    visit, key = vm.run(["python3", "/root/open.py"]).split()
    first = counter.show("MainPID")
    unpack(vm)
    vm.write("/etc/quay/quay.toml", vm.run(["cat", "/etc/quay/quay.toml"]) + "# of the technician\n")
    vm.run("cd /root/debs && DEBIAN_FRONTEND=noninteractive dpkg -i --force-confold *.deb", 120)
    counter.ready()
    assert counter.show("MainPID") != first, "quayd was not started anew"
    assert visit in vm.run(["python3", "/root/go_on.py", visit, key])
    vm.run(["grep", "-q", "of the technician", "/etc/quay/quay.toml"])
    proved("installed over itself while it runs: quayd started anew and READY, the open visit goes on, the technician's quay.toml stays")


def removing_keeps_and_purging_destroys(counter, proved):
    vm = counter.vm
    vm.write("/root/open.py", OPEN)
    vm.run(["python3", "/root/open.py"])
    vm.run(f"DEBIAN_FRONTEND=noninteractive dpkg -r {ALL}", 120)
    assert vm.try_run("pgrep -x quayd")[0] != 0, "quayd still runs"
    vm.run("test -s /var/lib/quay/service.key && test -s /var/lib/quay/journal.db && test -e /etc/quay/quay.toml")
    left = vm.run("find /lib/udev /lib/systemd /usr/libexec/quay /usr/sbin /usr/bin -name '*quay*' 2>/dev/null || true").split()
    assert not [path for path in left if not path.endswith("quay-vm-agent")], left
    assert not vm.run("systemctl --failed --no-legend").strip()
    proved("removed: the service stopped, programs, unit and rules are gone; sealed pages, keys and configuration are there")
    vm.run(f"DEBIAN_FRONTEND=noninteractive dpkg -P {ALL}", 120)
    for path in ("/var/lib/quay", "/etc/quay", "/run/quay"):
        assert vm.try_run(["test", "-e", path])[0] != 0, f"{path} is there"
    proved("purged: nothing is left in /var/lib/quay, /etc/quay, /run/quay")


CASES = [an_upgrade_keeps_open_visits, removing_keeps_and_purging_destroys]
