# SPDX-License-Identifier: Apache-2.0
"""The guest's kernel: Debian's own, downloaded and never installed here, with the modules that the cases need, and a first file
system of busybox that finds the disk."""
import pathlib
import re
import shutil
import subprocess

DISK = ["virtio_pci", "virtio_blk", "crc32c_generic", "ext4"]
OTHERS = """virtio_console virtio_rng autofs4 xhci_pci xhci_hcd usbcore usblp uvcvideo usbhid evdev usb_storage sd_mod loop af_packet""".split()
SKIP = 77
INIT = """#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs dev /dev
for module in $(/bin/busybox cat /order); do /bin/busybox insmod /modules/$module || echo "no $module"; done
until [ -b /dev/vda ]; do :; done
/bin/busybox mount -t ext4 /dev/vda /root || exec /bin/busybox sh
exec /bin/busybox switch_root /root /lib/systemd/systemd
"""


def output(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def skip(reason):
    """There is no guest to be had here; the suite prints why and goes home."""
    print(reason)
    raise SystemExit(SKIP)


def kernel_package():
    """(package, version) that linux-image-amd64 stands for at present."""
    named = re.search(r"Depends: (linux-image-\S+)", output("apt-cache", "depends", "--important", "linux-image-amd64"))
    if not named:
        skip("apt knows no linux-image-amd64 (apt-get update)")
    shown = output("apt-cache", "policy", named.group(1))
    return named.group(1), re.search(r"Candidate: (\S+)", shown).group(1)


def fetched(kernel, place):
    """Folder with the kernel's files; the package is fetched once."""
    folder = place / f"kernel-{kernel[1]}"
    if not folder.exists():
        making = place / "kernel.making"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        if subprocess.run(["apt-get", "-q", "download", f"{kernel[0]}={kernel[1]}"], cwd=making, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode:
            skip(f"{kernel[0]} {kernel[1]} could not be downloaded")
        [package] = making.glob("*.deb")
        subprocess.run(["dpkg-deb", "-x", package, making / "files"], check=True)
        package.unlink()
        (making / "files").rename(folder)
        shutil.rmtree(making)
    return folder


def order(base, release, wanted):
    """Paths of the modules, what another needs before it."""
    needs = {}
    for line in (base / "lib/modules" / release / "modules.dep").read_text().splitlines():
        path, rest = line.split(":")
        needs[pathlib.Path(path).name.split(".")[0].replace("-", "_")] = (path, rest.split())
    found = []
    for name in wanted:
        if name in needs:  # the others are built in
            path, rest = needs[name]
            found += [one for one in [*reversed(rest), path] if one not in found]
    return found


def install(kernel, work, tree):
    [image] = (kernel / "boot").glob("vmlinuz-*")
    release = image.name.removeprefix("vmlinuz-")
    source = kernel / "lib/modules" / release
    if not (source / "modules.dep").exists():
        subprocess.run(["depmod", "-b", kernel, release], check=True)
    shutil.copy(image, work / "vmlinuz")
    target = tree / "usr/lib/modules" / release
    for path in order(kernel, release, DISK + OTHERS):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / path, target / path)
    for path in source.glob("modules.builtin*"):
        shutil.copy(path, target)
    shutil.copy(source / "modules.order", target)
    subprocess.run(["depmod", "-b", tree, release], check=True)
    first_files(source, work, order(kernel, release, DISK))


def first_files(source, work, needed):
    root = work / "initrd.files"
    for folder in ("bin", "modules", "proc", "sys", "dev", "root"):
        (root / folder).mkdir(parents=True)
    shutil.copy("/bin/busybox", root / "bin/busybox")
    for path in needed:
        shutil.copy(source / path, root / "modules")
    (root / "order").write_text("".join(pathlib.Path(path).name + "\n" for path in needed))
    (root / "init").write_text(INIT)
    (root / "init").chmod(0o755)
    with open(work / "initrd", "wb") as packed:
        names = "\n".join(str(path.relative_to(root)) for path in sorted(root.rglob("*")))
        cpio = subprocess.Popen(["cpio", "--quiet", "-o", "-H", "newc"], cwd=root, stdin=subprocess.PIPE, stdout=packed, text=True)
        cpio.communicate(names)
    shutil.rmtree(root)
