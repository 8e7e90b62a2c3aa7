"""Edits of a task file's front matter: what is not edited stays as it is, byte for byte."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from vtm.errors import UnreadableError
from vtm.sources.front_matter_entries import Entry, entries_of
from vtm.sources.front_matter_lists import items_of, new_list, with_items
from vtm.sources.front_matter_refusal import not_spliced, refused
from vtm.sources.front_matter_values import Splice, instead, new_scalar, removing, replacing, spliced
from vtm.sources.markdown_text import Parts, parts
from vtm.sources.yaml_checks import refuse_ambiguous
from vtm.sources.yaml_nodes import YamlError, YamlProblem, compose
from vtm.sources.yaml_scalars import Scalar, means, written

_AFTER = "status"
_BEFORE = {"completed_at": ("started_at", _AFTER)}
_OPEN = "start it with a line `---`, and close the keys with another"
Value = Scalar | Sequence[str]
"""A single value, or the items of a list."""


class FrontMatterText(NamedTuple):
    """The bytes of a task file whose front matter can be edited; each edit gives the text that follows.

    Attributes:
        data: The bytes, the body included.
        name: What errors call it.
        parts: Where the front matter is.
        keys: What `entries` gives.
    """

    data: bytes
    name: str
    parts: Parts
    keys: tuple[Entry, ...]

    @classmethod
    def read(cls, data: bytes, name: str) -> "FrontMatterText":
        """Take `data` for a task file.

        Raises:
            UnreadableError: It has no front matter, is not UTF-8, or its front matter cannot be edited
                safely: not valid YAML, a key that is repeated, several documents, a top level that does not
                consist of simple keys, a tab before a comment, too long, too deep.
        """
        found = parts(data)
        if found is None:
            raise refused(data, name, YamlProblem("has no front matter", 0, _OPEN))
        try:
            data.decode()
            top = compose(data, found.yaml, found.end)
            if top is not None:
                refuse_ambiguous(top)
            return cls(data, name, found, entries_of(data, found, top))
        except UnicodeDecodeError as error:
            raise refused(data, name, YamlProblem("is not UTF-8", error.start, "save it as UTF-8")) from None
        except YamlError as error:
            raise refused(data, name, error.args[0]) from None

    def entries(self) -> tuple[Entry, ...]:
        """Each key of the top level, in the order of the text."""
        return self.keys

    def entry(self, key: str) -> Entry | None:
        """The entry of this key; None where there is none."""
        return next((each for each in self.keys if each.name == key), None)

    def with_value(self, key: str, value: Scalar) -> "FrontMatterText":
        """With `value` under `key`, in the style of the value that is there; None removes the key.

        A key that is new gets a line of its own after `status` (a time of completion after one of starting),
        else after the last key. Where a comment
        stands on the line of a value that is removed, `null` takes its place.

        Raises:
            UnreadableError: The value that is there is an alias, has an anchor or a tag, or is a list or
                mapping (which can be removed only); or the key may come from a merge.
        """
        entry = self.entry(key)
        if (entry is None) if value is None else (entry is not None and means(entry.node, value)):
            return self
        if entry is None:
            return self._with_line(key, f" {new_scalar(self.keys, value)}", value)
        if value is None:
            self.refuse_merge(key)
        self._refuse_reference(entry)
        if value is not None and entry.node.kind != "scalar":
            raise self._unsafe(entry, "is a list or a mapping", "write a single value")
        splices = (
            removing(self.data, entry) if value is None else replacing(self.data, self.keys, entry, value)
        )
        return self.checked(splices, key, value)

    def with_items(self, key: str, items: Sequence[str]) -> "FrontMatterText":
        """With a list of `items` under `key`; items that stay keep their text, their comments and the layout.

        Raises:
            UnreadableError: What is there is no list, or one of anything but text on one line; or the key may
                come from a merge.
        """
        entry = self.entry(key)
        if entry is None:
            text = new_list(self.data, self.keys, items)
            return self._with_line(key, text, items) if items else self
        self._refuse_reference(entry)
        if means(entry.node, None):
            if not items:
                return self
            text = new_list(self.data, (), items).strip()
            return self.checked(instead(self.data, entry, text), key, items)
        if entry.node.kind != "list":
            raise self._unsafe(entry, "is not a list", "write it as `[a, b]`")
        present = items_of(entry.node)
        if present is None:
            raise self._unsafe(entry, "has items that are not text on one line", "write it as `[a, b]`")
        if present == list(items):
            return self
        return self.checked(with_items(self.data, entry, items), key, items)

    def _with_line(self, key: str, text: str, value: Value) -> "FrontMatterText":
        """With a line, or lines, for a key that is new."""
        self.refuse_merge(key)
        there = (self.entry(each) for each in _BEFORE.get(key, (_AFTER,)))
        before = next(filter(None, there), None) or (self.keys[-1] if self.keys else None)
        at = before.span.end if before else self.parts.end
        indent = self.data[before.lines.start : before.key.start] if before else b""
        newline = self._newline(at)
        name = written(key, "")
        line = indent + f"{name}:{text}".encode().replace(b"\n", newline + indent) + newline
        return self.checked([Splice(at, at, line)], key, value)

    def _newline(self, at: int) -> bytes:
        """The line end of the line before `at`."""
        before = self.data[:at]
        return next((each for each in (b"\r\n", b"\n", b"\r") if before.endswith(each)), b"\n")

    def refuse_merge(self, key: str) -> None:
        """Let only front matter pass that says by itself what is under `key`, or that nothing is.

        Raises:
            UnreadableError: It does not have the key, but a merge that may bring it.
        """
        for each in self.keys:
            if self.data[slice(*each.key)] == b"<<":
                raise self._unsafe(each, f"is a merge, which may hold {key!r} too", "write its keys out")

    def _refuse_reference(self, entry: Entry) -> None:
        node = entry.node
        if node.kind == "alias" or node.anchor or node.tag:
            what = "an alias" if node.kind == "alias" else "a value with an anchor or a tag"
            raise self._unsafe(entry, f"is {what}", "write the plain value")

    def _unsafe(self, entry: Entry, what: str, fix: str) -> UnreadableError:
        at = entry.key.start if what.startswith("is a merge") else entry.value.start
        return not_spliced(self.data, self.name, f"has a {entry.name!r} that {what}", at, fix)

    def checked(self, splices: Iterable[Splice], key: str, value: Value) -> "FrontMatterText":
        """The text with these bytes replaced, if that changes nothing but the value of `key`.

        Raises:
            UnreadableError: It would change other things.
        """
        data = spliced(self.data, splices)
        try:
            after = FrontMatterText.read(data, self.name)
            what = difference(self, after, key, value)
        except UnreadableError as error:
            what = error.message
        if what:
            place = self.entry(key)
            at = place.key.start if place else self.parts.yaml
            reason = f"does not allow to write {key!r} without a change of other things ({what})"
            raise not_spliced(self.data, self.name, reason, at, "change it by hand")
        return after


def difference(before: FrontMatterText, after: FrontMatterText, key: str, value: Value) -> str:
    """What else than intended an edit of `key` has changed; empty: nothing."""
    entry = after.entry(key)
    if before.data[before.parts.end :] != after.data[after.parts.end :]:
        return "the body would change"
    if _others(before, key) != _others(after, key):
        return "another key would change"
    if entry is None:
        return "" if value is None else "it would not be there"
    if value is None or isinstance(value, str | bool):
        return "" if means(entry.node, value) else "it would not have the value"
    return "" if items_of(entry.node) == list(value) else "it would not have the items"


def _others(text: FrontMatterText, key: str) -> list[tuple[str, bytes, object]]:
    """Name, text and meaning of all keys but one."""
    written = ((each, text.data[each.key.start : each.value.end]) for each in text.keys if each.name != key)
    return [(each.name, raw, each.node.shape) for each, raw in written]
