# SPDX-License-Identifier: Apache-2.0
"""A document camera: UVC 1.0, one size of MJPEG over a bulk endpoint, so that the kernel's uvcvideo drives it as it is."""
import struct
import threading

from usbredir import BULK_KIND, Device, Endpoint, Interface

VIDEO, CONTROL_INTERFACE, STREAM_INTERFACE = 0x0E, 1, 2
FRAMES = 0x81
SET_CUR, GET_LEN, GET_INFO = 0x01, 0x85, 0x86
# One transfer of uvcvideo's: 32 packets of a bulk endpoint. Each begins with a header of two bytes.
PAYLOAD = 32 * 512
PACE_S = 0.3
INTERVAL = 3_333_333  # of 100 ns


def picture_size(jpeg):
    """(width, height) out of the frame header of a JPEG."""
    place = 2
    while jpeg[place + 1] not in (0xC0, 0xC1, 0xC2):
        place += 2 + struct.unpack_from(">H", jpeg, place + 2)[0]
    height, width = struct.unpack_from(">HH", jpeg, place + 5)
    return width, height


def control_block():
    camera = struct.pack("<BBBBHBBHHHB", 18, 0x24, 2, 1, 0x0201, 0, 0, 0, 0, 0, 3) + b"\0\0\0"
    out = struct.pack("<BBBBHBBB", 9, 0x24, 3, 2, 0x0101, 0, 1, 0)
    return struct.pack("<BBBHHIBB", 13, 0x24, 1, 0x0100, 13 + len(camera) + len(out), 48_000_000, 1, 1) + camera + out


def stream_block(width, height, largest):
    frame = struct.pack("<BBBBBHHIIIIBI", 30, 0x24, 7, 1, 0, width, height, largest * 8, largest * 24, largest, INTERVAL, 1, INTERVAL)
    formats = struct.pack("<BBBBBBBBBBB", 11, 0x24, 6, 1, 1, 1, 1, 0, 0, 0, 0) + frame + struct.pack("<BBBBBB", 6, 0x24, 13, 1, 1, 4)
    return struct.pack("<BBBBHBBBBBBBB", 14, 0x24, 1, 1, 14 + len(formats), FRAMES, 0, 2, 0, 0, 0, 1, 0) + formats


class DocumentCamera(Device):
    vendor, product = 0x1209, 0x2002
    kind = (0xEF, 2, 1)
    prelude = struct.pack("<BBBBBBBB", 8, 11, 0, 2, VIDEO, 3, 0, 0)

    def __init__(self, socket_path, picture, product="Quay Document Camera"):
        self.picture = picture.read_bytes()
        self.width, self.height = picture_size(self.picture)
        self.strings = ("", "Quay", product, "OVERHEAD1")
        stream = Endpoint(FRAMES, BULK_KIND)
        self.interfaces = (Interface(0, (VIDEO, CONTROL_INTERFACE, 0), (), control_block()),
                           Interface(1, (VIDEO, STREAM_INTERFACE, 0), (stream,), stream_block(self.width, self.height, self.largest())))
        self.streaming, self.toggle, self.frames = False, 0, 0
        super().__init__(socket_path)
        threading.Thread(target=self._stream, daemon=True).start()

    def largest(self):
        return self.width * self.height * 2

    def reset(self):
        self.streaming = False

    def settings(self):
        return struct.pack("<HBBIHHHHHII", 0, 1, 1, INTERVAL, 0, 0, 0, 0, 0, self.largest(), PAYLOAD)

    def class_request(self, request_type, request, value, index, data):
        if index & 0xFF != 1 or value >> 8 not in (1, 2):
            return None
        if request == SET_CUR:
            if value >> 8 == 2:
                self.pending[FRAMES] = []
                self.streaming = True
            return b""
        return {GET_LEN: struct.pack("<H", 26), GET_INFO: b"\3"}.get(request, self.settings())

    def _stream(self):
        """A frame whenever the guest waits for one, at the pace of a lamp that is not ours: no more than a few a second."""
        pause = threading.Event()
        while not pause.wait(PACE_S):
            with self.lock:
                asked = any(held[1][0] == FRAMES for held in self.waiting.values() if len(held[1]) == 2)
                if self.plugged and self.streaming and not self.frozen and asked and not self.pending.get(FRAMES):
                    self._offer_frame()

    def _offer_frame(self):
        self.toggle ^= 1
        self.frames += 1
        room = PAYLOAD - 2
        for place in range(0, len(self.picture), room):
            part = self.picture[place:place + room]
            last = place + room >= len(self.picture)
            self.offer(FRAMES, struct.pack("<BB", 2, 0x80 | self.toggle | (2 if last else 0)) + part)
