"""YAML by the rules of version 1.2, from the events of PyYAML's C parser: exact, and never out of bounds."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from vtm.sources.yaml_error import YamlError

LARGEST = 1_000_000
"""Most characters that aliases may stand for, all together."""

_LONGEST = 4_000_000

_DEEPEST = 60
_NULLS = {"", "~", "null", "Null", "NULL"}
_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map")}
_NULL = "tag:yaml.org,2002:null"
_BREAKS = "\x85\u2028\u2029"
"""Line ends in YAML 1.1, which the parser speaks; characters like any other in 1.2."""

_Parser: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Open(NamedTuple):
    """A collection that is being read; of a mapping, `items` are keys and values in turn, `marks` theirs."""

    is_map: bool
    anchor: str | None
    items: list[Any]
    marks: list[Any]


def load(text: str) -> Any:
    """The one value in `text`: mappings, lists, text and None; numbers, dates and truth values stay text.

    Aliases stand for the same value; a merge key `<<` adds the keys of a mapping.

    Raises:
        YamlError: It is not YAML, there is more than one document, a key stands twice, a tag would build an
            object, or it is nested too deeply or comes to too much.
    """
    if len(text) > _LONGEST:
        raise YamlError(f"has front matter of more than {_LONGEST:,} characters", 1, 1)
    stand_ins = _stand_ins(text)
    for each, other in stand_ins.items():
        text = text.replace(each, other)
    shown = {ord(other): each for each, other in stand_ins.items()}
    return _Reader(shown).read(_events(text))


def _events(text: str) -> Iterator[Any]:
    parser = _Parser(text)
    try:
        while not isinstance(event := parser.get_event(), yaml.StreamEndEvent):
            yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or str(error)
        line, column = (mark.line, mark.column) if mark else (0, 0)
        raise YamlError(f"is no valid YAML: {what}", line + 1, column + 1) from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position if isinstance(error.position, int) else 0]
        line = before.count("\n") + 1
        raise YamlError(
            "is no valid YAML: it holds a control character", line, len(before) - before.rfind("\n")
        ) from None
    finally:
        parser.dispose()


def _stand_ins(text: str) -> dict[str, str]:
    """A character that `text` does not have for each of those that would end a line."""
    free = (chr(each) for each in range(0xE000, 0xF8FF) if chr(each) not in text)
    return {each: next(free) for each in _BREAKS if each in text}


class _Reader:
    """Builds values from events, with a stack of its own, so that depth costs nothing."""

    def __init__(self, shown: dict[int, str]) -> None:
        self._shown = shown
        self._known: dict[str, tuple[Any, int]] = {}
        self._open: list[_Open] = []
        self._sizes: list[int] = []
        self._documents = 0
        self._aliased = 0
        self._found: Any = None

    def read(self, events: Iterator[Any]) -> Any:
        steps = {
            yaml.ScalarEvent: self._scalar,
            yaml.SequenceStartEvent: self._begin,
            yaml.MappingStartEvent: self._begin,
            yaml.SequenceEndEvent: self._end,
            yaml.MappingEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        for event in events:
            step = steps.get(type(event))
            if step:
                step(event)
        return self._found

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _at(event.start_mark, "holds more than one YAML document; only one is read")

    def _begin(self, event: Any) -> None:
        _refuse_tag(event)
        if len(self._open) >= _DEEPEST:
            raise _at(event.start_mark, f"is nested more than {_DEEPEST} levels deep")
        self._open.append(_Open(isinstance(event, yaml.MappingStartEvent), event.anchor, [], []))
        self._sizes.append(1)

    def _end(self, event: Any) -> None:
        done, size = self._open.pop(), self._sizes.pop()
        self._put(_mapping(done) if done.is_map else done.items, event, done.anchor, size)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._known:
            raise _at(event.start_mark, f"has an alias *{event.anchor} that nothing before it is named")
        value, size = self._known[event.anchor]
        self._aliased += size
        if self._aliased > LARGEST:
            raise _at(event.start_mark, f"has aliases that stand for more than {LARGEST:,} characters")
        self._put(value, event, None, size)

    def _put(self, value: Any, event: Any, anchor: str | None, size: int) -> None:
        if anchor:
            self._known[anchor] = (value, size)
        if not self._open:
            self._found = value
            return
        self._open[-1].items.append(value)
        self._open[-1].marks.append(event.start_mark)
        self._sizes[-1] += size

    def _scalar(self, event: Any) -> None:
        _refuse_tag(event)
        text = event.value.translate(self._shown) if self._shown else event.value
        empty = event.tag is None and event.implicit[0] and text in _NULLS
        self._put(None if empty or event.tag == _NULL else text, event, event.anchor, len(text) + 1)


def _refuse_tag(event: Any) -> None:
    if event.tag not in {None, "!"} and event.tag not in _PLAIN_TAGS:
        raise _at(event.start_mark, f"has the tag {event.tag}, which would build an object")


def _mapping(read: _Open) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    merged: dict[Any, Any] = {}
    has_merge = False
    for key, value, mark in zip(read.items[::2], read.items[1::2], read.marks[::2], strict=True):
        name = key if isinstance(key, str | None) else (len(found),)  # a collection: nobody asks for it
        if name == "<<" and isinstance(value, dict | list):
            if has_merge:
                raise _at(mark, "has two merge keys, and one of the two would be lost")
            has_merge = True
            merged = _merged(value, mark)
        elif name in found:
            raise _at(mark, f"has the key {name} twice, and one of the two would be lost")
        else:
            found[name] = value
    again = next((each for each in merged if each in found), None)
    if again is not None:
        raise _at(read.marks[0], f"has the key {again} beside a merge key that brings it too")
    return merged | found


def _merged(value: Any, mark: Any) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict):
            raise _at(mark, "has a merge key that leads to no mapping")
        found = each | found
    return found


def _at(mark: Any, message: str) -> YamlError:
    return YamlError(message, mark.line + 1, mark.column + 1)
