"""YAML as JSON has its values: what `yaml_text` writes is read back with its types."""

import re
from math import isfinite
from typing import Any

import yaml

from vtm.sources.yaml_error import YamlError
from vtm.sources.yaml_events import load

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LONGEST = 4000
"""Digits of a number that Python reads without being asked to."""
_FIRST = "-+.0123456789"
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)")


class _Typed(_Loader):  # type: ignore[misc]  # which of PyYAML's loaders it is depends on the platform
    """Reads plain scalars by the core schema of YAML 1.2; a date is text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, Any]]] = {}  # noqa: RUF012  PyYAML's way to say it


def _integer(loader: Any, node: Any) -> object:
    text = loader.construct_scalar(node)
    return int(text) if len(text) < _LONGEST else text


def _float(loader: Any, node: Any) -> object:
    text = loader.construct_scalar(node)
    return float(text) if isfinite(float(text)) else text


_Typed.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("(?:true|True|TRUE|false|False|FALSE)$"), "tTfF"
)
_Typed.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile("(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]
)
_Typed.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("[-+]?[0-9]+$"), _FIRST)
_Typed.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(f"(?:{_FLOAT.pattern})$"), _FIRST)
_Typed.add_constructor("tag:yaml.org,2002:int", _integer)
_Typed.add_constructor("tag:yaml.org,2002:float", _float)


def typed(text: str) -> dict[str, Any]:
    """The mapping in `text`, without what JSON has no form for.

    Raises:
        YamlError: It is no YAML that vtm lets in.
    """
    load(text)
    try:
        found = yaml.load(text, _Typed)  # noqa: S506  a safe loader, with other rules for plain scalars
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        first = str(error).partition("\n")[0]
        raise YamlError(f"has front matter that cannot be read with its types: {first}", 1, 1) from None
    return (
        {key: value for key, value in found.items() if isinstance(key, str) and _is_json(value)}
        if isinstance(found, dict)
        else {}
    )


def _is_json(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_json(each) for key, each in value.items())
    if isinstance(value, list):
        return all(map(_is_json, value))
    return isinstance(value, str | int | float | None)
