"""Front matter as plain values: a fast reader where it can be trusted, an exact one for everything else.

Of 10,000 front matters, `yaml12` (Rust) reads all in half the time of PyYAML's C loader; but it drops the
first of two equal keys and the text of numbers. What might hold such a thing is left to `yaml_events`.
"""

import re
from typing import Any

from vtm.sources.front_matter_keys import FLAGS, KEYS, POSITION
from vtm.sources.yaml_error import YamlError

__all__ = ["YamlError", "read_front_matter"]

_LONGEST = 65_536
_SIGNS = re.compile(r"[&*!%{?\t\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_PAIRS = ("---", "...", "<<", "- -", "-  ", "\n:")
_DOUBTFUL = re.compile(
    r"(?:^|[\s\[{,?:-])(?:[&*]\S|!|<<)|^(?:[%{?:]|---|\.\.\.)|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\t"
    r"|(?:[-?] +){9}",
    re.MULTILINE,
)
_MISREAD = re.compile(r"(?:[\[{,][ \r\n]*|^ *)[|>:?@`]|[|>][+-]?[0-9]", re.MULTILINE)
"""What the two readers take for different things: the first inside brackets, the second where it is empty."""
_ODD = ("|", ">", "?", "@", "`", "[:", "{:", ",:", " :", "\n:", "\r:")
"""One of these is in whatever they do."""
_INDENTED = re.compile(r"(?: *(?:#[^\n]*)?\r?\n)*[ :]")
"""The fast reader takes the end of an indented mapping for the end of all."""
_NO_KEYS = ("\n ", "\n#", "\n- ", "\n-\n", "\n-\r", "\n\n", "\n\r", "\n\t")
_MOST_BRACKETS = 32
"""The fast reader reads what is nested too deeply into the end of the process."""

_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def read_front_matter(text: str) -> dict[Any, Any]:
    """The keys of `KEYS` and the values they have in the YAML `text`: text, None, lists, in flags bool.

    Raises:
        YamlError: It is no YAML that is let in, or no mapping.
    """
    found = fast(text)
    return exact(text) if found is None else found


def exact(text: str) -> dict[Any, Any]:
    """The same, by the exact reader.

    Raises:
        YamlError: It is no YAML that is let in, or no mapping.
    """
    from vtm.sources.yaml_events import load  # noqa: PLC0415  PyYAML: 15 ms, only for what is out of the ordinary

    found = load(text)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise YamlError("has front matter that is no mapping of keys to values", 1, 1)
    return _known(found)


def fast(text: str) -> dict[Any, Any] | None:
    """The same, by the fast reader; None where that one cannot be trusted with it, or reads a number."""
    if _is_doubtful(text):
        return None
    from yaml12 import Yaml, parse_yaml  # noqa: PLC0415  3 ms that a warm index saves

    try:
        found = parse_yaml(text)
    except ValueError:
        return None
    if not isinstance(found, dict) or len(found) != _keys(text):
        return None
    known: dict[Any, Any] = {}
    values: dict[Any, Any] = found
    for key, value in values.items():
        kind = type(value)
        if kind is dict or kind is Yaml or (kind is list and not _are_single(value)):
            return None
        if key in KEYS:
            if kind is str or value is None or (kind is list and _are_texts(value)):
                known[key] = _TRUTH.get(value, value) if key in FLAGS and kind is str else value
            elif kind is bool and key in FLAGS:
                known[key] = value
            elif key == POSITION and f"\n{POSITION}: {value}\n" in text:
                known[key] = str(value)
            else:
                return None
    return known


def _is_doubtful(text: str) -> bool:
    """Whether the fast reader might not see what is wrong with `text`, or not survive it."""
    brackets = text.count("[") + text.count("{")
    if len(text) > _LONGEST or brackets > _MOST_BRACKETS or text[-1:] != "\n":
        return True
    if _INDENTED.match(text) or (any(each in text for each in _ODD) and _MISREAD.search(text)):
        return True
    suspected = _SIGNS.search(text) or any(each in text for each in _PAIRS)
    return bool(suspected and _DOUBTFUL.search(text))


def _keys(text: str) -> int:
    """How many lines can start a key of the outermost mapping: those that start with anything but these."""
    lines = f"\n{text.rstrip()}"
    return lines.count("\n") - sum(map(lines.count, _NO_KEYS))


def _known(found: dict[Any, Any]) -> dict[Any, Any]:
    known = {key: value for key, value in found.items() if key in KEYS}
    for key in FLAGS:
        if key in known and isinstance(known[key], str):
            known[key] = _TRUTH.get(known[key], known[key])
    return known


def _are_single(values: list[Any]) -> bool:
    """Whether none of them holds others, of which the fast reader may have dropped some."""
    return not any(isinstance(each, dict | list) or type(each).__name__ == "Yaml" for each in values)


def _are_texts(values: list[Any]) -> bool:
    """Whether all are what both readers give alike: the fast one has forgotten how others were written."""
    return all(isinstance(each, str | None) for each in values)
