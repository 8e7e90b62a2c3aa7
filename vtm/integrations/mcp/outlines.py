"""JSON Schemas as short as tools can be described by: every client pays for them in every conversation."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import msgspec

_NOISE = ("title", "default", "format")


def input_schema(takes: type[msgspec.Struct]) -> dict[str, Any]:
    """The schema of a tool's arguments: whole, but for names and defaults that say nothing."""
    (_,), definitions = msgspec.json.schema_components([takes])
    body = definitions[takes.__name__]
    fields = {name: _lean(each) for name, each in body["properties"].items()}
    required = body["required"]
    return {
        "type": "object",
        "properties": fields,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def output_schema(gives: Sequence[type[msgspec.Struct]]) -> dict[str, Any]:
    """The fields that the answers of a tool may have, one level deep; the shipped schema says the rest.

    Only `schema`, which names that one, is in every answer: a failure is an answer too.
    """
    fields: dict[str, Any] = {}
    for kind in gives:
        (_,), definitions = msgspec.json.schema_components([kind])
        for name, each in definitions[kind.__name__]["properties"].items():
            fields[name] = _either(fields.get(name), _outline(each, definitions))
    fields["schema"] = {"type": "string"}
    return {"type": "object", "properties": fields, "required": ["schema"]}


def _lean(schema: Any) -> Any:
    """`schema` without what a reader does not need."""
    if isinstance(schema, dict):
        return {name: _lean(each) for name, each in schema.items() if name not in _NOISE}
    return schema


def _outline(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Only the type of a value; nothing where it may be anything."""
    if "$ref" in schema:
        return _outline(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        outlines = [_outline(each, definitions) for each in schema["anyOf"]]
        return reduce(_either, outlines)
    kind = schema.get("type") or ("string" if "enum" in schema else None)
    return {"type": kind} if kind else {}


def _either(one: dict[str, Any] | None, other: dict[str, Any]) -> dict[str, Any]:
    """The outline of what is like one of both; None: there is but one."""
    if one is None or one == other:
        return other
    kinds = [each["type"] for each in (one, other) if each]
    if len(kinds) < 2:
        return {}
    flat = [kind for each in kinds for kind in (each if isinstance(each, list) else [each])]
    return {"type": list(dict.fromkeys(flat))}
