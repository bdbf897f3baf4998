# SPDX-License-Identifier: Apache-2.0
"""What the tests of the packages share: where they are, and what dpkg-deb says of them."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def arguments():
    """(directory of the packages, directory of the built programs), taken off the command line."""
    return pathlib.Path(sys.argv.pop(1)), pathlib.Path(sys.argv.pop(1))


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300, **options)


def out_of(*command):
    done = run(*command)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.stderr}")
    return done.stdout


def debs(directory):
    """{name of a package: its file}"""
    return {path.name.split("_")[0]: path for path in sorted(directory.glob("*.deb"))}


def field(deb, name):
    return out_of("dpkg-deb", "--field", deb, name).strip()


def names_in(relation):
    """Packages a Depends names, the alternatives too."""
    return set(re.findall(r"(?:^|[,|])\s*([a-z0-9][a-z0-9+.-]*)", relation))


def entries(deb):
    """{path: (mode, owner)} of everything in a package, folders with a slash at their end."""
    found = {}
    for line in out_of("dpkg-deb", "--contents", deb).splitlines():
        mode, owner, _, _, _, path = line.split(None, 5)
        if path != "./":
            found[path.split(" -> ")[0][2:]] = (mode, owner)
    return found
