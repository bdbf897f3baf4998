# SPDX-License-Identifier: Apache-2.0
"""One scan seen from a front end: which scanner, and how it ended."""
from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable, Mapping, Sequence, cast

from .errors import DaemonUnreachable, NoAnswer, QuayError, own_error
from .protocol import Capture, Job

if TYPE_CHECKING:
    from .client import Client
    from .events import Event, EventStream

LOOK_AGAIN = 5.0  # seconds without news of the job after which it is looked at anyway
RUNNING = ("queued", "running")


@dataclass
class ScanResult:
    """How a job ended. `pages`: its captures in order, failed ones included. `error`: why it failed, or the first page that
    did; None when all is well."""

    job: Job
    pages: list[Capture] = field(default_factory=list)
    error: QuayError | None = None

    @property
    def captures(self) -> list[str]:
        """The ids of the good pages, in order: what `assemble` takes."""
        return [page["capture"] for page in self.pages if page["state"] == "ready"]


def choose_scanner(devices: Sequence[Mapping[str, Any]]) -> str:
    """The only scanner. Raises request.bad_argument when there is none or more than one."""
    scanners = [device["id"] for device in devices if device["kind"] == "scanner"]
    if len(scanners) != 1:
        found = ", ".join(scanners) or "none; see quayctl devices"
        raise own_error("request.bad_argument", "scan.start", f"name the device, there are: {found}")
    return str(scanners[0])


def await_scan(client: Client, job: str, events: EventStream, on_event: Callable[[Event], None] | None,
               timeout: float | None) -> ScanResult:
    """Looks at the job when an event concerns it, and now and then anyway."""
    until = time.monotonic() + timeout if timeout is not None else float("inf")
    while True:
        result = _look(client, job)
        if result:
            return result
        if time.monotonic() >= until:
            raise own_error("request.deadline", "job.get", f"job {job} is not over after {timeout:g} s")
        _await_news(events, job, on_event, min(until, time.monotonic() + LOOK_AGAIN))


def _await_news(events: EventStream, job: str, on_event: Callable[[Event], None] | None, until: float) -> None:
    while (left := until - time.monotonic()) > 0:
        event = events.next(left)
        if event is None or event.type in ("daemon.back", "journal.changed"):
            return
        if event.data.get("job") == job:
            if on_event:
                on_event(event)
            if event.type in ("job.finished", "capture.ready", "capture.failed"):
                return


def _look(client: Client, job: str) -> ScanResult | None:
    """The job with its pages when all is over; None as long as it is not, or quayd is restarting."""
    try:
        found = cast(Job, client.call("job.get", {"job": job}, timeout=LOOK_AGAIN))
        if found["state"] in RUNNING:
            return None
        wanted = {"visit": found["visit"], "job": job}
        pages: list[Capture] = client.call("capture.list", wanted, timeout=LOOK_AGAIN)["captures"]
    except (DaemonUnreachable, NoAnswer):
        return None
    if any(page["state"] == "captured" for page in pages):
        return None
    bodies = [found.get("error")] + [page.get("error") for page in pages]
    error = next((QuayError(body) for body in bodies if body), None)
    return ScanResult(found, pages, error)
