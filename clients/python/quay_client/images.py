# SPDX-License-Identifier: Apache-2.0
"""Brings the bytes of a page, preview or document: in chunks, several on the way at once, what was lost asked for again,
what a killed program had already kept, and the SHA-256 of the whole checked before anybody sees them."""
from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any, BinaryIO, Callable

from .cursor import sync_directory
from .errors import DaemonUnreachable, QuayError, own_error
from .wire import Wire, envelope, result_of

CHUNK = 1 << 20
MOST_OUTSTANDING = 4
STALL = 2.0  # without any chunk for this long, what is outstanding is asked for again

Progress = Callable[[int, int], None]


class Fetch:
    """One rendition on its way into a file. `visit_key` proves that it is ours."""

    def __init__(self, wire: Wire, what: dict[str, str], visit_key: str | None, timeout: float):
        self._wire = wire
        self._what = what
        self._key = visit_key
        self._until = time.monotonic() + timeout
        self._timeout = timeout
        self._asked: dict[str, int] = {}  # message id -> offset
        self._ask_after = 0.0  # quayd had enough: not before then
        self._early: dict[int, bytes] = {}  # chunks that came before those in front of them
        self._total: int | None = None
        self._sha256 = ""

    def into(self, file: BinaryIO, progress: Progress | None) -> str:
        """Fills `file` from its end on, and gives the SHA-256 of the whole, checked. A file that holds the beginning of
        something else is emptied and filled anew."""
        for attempt in ("resumed", "anew"):
            self._fill(file, progress)
            file.seek(0)
            if _digest(file) == self._sha256:
                return self._sha256
            if attempt == "resumed":
                file.truncate(0)
                file.seek(0)
        raise own_error("spool.corrupt", "images.fetch", "the SHA-256 of what came is not the one announced")

    def _fill(self, file: BinaryIO, progress: Progress | None) -> None:
        self._asked, self._early, self._total = {}, {}, None
        written = file.seek(0, os.SEEK_END)
        while self._total is None or written < self._total:
            self._ask(written)
            if not self._take(file):
                self._asked.clear()
            while written in self._early:
                written += file.write(self._early.pop(written))
                if progress and self._total:
                    progress(written, self._total)

    def _ask(self, written: int) -> None:
        """Asks for what comes next, as much as may be outstanding; the first answer says how much there is."""
        while len(self._asked) < (1 if self._total is None else MOST_OUTSTANDING) and time.monotonic() >= self._ask_after:
            offset, known = written, {*self._early, *self._asked.values()}
            while offset in known:
                offset += CHUNK
            if self._total is not None and offset >= self._total:
                return
            command = envelope("images.fetch", {**self._what, "offset": offset, "length": CHUNK}, visit_key=self._key)
            if not self._wire.send(command, min(self._until, time.monotonic() + STALL)):
                return
            self._asked[command["id"]] = offset

    def _take(self, file: BinaryIO) -> bool:
        """Takes one answer. False when none came: everything outstanding is lost."""
        patience = self._ask_after - time.monotonic() if time.monotonic() < self._ask_after else STALL
        frames = self._wire.receive(min(self._until, time.monotonic() + patience))
        if frames is None:
            if time.monotonic() >= self._until:
                raise self._too_late()
            return patience < STALL  # only the pause is over, and nothing lost
        reply = json.loads(frames[0])
        offset = self._asked.pop(reply.get("id"), None)
        if offset is None:
            return True
        try:
            head = result_of(reply)
        except QuayError as fault:
            if fault.code == "request.too_many":  # what went before a pause of the road is still being answered
                self._ask_after = time.monotonic() + (fault.retry_after or 0.1)
                return True
            if fault.code == "request.bad_argument" and offset > 0 and self._total is None:
                file.truncate(0)  # what was kept is longer than the whole: it is something else
                raise _Stale from fault
            raise
        self._hold(head, offset, frames)
        return True

    def _hold(self, head: dict[str, Any], offset: int, frames: list[bytes]) -> None:
        if self._total is not None and head["sha256"] != self._sha256:
            raise _Stale
        self._total, self._sha256 = head["total"], head["sha256"]
        self._early[offset] = frames[1]

    def _too_late(self) -> QuayError:
        try:
            self._wire.address.probe("images")
        except DaemonUnreachable as unreachable:
            return unreachable
        return own_error("request.deadline", "images.fetch", f"not complete within {self._timeout:g} s")


class _Stale(Exception):
    """The rendition was made anew meanwhile, or the kept part is of another one."""


def fetch_into(fetch: Fetch, file: BinaryIO, progress: Progress | None) -> str:
    """Fetch.into, begun again when the bytes changed on the way."""
    while True:
        try:
            return fetch.into(file, progress)
        except _Stale:
            file.truncate(0)


def fetch_to_path(fetch: Fetch, path: Path, progress: Progress | None) -> str:
    """Fetches into `path`.part, which a later call goes on with, and renames it when it is whole, checked and durable."""
    part = path.with_name(path.name + ".part")
    with open(os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b") as file:
        digest = fetch_into(fetch, file, progress)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    sync_directory(path.parent)
    return digest


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(CHUNK):
        digest.update(piece)
    return digest.hexdigest()

