"""Keys in JSON files of settings that people and other programs write."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from vtm.integrations.install.part import LeftError, Part
from vtm.sources.json_text import Container, opened

Path = tuple[str, ...]


class Value(NamedTuple):
    """A value that stands for itself: it is set as a whole, or is there already."""

    value: Any


Tree = Mapping[str, "Tree | list[Any] | Value"]
"""What is wanted: objects get members, lists get items, and values are set where there is none."""


class _Keys(NamedTuple):
    path: str
    tree: Tree
    alone: Mapping[str, Any] = {}
    other: str = ""


class Keys(_Keys, Part):
    """Members of a JSON document; every byte that it does not need stays.

    A hook is known by the command that it calls: whoever changes when it is called, or how long it may take,
    does not get another one.

    Attributes:
        tree: What it holds.
        alone: Members that a document which is made for it has beside them.
    """

    def added(self, before: bytes | None) -> bytes:
        """The document with all of it."""
        if before is None:
            return _laid_out({**self.alone, **_plain(self.tree)})
        data = before
        for path, wanted in _wanted(self.tree):
            data = self._with(data, path, wanted)
        return data

    def removed(self, before: bytes) -> bytes | None:
        """The document without it, and without what holds nothing else; None: that is all of it."""
        self._read(before)
        data = before
        for path, wanted in _wanted(self.tree):
            data = _without(data, path, wanted)
        rest = msgspec.json.decode(data)
        return None if data != before and rest in ({}, dict(self.alone)) else data

    def _read(self, data: bytes) -> dict[str, Any]:
        """The document.

        Raises:
            LeftError: It is none that can be added to.
        """
        try:
            document = msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise LeftError("it is not plain JSON (comments?)", self._by_hand) from None
        if not isinstance(document, dict):
            raise LeftError("it is JSON, but no object", self._by_hand)
        return document

    def _with(self, data: bytes, path: Path, wanted: object) -> bytes:
        """`data` with what is wanted at `path`."""
        found: Any = self._read(data)
        for depth, key in enumerate(path):
            if not isinstance(found, dict):
                raise LeftError(f"{'.'.join(path[:depth])} is no object", self._by_hand)
            if key not in found:
                return _at(data, path[:depth]).with_members({key: _nested(path[depth + 1 :], wanted)})
            found = found[key]
        if isinstance(wanted, Value):
            if found != wanted.value:
                raise LeftError(f"{'.'.join(path)} is there and says something else", self._by_hand)
            return data
        if not isinstance(found, list):
            raise LeftError(f"{'.'.join(path)} is no list", self._by_hand)
        return _at(data, path).with_items([wanted]) if _where(found, wanted) is None else data

    @property
    def _by_hand(self) -> str:
        return _laid_out(_plain(self.tree)).decode().rstrip()


def _wanted(tree: Tree, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Each value and each item of a list that is wanted, with where."""
    for key, below in tree.items():
        if isinstance(below, Value):
            yield (*path, key), below
        elif isinstance(below, list):
            yield from (((*path, key), item) for item in below)
        else:
            yield from _wanted(below, (*path, key))


def _plain(tree: Tree) -> dict[str, Any]:
    return {
        key: below.value if isinstance(below, Value) else below if isinstance(below, list) else _plain(below)
        for key, below in tree.items()
    }


def _nested(path: Path, wanted: object) -> object:
    """What stands for `wanted` below a key that is not there."""
    made: object = wanted.value if isinstance(wanted, Value) else [wanted]
    for key in reversed(path):
        made = {key: made}
    return made


def _at(data: bytes, path: Sequence[str | int]) -> Container:
    """The object or list at `path`, where there is one."""
    found = opened(data)
    for key in path:
        below = found.inside(key)
        if below is None:
            raise KeyError(key)
        found = below
    return found


def _without(data: bytes, path: Path, wanted: object) -> bytes:
    """`data` without what was wanted at `path`, and without what that leaves empty."""
    found: Any = msgspec.json.decode(data)
    for key in path:
        if not isinstance(found, dict) or key not in found:
            return data
        found = found[key]
    if isinstance(wanted, Value):
        return _pruned(data, path) if found == wanted.value else data
    at = _where(found, wanted) if isinstance(found, list) else None
    if at is None:
        return data
    ours, calls = _calls(wanted), _calls(found[at])
    if len(calls) > len(ours):  # somebody has put a hook of their own beside it
        inside = {number for number, each in enumerate(calls) if each in ours}
        return _at(data, (*path, at, "hooks")).without(inside)
    return _pruned(data, path) if len(found) == 1 else _at(data, path).without({at})


def _where(found: list[Any], wanted: object) -> int | None:
    """The place of an item in a list; None: it is not in there."""
    if wanted in found:
        return found.index(wanted)
    ours = _calls(wanted)
    return next((at for at, each in enumerate(found) if ours and _has(_calls(each), ours)), None)


def _has(calls: list[Any], ours: list[Any]) -> bool:
    return all(each in calls for each in ours)


def _calls(item: object) -> list[Any]:
    """The commands that a group of hooks calls; none where it is no such group."""
    hooks = item.get("hooks") if isinstance(item, dict) else None
    each_of = hooks if isinstance(hooks, list) else ()
    return [each.get("command") if isinstance(each, dict) else None for each in each_of]


def _pruned(data: bytes, path: Path) -> bytes:
    """`data` without the member at `path`, and without each object that held nothing else."""
    for depth in range(len(path) - 1, -1, -1):
        holder = _at(data, path[:depth])
        if len(holder.items) > 1 or not depth:
            return holder.without({path[depth]})
    return data


def _laid_out(document: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
