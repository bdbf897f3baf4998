#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The disk of the guest: Debian made of the packages that are installed on this machine, so that quay runs with exactly the libraries
it was built against, and Debian's stock kernel with the modules the cases need. Nothing of quay is in it, only what
its packages depend on: cached by the versions of those. Usage: image.py DIRECTORY PACKAGE.deb...; prints the directory that holds
disk.ext4, vmlinuz and initrd."""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

import modules

HERE = pathlib.Path(__file__).resolve().parent
INFO = pathlib.Path("/var/lib/dpkg/info")
DISK_MIB = 900

# What Debian calls essential, what boots, and what a counter has: the services quay's packages work with.
WANTED = """base-files base-passwd bash bsdutils coreutils dash debianutils diffutils dpkg findutils grep gzip hostname init-system-helpers
libc-bin login mount ncurses-base passwd perl-base sed tar util-linux sysvinit-utils systemd udev dbus kmod procps
polkitd pcscd libccid ipp-usb sane-airscan python3 python3-zmq usbutils""".split()
LEFT_OUT = re.compile(r"^/usr/share/(doc|man|info|locale|lintian|bug|icons|pixmaps|gtk-doc)/|\.a$|^/usr/include/")
MERGED = re.compile(r"^/(bin|sbin|lib|lib64|lib32|libx32)(/|$)")

SETTINGS = {
    "etc/hostname": "counter\n",
    "etc/hosts": "127.0.0.1 localhost counter\n::1 localhost\n",
    "etc/fstab": "/dev/vda / ext4 defaults 0 1\n",
    "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
    "etc/default/locale": "LANG=C.UTF-8\n",
    # Every line of the journal must be on the disk that a power cut leaves, and none may be dropped for its rate.
    "etc/systemd/journald.conf.d/vm.conf": "[Journal]\nStorage=persistent\nRateLimitBurst=0\n",
    "etc/modules-load.d/vm.conf": "".join(name + "\n" for name in modules.OTHERS),
    # Plain emulation is about ten times slower than the machines that Debian's timeouts are made for.
    "etc/systemd/system.conf.d/vm.conf": "[Manager]\nDefaultTimeoutStartSec=600\nDefaultDeviceTimeoutSec=600\n",
}
MASKED = """apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer getty@tty1.service
serial-getty@ttyS0.service systemd-timesyncd.service systemd-networkd.service systemd-networkd-wait-online.service systemd-pstore.service
systemd-resolved.service systemd-networkd.socket systemd-binfmt.service proc-sys-fs-binfmt_misc.automount modprobe@drm.service modprobe@efi_pstore.service modprobe@dm_mod.service""".split()


def output(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True, **options).stdout


class Packages:
    """What dpkg says is installed here."""

    def __init__(self):
        self.version, self.architecture, self.needs, self.providers = {}, {}, {}, {}
        layout = "${Package}\t${Architecture}\t${Version}\t${Pre-Depends}, ${Depends}\t${Provides}\t${db:Status-Status}\n"
        for line in output("dpkg-query", "-W", "-f", layout).splitlines():
            package, architecture, version, needs, provides, status = line.split("\t")
            if status != "installed" or package in self.version:
                continue
            self.version[package], self.architecture[package], self.needs[package] = version, architecture, needs
            for name in re.findall(r"([a-z0-9][a-z0-9+.-]+)", re.sub(r"\([^)]*\)", "", provides)):
                self.providers.setdefault(name, package)

    def chosen(self, alternatives):
        names = [re.split(r"[\s(:\[]", one.strip())[0] for one in alternatives.split("|")]
        return next((self.providers.get(name, name) if name not in self.version else name for name in names
                     if name in self.version or name in self.providers), None)

    def closure(self, roots):
        found, waiting = set(), list(roots)
        while waiting:
            package = self.chosen(waiting.pop())
            if package and package not in found:
                found.add(package)
                waiting += [one for one in self.needs[package].split(",") if one.strip()]
        return sorted(found)

    def info(self, package, suffix):
        both = INFO / f"{package}.{suffix}", INFO / f"{package}:{self.architecture[package]}.{suffix}"
        return next((path for path in both if path.exists()), None)


def needed_by(debs):
    """What the packages depend on; what is not installed here dpkg will miss in the guest, and say so."""
    found = []
    for deb in debs:
        found += [one.strip() for one in output("dpkg-deb", "--field", deb, "Depends").split(",") if not re.match(r"\s*quay\b", one)]
    return [one for one in found if one]


def merged(path):
    return MERGED.sub(r"/usr/\1\2", path)


def files_of(packages, closure):
    """Paths of the packages as they are here, compiled Python beside its source."""
    found = {"/bin", "/sbin", "/lib", "/lib64"}
    for package in closure:
        listed = packages.info(package, "list")
        for path in listed.read_text().splitlines() if listed else ():
            path = merged(path)
            if path in ("/.", "/bin", "/sbin", "/lib", "/lib64") or LEFT_OUT.search(path) or not os.path.lexists(path):
                continue
            found.add(path)
            if path.endswith(".py"):
                compiled = pathlib.Path(path)
                compiled = compiled.parent / "__pycache__" / f"{compiled.stem}.cpython-3{sys.version_info.minor}.pyc"
                found.update({str(compiled.parent), str(compiled)} if compiled.exists() else ())
    for folder in ("/usr/bin", "/usr/sbin"):  # made by update-alternatives, so in no package's list
        for path in pathlib.Path(folder).iterdir():
            if path.is_symlink() and os.readlink(path).startswith("/etc/alternatives/"):
                link = pathlib.Path(os.readlink(path))
                found.update({str(path), str(link)} if os.readlink(link) in found else ())
    return sorted(found)


def copy_files(paths, tree):
    listed = "\0".join(path.lstrip("/") for path in paths)
    pack = subprocess.Popen(["tar", "-C", "/", "--no-recursion", "--null", "--files-from=-", "-cf", "-"], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE)
    unpack = subprocess.Popen(["tar", "-C", tree, "-xpf", "-"], stdin=pack.stdout)
    pack.stdin.write(listed.encode())
    pack.stdin.close()
    if unpack.wait() or pack.wait():
        raise SystemExit("image: the packages' files could not be copied")


def copy_dpkg(packages, closure, tree):
    """dpkg's own books of just these packages: quay's .deb are installed by the real dpkg, which checks what they depend on."""
    books = tree / "var/lib/dpkg"
    for folder in ("info", "updates", "alternatives", "triggers", "parts"):
        (books / folder).mkdir(parents=True, exist_ok=True)
    wanted = set(closure)
    stanzas = (INFO.parent / "status").read_text().split("\n\n")
    ours = [one for one in stanzas if one.strip() and re.match(r"\n?Package: (\S+)", one).group(1) in wanted and "\nStatus: install ok installed" in one]
    (books / "status").write_text("\n\n".join(one.strip("\n") for one in ours) + "\n")
    for name in ("available", "diversions", "statoverride"):
        (books / name).write_text("")
    (books / "info/format").write_text("1\n")
    names = wanted | {f"{package}:{packages.architecture[package]}" for package in wanted}
    for path in INFO.iterdir():
        if path.name.rpartition(".")[0] in names:
            shutil.copy(path, books / "info" / path.name)
    for name in ("File", "Unincorp"):
        if (INFO.parent / "triggers" / name).exists():
            lines = (INFO.parent / "triggers" / name).read_text().splitlines()
            kept = [line for line in lines if line.split()[-1].split("/")[0].split(":")[0] in wanted]
            (books / "triggers" / name).write_text("".join(line + "\n" for line in kept))


def copy_accounts(tree):
    """The system's users and groups, no person's, nobody's password."""
    names = set()
    kept = []
    for line in pathlib.Path("/etc/passwd").read_text().splitlines():
        words = line.split(":")
        if int(words[2]) < 1000 or words[0] == "nobody":
            kept.append(line)
            names.add(words[0])
    groups = []
    for line in pathlib.Path("/etc/group").read_text().splitlines():
        words = line.split(":")
        if words[0] != "quay" and (int(words[2]) < 1000 or words[0] == "nogroup"):
            groups.append(":".join(words[:3]) + ":" + ",".join(sorted(set(words[3].split(",")) & names)))
    kept = [line for line in kept if not line.startswith("quay:")]
    (tree / "etc/passwd").write_text("\n".join(kept) + "\n")
    (tree / "etc/shadow").write_text("".join(f"{line.split(':')[0]}:*:19000:0:99999:7:::\n" for line in kept))
    (tree / "etc/group").write_text("\n".join(groups) + "\n")
    (tree / "etc/gshadow").write_text("".join(f"{line.split(':')[0]}:*::\n" for line in groups))
    os.chmod(tree / "etc/shadow", 0o640)
    os.chmod(tree / "etc/gshadow", 0o640)


def settle(tree):
    """What maintainer scripts would have made, and the guest agent."""
    for folder in ("proc", "sys", "dev", "run", "tmp", "mnt", "root", "home", "var/tmp", "var/log/journal", "var/lib/systemd", "usr/local/sbin"):
        (tree / folder).mkdir(parents=True, exist_ok=True)
    for folder in ("tmp", "var/tmp"):
        os.chmod(tree / folder, 0o1777)
    for name, text in SETTINGS.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    for name in ("var/run", "var/lock"):
        if not os.path.lexists(tree / name):
            os.symlink("/run" if name == "var/run" else "/run/lock", tree / name)
    shutil.copy(HERE / "agent.py", tree / "usr/local/sbin/quay-vm-agent")
    shutil.copy(HERE / "agent.service", tree / "etc/systemd/system/quay-vm-agent.service")
    subprocess.run(["ldconfig", "-r", tree], check=True)
    subprocess.run(["systemd-hwdb", "--usr", f"--root={tree}", "update"], check=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["systemctl", f"--root={tree}", "preset-all"], check=True, **quiet)
    subprocess.run(["systemctl", f"--root={tree}", "mask", *MASKED], check=True, **quiet)
    subprocess.run(["systemctl", f"--root={tree}", "set-default", "multi-user.target"], check=True, **quiet)
    subprocess.run(["systemctl", f"--root={tree}", "enable", "quay-vm-agent.service"], check=True, **quiet)


def build(directory, packages, closure, kernel):
    work = directory.with_name(directory.name + ".making")
    shutil.rmtree(work, ignore_errors=True)
    tree = work / "tree"
    tree.mkdir(parents=True)
    copy_files(files_of(packages, closure), tree)
    copy_dpkg(packages, closure, tree)
    copy_accounts(tree)
    settle(tree)
    modules.install(kernel, work, tree)
    subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", "-E", "lazy_itable_init=0,lazy_journal_init=0", "-d", tree, work / "disk.ext4",
                    f"{DISK_MIB}M"], check=True, stdout=subprocess.DEVNULL)
    (work / "packages").write_text("".join(f"{one} {packages.version[one]}\n" for one in closure))
    shutil.rmtree(tree)
    work.rename(directory)


def main():
    place = pathlib.Path(sys.argv[1])
    if os.geteuid() != 0 and "FAKEROOTKEY" not in os.environ:
        os.execvp("fakeroot", ["fakeroot", sys.executable, *sys.argv])
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    place.mkdir(parents=True, exist_ok=True)
    packages = Packages()
    closure = packages.closure(WANTED + needed_by(sys.argv[2:]))
    kernel = modules.kernel_package()
    key = hashlib.sha256(repr([kernel, [(one, packages.version[one]) for one in closure]]).encode())
    for path in ("image.py", "modules.py", "agent.py", "agent.service"):
        key.update((HERE / path).read_bytes())
    directory = place / f"debian-{key.hexdigest()[:16]}"
    if not directory.exists():
        for old in place.glob("debian-*"):
            shutil.rmtree(old)
        build(directory, packages, closure, modules.fetched(kernel, place))
    print(directory)


if __name__ == "__main__":
    main()
