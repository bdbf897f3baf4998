# SPDX-License-Identifier: Apache-2.0
"""A Debian of its own in a folder, as far as dpkg can tell: it knows which packages this machine has, so that dependencies are
really judged, but holds no file besides ours. Maintainer scripts run with DPKG_ROOT; nothing of them reaches this machine."""
import os
import pathlib
import shutil
import subprocess
import tempfile

from packages import out_of


class PrivateRoot:
    def __init__(self):
        self.room = pathlib.Path(tempfile.mkdtemp(prefix="quay-pkg."))
        self.path = self.room / "r"
        self.database = self.path / "var/lib/dpkg"
        for folder in ("info", "updates", "triggers"):
            (self.database / folder).mkdir(parents=True)
        for folder in ("var/log", "etc", "run"):
            (self.path / folder).mkdir(parents=True, exist_ok=True)
        # Of this machine, without quay should it be installed here.
        stanzas = pathlib.Path("/var/lib/dpkg/status").read_text().split("\n\n")
        kept = [stanza for stanza in stanzas if "\nSource: quay\n" not in stanza and not stanza.startswith("Package: quay\n")]
        (self.database / "status").write_text("\n\n".join(kept))
        self.tools = self.room / "tools"
        self.tools.mkdir()
        for name in ("systemctl", "deb-systemd-invoke"):  # debhelper's scripts would talk to this machine's systemd
            self.stand_in(name, "exit 0")

    def __truediv__(self, path):
        return self.path / path

    def stand_in(self, name, script):
        """A program that maintainer scripts find before the machine's own."""
        (self.tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.tools / name).chmod(0o755)

    def environment(self):
        return {"PATH": f"{self.tools}:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}

    def dpkg(self, *arguments):
        """dpkg as root sees it; where the test is not root, fakeroot pretends."""
        pretend = [] if os.geteuid() == 0 else ["fakeroot"]
        command = [*pretend, "dpkg", f"--root={self.path}", "--force-script-chrootless,confold", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, env=self.environment(), stdin=subprocess.DEVNULL)

    def must(self, *arguments):
        done = self.dpkg(*arguments)
        if done.returncode != 0:
            raise AssertionError(f"dpkg {arguments}:\n{done.stdout}\n{done.stderr[-3000:]}")
        return done

    def postrm(self, *arguments):
        """quay's last script, outside of dpkg."""
        return subprocess.run(["sh", self.database / "info/quay.postrm", *arguments], capture_output=True, text=True, timeout=60,
                              env={**self.environment(), "DPKG_ROOT": str(self.path)})

    def status(self, package):
        done = subprocess.run(["dpkg-query", f"--admindir={self.database}", "-W", "-f", "${db:Status-Status}", package],
                              capture_output=True, text=True)
        return done.stdout

    def tree(self, folder):
        """{path: bytes} of the files below a folder."""
        return {str(p.relative_to(self.path)): p.read_bytes() for p in sorted((self.path / folder).rglob("*")) if p.is_file()}

    def remove(self):
        shutil.rmtree(self.room)


def newer(deb, version, room):
    """The same package under another version: what an upgrade is made of."""
    tree = room / (deb.name + ".tree")
    out_of("dpkg-deb", "--raw-extract", deb, tree)
    control = tree / "DEBIAN/control"
    old = out_of("dpkg-deb", "--field", deb, "Version").strip()
    control.write_text(control.read_text().replace(f"Version: {old}\n", f"Version: {version}\n").replace(f"(= {old})", f"(= {version})"))
    configuration = tree / "etc/quay/quay.toml"
    if configuration.exists():  # the maintainer's file changes too: dpkg has to decide between his and the operator's
        configuration.write_text(configuration.read_text() + "# of a newer version\n")
    out = room / deb.name.replace(old, version)
    out_of("dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, out)
    shutil.rmtree(tree)
    return out
