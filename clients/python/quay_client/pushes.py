# SPDX-License-Identifier: Apache-2.0
"""The pages of a visit as they become safe, without asking for each: follows the visit on `images`, gives credit back as
pieces are taken, checks the SHA-256, never hands out the same rendition twice, and follows again when quayd was restarted."""
from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Iterable, Iterator, Mapping

from .errors import QuayError, own_error
from .wire import Wire, envelope

MOST_CREDIT = 4 << 20
SILENCE = 3.0  # then quayd is asked whether it still knows this follow
PATIENCE = 5.0  # for the answer to that, and to images.follow
RETRY = 0.2  # while nobody is there
_OVER = "visit.closed"


@dataclass(frozen=True)
class PushedImage:
    """One rendition, whole and checked. `number` is where to go on after a restart of your program."""

    number: int
    id: str
    rendition: str
    media_type: str
    sha256: str
    content: bytes


class ImageStream:
    """Iterate over it, or call `next`. Ends when the visit is closed. One thread.

    Never more than `credit` bytes are under way or wait here unread, however slow you are."""

    def __init__(self, wire: Wire, wish: Mapping[str, Any], visit_key: str | None):
        self._wire = wire
        self._wish = dict(wish)
        self._key = visit_key
        self._follow: str | None = None
        self._awaited: dict[str, str] = {}  # message id -> command
        self._parts: list[bytes] = []
        self._seen: set[tuple[str, str, str]] = set()
        self._silent_at = 0.0
        self._over = False

    @property
    def position(self) -> int:
        """Number of the last rendition that was handed out."""
        number: int = self._wish["after"]
        return number

    def next(self, timeout: float | None = None) -> PushedImage | None:
        """The next rendition; None when `timeout` seconds pass without one, or the visit is closed. Raises what else ends a
        follow: visit.not_owner, request.too_many; and what quayd says to images.follow."""
        until = time.monotonic() + timeout if timeout is not None else float("inf")
        while not self._over:
            if self._follow is None and not self._awaited:
                self._send("images.follow", self._wish)
            frames = self._wire.receive(min(until, self._silent_at))
            image = self._take(frames) if frames else None
            if image:
                return image
            if not frames and time.monotonic() >= self._silent_at:
                self._look()
            if time.monotonic() >= until:
                return None
        return None

    def __iter__(self) -> Iterator[PushedImage]:
        while not self._over:
            image = self.next()
            if image:
                yield image

    def __enter__(self) -> ImageStream:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the follow."""
        if self._follow is not None and not self._over:
            self._wire.send(envelope("images.unfollow", {"follow": self._follow}), time.monotonic())
        self._over = True
        self._wire.close()

    def _send(self, cmd: str, args: Mapping[str, Any]) -> None:
        command = envelope(cmd, args, visit_key=self._key if cmd == "images.follow" else None)
        sent = self._wire.send(command, time.monotonic() + RETRY)
        if sent:
            self._awaited[command["id"]] = cmd
        self._silent_at = time.monotonic() + (PATIENCE if sent else RETRY)

    def _look(self) -> None:
        """Nothing came for a while: perhaps there is nothing, perhaps this quayd never heard of the follow."""
        if self._awaited or self._follow is None:  # no answer to the last question: begin again
            self._begin_again()
        else:
            self._send("images.credit", {"follow": self._follow, "bytes": 0})

    def _begin_again(self) -> None:
        self._follow, self._parts = None, []
        self._awaited.clear()

    def _take(self, frames: list[bytes]) -> PushedImage | None:
        head = json.loads(frames[0])
        self._silent_at = time.monotonic() + SILENCE
        if "status" in head:
            self._hear(head)
        elif head.get("follow") != self._follow:
            pass  # of a follow that is over
        elif head["type"] == "image.end":
            self._end(head["reason"])
        elif head["type"] == "image.part":
            return self._add(head, frames[1])
        return None

    def _hear(self, reply: Mapping[str, Any]) -> None:
        cmd = self._awaited.pop(reply["id"], None)
        if cmd == "images.follow" and reply["status"] == "done":
            self._follow = reply["result"]["follow"]
        elif cmd and reply["status"] != "done":
            if cmd == "images.credit":
                self._begin_again()
            elif reply["error"]["code"] != "request.too_many":
                self._end(reply["error"])

    def _end(self, reason: Mapping[str, Any]) -> None:
        self._over = True
        if reason["code"] != _OVER:
            raise QuayError(reason)

    def _add(self, head: Mapping[str, Any], piece: bytes) -> PushedImage | None:
        if head["offset"] == 0:
            self._parts = []
        if head["offset"] != sum(map(len, self._parts)):
            self._begin_again()  # a piece was lost
            return None
        self._parts.append(piece)
        self._send("images.credit", {"follow": self._follow, "bytes": len(piece)})
        if head["offset"] + len(piece) < head["total"]:
            return None
        content, self._parts = b"".join(self._parts), []
        if hashlib.sha256(content).hexdigest() != head["sha256"]:
            raise own_error("spool.corrupt", "images.follow", "the SHA-256 of what came is not the one announced")
        self._wish["after"] = head["number"]
        name = (head["id"], head["rendition"], head["sha256"])
        if name in self._seen:
            return None
        self._seen.add(name)
        return PushedImage(head["number"], head["id"], head["rendition"], head["media_type"], head["sha256"], content)


def wish_of(visit: str, renditions: Iterable[str], credit: int, after: int) -> dict[str, Any]:
    return {"visit": visit, "renditions": list(renditions), "credit": credit, "after": after}
