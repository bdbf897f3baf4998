# SPDX-License-Identifier: Apache-2.0
"""Where quayd is: a directory of sockets, or a port of 127.0.0.1 with CURVE keys. Says how to connect to each of its three
sockets, and why that cannot be done."""
from __future__ import annotations

import errno
import os
import socket
from dataclasses import dataclass
from typing import Protocol

import zmq

from .errors import own_error

SOCKETS = ("events", "control", "images")  # over tcp: on the port named, and on the next two
_LETTERS = 40  # Z85 (RFC 32) of 32 bytes


class Address(Protocol):
    """One of the two below."""

    @property
    def hint(self) -> str:
        """What to look at when somebody listens and does not talk."""

    def endpoint(self, name: str) -> str:
        """As ZeroMQ spells it."""

    def prepare(self, wire: zmq.Socket[bytes]) -> None:
        """Gives a socket what it needs before it connects."""

    def probe(self, name: str) -> None:
        """Raises DaemonUnreachable, with the reason in words, unless somebody listens there."""


@dataclass(frozen=True)
class LocalAddress:
    run: str
    hint = ""

    def endpoint(self, name: str) -> str:
        return f"ipc://{self.run}/{name}"

    def prepare(self, wire: zmq.Socket[bytes]) -> None:
        pass

    def probe(self, name: str) -> None:
        path = f"{self.run}/{name}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) as probing:
            try:
                code = probing.connect_ex(path)
            except OSError as fault:  # longer than sun_path
                raise own_error("daemon.unreachable", f"connect {path}", str(fault)) from fault
        if code in (0, errno.EAGAIN):
            return
        reason = os.strerror(code)
        if code == errno.EACCES:
            reason += "; only root and members of the group of that socket may speak to quayd"
        if code == errno.ENOENT:
            reason += "; is quayd running, and is QUAY_RUNTIME_DIRECTORY its runtime directory?"
        raise own_error("daemon.unreachable", f"connect {path}", reason)


@dataclass(frozen=True)
class TcpAddress:
    """`port` is that of `events`."""

    port: int
    server_key: str
    secret_key: str
    hint = "; is that the server's key, and is yours in its list ([[tcp.client]] of quay.toml)?"

    @staticmethod
    def parse(connect: str, server_key: str | None, key_file: str | os.PathLike[str] | None) -> TcpAddress:
        """`connect`: tcp://127.0.0.1:PORT. Raises ValueError when something is missing or misspelt, OSError for the file."""
        host, _, port = connect.removeprefix("tcp://").rpartition(":")
        if not connect.startswith("tcp://") or host != "127.0.0.1" or not port.isdigit() or not 0 < int(port) <= 65533:
            raise ValueError(f"{connect}: tcp://127.0.0.1:PORT was expected, PORT as in [tcp] of quay.toml")
        if not server_key or not key_file:
            raise ValueError(f"{connect}: the key of the server and the file with your own were expected too")
        with open(key_file, encoding="ascii") as file:
            secret = file.readline().strip()
        for key, where in ((server_key, "the server's key"), (secret, os.fspath(key_file))):
            if len(key) != _LETTERS:
                raise ValueError(f"{where}: a key of {_LETTERS} characters was expected")
        return TcpAddress(int(port), server_key, secret)

    def endpoint(self, name: str) -> str:
        return f"tcp://127.0.0.1:{self._port_of(name)}"

    def prepare(self, wire: zmq.Socket[bytes]) -> None:
        wire.curve_serverkey = self.server_key.encode()
        wire.curve_secretkey = self.secret_key.encode()
        wire.curve_publickey = zmq.curve_public(self.secret_key.encode())

    def probe(self, name: str) -> None:
        try:
            socket.create_connection(("127.0.0.1", self._port_of(name)), timeout=1.0).close()
        except OSError as fault:
            raise own_error("daemon.unreachable", f"connect {self.endpoint(name)}", str(fault)) from fault

    def _port_of(self, name: str) -> int:
        return self.port + SOCKETS.index(name)
