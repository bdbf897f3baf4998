# SPDX-License-Identifier: Apache-2.0
"""The device's end of usbredir (usb-redirection-protocol.txt of the usbredir project): a USB device in Python, plugged into QEMU over
a UNIX socket. A subclass says what the device is and answers; this file knows how it is plugged, pulled out, frozen, and counted."""
import socket
import struct
import threading
import time

HELLO, CONNECT, DISCONNECT, RESET, INTERFACES, ENDPOINTS = 0, 1, 2, 3, 4, 5
SET_CONFIGURATION, GET_CONFIGURATION, CONFIGURATION = 6, 7, 8
SET_ALTERNATE, GET_ALTERNATE, ALTERNATE = 9, 10, 11
START_INTERRUPT, STOP_INTERRUPT, INTERRUPT_STATUS, CANCEL = 15, 16, 17, 21
CONTROL, BULK, INTERRUPT = 100, 101, 103
SUCCESS, CANCELLED, STALL = 0, 1, 4
# connect_device_version, ep_info_max_packet_size, 64bits_ids, 32bits_bulk_length.
CAPABILITIES = 1 << 1 | 1 << 4 | 1 << 5 | 1 << 6
HIGH_SPEED = 2
BULK_KIND, INTERRUPT_KIND, CONTROL_KIND, NO_KIND = 2, 3, 0, 255
IN = 0x80
GREETING_S = 60


class Endpoint:
    def __init__(self, address, kind, size=512, interval=0):
        self.address, self.kind, self.size, self.interval = address, kind, size, interval

    def index(self):
        return (self.address & IN) >> 3 | self.address & 0x0F

    def descriptor(self):
        return struct.pack("<BBBBHB", 7, 5, self.address, self.kind, self.size, self.interval)


class Interface:
    """`extra`: class descriptors that stand between its own and those of its endpoints."""

    def __init__(self, number, kind, endpoints, extra=b"", name=0, alternate=0):
        self.number, self.kind, self.endpoints, self.extra, self.name, self.alternate = number, kind, endpoints, extra, name, alternate

    def descriptor(self):
        return (struct.pack("<BBBBBBBBB", 9, 4, self.number, self.alternate, len(self.endpoints), *self.kind, self.name) + self.extra
                + b"".join(one.descriptor() for one in self.endpoints))


class Device:
    """`socket_path` is where QEMU listens (Vm.plug). Answers come from threads of this process."""

    vendor, product, version = 0x1209, 0x0001, 0x0100
    kind = (0, 0, 0)
    strings = ("", "Quay", "device", "1")  # by index; 1 maker, 2 product, 3 serial number
    interfaces = ()
    prelude = b""  # between the configuration's descriptor and the interfaces', as an association

    def __init__(self, socket_path):
        self.lock = threading.RLock()
        self.waiting = {}  # id of an IN transfer that nobody has answered: (type, its header)
        self.pending = {}  # endpoint: bytes that wait for such transfers
        self.interrupts = set()
        self.frozen = False
        self.plugged = False
        self.sent = 0  # bytes of bulk data that the guest got since it was plugged
        self.cut_at, self.at_cut = None, None
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(socket_path))
        self.wide, self.greeted = False, threading.Event()
        self._send(HELLO, 0, b"quay".ljust(64, b"\0") + struct.pack("<I", CAPABILITIES))
        threading.Thread(target=self._serve, daemon=True).start()

    # ---- what cases do ----------------------------------------------------------------------------------------------

    def plug(self):
        if not self.greeted.wait(GREETING_S):
            raise EOFError("qemu does not speak usbredir")
        with self.lock:
            self.waiting, self.pending, self.sent, self.frozen = {}, {}, 0, False
            self.cut_at = self.at_cut = None
            self.plugged = True
            self.reset()
            self._describe()
            self._send(CONNECT, 0, struct.pack("<BBBBHHH", HIGH_SPEED, *self.kind, self.vendor, self.product, self.version))

    def pull(self):
        with self.lock:
            if self.plugged:
                self.plugged = False
                self._send(DISCONNECT, 0, b"")

    def freeze(self):
        """Nothing is answered any more, as by firmware that hangs."""
        self.frozen = True

    def at_byte(self, count, what):
        """`what()` as soon as the guest has got so many bytes of bulk data; the transfer ends there."""
        with self.lock:
            self.cut_at, self.at_cut = self.sent + count, what

    def close(self):
        self.socket.close()

    # ---- what a subclass says ---------------------------------------------------------------------------------------

    def reset(self):
        """The device as it is after power-on."""

    def received(self, endpoint, data):
        """Bulk data that the guest sent."""

    def class_request(self, request_type, request, value, index, data):
        """Answer to a control request that is not USB's own: bytes (for IN as long as wanted), or None to stall."""
        return None

    def alternate(self, interface, setting):
        """The guest chose an alternate setting."""

    def offer(self, endpoint, data):
        """Bulk data for the guest: kept until it asks."""
        with self.lock:
            self.pending.setdefault(endpoint, []).append(bytes(data))
            self._feed(endpoint)

    def interrupt(self, endpoint, data):
        with self.lock:
            if endpoint in self.interrupts and self.plugged:
                self._send(INTERRUPT, 0, struct.pack("<BBH", endpoint, SUCCESS, len(data)) + data)

    # ---- the wire ---------------------------------------------------------------------------------------------------

    def _send(self, kind, number, body):
        head = struct.pack("<IIQ" if self.wide else "<III", kind, len(body), number)
        try:
            self.socket.sendall(head + body)
        except OSError:
            self.plugged = False  # the machine is gone

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def _serve(self):
        try:
            while True:
                kind, length, number = struct.unpack("<IIQ" if self.wide else "<III", self._exactly(16 if self.wide else 12))
                body = self._exactly(length)
                with self.lock:
                    self._handle(kind, number, body)
        except (EOFError, OSError):
            self.plugged = False

    def _handle(self, kind, number, body):
        if kind == HELLO:
            self.wide = bool(struct.unpack_from("<I", body, 64)[0] & 1 << 5)
            self.greeted.set()
        elif kind == RESET:
            self.waiting, self.pending = {}, {}
            self.reset()
        elif kind == SET_CONFIGURATION or kind == GET_CONFIGURATION:
            self._send(CONFIGURATION, number, struct.pack("<BB", SUCCESS, 1))
        elif kind == SET_ALTERNATE:
            self.alternate(body[0], body[1])
            self._describe()
            self._send(ALTERNATE, number, struct.pack("<BBB", SUCCESS, body[0], body[1]))
        elif kind == GET_ALTERNATE:
            self._send(ALTERNATE, number, struct.pack("<BBB", SUCCESS, body[0], 0))
        elif kind in (START_INTERRUPT, STOP_INTERRUPT):
            (self.interrupts.add if kind == START_INTERRUPT else self.interrupts.discard)(body[0])
            self._send(INTERRUPT_STATUS, number, struct.pack("<BB", SUCCESS, body[0]))
        elif kind == CANCEL:
            held = self.waiting.pop(number, None)
            if held:
                self._answer(held[0], number, held[1], CANCELLED, b"")
        elif kind == CONTROL:
            self._control(number, body)
        elif kind == BULK:
            self._bulk(number, body)
        elif kind == INTERRUPT:
            self._send(INTERRUPT, number, body[:4])

    def _answer(self, kind, number, head, status, data):
        if kind == CONTROL:
            endpoint, request, request_type, _, value, index, _ = head
            self._send(CONTROL, number, struct.pack("<BBBBHHH", endpoint, request, request_type, status, value, index, len(data)) + data)
        else:
            endpoint, length = head
            count = len(data) if endpoint & IN else length
            self._send(BULK, number, struct.pack("<BBHIH", endpoint, status, count & 0xFFFF, 0, count >> 16) + data)

    def _control(self, number, body):
        head = struct.unpack_from("<BBBBHHH", body)
        _, request, request_type, _, value, index, length = head
        if self.frozen:
            self.waiting[number] = (CONTROL, head)
            return
        if request_type == IN and request == 6:
            found = self._descriptor(value >> 8, value & 0xFF)
        elif request_type & 0x60 == 0:  # USB's own, which ask for nothing that this device has: status, features
            found = b"\0\0" if request_type & IN else b""
        else:
            found = self.class_request(request_type, request, value, index, body[10:] if not request_type & IN else length)
        self._answer(CONTROL, number, head, STALL if found is None else SUCCESS, (found or b"")[:length])

    def _bulk(self, number, body):
        endpoint, _, low, _, high = struct.unpack_from("<BBHIH", body)
        head = (endpoint, low | high << 16)
        if endpoint & IN:
            self.waiting[number] = (BULK, head)
            self._feed(endpoint)
        elif self.frozen:
            self.waiting[number] = (BULK, head)
        else:
            self._answer(BULK, number, head, SUCCESS, b"")
            self.received(endpoint, body[10:])

    def _feed(self, endpoint):
        """What waits goes into the transfers that wait. A piece ends its transfer, as a short packet does."""
        while not self.frozen and self.plugged and self.pending.get(endpoint):
            number = next((one for one, held in self.waiting.items() if held[0] == BULK and held[1][0] == endpoint), None)
            if number is None:
                return
            head = self.waiting[number][1]
            piece = self.pending[endpoint].pop(0)
            part, rest = piece[:head[1]], piece[head[1]:]
            if rest:
                self.pending[endpoint].insert(0, rest)
            if self.cut_at is not None and self.sent + len(part) >= self.cut_at:
                what, self.at_cut, self.cut_at = self.at_cut, None, None
                what()
                return
            del self.waiting[number]
            self.sent += len(part)
            self._answer(BULK, number, head, SUCCESS, part)

    # ---- descriptors ------------------------------------------------------------------------------------------------

    def _descriptor(self, kind, index):
        if kind == 1:
            return struct.pack("<BBHBBBBHHHBBBB", 18, 1, 0x0200, *self.kind, 64, self.vendor, self.product, self.version, 1, 2, 3, 1)
        if kind == 2:
            inside = self.prelude + b"".join(one.descriptor() for one in self.interfaces)
            numbers = {one.number for one in self.interfaces}
            return struct.pack("<BBHBBBBB", 9, 2, 9 + len(inside), len(numbers), 1, 0, 0xC0, 50) + inside
        if kind == 3:
            if index == 0:
                return struct.pack("<BBH", 4, 3, 0x0409)
            if index < len(self.strings):
                text = self.strings[index].encode("utf-16-le")
                return struct.pack("<BB", 2 + len(text), 3) + text
        if kind == 6:  # device qualifier
            return struct.pack("<BBHBBBBBB", 10, 6, 0x0200, *self.kind, 64, 1, 0)
        return None

    def _describe(self):
        first = {one.number: one for one in reversed(self.interfaces)}
        kinds = [first[number] for number in sorted(first)]

        def column(values):
            return bytes(values).ljust(32, b"\0")
        self._send(INTERFACES, 0, struct.pack("<I", len(kinds)) + column(one.number for one in kinds)
                   + b"".join(column(one.kind[place] for one in kinds) for place in range(3)))
        kind, interval, interface, size = [NO_KIND] * 32, [0] * 32, [0] * 32, [0] * 32
        kind[0] = kind[16] = CONTROL_KIND
        size[0] = size[16] = 64
        for owner in self.interfaces:
            for one in owner.endpoints:
                place = one.index()
                kind[place], interval[place], interface[place], size[place] = one.kind, one.interval, owner.number, one.size
        self._send(ENDPOINTS, 0, bytes(kind) + bytes(interval) + bytes(interface) + struct.pack("<32H", *size))


def attach(kind, vm, name, *arguments):
    """A device of class `kind` at a port of the machine, not plugged in yet."""
    path = vm.room / f"{name}.usb"
    vm.plug(path, name)
    end = time.monotonic() + 60
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.01)
    return kind(path, *arguments)
