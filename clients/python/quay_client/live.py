# SPDX-License-Identifier: Apache-2.0
"""What a camera sees, as it sees it: the newest frame with what is seen on it; whoever is slow misses frames and never lags behind.
Asks for the view again when quayd was restarted. The contract is in docs/protocol.md, "Live view"."""
from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Callable, Iterator, Mapping

import zmq

from .address import Address
from .errors import QuayError, own_error
from .wire import LARGEST_MESSAGE

SILENCE = 3.0  # then quayd is asked whether it still shows
RETRY = 0.2  # while nobody is there, or the camera does something else
_FRAMES = 4  # that may wait in the socket
_PAUSE = 0.25  # of the reader, after which what waits is old
_QUIET_MS = 20  # without a frame on the way: the old ones are through
_LATER = {"device.busy", "device.absent", "device.io", "device.timeout", "daemon.unreachable", "request.deadline", "worker.crashed"}


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with the picture. `box`: left, top, right, bottom in pixels of the frame."""

    code: str
    vi: str
    en: str
    box: tuple[int, ...]


@dataclass(frozen=True)
class Judgement:
    """What is seen on frame `frame`, whose size it gives. `page`: where automatic capture stands: off, empty, moving, settling,
    taken; `error`: why it did not capture what lies there."""

    frame: int
    width: int
    height: int
    sheet: tuple[tuple[float, float], ...] = ()
    findings: tuple[Finding, ...] = ()
    page: str = "off"
    error: QuayError | None = None

    @property
    def good(self) -> bool:
        """A whole sheet, and nothing wrong with it."""
        return bool(self.sheet) and not self.findings

    @staticmethod
    def parse(head: Mapping[str, Any]) -> Judgement:
        findings = tuple(Finding(each["code"], each["vi"], each["en"], tuple(each["box_px"])) for each in head.get("quality", []))
        error = head.get("error")
        return Judgement(head["frame"], head["width"], head["height"], tuple((x, y) for x, y in head.get("quad_px", [])),
                         findings, head.get("page", "off"), QuayError(error) if error else None)


@dataclass(frozen=True)
class LiveFrame:
    """`number` counts what the camera gave; `judgement` is the newest there is, of this frame or of one a little earlier."""

    number: int
    jpeg: bytes = field(repr=False)
    judgement: Judgement | None = None


class LiveView:
    """Iterate over it, or call `next`; leave the with statement, or call `close`, to end it. One thread."""

    def __init__(self, address: Address, call: Callable[[str, Mapping[str, Any]], dict[str, Any]], wish: Mapping[str, Any]):
        self._address = address
        self._call = call
        self._wish = dict(wish)
        self._topic = b""
        self._judgement: Judgement | None = None
        self._socket: zmq.Socket[bytes] | None = None
        self._silent_at = 0.0
        self._read_at = 0.0
        self._over = False
        self._ask()

    def next(self, timeout: float | None = None) -> LiveFrame | None:
        """The newest frame; None when `timeout` seconds pass without one, or the view was closed. Raises what ends a live view
        for good: visit.closed, device.leased, device.unsupported."""
        until = time.monotonic() + timeout if timeout is not None else float("inf")
        self._pass_over_old()
        while not self._over and self._socket:
            wait = min(until, self._silent_at) - time.monotonic()
            if self._socket.poll(max(0, round(wait * 1000))):
                frame = self._newest()
                if frame:
                    self._read_at = time.monotonic()
                    return frame
            elif time.monotonic() >= self._silent_at:
                self._ask_again()
            if time.monotonic() >= until:
                return None
        return None

    def __iter__(self) -> Iterator[LiveFrame]:
        while not self._over:
            frame = self.next()
            if frame:
                yield frame

    def change(self, **wish: Any) -> None:
        """From now on otherwise: frames_per_second, auto_capture, profile, settings."""
        self._wish.update(wish)
        self._ask()

    def close(self) -> None:
        """Ends the live view: the camera is free when this returns."""
        if self._over:
            return
        self._over = True
        if self._socket:
            self._socket.close()
        try:
            self._call("camera.live", {**self._wish, "frames_per_second": 0})
        except QuayError:
            pass  # quayd or the visit is gone, and the view with it

    def __enter__(self) -> LiveView:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _pass_over_old(self) -> None:
        """ZeroMQ keeps the first frames of a pause and drops the later ones: none of those that wait is what the camera sees now."""
        if self._read_at and time.monotonic() - self._read_at > _PAUSE:
            while not self._over and self._socket and self._socket.poll(_QUIET_MS):
                self._newest()
        self._read_at = 0.0

    def _newest(self) -> LiveFrame | None:
        """Everything that waits is taken, and the last frame of it given."""
        frame = None
        while self._socket and self._socket.poll(0):
            _, text, jpeg = self._socket.recv_multipart()
            head = json.loads(text)
            if head["type"] == "live.frame":
                frame = (head["frame"], jpeg)
                self._silent_at = time.monotonic() + SILENCE
            elif head["type"] == "live.judgement":
                self._judgement = Judgement.parse(head)
        return LiveFrame(*frame, self._judgement) if frame else None

    def _ask(self) -> None:
        topic = self._call("camera.live", self._wish)["topic"].encode()
        self._silent_at = time.monotonic() + SILENCE
        if topic != self._topic:
            self._subscribe(topic)

    def _ask_again(self) -> None:
        """Silent for a while: a picture is being taken, or this quayd never heard of the view."""
        try:
            self._ask()
        except QuayError as fault:
            if fault.code not in _LATER:
                raise
            self._silent_at = time.monotonic() + RETRY

    def _subscribe(self, topic: bytes) -> None:
        if self._socket:
            self._socket.close()
        self._topic, self._judgement = topic, None
        self._socket = zmq.Context.instance().socket(zmq.SUB)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.RCVHWM, _FRAMES)
        self._socket.setsockopt(zmq.RECONNECT_IVL, 100)
        self._socket.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        self._socket.subscribe(topic)
        self._address.prepare(self._socket)
        self._socket.connect(self._address.endpoint("live"))


def check_place(address: Address) -> None:
    """Raises unless frames can be had there: they do not go over tcp."""
    if not address.endpoint("control").startswith("ipc://"):
        raise own_error("device.unsupported", "camera.live", "frames of a live view are given on the machine of the camera only")
