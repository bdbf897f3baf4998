# SPDX-License-Identifier: Apache-2.0
"""Which visits are ours: their keys, and which job, page and document belongs to which visit, so that the right key goes
with every command by itself. Learnt from replies and events; kept in memory only."""
from __future__ import annotations

from typing import Any, Iterable, Mapping

_NAMES = ("job", "capture", "document")


class KeyRing:
    def __init__(self) -> None:
        self._keys: dict[str, str] = {}
        self._visits: dict[str, str] = {}  # of jobs, captures and documents of visits that are ours

    def key(self, visit: str) -> str | None:
        return self._keys.get(visit)

    def add(self, visit: str, key: str) -> None:
        self._keys[visit] = key

    def forget(self, visit: str) -> None:
        self._keys.pop(visit, None)
        self._visits = {name: owner for name, owner in self._visits.items() if owner != visit}

    def key_for(self, args: Mapping[str, Any]) -> str | None:
        """The key that a command with these arguments needs; None when it concerns no visit of ours. Something never heard of
        is taken to belong to our only visit, when there is only one."""
        if "visit" in args:
            return self._keys.get(args["visit"])
        named = [args[name] for name in (*_NAMES, "id") if name in args]
        if not named:
            return None
        visit = next((self._visits[name] for name in named if name in self._visits), None)
        if visit is None and len(self._keys) == 1:
            visit = next(iter(self._keys))
        return self._keys.get(visit) if visit else None

    def learn(self, args: Mapping[str, Any], result: Mapping[str, Any]) -> None:
        """Takes in what a reply says: keys, and what belongs to which visit."""
        visit, key = result.get("visit"), result.get("visit_key")
        if visit and key:
            self.add(visit, key)
        self._note(result, args.get("visit"))

    def learn_event(self, visit: str | None, data: Mapping[str, Any]) -> None:
        self._note(data, visit)

    def _note(self, found: Mapping[str, Any], visit: Any) -> None:
        visit = found.get("visit", visit)
        for value in found.values():
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, Mapping):
                    self._note(inner, visit)
        if visit in self._keys:
            self._visits.update({name: visit for name in _named(found)})


def _named(found: Mapping[str, Any]) -> Iterable[str]:
    for name in _NAMES:
        if isinstance(found.get(name), str):
            yield found[name]
    yield from (item for item in found.get("captures", []) if isinstance(item, str))
