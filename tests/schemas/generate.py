"""Schemas of all answers, from the Structs that they are: `python -m tests.schemas.generate` writes them."""

import json
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import msgspec

from vtm import queries
from vtm.model.event import Event
from vtm.model.report import WorkerReport
from vtm.model.settings import Settings

FOLDER = Path(__file__).parents[2] / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def answers():
    """Schema name to the Structs that follow it: `vtm.next/1` to NextTask and NoTask."""
    modules = [import_module(f"{queries.__name__}.{each.name}") for each in iter_modules(queries.__path__)]
    found = {}
    for module in modules:
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


def structs(kind):
    """Every Struct below `kind` that was imported."""
    for each in kind.__subclasses__():
        yield each
        yield from structs(each)


def file_name(tag):
    """`vtm.next/1` is in `next.schema.json`."""
    return f"{tag.removeprefix('vtm.').partition('/')[0]}.schema.json"


def schema(tag, kinds):
    """The schema of one answer; nothing it does not name may be in an answer."""
    parts, definitions = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    sparse = {each.__name__ for each in structs(msgspec.Struct) if each.__struct_config__.omit_defaults}
    for name, definition in definitions.items():
        if definition.get("type") == "object" and "properties" in definition:
            definition["additionalProperties"] = False
            if name not in sparse:
                definition["required"] = list(definition["properties"])
    title = (kinds[0].__doc__ or "").partition("\n")[0]
    body = parts[0] if len(parts) == 1 else {"anyOf": list(parts)}
    return {"$schema": DIALECT, "$id": tag, "title": title, **body, "$defs": definitions}


def event_schema():
    """The schema of a line of the journal."""
    (body,), definitions = msgspec.json.schema_components([Event], ref_template="#/$defs/{name}")
    head = {"$schema": DIALECT, "$id": "vtm.task-event/1", "title": "Journal line"}
    return {**head, **body, "$defs": definitions}


def report_schema():
    """The schema of what a worker reports; keys that it does not name may be there."""
    (body,), definitions = msgspec.json.schema_components([WorkerReport], ref_template="#/$defs/{name}")
    blocked = {"properties": {"status": {"const": "blocked"}}}
    why = {"required": ["blockers"], "properties": {"blockers": {"minItems": 1}}}
    more = {"title": "Report of a worker on one task", "if": blocked, "then": why}
    head = {"$schema": DIALECT, "$id": "vtm.worker-report/1", **more}
    return {**head, **body, "$defs": definitions}


def settings_schema():
    """The schema of vtm.toml: nothing is required, nothing unknown is allowed."""
    (body,), definitions = msgspec.json.schema_components([Settings], ref_template="#/$defs/{name}")
    return {"$schema": DIALECT, "$id": "vtm.toml/1", "title": "Settings of vtm", **body, "$defs": definitions}


def generated():
    """File name to text of every schema that follows from a Python type."""
    found = {file_name(tag): schema(tag, kinds) for tag, kinds in answers().items()}
    found["task-event.schema.json"] = event_schema()
    found["worker-report.schema.json"] = report_schema()
    found["vtm-toml.schema.json"] = settings_schema()
    return {name: json.dumps(each, indent=2, ensure_ascii=False) + "\n" for name, each in found.items()}


if __name__ == "__main__":
    for name, text in generated().items():
        (FOLDER / name).write_text(text, "utf-8")
