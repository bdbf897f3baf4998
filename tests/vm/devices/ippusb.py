# SPDX-License-Identifier: Apache-2.0
"""A multifunction printer that speaks HTTP over USB (IPP-over-USB 1.0): its scanner is quay-sim-scanner, its printer quay-sim-printer,
both of the rig. Each interface carries one connection, as ipp-usb expects; what stands in the path says which of the two it is for."""
import re
import socket
import subprocess
import threading

from usbredir import BULK_KIND, Device, Endpoint, Interface
from vm import VmError

IPP_OVER_USB = (7, 1, 4)
PAIRS = 3
FROM_GUEST, TO_GUEST = 0x01, 0x81
PIECE = 16384


class Simulators:
    """The two halves as processes of their own, ended with the object."""

    def __init__(self, programs, room, sheets):
        self.programs, self.room = programs, room
        (room / "tray").mkdir()
        self.scanner = self._start("quay-sim-scanner", "--socket", room / "escl.sock", "--control", room / "scanner.control", "--pages", *sheets,
                                   "--sheets", "3")
        self.printer = self._start("quay-sim-printer", "--tray", room / "tray", "--control", room / "printer.control")
        self.port = int(re.search(r":(\d+)/", self.printer.hello).group(1))

    def _start(self, program, *words):
        process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", self.programs / program, *words], stdout=subprocess.PIPE, text=True)
        process.hello = process.stdout.readline()
        if not process.hello.startswith("ready"):
            raise VmError(f"{program} did not start")
        return process

    def open(self, path):
        """A connection to the half that `path` is for."""
        if path.startswith(b"/eSCL"):
            link = socket.socket(socket.AF_UNIX)
            link.connect(str(self.room / "escl.sock"))
            return link
        return socket.create_connection(("127.0.0.1", self.port))

    def sheets_printed(self):
        path = self.room / "tray/sheets"
        return path.read_text().splitlines() if path.exists() else []

    def end(self):
        for process in (self.scanner, self.printer):
            process.kill()
            process.wait()


class Pipe:
    """One interface: requests of the guest in order, each led to its half, and the answers back."""

    def __init__(self, device, number):
        self.device, self.number = device, number
        self.links = {}
        self.left, self.head, self.chunked = 0, b"", None
        self.link = None

    def take(self, data):
        """What the guest sent: cut into requests by their lengths."""
        while data:
            if self.left:
                part, data = data[:self.left], data[self.left:]
                self.left -= len(part)
                self.link.sendall(part)
            elif self.chunked is not None:
                data = self._take_chunk(data)
            else:
                self.head += data
                end = self.head.find(b"\r\n\r\n")
                if end < 0:
                    return
                head, data, self.head = self.head[:end + 4], self.head[end + 4:], b""
                self._begin(head)

    def _begin(self, head):
        path = head.split(b" ", 2)[1]
        self.link = self._link(path)
        self.link.sendall(head)
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        self.left = int(length.group(1)) if length else 0
        self.chunked = b"" if re.search(rb"(?i)\r\ntransfer-encoding: *chunked", head) else None

    def _take_chunk(self, data):
        """Chunks go on as they come; only where they end is looked at."""
        self.chunked += data
        while True:
            line = self.chunked.find(b"\r\n")
            if line < 0:
                return b""
            size = int(self.chunked[:line].split(b";")[0], 16)
            whole = line + 2 + size + 2
            if len(self.chunked) < whole:
                return b""
            self.link.sendall(self.chunked[:whole])
            self.chunked = self.chunked[whole:]
            if size == 0:
                rest, self.chunked = self.chunked, None
                return rest

    def _link(self, path):
        half = path.startswith(b"/eSCL")
        if half not in self.links:
            self.links[half] = self.device.simulators.open(path)
            threading.Thread(target=self._answers, args=(half, self.links[half]), daemon=True).start()
        return self.links[half]

    def _answers(self, half, link):
        try:
            while True:
                data = link.recv(PIECE)
                if not data:
                    break
                with self.device.lock:
                    if self.device.pipes.get(self.number) is self:
                        self.device.offer(TO_GUEST + self.number, data)
        except OSError:
            pass
        self.links.pop(half, None)

    def close(self):
        for link in list(self.links.values()):
            link.close()


class Multifunction(Device):
    vendor, product = 0x1209, 0x2003
    strings = ("", "Quay", "Multifunction", "MFP1")
    interfaces = tuple(Interface(number, IPP_OVER_USB, (Endpoint(FROM_GUEST + number, BULK_KIND), Endpoint(TO_GUEST + number, BULK_KIND)))
                       for number in range(PAIRS))

    def __init__(self, socket_path, simulators):
        self.simulators, self.pipes = simulators, {}
        super().__init__(socket_path)

    def reset(self):
        for pipe in self.pipes.values():
            pipe.close()
        self.pipes = {}

    def class_request(self, request_type, request, value, index, data):
        if request == 0:  # GET_DEVICE_ID: two bytes of length, then IEEE 1284
            text = b"MFG:Quay;MDL:Multifunction;CMD:PDF,PWGRaster,URF;CLS:PRINTER;"
            return (len(text) + 2).to_bytes(2, "big") + text
        return b"\x18" if request == 1 else b""  # status: selected, no error

    def received(self, endpoint, data):
        number = endpoint - FROM_GUEST
        if number not in self.pipes:
            self.pipes[number] = Pipe(self, number)
        try:
            self.pipes[number].take(data)
        except OSError:
            self.pipes.pop(number).close()
