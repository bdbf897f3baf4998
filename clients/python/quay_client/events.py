# SPDX-License-Identifier: Apache-2.0
"""Events in order, each once: subscribes, notices what is missing and asks quayd's journal for it, over restarts of both
sides. The contract is in docs/protocol.md, "How to lose nothing"."""
from __future__ import annotations

import json
import time
from collections import deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Callable, Iterable, Iterator, Mapping

import zmq

from .address import Address
from .cursor import Cursor, CursorFile
from .errors import DaemonUnreachable, NoAnswer
from .wire import LARGEST_MESSAGE, Wire, envelope

SILENCE = 3.0  # quayd sends a heartbeat each second; after this long without any frame it counts as gone
REPLAY_PAGE = 200
REPLAY_PATIENCE = 5.0


@dataclass(frozen=True)
class Event:
    """What happened. `seq` is None for events that are not kept (job.progress) and for those the client makes itself:

    daemon.lost         no sign of life for 3 s; the stream goes on by itself
    daemon.back         quayd is there again
    journal.changed     quayd's journal was made anew: forget what you know, everything follows from its beginning
    replay.truncated    what was missed is older than what quayd keeps: data["captures"] and data["documents"] are those
                        that nobody has acknowledged, for whatever was in the events that are gone
    """

    type: str
    data: dict[str, Any] = field(default_factory=dict)
    seq: int | None = None
    visit: str | None = None
    at: str = ""
    journal: str = ""
    request_id: str | None = None

    @staticmethod
    def parse(message: Mapping[str, Any]) -> Event:
        return Event(message["type"], message.get("data", {}), message.get("seq"), message.get("visit"),
                     message.get("at", ""), message.get("journal", ""), message.get("request_id"))


class EventStream:
    """Iterate over it, or call `next`. One thread at a time; other threads may use the Client meanwhile.

    An event counts as handled when the next one is asked for: then the cursor moves, and is on disk if there is a file.
    Whoever is killed in between gets that event again, never loses one."""

    def __init__(self, address: Address, start: Cursor, file: CursorFile | None, topics: Iterable[str],
                 on_event: Callable[[Event], None]):
        self._wanted = tuple(topics)
        self._file = file
        self._cursor = start  # everything up to here has been given out or skipped
        self._handled = self._saved = start
        self._on_event = on_event
        self._ready: deque[Event] = deque()
        self._behind = True  # what happened before the subscription took effect
        self._lost = False
        self._left: set[str] = set()  # journals that are no more: what they still had on the way is not news
        self._silent_at = time.monotonic() + SILENCE
        self._control = Wire(address, "control")
        self._socket: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.SUB)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.RECONNECT_IVL, 100)
        self._socket.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        self._socket.subscribe(b"")
        address.prepare(self._socket)
        self._socket.connect(address.endpoint("events"))
        if file:
            file.write(start)

    @property
    def position(self) -> Cursor:
        """The last event that was handled, or skipped because of its topic."""
        return self._handled

    def next(self, timeout: float | None = None) -> Event | None:
        """The next event; None when `timeout` seconds pass without one. Says first that the last one was handled."""
        self.commit()
        until = time.monotonic() + timeout if timeout is not None else float("inf")
        while True:
            if self._ready:
                event = self._ready.popleft()
                if not self._hand_out(event):
                    continue
                return event
            if not (self._behind and self._replay()) and not self._listen(until):
                return None

    def commit(self) -> None:
        """The event that `next` gave last has been handled: the cursor moves past it, durably."""
        self._handled = self._cursor
        if self._file and self._handled != self._saved:
            self._file.write(self._handled)
        self._saved = self._handled

    def __iter__(self) -> Iterator[Event]:
        while True:
            event = self.next()
            if event:
                yield event

    def __enter__(self) -> EventStream:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Leaves without committing the last event."""
        self._socket.close()
        self._control.close()

    def _hand_out(self, event: Event) -> bool:
        """Moves the cursor to the event; False when it was there already or nobody asked for its topic."""
        if event.seq is not None:
            if event.journal == self._cursor.journal and event.seq <= self._cursor.seq:
                return False
            self._cursor = Cursor(event.journal, event.seq)
        if not event.type.startswith(self._wanted or ("",)) and event.type not in OWN_EVENTS:
            return False
        self._on_event(event)
        return True

    def _listen(self, until: float) -> bool:
        """Takes one message of the socket, or says that none comes any more. False when `until` has passed."""
        wait = min(until, self._silent_at) - time.monotonic()
        if not self._socket.poll(max(0, round(wait * 1000 + 0.5))):
            if time.monotonic() >= self._silent_at:
                self._say_lost()
            return time.monotonic() < until
        frames = self._socket.recv_multipart()
        self._silent_at = time.monotonic() + SILENCE
        if self._lost:
            self._lost = False
            self._ready.append(Event("daemon.back"))
        self._judge(json.loads(frames[2]))
        return True

    def _say_lost(self) -> None:
        self._silent_at = time.monotonic() + SILENCE
        if not self._lost:
            self._lost = True
            self._ready.append(Event("daemon.lost"))

    def _judge(self, message: Mapping[str, Any]) -> None:
        """Puts a message from the wire where it belongs: handed out, ignored, or a sign that something is missing."""
        if message["journal"] in self._left:
            return
        self._follow_journal(message["journal"])
        if message["type"] == "hb":
            self._behind = self._behind or message["data"]["seq"] > self._cursor.seq
            return
        event = Event.parse(message)
        if event.seq is None or event.seq == self._cursor.seq + 1:
            self._ready.append(event)
        elif event.seq > self._cursor.seq:
            self._behind = True

    def _follow_journal(self, journal: str) -> None:
        if journal and journal != self._cursor.journal:
            self._ready.append(Event("journal.changed", {"before": self._cursor.journal}, journal=journal))
            self._left.add(self._cursor.journal)
            self._cursor = Cursor(journal, 0)
            self._behind = True

    def _replay(self) -> bool:
        """Asks for what is missing, one page of it. False when quayd is not there to answer."""
        command = envelope("replay", {"from": self._cursor.seq + 1, "limit": REPLAY_PAGE})
        try:
            self._control.address.probe("control")
            page = self._control.exchange(command, REPLAY_PATIENCE)
        except (DaemonUnreachable, NoAnswer):
            return False
        if page["journal"] != self._cursor.journal:
            self._follow_journal(page["journal"])
            return True
        events = [Event.parse(message) for message in page["events"]]
        if page.get("truncated"):
            told = {name: page.get(name, []) for name in ("oldest", "captures", "documents")}
            self._ready.append(Event("replay.truncated", told, journal=page["journal"]))
        self._ready.extend(events)
        reached = max([page.get("next", 0) - 1] + [event.seq or 0 for event in events])
        self._behind = bool(events) and reached < page["seq"]
        if not events:  # nothing there is for us
            self._cursor = Cursor(page["journal"], max(self._cursor.seq, reached if "next" in page else page["seq"]))
        return True


OWN_EVENTS = ("daemon.lost", "daemon.back", "journal.changed", "replay.truncated")
