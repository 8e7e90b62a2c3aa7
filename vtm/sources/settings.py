"""Settings from `vtm.toml`."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from vtm.errors import UnreadableError, VtmError, WrongUsageError
from vtm.model.agent_settings import Choice, Program
from vtm.model.finding import Defect
from vtm.model.settings import Settings
from vtm.sources.decoder import convert
from vtm.sources.files import Missing, read_bytes
from vtm.sources.setting_paths import NAME, check_apart, check_inside

_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_WHERE = re.compile(r" - at `[^`]*`$")
_TABLE = re.compile(r"\s*+\[\s*+([^\[\]]+)\]")
_TABLES: dict[str, type[msgspec.Struct]] = {"agents.kinds.": Choice, "runners.": Program}
"""Open tables that hold tables, and what each of those is."""


_fields = cache(msgspec.structs.fields)  # looked up anew it takes longer than all the rest


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
    except UnicodeDecodeError as error:
        raise _not_toml("not valid UTF-8", data, error.start) from None
    except RecursionError:
        raise _not_toml("nested too deeply", data, 0) from None
    except ValueError as error:
        raise _not_toml(str(error), data, len(data)) from None
    lines = _lines(text, raw)
    for key in lines:
        _check_known(key, lines[key])
    try:
        settings = msgspec.convert(raw, Settings)
    except msgspec.ValidationError as error:
        raise _wrong_value(str(error), raw, lines) from None
    for key, value in values(settings):
        if key in lines and (key.startswith("paths.") or key == "prd.path"):
            check_inside(key, value, lines[key])
    check_apart(settings, lines)
    return Configured(settings, lines)


def keys(kind: type[msgspec.Struct] = Settings, prefix: str = "") -> Iterator[str]:
    """All known keys, dotted."""
    for field in _fields(kind):
        name = prefix + field.encode_name
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from keys(field.type, f"{name}.")
        else:
            yield name


def values(table: msgspec.Struct, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting in force with its dotted key; what is set inside an open table is one of its own."""
    for field in _fields(type(table)):
        name, value = prefix + field.encode_name, getattr(table, field.name)
        if isinstance(value, msgspec.Struct):
            yield from values(value, f"{name}.")
        elif isinstance(value, dict) and value:
            for key, each in value.items():
                if isinstance(each, msgspec.Struct):
                    yield from values(each, f"{name}.{key}.")
                else:
                    yield f"{name}.{key}", each
        else:
            yield name, value


def _not_toml(reason: str, data: bytes, offset: int) -> VtmError:
    """The error of a file that is not TOML; it is wrong at `offset` unless `reason` tells the place."""
    from vtm.sources.positions import position  # noqa: PLC0415  2 ms that sound files save

    at = _AT.search(reason)
    line, column = (int(at[1]), int(at[2])) if at else position(data, offset)
    what = _AT.sub("", reason).removesuffix(" (at end of document)").strip().rstrip(".")
    return UnreadableError(
        f"{NAME} is not TOML: {what}",
        code="UNREADABLE-SETTINGS",
        path=NAME,
        line=line,
        column=column,
        fix="correct the syntax at this place",
    )


def _wrong_value(reason: str, raw: Mapping[str, Any], lines: Mapping[str, int]) -> VtmError:
    key = next((".".join(path) for path, value in _leaves(raw) if not _fits(path, value)), "")
    what = _WHERE.sub("", reason)
    return WrongUsageError(
        f"{NAME}: {key}: {what[:1].lower()}{what[1:]}",
        code="INVALID-SETTING",
        path=NAME,
        line=lines.get(key, 1),
        column=1,
        fix="`vtm config` shows every setting with its default",
    )


def _fits(path: tuple[str, ...], value: object) -> bool:
    for key in reversed(path):
        value = {key: value}
    return convert(value, Settings) is not None


@cache
def _known(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(keys(kind))


def _check_known(key: str, line: int) -> None:
    known = list(_known(Settings))
    open_tables = ("rules.severity.", "prescan.patterns.", "prescan.substitutes.")
    if key in known or key.startswith(open_tables) or any(each.startswith(f"{key}.") for each in known):
        return
    for table, kind in _TABLES.items():
        rest = key.removeprefix(table)
        inside = _known(kind)
        if rest != key and ("." not in rest or rest.rpartition(".")[2] in inside):
            return
        known += [key.rpartition(".")[0] + f".{each}" for each in inside if rest != key]
    from difflib import get_close_matches  # noqa: PLC0415  2 ms, only for a wrong name

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
    table = ""
    heads: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        head = _TABLE.match(line)
        if head:
            table = _plain(head[1]) + "."
            heads[table] = number
        elif "=" in line:
            heads.setdefault(table + _plain(line.partition("=")[0]), number)
    return {".".join(path): _line(path, heads) for path, _ in _leaves(raw)}


def _plain(written: str) -> str:
    """A dotted key without spaces and quotes."""
    return re.sub(r"[\s\"']", "", written)


def _line(path: tuple[str, ...], heads: Mapping[str, int]) -> int:
    """The line of a key, else of the nearest table around it, inline or not."""
    for end in range(len(path), 0, -1):
        name = ".".join(path[:end])
        found = heads.get(name) or heads.get(f"{name}.")
        if found:
            return found
    return 1


def _leaves(raw: Mapping[str, Any], at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in raw.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*at, key))
        else:
            yield (*at, key), value
