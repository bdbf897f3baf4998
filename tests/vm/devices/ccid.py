# SPDX-License-Identifier: Apache-2.0
"""A card reader: CCID 1.1 with one slot, as libccid drives it. The card in it is an ICAO-less one: it answers every command with
"no such file", which is what a reader with some other card looks like."""
import struct

from usbredir import BULK_KIND, INTERRUPT_KIND, Device, Endpoint, Interface

TO_GUEST, FROM_GUEST, CHANGES = 0x81, 0x02, 0x83
POWER_ON, POWER_OFF, SLOT_STATUS, TRANSFER, GET_PARAMETERS, RESET_PARAMETERS, SET_PARAMETERS = 0x62, 0x63, 0x65, 0x6F, 0x6C, 0x6D, 0x61
DATA_BLOCK, STATUS, PARAMETERS = 0x80, 0x81, 0x82
ACTIVE, INACTIVE, ABSENT = 0, 1, 2
FAILED, NO_CARD = 0x40, 0xFE
ATR = bytes.fromhex("3B8001" "81")  # T=1, contactless by PC/SC part 3
NOT_FOUND = bytes.fromhex("6A82")
# Automatic voltage, clock, rate and parameters; extended APDU.
FEATURES = 0x000400BE


def class_block():
    return struct.pack("<BBHBBIIIBIIBIIIIIBBHBB", 54, 0x21, 0x0110, 0, 7, 3, 4000, 4000, 0, 10753, 344105, 0, 254, 0, 0, FEATURES, 65556, 0xFF, 0xFF,
                       0, 0, 1)


class CardReader(Device):
    # pcscd drives only readers that libccid lists by vendor and product: this is Gemalto's plainest.
    vendor, product, version = 0x08E6, 0x3437, 0x0200
    interfaces = (Interface(0, (11, 0, 0), (Endpoint(TO_GUEST, BULK_KIND, 64 * 8), Endpoint(FROM_GUEST, BULK_KIND, 64 * 8),
                                            Endpoint(CHANGES, INTERRUPT_KIND, 8, 8)), class_block()),)
    strings = ("", "Gemalto", "GemPC Twin", "")

    def __init__(self, socket_path):
        self.card, self.powered, self.block = False, False, b""
        self.commands = 0
        super().__init__(socket_path)

    def reset(self):
        self.powered, self.block = False, b""

    def lay(self, there):
        """A card is laid on the reader, or taken away."""
        with self.lock:
            self.card, self.powered = there, False
            self.interrupt(CHANGES, bytes([0x50, 3 if there else 2]))

    def class_request(self, request_type, request, value, index, data):
        return b"" if request == 1 else None  # ABORT

    def received(self, endpoint, data):
        self.block += data
        while len(self.block) >= 10:
            kind, length, slot, number = struct.unpack_from("<BIBB", self.block)
            if len(self.block) < 10 + length:
                return
            body, self.block = self.block[10:10 + length], self.block[10 + length:]
            self._command(kind, slot, number, body)

    def _command(self, kind, slot, number, body):
        icc = ABSENT if not self.card else ACTIVE if self.powered else INACTIVE
        answer, data, failed, last = STATUS, b"", 0, 0
        if kind in (POWER_ON, TRANSFER) and not self.card:
            answer, failed, last = DATA_BLOCK, FAILED, NO_CARD
        elif kind == POWER_ON:
            self.powered, icc, answer, data = True, ACTIVE, DATA_BLOCK, ATR
        elif kind == TRANSFER:
            self.commands += 1
            answer, data = DATA_BLOCK, NOT_FOUND
        elif kind == POWER_OFF:
            self.powered, icc = False, INACTIVE if self.card else ABSENT
        elif kind in (GET_PARAMETERS, RESET_PARAMETERS, SET_PARAMETERS):
            answer, last, data = PARAMETERS, 1, bytes.fromhex("11104D0000FE00")
        elif kind != SLOT_STATUS:
            failed = FAILED
        self.offer(TO_GUEST, struct.pack("<BIBBBBB", answer, len(data), slot, number, failed | icc, 0 if failed == 0 and answer != PARAMETERS else last,
                                         last if answer == PARAMETERS else 0) + data)
