"""YAML as the values that JSON has: nothing in it becomes a date or another object of Python."""

from typing import Any

import yaml

from vtm.exchange.yaml_scalars import NUMBER, value_of

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_SafeDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_DEEPEST = 16
LONGEST = 1_000_000
"""How many characters are read."""


class _Dumper(_SafeDumper):  # type: ignore[misc]  # which of PyYAML's dumpers it is depends on the platform
    """Quotes text also where only YAML 1.2 would take it for a number, such as 08 and 1e3."""


_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", NUMBER, "-+.0123456789")


class NoYamlError(ValueError):
    """Text is not one YAML object that can be read.

    Attributes:
        line: Where, from 1; so is `column`.
    """

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.line = line
        self.column = column


def parsed(text: str) -> dict[str, Any]:
    """The object that `text` is; a scalar in quotes is text, for others see `value_of`.

    Raises:
        NoYamlError: It is none, is too long or too deep, has a key twice, or uses aliases or tags.
    """
    if len(text) > LONGEST:
        raise NoYamlError("is longer than a million characters")
    try:
        return _built(text)
    except yaml.MarkedYAMLError as error:
        place = _place(error.problem_mark or error.context_mark)
        raise NoYamlError(f"is not YAML: {error.problem or error.context}", *place) from None
    except yaml.YAMLError as error:
        where = getattr(error, "position", 0)
        before = text[: where if isinstance(where, int) else 0]
        place = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise NoYamlError("is not YAML: it holds a character that may not be there", *place) from None


class _Builder:
    """Puts together what the parser reports, without recursion."""

    def __init__(self) -> None:
        self.roots: list[Any] = []
        self._open: list[Any] = []
        self._keys: list[list[str]] = []

    @property
    def wants_key(self) -> bool:
        """Whether what comes next is a key, or the end of an object."""
        return bool(self._open) and isinstance(self._open[-1], dict) and not self._keys[-1]

    def add(self, value: Any, line: int, column: int) -> None:
        """A value that ends where the parser is, or opens there."""
        if not self._open:
            self.roots.append(value)
        elif isinstance(self._open[-1], list):
            self._open[-1].append(value)
        elif self.wants_key:
            if not isinstance(value, str):
                raise NoYamlError("has a key that is not text", line, column)
            if value in self._open[-1]:
                raise NoYamlError(f"has the key {value} twice", line, column)
            self._keys[-1].append(value)
        else:
            self._open[-1][self._keys[-1].pop()] = value

    def enter(self, value: Any, line: int, column: int) -> None:
        """A list or object starts."""
        if len(self._open) >= _DEEPEST:
            raise NoYamlError("is nested too deeply", line, column)
        self.add(value, line, column)
        self._open.append(value)
        self._keys.append([])

    def leave(self) -> None:
        """The last one that started ends."""
        self._open.pop()
        self._keys.pop()


def _place(mark: Any) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _built(text: str) -> dict[str, Any]:
    builder = _Builder()
    for event in yaml.parse(text, Loader=_LOADER):
        place = _place(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise NoYamlError("uses an alias", *place)
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag not in {None, "!"}:
            raise NoYamlError(f"uses the tag {event.tag}", *place)
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0] and event.tag is None and not builder.wants_key
            builder.add(value_of(event.value) if plain else event.value, *place)
        elif isinstance(event, yaml.MappingStartEvent):
            builder.enter({}, *place)
        elif isinstance(event, yaml.SequenceStartEvent):
            builder.enter([], *place)
        elif isinstance(event, yaml.CollectionEndEvent):
            builder.leave()
    if len(builder.roots) != 1 or not isinstance(builder.roots[0], dict):
        raise NoYamlError("is not one object with keys")
    found: dict[str, Any] = builder.roots[0]
    return found


def dumped(value: dict[str, Any]) -> str:
    """An object as YAML, its keys in their order."""
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)
    return str(text)
