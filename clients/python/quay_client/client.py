# SPDX-License-Identifier: Apache-2.0
"""The connection of a front end to quayd: commands, snapshot, events, bytes. What the commands mean: docs/protocol.md."""
from __future__ import annotations

import io
import os
import threading
import time
import uuid
from pathlib import Path
from types import TracebackType
from typing import Any, Callable, Iterable, Mapping, Sequence, cast

from .address import Address, LocalAddress, TcpAddress
from .cursor import Cursor, CursorFile
from .errors import QuayError, own_error
from .events import Event, EventStream
from .images import Fetch, Progress, fetch_into, fetch_to_path
from .keys import KeyRing
from .live import LiveView, check_place
from .protocol import Document, Hello, Snapshot
from .pushes import MOST_CREDIT, ImageStream, wish_of
from .scan import ScanResult, await_scan, choose_scanner
from .wire import Wire, envelope

CONNECT_PATIENCE = 2.0
CALL_PATIENCE = 30.0


def default_run_directory() -> str:
    """Where quayd's sockets lie: $QUAY_RUNTIME_DIRECTORY, else /run/quay."""
    return os.environ.get("QUAY_RUNTIME_DIRECTORY") or "/run/quay"


class Client:
    """A connected front end. Any thread may use it; calls wait for one another. A context manager.

    Client()                            sockets in $QUAY_RUNTIME_DIRECTORY or /run/quay
    Client(name="dossier desk")         what a technician sees
    Client(wait=30)                     quayd may still be starting
    Client(connect="tcp://127.0.0.1:7320", server_key="...", key_file="kiosk.key")
                                        over tcp with CURVE, where the technician has set it up; the file is one that
                                        `quayctl keys new FILE` made

    Raises DaemonUnreachable within two seconds (`wait` more) when nobody is there, or does not know the key."""

    def __init__(self, run: str | os.PathLike[str] | None = None, *, name: str = "quay_client", wait: float = 0.0,
                 connect: str | None = None, server_key: str | None = None,
                 key_file: str | os.PathLike[str] | None = None):
        self.run = os.fspath(run) if run else default_run_directory()
        self.address: Address = LocalAddress(self.run)
        if connect:
            self.address = TcpAddress.parse(connect, server_key, key_file)
        self._lock = threading.Lock()
        self._keys = KeyRing()
        self._name = name
        self._control = self._connect(time.monotonic() + wait)

    def _connect(self, until: float) -> Wire:
        while True:
            wire = None
            try:
                self.address.probe("control")
                wire = Wire(self.address, "control")
                self.hello = cast(Hello, wire.exchange(self._greeting(), CONNECT_PATIENCE))
                return wire
            except QuayError as fault:
                if wire:
                    wire.close()
                if time.monotonic() >= until:
                    if fault.code == "request.deadline":  # somebody listens and says nothing
                        raise own_error("daemon.unreachable", "hello", fault.detail or "") from fault
                    raise
                time.sleep(0.1)

    def _greeting(self) -> dict[str, Any]:
        return envelope("hello", {"name": self._name})

    def close(self) -> None:
        """Closes the connection. Visits stay open: close those that are over first."""
        with self._lock:
            self._control.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # ---- commands --------------------------------------------------------------------------------------------------

    def call(self, cmd: str, args: Mapping[str, Any] | None = None, *, timeout: float = CALL_PATIENCE,
             request_id: str | None = None, visit_key: str | None = None, deadline: float | None = None) -> dict[str, Any]:
        """Carries out one command and gives its result: of one that becomes a job {"job": ...}, see await_job.

        It is sent under a request_id, and again under the same as long as no answer comes: over a lost reply and over a
        restart of quayd it is carried out once. The key of its visit goes along by itself.

        timeout     seconds to wait here
        request_id  yours, if the wish has to survive a restart of your program; NoAnswer.request_id names the one used
        deadline    seconds after which quayd gives the whole job up

        Raises QuayError with what quayd answered; DaemonUnreachable; NoAnswer."""
        args = args or {}
        command = envelope(cmd, args, request_id=request_id or str(uuid.uuid4()),
                           visit_key=visit_key or self._keys.key_for(args),
                           deadline_ms=round(deadline * 1000) if deadline else None)
        with self._lock:
            result = self._control.exchange(command, timeout)
        self._keys.learn(args, result)
        if cmd == "visit.close":
            self._keys.forget(args["visit"])
        return result

    def snapshot(self) -> Snapshot:
        """Devices, open visits and unfinished jobs, and up to which event that is true: follow(after=snapshot) goes on
        exactly there."""
        return cast(Snapshot, self.call("state.get"))

    # ---- events ----------------------------------------------------------------------------------------------------

    def follow(self, cursor_file: str | os.PathLike[str] | None = None, *, after: Cursor | Snapshot | None = None,
               topics: Iterable[str] = (), from_beginning: bool = False) -> EventStream:
        """Events in order, each once, without gaps, for ever.

        cursor_file     remembers how far you have come, durably; where the next run of your program goes on
        after           where to begin when there is no cursor file yet: a Cursor, a snapshot, or by default now
        from_beginning  begin with the oldest event kept instead
        topics          only these, or only those that begin so: ["job.finished", "capture."]"""
        file = CursorFile(cursor_file) if cursor_file else None
        start = file.read() if file else None
        if start is None:
            start = self._start(after, from_beginning)
        return EventStream(self.address, start, file, topics, lambda event: self._keys.learn_event(event.visit, event.data))

    def _start(self, after: Cursor | Snapshot | None, from_beginning: bool) -> Cursor:
        if isinstance(after, Cursor):
            return after
        place = after or cast(Hello, self.call("hello", self._greeting()["args"]))
        return Cursor(place["journal"], 0 if from_beginning else place["seq"])

    # ---- visits ----------------------------------------------------------------------------------------------------

    def open_visit(self, **facts: Any) -> str:
        """Opens a visit, one citizen at the counter, and gives its id. Its key stays here and goes with every command
        that concerns the visit. `facts`: what visit.open takes."""
        visit: str = self.call("visit.open", facts)["visit"]
        return visit

    def adopt_visit(self, visit: str) -> None:
        """Takes over a visit of this account whose key was lost, or a colleague's at the same desk: older keys are void."""
        self.call("visit.adopt", {"visit": visit})

    def close_visit(self, visit: str) -> None:
        """Ends a visit: everything that belongs to it is erased, for good."""
        self.call("visit.close", {"visit": visit})

    def visit_key(self, visit: str) -> str | None:
        """The key of a visit of ours, for a program that wants to go on with it after its own restart. Keep it secret."""
        return self._keys.key(visit)

    def use_visit(self, visit: str, key: str) -> None:
        """Goes on with a visit whose key this program has kept."""
        self._keys.add(visit, key)

    # ---- scans -----------------------------------------------------------------------------------------------------

    def start_scan(self, visit: str, device: str | None = None, *, settings: Mapping[str, Any] | None = None,
                   profile: str | None = None, pages_expected: int = 0, max_pages: int = 0,
                   request_id: str | None = None) -> str:
        """Starts a scan and gives the id of its job. `device` may be left out when there is only one scanner.
        settings: source, mode, resolution_dpi, width_mm, height_mm. profile: hoso, photo, card, original."""
        args: dict[str, Any] = {"visit": visit, "device": device or choose_scanner(self.call("device.list")["devices"]),
                                "settings": dict(settings or {}), "pages_expected": pages_expected, "max_pages": max_pages}
        if profile:
            args["profile"] = profile
        job: str = self.call("scan.start", args, request_id=request_id)["job"]
        return job

    def await_job(self, job: str, *, on_event: Callable[[Event], None] | None = None, timeout: float | None = None,
                  check: bool = True, after: Cursor | None = None) -> ScanResult:
        """Waits until a job is over and every page of it is clean or given up, over restarts of quayd.
        on_event  gets each event of the job, progress too, from the cursor `after` on, by default from now
        check     False: gives a failed job instead of raising its error, with the pages that are safe
        Raises the error of the job; NoAnswer after `timeout` seconds."""
        with self.follow(after=after) as events:
            result = await_scan(self, job, events, on_event, timeout)
        if check and result.error:
            raise result.error
        return result

    def scan(self, visit: str, device: str | None = None, *, on_event: Callable[[Event], None] | None = None,
             timeout: float | None = None, check: bool = True, **wish: Any) -> ScanResult:
        """start_scan and await_job."""
        before = self._start(None, from_beginning=False)
        job = self.start_scan(visit, device, **wish)
        return self.await_job(job, on_event=on_event, timeout=timeout, check=check, after=before)

    # ---- cameras ---------------------------------------------------------------------------------------------------

    def live_view(self, visit: str, device: str, *, frames_per_second: float = 10, auto_capture: bool = False,
                  profile: str = "hoso", settings: Mapping[str, Any] | None = None) -> LiveView:
        """What a camera sees now, and what is seen on it, until it is closed.

        frames_per_second  at most
        auto_capture       a sheet that lies still and is good becomes a page of the visit by itself, once: follow its events
        profile, settings  of those pages"""
        check_place(self.address)
        wish = {"visit": visit, "device": device, "frames_per_second": frames_per_second, "auto_capture": auto_capture,
                "profile": profile, "settings": dict(settings or {})}
        return LiveView(self.address, self.call, wish)

    def assemble(self, visit: str, captures: Sequence[str], *, timeout: float = 120.0) -> Document:
        """Joins pages, in this order, into one PDF. Fetch it as fetch(document["document"], "document")."""
        args = {"visit": visit, "captures": list(captures)}
        return cast(Document, self.call("document.assemble", args, timeout=timeout))

    # ---- bytes -----------------------------------------------------------------------------------------------------

    def fetch(self, id: str, rendition: str, *, visit: str | None = None, timeout: float = 60.0,
              progress: Progress | None = None) -> bytes:
        """The bytes of a rendition (preview, page, document) of a capture or document, checked against their SHA-256.
        `visit` is only needed for something this client has not met before."""
        content = io.BytesIO()
        with self._images() as wire:
            fetch_into(self._fetch(wire.wire, id, rendition, visit, timeout), content, progress)
        return content.getvalue()

    def fetch_to(self, path: str | os.PathLike[str], id: str, rendition: str, *, visit: str | None = None,
                 timeout: float = 60.0, progress: Progress | None = None) -> str:
        """The same into a file, which appears when it is whole, checked and durable; gives the SHA-256. What came before
        an interruption stays in PATH.part (readable by this user only) and is not fetched again."""
        with self._images() as wire:
            return fetch_to_path(self._fetch(wire.wire, id, rendition, visit, timeout), Path(path), progress)

    def follow_images(self, visit: str, renditions: Iterable[str] = ("page",), *, credit: int = MOST_CREDIT,
                      after: int = 0) -> ImageStream:
        """Every rendition of the visit, whole and checked, the moment it is safe, and once, until the visit is closed.

        renditions  of preview, page, document
        credit      bytes that may be under way or wait here, 64 KiB to 4 MiB
        after       `number` of the last PushedImage your program has, from an earlier run of it"""
        self.address.probe("images")
        wish = wish_of(visit, renditions, credit, after)
        return ImageStream(Wire(self.address, "images"), wish, self._keys.key_for({"visit": visit}))

    def _images(self) -> _Borrowed:
        self.address.probe("images")
        return _Borrowed(Wire(self.address, "images"))

    def _fetch(self, wire: Wire, id: str, rendition: str, visit: str | None, timeout: float) -> Fetch:
        key = self._keys.key_for({"visit": visit} if visit else {"id": id})
        return Fetch(wire, {"id": id, "rendition": rendition}, key, timeout)


class _Borrowed:
    """Closes a wire at the end of a with statement."""

    def __init__(self, wire: Wire):
        self.wire = wire

    def __enter__(self) -> _Borrowed:
        return self

    def __exit__(self, *_: object) -> None:
        self.wire.close()

