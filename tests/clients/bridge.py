# SPDX-License-Identifier: Apache-2.0
"""Stands between a client and quayd and loses what it is told to lose: replies of a command, pieces of bytes, events. What
comes through is quayd's own, byte for byte."""
from __future__ import annotations

import json
import threading

import zmq


class Bridge:
    def __init__(self, behind, before):
        before.mkdir()
        self.commands = []  # every command that passed, in order
        self._to_drop = {}  # cmd -> how many of its replies are still to be lost
        self._to_keep = {}  # cmd -> how many of its replies pass before that
        self._deaf = False
        self._senders = {}
        self._context = zmq.Context()
        self._pairs = [self._pair(name, behind, before) for name in ("control", "images")]
        self._live = self._context.socket(zmq.SUB)
        self._live.subscribe(b"")
        self._live.connect(f"ipc://{behind}/events")
        self._events = self._context.socket(zmq.XPUB)
        self._events.bind(f"ipc://{before}/events")
        self._wake, self._stop = self._context.socket(zmq.PAIR), self._context.socket(zmq.PAIR)
        self._wake.bind("inproc://stop")
        self._stop.connect("inproc://stop")
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _pair(self, name, behind, before):
        front, back = self._context.socket(zmq.ROUTER), self._context.socket(zmq.DEALER)
        front.bind(f"ipc://{before}/{name}")
        back.connect(f"ipc://{behind}/{name}")
        return front, back

    def drop_replies(self, cmd, times, after=0):
        """The next `times` replies of `cmd` are lost; before that `after` pass."""
        self._to_keep[cmd], self._to_drop[cmd] = after, times

    def drop_events(self, deaf):
        """True: no event passes, heartbeats neither."""
        self._deaf = deaf

    def seen(self, cmd):
        """The commands `cmd` that passed, in order."""
        return [command for command in self.commands if command["cmd"] == cmd]

    def forget_commands(self):
        self.commands.clear()

    def close(self):
        self._stop.send(b"")
        self._thread.join()
        self._context.destroy(linger=0)

    def _work(self):
        poller = zmq.Poller()
        for socket in (self._live, self._events, self._wake, *(each for pair in self._pairs for each in pair)):
            poller.register(socket, zmq.POLLIN)
        while True:
            ready = dict(poller.poll())
            if self._wake in ready:
                return
            if self._live in ready:
                frames = self._live.recv_multipart()
                if not self._deaf:
                    self._events.send_multipart(frames)
            if self._events in ready:
                self._events.recv_multipart()  # a subscription: everything passes anyway
            for front, back in self._pairs:
                if front in ready:
                    self._forward(front, back)
                if back in ready:
                    self._answer(front, back)

    def _forward(self, front, back):
        sender, frame = front.recv_multipart()
        command = json.loads(frame)
        self._senders[command["id"]] = (sender, command["cmd"])
        self.commands.append(command)
        back.send(frame)

    def _answer(self, front, back):
        frames = back.recv_multipart()
        head = json.loads(frames[0])
        if head.get("id") not in self._senders:
            return
        sender, cmd = self._senders[head["id"]]
        if self._to_keep.get(cmd, 0) > 0:
            self._to_keep[cmd] -= 1
        elif self._to_drop.get(cmd, 0) > 0:
            self._to_drop[cmd] -= 1
            return
        front.send_multipart([sender, *frames])
