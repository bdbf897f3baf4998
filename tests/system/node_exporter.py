#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what Debian's prometheus-node-exporter answers to a scrape when its textfile collector reads a directory; it listens on
a free port of 127.0.0.1 for as long as that takes. Usage: node_exporter.py DIRECTORY"""
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

PATIENCE_S = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def scrape(url, program):
    by = time.monotonic() + PATIENCE_S
    while True:
        try:
            return urllib.request.urlopen(url, timeout=PATIENCE_S).read().decode()
        except urllib.error.HTTPError as refused:
            return f"HTTP {refused.code}\n" + refused.read().decode()
        except OSError:
            if program.poll() is not None or time.monotonic() > by:
                raise
            time.sleep(0.05)


def main():
    where = f"127.0.0.1:{free_port()}"
    program = subprocess.Popen(["prometheus-node-exporter", f"--web.listen-address={where}", "--collector.disable-defaults",
                                "--collector.textfile", f"--collector.textfile.directory={sys.argv[1]}"],
                               stderr=subprocess.DEVNULL)
    try:
        print(scrape(f"http://{where}/metrics", program))
    finally:
        program.terminate()
        program.wait()


main()
