"""Settings from `vtm.toml`."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from vtm.errors import UnreadableError, VtmError, WrongUsageError
from vtm.model.finding import Defect
from vtm.model.settings import Settings
from vtm.sources.files import Missing, read_bytes

NAME = "vtm.toml"
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_WHERE = re.compile(r" - at `\$\.?([^`]*)`$")


class Configured(NamedTuple):
    """Settings, and for each dotted key that the file sets the line that does."""

    settings: Settings
    lines: Mapping[str, int]


def load_settings(path: Path) -> Configured:
    """Read the settings; a missing file sets nothing.

    Raises:
        UnreadableError: The file cannot be read or is not TOML.
        WrongUsageError: A key is unknown (the nearest known one is offered) or a value does not fit.
    """
    data = read_bytes(path, NAME)
    if isinstance(data, Missing):
        return Configured(Settings(), {})
    if isinstance(data, Defect):
        raise UnreadableError(data.message, code="UNREADABLE-SETTINGS", path=NAME, fix=data.fix)
    try:
        text = data.decode("utf-8-sig")
        raw = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _not_toml(str(error)) from None
    lines = _lines(text, raw)
    for key in lines:
        _check_known(key, lines[key])
    try:
        return Configured(msgspec.convert(raw, Settings), lines)
    except msgspec.ValidationError as error:
        raise _wrong_value(str(error), lines) from None


def keys(kind: type[msgspec.Struct] = Settings, prefix: str = "") -> Iterator[str]:
    """All known keys, dotted."""
    for field in msgspec.structs.fields(kind):
        name = prefix + field.encode_name
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from keys(field.type, f"{name}.")
        else:
            yield name


def values(table: msgspec.Struct, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting in force with its dotted key; what is set inside an open table is one of its own."""
    for field in msgspec.structs.fields(table):
        name, value = prefix + field.encode_name, getattr(table, field.name)
        if isinstance(value, msgspec.Struct):
            yield from values(value, f"{name}.")
        elif isinstance(value, dict) and value:
            yield from ((f"{name}.{key}", each) for key, each in value.items())
        else:
            yield name, value


def _not_toml(reason: str) -> VtmError:
    at = _AT.search(reason)
    line, column = (int(at[1]), int(at[2])) if at else (1, 1)
    what = _AT.sub("", reason).strip().rstrip(".")
    return UnreadableError(
        f"{NAME} is not TOML: {what}",
        code="UNREADABLE-SETTINGS",
        path=NAME,
        line=line,
        column=column,
        fix="correct the syntax at this place",
    )


def _wrong_value(reason: str, lines: Mapping[str, int]) -> VtmError:
    where = _WHERE.search(reason)
    key = re.sub(r"\[.*", "", where[1]) if where else ""
    what = _WHERE.sub("", reason)
    return WrongUsageError(
        f"{NAME}: {key}: {what[:1].lower()}{what[1:]}" if key else f"{NAME}: {what}",
        code="INVALID-SETTING",
        path=NAME,
        line=lines.get(key, 1),
        column=1,
        fix="`vtm config` shows every setting with its default",
    )


def _check_known(key: str, line: int) -> None:
    known = list(keys())
    open_tables = ("rules.severity.", "agents.")
    if key in known or key.startswith(open_tables) or any(each.startswith(f"{key}.") for each in known):
        return
    near = get_close_matches(key, known, 1, 0.5) or get_close_matches(key.rpartition(".")[2], known, 1, 0.5)
    raise WrongUsageError(
        f"{NAME} has no setting {key}",
        code="UNKNOWN-SETTING",
        path=NAME,
        line=line,
        column=1,
        fix=f"did you mean {near[0]}?" if near else "`vtm config` shows every setting",
    )


def _lines(text: str, raw: Mapping[str, Any]) -> dict[str, int]:
    """The line that sets each dotted key; that of its table where it cannot be told."""
    found: dict[str, int] = {}
    table = ""
    heads: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        head = re.match(r"\s*\[\s*([^\[\]]+?)\s*\]", line)
        if head:
            table = re.sub(r"[\s\"']", "", head[1]) + "."
            heads[table] = number
        key = re.match(r"\s*([\w.\-\"' :]+?)\s*=", line)
        if key and not head:
            heads.setdefault(table + re.sub(r"[\s\"']", "", key[1]), number)
    for key_path in _leaves(raw):
        name = ".".join(key_path)
        parents = (".".join(key_path[:end]) + "." for end in range(len(key_path) - 1, 0, -1))
        found[name] = heads.get(name) or next((heads[each] for each in parents if each in heads), 1)
    return found


def _leaves(raw: Mapping[str, Any], at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in raw.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*at, key))
        else:
            yield (*at, key)
