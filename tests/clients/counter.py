# SPDX-License-Identifier: Apache-2.0
"""A counter for tests of the client libraries: the real quayd with its real workers over the rig's SANE backend, in a private
directory. As a program it does what it is told on standard input, one JSON line each: how the tests in Node drive it."""
from __future__ import annotations

import contextlib
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

import zmq

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ROOT / "tests" / "data" / "pages"
PATIENCE = 30.0


def wait_until(what, patience=PATIENCE):
    """What `what` gives as soon as it is true; fails when it does not become so."""
    until = time.monotonic() + patience
    while True:
        found = what()
        if found:
            return found
        if time.monotonic() > until:
            raise AssertionError("did not come true in time")
        time.sleep(0.02)


def free_port():
    """A port that nobody listens on, nor on the two above it."""
    while True:
        port = random.randrange(20000, 60000)
        with contextlib.ExitStack() as stack:
            try:
                for each in range(port, port + 3):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", each))
            except OSError:
                continue
        return port


class Counter:
    """Paper, scanner, quayd. `bridge` tells the clients to come through a Bridge that loses messages on command; `tcp` opens the
    sockets on 127.0.0.1 too, for the key in `key_file`; `camera` puts a document camera there, overhead-1."""

    def __init__(self, sheets=3, bridge=False, tcp=False, camera=False):
        self._directory = tempfile.TemporaryDirectory(prefix="quay-client-")
        self.path = pathlib.Path(self._directory.name)
        self._bin = pathlib.Path(os.environ["QUAY_BIN_DIRECTORY"])
        self._libexec = self._bin
        self._daemon = self._camera = None
        self._settings = {"ppm": 0}
        self._scanner = self.path / "sane"
        self._scanner.mkdir()
        (self._scanner / "dll.conf").write_text("quaytest\n")
        self._script()
        self.load(sheets)
        self.key_file = str(self.path / "kiosk.key")
        self.connect = self.server_key = None
        more = (self._tcp() if tcp else "") + (self._with_camera() if camera else "")
        (self.path / "quay.toml").write_text(self._configuration() + more)
        self.run = str(self.path / ("front" if bridge else "run"))
        self.bridge = None
        if bridge:
            from bridge import Bridge
            self.bridge = Bridge(self.path / "run", self.path / "front")

    def _configuration(self):
        return f"""
[daemon]
runtime_directory = "{self.path}/run"
state_directory = "{self.path}/state"
libexec_directory = "{self._libexec}"
text_language = ""
[scanner]
sane_backend_directory = "{os.environ['QUAY_BACKEND_DIRECTORY']}"
[[scanner.device]]
id = "scanner-1"
sane_device = "quaytest:0"
sane_directory = "{self._scanner}"
"""

    def _tcp(self):
        (self.server_key, server_secret), (public, secret) = ([key.decode() for key in zmq.curve_keypair()] for _ in range(2))
        for name, key in (("server.key", server_secret), ("kiosk.key", secret)):
            (self.path / name).touch(mode=0o600)
            (self.path / name).write_text(key + "\n")
        port = free_port()
        self.connect = f"tcp://127.0.0.1:{port}"
        return f"""
[tcp]
port = {port}
server_secret_key_file = "{self.path}/server.key"
[[tcp.client]]
name = "kiosk"
public_key = "{public}"
roles = ["front_end"]
"""

    def _with_camera(self):
        """The simulated video node, and a worker that sees it."""
        node = self.path / "v4l" / "by-id" / "usb-Quay-video-index0"
        node.parent.mkdir(parents=True)
        self._camera = subprocess.Popen(
            [self._bin / "quay-sim-document-camera", "--node", node, "--control", self.path / "camera.sock", "--fps", "15",
             "--sheets", PAGES], stdout=subprocess.PIPE, text=True)
        assert self._camera.stdout.readline().startswith("ready")
        self._libexec = self.path / "libexec"
        self._libexec.mkdir()
        for program in ("quay-scanner", "quay-camera", "quay-imaging"):
            (self._libexec / program).symlink_to(self._bin / program)
        worker = self._libexec / "quay-document-camera"
        worker.write_text(f"#!/bin/sh\nexport LD_PRELOAD='{self._bin.parent}/rig-video/libquay-sim-video.so'\n"
                          f"exec '{self._bin}/quay-document-camera' \"$@\"\n")
        worker.chmod(0o700)
        return f'[[document_camera.device]]\nid = "overhead-1"\nvideo = "{node}"\n'

    def tell_camera(self, command):
        """What a hand at the camera does: see tests/rig/README.md."""
        done = subprocess.run([self._bin / "quay-sim-document-camera", "--control", self.path / "camera.sock", "--tell",
                               *command.split()], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def _script(self):
        lines = [f"page {page}" for page in sorted(PAGES.glob("*.jpg"))]
        lines += [f"state {self._scanner}/state", f"trace {self._scanner}/trace"]
        lines += [f"{name} {value}" for name, value in self._settings.items() if value]
        draft = self._scanner / "quaytest.conf.new"
        draft.write_text("\n".join(lines) + "\n")
        draft.rename(self._scanner / "quaytest.conf")

    def set(self, name, value):
        """A setting of the backend: ppm, fault."""
        self._settings[name] = value
        self._script()

    def load(self, sheets):
        (self._scanner / "state").write_text(f"sheets={sheets} fed=0 unplugged=0 pressed=0\n")

    def sheets_left(self):
        return int((self._scanner / "state").read_text().split()[0].removeprefix("sheets="))

    def start(self):
        """Starts quayd and waits until the scanner is ready."""
        log = open(self.path / "quayd.log", "ab")
        self._daemon = subprocess.Popen([self._bin / "quayd", "--config", self.path / "quay.toml"], stdout=log, stderr=log)
        log.close()
        wait_until(self._is_ready)

    def _is_ready(self):
        if self._daemon.poll() is not None:
            raise AssertionError("quayd ended: " + self.log())
        devices = subprocess.run([self._bin / "quayctl", "--run", self.path / "run", "--json", "devices"],
                                 capture_output=True, text=True)
        return '"status":"ready"' in devices.stdout

    def kill(self):
        """kill -9."""
        self._daemon.kill()
        self._daemon.wait()

    def freeze(self):
        self._daemon.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._daemon.send_signal(signal.SIGCONT)

    def log(self):
        return (self.path / "quayd.log").read_text()

    def feeds(self):
        """How many pages the scanner was told to take in."""
        trace = self._scanner / "trace"
        return trace.read_text().count("start page=") if trace.exists() else 0

    def forget_journal(self):
        """An administrator's hand, between two starts of quayd: everything kept is gone."""
        subprocess.run(["rm", "-rf", self.path / "state"], check=True)

    def close(self):
        if self.bridge:
            self.bridge.close()
        if self._daemon and self._daemon.poll() is None:
            self._daemon.send_signal(signal.SIGCONT)
            self._daemon.terminate()
            self._daemon.wait(timeout=20)
        if self._camera:
            self._camera.terminate()
            self._camera.wait(timeout=20)
            self._camera.stdout.close()
        self._directory.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def serve():
    """Each line {"do": METHOD, "with": [ARGUMENTS]}; "bridge." before METHOD asks the bridge. Answers {"gave": VALUE}."""
    options = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
    with Counter(**options) as counter:
        print(json.dumps({"run": counter.run, "path": str(counter.path), "connect": counter.connect,
                          "server_key": counter.server_key, "key_file": counter.key_file}), flush=True)
        for line in sys.stdin:
            wish = json.loads(line)
            target, method = counter, wish["do"]
            if method.startswith("bridge."):
                target, method = counter.bridge, method.removeprefix("bridge.")
            try:
                print(json.dumps({"gave": getattr(target, method)(*wish.get("with", []))}), flush=True)
            except (AssertionError, OSError, ValueError) as fault:
                print(json.dumps({"failed": str(fault)}), flush=True)


if __name__ == "__main__":
    serve()
