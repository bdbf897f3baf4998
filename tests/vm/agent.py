#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs in the guest as root and does what the suite asks over a virtio-serial port, one JSON object a line:
{"id", "run": [ARGUMENT...] or "shell text", "until": bool, "seconds"} -> {"id", "rc", "out"}. With "until" the command is tried again
until it succeeds. {"id", "write": PATH, "text", "mode"} writes a file. A command whose time is up is killed; rc is then 124."""
import base64
import json
import os
import pathlib
import signal
import subprocess
import time

PORT = "/dev/virtio-ports/quay.agent"
PAUSE_S = 0.05


def run_once(command, seconds):
    shell = isinstance(command, str)
    # A file and not a pipe: a daemon that the command leaves behind would hold a pipe open for ever.
    with open("/run/quay-vm-agent.out", "w+b") as out:
        process = subprocess.Popen(command, shell=shell, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            code = 124
        out.seek(0)
        return code, out.read().decode(errors="replace")


def run(order):
    end = time.monotonic() + order["seconds"]
    while True:
        code, out = run_once(order["run"], max(end - time.monotonic(), 0.01))
        if code == 0 or not order.get("until") or time.monotonic() >= end:
            return {"rc": code, "out": out}
        time.sleep(PAUSE_S)


def write(order):
    path = pathlib.Path(order["write"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(base64.b64decode(order["bytes"]))
    path.chmod(order["mode"])
    return {"rc": 0, "out": ""}


def answer(order):
    try:
        return write(order) if "write" in order else run(order)
    except Exception as error:  # the suite must hear of it, whatever it is
        return {"rc": 125, "out": repr(error)}


def main():
    with open(PORT, "r+b", buffering=0) as port:
        waiting = b""
        while True:
            waiting += os.read(port.fileno(), 65536)
            while b"\n" in waiting:
                line, waiting = waiting.split(b"\n", 1)
                if line.strip():
                    order = json.loads(line)
                    port.write(json.dumps({"id": order["id"], **answer(order)}).encode() + b"\n")


if __name__ == "__main__":
    main()
