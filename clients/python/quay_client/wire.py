# SPDX-License-Identifier: Apache-2.0
"""One connection to `control` or `images`, and the exchange of one command: sent, and sent again under the same request_id
until it is answered. Knows envelopes; knows nothing of what the commands mean."""
from __future__ import annotations

import json
import time
import uuid
from typing import Any, Mapping

import zmq

from .address import Address
from .errors import QuayError, own_error

RESEND_AFTER = 3.0  # a reply is lost only with its connection: long enough for a quick answer, short for a person
LONGEST_RESEND = 15.0
LARGEST_MESSAGE = 8 << 20
_NOT_YET = {"request.in_progress", "request.too_many"}  # nothing was decided: ask again, or wait for the first answer


def envelope(cmd: str, args: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A command under a new message id; members that are None are left out."""
    extra = {name: value for name, value in more.items() if value is not None}
    return {"v": 1, "id": str(uuid.uuid4()), "cmd": cmd, "args": dict(args), **extra}


class Wire:
    """A DEALER socket of one thread. It connects again by itself."""

    def __init__(self, address: Address, name: str):
        self.address, self.name = address, name
        self._socket: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.DEALER)
        self._socket.setsockopt(zmq.LINGER, 0)  # a leaving program never waits for a dead daemon
        self._socket.setsockopt(zmq.IMMEDIATE, 1)  # nothing is queued for a daemon that is not there
        self._socket.setsockopt(zmq.RECONNECT_IVL, 100)
        self._socket.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        address.prepare(self._socket)
        self._socket.connect(address.endpoint(name))

    def close(self) -> None:
        self._socket.close()

    def send(self, command: Mapping[str, Any], until: float) -> bool:
        """False when nobody took it before the monotonic time `until`."""
        if not self._socket.poll(_milliseconds(until), zmq.POLLOUT):
            return False
        try:
            self._socket.send(json.dumps(command).encode(), zmq.NOBLOCK)
        except zmq.Again:
            return False
        return True

    def receive(self, until: float) -> list[bytes] | None:
        """The frames of the next message, or None when none came before `until`."""
        if not self._socket.poll(_milliseconds(until)):
            return None
        return self._socket.recv_multipart()

    def exchange(self, command: Mapping[str, Any], timeout: float) -> dict[str, Any]:
        """The `result` of a command's first reply. It is sent again, under its request_id, as long as no answer comes.
        Raises what quayd answered; DaemonUnreachable or NoAnswer, with request_id, when `timeout` seconds have passed."""
        until = time.monotonic() + timeout
        send_at, pause, ids = time.monotonic(), RESEND_AFTER, set[str]()
        while (now := time.monotonic()) < until:
            if now >= send_at:
                again = {**command, "id": str(uuid.uuid4())}
                if self.send(again, until):
                    ids.add(again["id"])
                send_at, pause = time.monotonic() + pause, min(pause * 2, LONGEST_RESEND)
            frames = self.receive(min(send_at, until))
            reply = json.loads(frames[0]) if frames else {}
            if reply.get("id") not in ids:
                continue  # nothing yet, the late answer to an earlier call, or the last word of a job: that is an event
            try:
                return result_of(reply)
            except QuayError as fault:
                if fault.code not in _NOT_YET:
                    raise
                send_at = time.monotonic() + (fault.retry_after or 1.0)
        raise self._silence(command, bool(ids), timeout)

    def _silence(self, command: Mapping[str, Any], was_sent: bool, timeout: float) -> QuayError:
        fault = own_error("request.deadline", command["cmd"], f"no answer within {timeout:g} s")
        try:
            self.address.probe(self.name)
            if not was_sent:
                fault = own_error("daemon.unreachable", command["cmd"], 
                                  f"nobody took the command within {timeout:g} s{self.address.hint}")
        except QuayError as unreachable:
            fault = unreachable
        fault.request_id = command.get("request_id")
        return fault


def result_of(reply: Mapping[str, Any]) -> dict[str, Any]:
    """The result that a reply carries; raises the error that it carries instead."""
    if reply.get("status") in ("done", "accepted"):
        result: dict[str, Any] = reply.get("result", {})
        return result
    raise QuayError(reply.get("error", {"en": f"the reply says {reply.get('status')} and not why"}))


def _milliseconds(until: float) -> int:
    return max(0, round((until - time.monotonic()) * 1000 + 0.5))
