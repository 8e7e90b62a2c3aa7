"""The values of YAML text and where each of them stands; no object is built and no alias followed."""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, Literal, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

_DEEPEST = 64
_MOST = 20_000
_LONGEST = 1 << 20
_LONG_TAG = re.compile(rb"[\s,\[{]![^\s]{1000}")
"""ruamel.yaml takes time that is quadratic in the length of a tag."""
_DIRECTIVE = re.compile(rb"(?:^|(?<=\r))\xef?\xbb?\xbf?%", re.MULTILINE)
_MARKED = "holds a directive, a document marker or a second document"
_UNMARKED = "leave one document without markers"

_SHOWN = str.maketrans("\x85\u2028\u2029", "\U0010f085\U0010f028\U0010f029")
_READ = str.maketrans("\U0010f085\U0010f028\U0010f029", "\x85\u2028\u2029")
"""YAML 1.2 takes NEL, LS and PS for letters; ruamel.yaml takes them for line ends, so it is shown letters."""

Kind = Literal["scalar", "list", "mapping", "alias"]


class YamlProblem(NamedTuple):
    """Why text cannot be used, where (a byte offset), and what to do about it."""

    what: str
    at: int
    fix: str
    invalid: bool = True


class YamlError(Exception):
    """Text is not YAML that can be worked on; `args[0]` is the `YamlProblem`."""


class Node(NamedTuple):
    """A value.

    Attributes:
        start: Where it starts, its anchor and tag included, as a byte offset; so is `end`. Where nothing is
            written, both are where the next thing starts. A block ends where the next thing starts.
        value: The text of a scalar; the name that an alias refers to.
        style: Of a scalar its quote, `|`, `>` or nothing; of a list or mapping `[` or nothing.
        children: Items; keys and values by turns.
    """

    kind: Kind
    start: int
    end: int
    value: str = ""
    style: str = ""
    anchor: str = ""
    tag: str = ""
    children: tuple["Node", ...] = ()

    @property
    def shape(self) -> tuple[object, ...]:
        """Everything but the place."""
        inner = tuple(each.shape for each in self.children)
        return self.kind, self.value, self.style, self.anchor, self.tag, inner

    @property
    def pairs(self) -> list[tuple["Node", "Node"]]:
        """Keys of a mapping with their values."""
        return list(zip(self.children[::2], self.children[1::2], strict=True))

    def all(self) -> Iterator["Node"]:
        """This and everything in it, in the order of the text."""
        yield self
        for each in self.children:
            yield from each.all()


def compose(data: bytes, start: int, end: int) -> Node | None:
    """The one value that the UTF-8 text `data[start:end]` is; None where it holds none.

    Raises:
        YamlError: It is not YAML, more than one document, or too much: over 1 MB, 20,000 values or 64 levels.
    """
    if end - start > _LONGEST:
        raise _too_much("is longer than 1 MB", start)
    if long := _LONG_TAG.search(data, start, end):
        raise _too_much("has a tag of more than 1,000 characters", long.start() + 1)
    if directive := _DIRECTIVE.search(data, start, end):
        raise YamlError(YamlProblem(_MARKED, directive.start(), _UNMARKED, invalid=False))
    text = data[start:end].decode()
    places = _Places(text, start)
    found: list[Node] = []
    try:
        _build(text, places, found)
    except ReaderError as error:
        what = f"holds the character U+{error.character:04X}, which YAML does not allow"
        raise YamlError(YamlProblem(what, places[error.position], "remove it")) from None
    except MarkedYAMLError as error:
        raise YamlError(_explained(error, text, places)) from None
    except (YAMLError, ValueError, OverflowError, IndexError) as error:
        what = "is not valid YAML: " + str(error).partition("\n")[0]
        raise YamlError(YamlProblem(what, start, "correct it")) from None
    return found[0] if found else None


class _Places:
    """Byte offsets of code points."""

    def __init__(self, text: str, start: int) -> None:
        self._start = start
        lengths = (1 if each < "\x80" else len(each.encode()) for each in text)
        self._sums = None if text.isascii() else [0, *accumulate(lengths)]

    def __getitem__(self, index: int) -> int:
        return self._start + (self._sums[min(index, len(self._sums) - 1)] if self._sums else index)


class _Open(NamedTuple):
    """A list or mapping whose end has not been seen."""

    start: Any
    children: list[Node]


def _build(text: str, places: _Places, found: list[Node]) -> None:
    """Put the values of the first document into `found`."""
    work = [_Open(None, found)]
    events = YAML(typ="safe", pure=True).parse(text.translate(_SHOWN))
    for count, event in enumerate(events):
        at, end = places[event.start_mark.index], places[event.end_mark.index]
        if isinstance(event, DocumentStartEvent | DocumentEndEvent):
            _refuse_marker(event, at)
        elif isinstance(event, SequenceStartEvent | MappingStartEvent):
            work.append(_Open(event, []))
        elif isinstance(event, SequenceEndEvent | MappingEndEvent):
            opened = work.pop()
            work[-1].children.append(_branch(opened, places, end))
        elif isinstance(event, ScalarEvent | AliasEvent):
            work[-1].children.append(_leaf(event, at, end))
        if len(work) > _DEEPEST:
            raise _too_much("is nested more than 64 levels deep", at)
        if count > _MOST:
            raise _too_much("holds more than 20,000 values", at)


def _leaf(event: Any, start: int, end: int) -> Node:
    if isinstance(event, AliasEvent):
        return Node("alias", start, end, str(event.anchor))
    value = event.value.translate(_READ)
    return Node("scalar", start, end, value, event.style or "", event.anchor or "", str(event.tag or ""))


def _branch(opened: _Open, places: _Places, end: int) -> Node:
    event = opened.start
    kind: Kind = "list" if isinstance(event, SequenceStartEvent) else "mapping"
    style = "[" if event.flow_style else ""
    start = places[event.start_mark.index]
    return Node(kind, start, end, "", style, event.anchor or "", str(event.tag or ""), tuple(opened.children))


def _refuse_marker(event: Any, at: int) -> None:
    """Let only a document pass that starts and ends without being told to."""
    if event.explicit:
        raise YamlError(YamlProblem(_MARKED, at, _UNMARKED, invalid=False))


def _too_much(what: str, at: int) -> YamlError:
    return YamlError(YamlProblem(what, at, "move what is not of the task to another file", invalid=False))


def _explained(error: MarkedYAMLError, text: str, places: _Places) -> YamlProblem:
    """What ruamel.yaml found wrong; tabs get a reason of their own, because other readers accept them."""
    mark = error.problem_mark or error.context_mark
    index = mark.index if mark else 0
    if text[index : index + 1] == "\t":
        what = "has a tab before a value or a comment, where positions are not reliable"
        return YamlProblem(what, places[index], "replace the tab with a space", invalid=False)
    said = ", ".join(each for each in (error.context, error.problem) if each)
    return YamlProblem(f"is not valid YAML: {said.translate(_READ)!s}", places[index], "correct it")
