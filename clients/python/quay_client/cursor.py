# SPDX-License-Identifier: Apache-2.0
"""How far a program has come in the journal, and the file that remembers it over a restart. No socket, no clock."""
from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cursor:
    """The last event that was handled: sequence number `seq` of the journal named `journal`."""

    journal: str
    seq: int = 0


class CursorFile:
    """A cursor on disk: whole or not at all, and durable when `write` returns. One program a file."""

    def __init__(self, path: str | os.PathLike[str]):
        self.path = Path(path)

    def read(self) -> Cursor | None:
        """None when there is no file yet. ValueError when it is not a cursor: it was damaged, or is another file."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        try:
            found = json.loads(text)
            return Cursor(str(found["journal"]), int(found["seq"]))
        except (ValueError, KeyError, TypeError) as fault:
            raise ValueError(f"{self.path} holds no cursor: remove it to begin anew") from fault

    def write(self, cursor: Cursor) -> None:
        draft = self.path.with_name(self.path.name + ".new")
        with open(draft, "w", encoding="utf-8") as file:
            json.dump({"journal": cursor.journal, "seq": cursor.seq}, file)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.path)
        sync_directory(self.path.parent)


def sync_directory(directory: Path) -> None:
    """Makes a rename in `directory` durable (fsync(2), "Calling fsync() does not necessarily ensure...")."""
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
