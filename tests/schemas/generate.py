"""Schemas of all answers, from the Structs that they are: `python -m tests.schemas.generate` writes them."""

import json
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import msgspec

from vtm import queries
from vtm.cli import failure
from vtm.model.settings import Settings

FOLDER = Path(__file__).parents[2] / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def answers():
    """Schema name to the Structs that follow it: `vtm.next/1` to NextTask and NoTask."""
    modules = [import_module(f"{queries.__name__}.{each.name}") for each in iter_modules(queries.__path__)]
    found = {}
    for module in [*modules, failure]:
        for kind in vars(module).values():
            if (
                isinstance(kind, type)
                and issubclass(kind, msgspec.Struct)
                and kind.__module__ == module.__name__
            ):
                tag = kind.__struct_config__.tag
                if tag:
                    found.setdefault(tag, []).append(kind)
    return dict(sorted(found.items()))


def file_name(tag):
    """`vtm.next/1` is in `next.schema.json`."""
    return f"{tag.removeprefix('vtm.').partition('/')[0]}.schema.json"


def schema(tag, kinds):
    """The schema of one answer; nothing it does not name may be in an answer."""
    parts, definitions = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    for definition in definitions.values():
        if definition.get("type") == "object" and "properties" in definition:
            definition["additionalProperties"] = False
            definition["required"] = list(definition["properties"])
    if "Location" in definitions:
        definitions["Location"]["required"] = ["path"]
    title = (kinds[0].__doc__ or "").partition("\n")[0]
    body = parts[0] if len(parts) == 1 else {"anyOf": list(parts)}
    return {"$schema": DIALECT, "$id": tag, "title": title, **body, "$defs": definitions}


def settings_schema():
    """The schema of vtm.toml: nothing is required, nothing unknown is allowed."""
    (body,), definitions = msgspec.json.schema_components([Settings], ref_template="#/$defs/{name}")
    return {"$schema": DIALECT, "$id": "vtm.toml/1", "title": "Settings of vtm", **body, "$defs": definitions}


def generated():
    """File name to text of every schema that follows from a Python type."""
    found = {file_name(tag): schema(tag, kinds) for tag, kinds in answers().items()}
    found["vtm-toml.schema.json"] = settings_schema()
    return {name: json.dumps(each, indent=2, ensure_ascii=False) + "\n" for name, each in found.items()}


if __name__ == "__main__":
    for name, text in generated().items():
        (FOLDER / name).write_text(text, "utf-8")
