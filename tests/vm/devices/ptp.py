# SPDX-License-Identifier: Apache-2.0
"""A still camera on USB (PIMA 15740 appendix D). What it does is the rig's: each container goes to quay-sim-camera over PTP/IP
(CIPA DC-005), so the machine meets the same camera as the tests on the host, by its real USB drivers."""
import re
import socket
import struct
import subprocess
import threading

from usbredir import BULK_KIND, INTERRUPT_KIND, Device, Endpoint, Interface
from vm import VmError

INIT_COMMAND, INIT_EVENT, REQUEST, RESPONSE, EVENT, START_DATA, DATA, END_DATA = 1, 3, 6, 7, 8, 9, 10, 12
COMMAND_BLOCK, DATA_BLOCK, RESPONSE_BLOCK, EVENT_BLOCK = 1, 2, 3, 4
HOST_SENDS = {0x100C, 0x100D, 0x1016, 0x9805}
TO_GUEST, FROM_GUEST, EVENTS = 0x81, 0x02, 0x83
HEAD = struct.Struct("<IHHI")


class SimulatedCamera:
    """quay-sim-camera as a process of its own; ended with the object."""

    def __init__(self, programs, control, scenes, words=()):
        self.program, self.control = programs / "quay-sim-camera", control
        self.process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", self.program, "--control", self.control, "--scenes", *scenes, *words],
                                        stdout=subprocess.PIPE, text=True)
        found = re.match(r"ready port=(\d+)", self.process.stdout.readline())
        if not found:
            raise VmError("quay-sim-camera did not start")
        self.port = int(found.group(1))

    def tell(self, *words):
        done = subprocess.run([self.program, "--control", self.control, "--tell", *words], capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise VmError(f"camera {words}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def end(self):
        self.process.kill()
        self.process.wait()


class Link:
    """One PTP/IP session with the simulated camera: what it says goes to the device."""

    def __init__(self, port, device):
        self.device = device
        self.commands = self._open(port, INIT_COMMAND, b"\x51" * 16 + "vm".encode("utf-16-le") + b"\0\0" + struct.pack("<I", 0x10000))
        number = self._packet(self.commands)[1][:4]
        self.events = self._open(port, INIT_EVENT, number)
        self._packet(self.events)
        for serve in (self._serve_commands, self._serve_events):
            threading.Thread(target=serve, daemon=True).start()

    @staticmethod
    def _open(port, kind, body):
        link = socket.create_connection(("127.0.0.1", port))
        link.sendall(struct.pack("<II", 8 + len(body), kind) + body)
        return link

    @staticmethod
    def _exactly(link, count):
        data = b""
        while len(data) < count:
            piece = link.recv(count - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def _packet(self, link):
        length, kind = struct.unpack("<II", self._exactly(link, 8))
        return kind, self._exactly(link, length - 8)

    def request(self, code, transaction, parameters, data):
        words = struct.pack(f"<IHI{len(parameters)}I", 2 if data is not None else 1, code, transaction, *parameters)
        self._send(REQUEST, words.ljust(30, b"\0"))
        if data is not None:
            self._send(START_DATA, struct.pack("<IQ", transaction, len(data)))
            self._send(END_DATA, struct.pack("<I", transaction) + data)

    def _send(self, kind, body):
        self.commands.sendall(struct.pack("<II", 8 + len(body), kind) + body)

    def _serve_commands(self):
        data = b""
        try:
            while True:
                kind, body = self._packet(self.commands)
                if kind == START_DATA:
                    data = b""
                elif kind in (DATA, END_DATA):
                    data += body[4:]
                    if kind == END_DATA:
                        self.device.container(self, DATA_BLOCK, None, struct.unpack("<I", body[:4])[0], data)
                elif kind == RESPONSE:
                    code, transaction = struct.unpack_from("<HI", body)
                    self.device.container(self, RESPONSE_BLOCK, code, transaction, body[6:])
        except (EOFError, OSError):
            pass  # the session is over

    def _serve_events(self):
        try:
            while True:
                kind, body = self._packet(self.events)
                if kind == EVENT:
                    code, transaction = struct.unpack_from("<HI", body)
                    words = body[6:18].ljust(12, b"\0")
                    self.device.interrupt(EVENTS, HEAD.pack(24, EVENT_BLOCK, code, transaction) + words)
        except (EOFError, OSError):
            pass

    def close(self):
        for link in (self.commands, self.events):
            link.close()


class PtpCamera(Device):
    vendor, product = 0x1209, 0x2001
    interfaces = (Interface(0, (6, 1, 1), (Endpoint(TO_GUEST, BULK_KIND), Endpoint(FROM_GUEST, BULK_KIND),
                                           Endpoint(EVENTS, INTERRUPT_KIND, 64, 6))),)

    def __init__(self, socket_path, port, serial="QUAYCAM1"):
        self.strings = ("", "Quay", "Counter Camera", serial)
        self.port, self.link = port, None
        self.asked, self.block = None, b""
        super().__init__(socket_path)

    def reset(self):
        if self.link:
            self.link.close()
        self.link, self.asked, self.block = None, None, b""

    def class_request(self, request_type, request, value, index, data):
        return {0x64: b"", 0x66: b"", 0x67: struct.pack("<HH", 4, 0x2001)}.get(request)

    def received(self, endpoint, data):
        self.block += data
        if len(self.block) < HEAD.size or len(self.block) < HEAD.unpack_from(self.block)[0]:
            return
        length, kind, code, transaction = HEAD.unpack_from(self.block)
        body, self.block = self.block[HEAD.size:length], self.block[length:]
        if kind == COMMAND_BLOCK:
            self.asked = code, transaction, struct.unpack(f"<{len(body) // 4}I", body)
        if kind == DATA_BLOCK or code not in HOST_SENDS:
            self.link = self.link or Link(self.port, self)
            self.link.request(*self.asked, body if kind == DATA_BLOCK else None)

    def container(self, link, kind, code, transaction, body):
        with self.lock:
            if link is not self.link:
                return  # of a session before the device was pulled
            block = HEAD.pack(HEAD.size + len(body), kind, code or self.asked[0], transaction) + body
            self.offer(TO_GUEST, block)
            if len(block) % 512 == 0:
                self.offer(TO_GUEST, b"")
