"""The decoder and the schemas have one verdict on every value, whatever it is.

Values are made by walking the schemas: fitting ones, and such in which something somewhere was replaced.
"""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.schemas.generate import FOLDER
from vtm.model.state import State, TaskState
from vtm.model.task import Manifest, Task
from vtm.sources.decoder import convert, decode, parse
from vtm.sources.salvage import errors
from vtm.sources.tolerant import tolerate_entry, tolerate_manifest, tolerate_state, tolerate_task

pytestmark = pytest.mark.no_cover  # at full speed: other tests cover the same code
MANIFEST, STATE = "virtual-task-manifest", "task-state"
SCHEMAS = {
    name: json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8")) for name in (MANIFEST, STATE)
}

TIMES = [
    "2026-01-31T12:00:00Z",
    "2026-01-31T12:00:00.000Z",
    "2026-01-31T12:00:00.123456789+05:30",
    "2026-01-31t12:00:00z",
    "2026-01-31 12:00:00Z",
    "2026-01-31T12:00:00-0000",
    "2026-01-31T12:00:00",
    "2026-01-31",
    "2026-01-31T12:00Z",
    "2026-01-31T23:59:60Z",
    "2026-02-30T00:00:00Z",
    "9999-12-31T23:59:59-23:59",
    "0000-01-01T00:00:00Z",
    "\uff12026-01-31T12:00:00Z",
    "",
]
WORDS = [
    "high",
    "HIGH",
    "Low",
    "m",
    "XL",
    "done",
    "In Progress",
    "completed",
    "wip",
    "phase_1",
    "ok",
    "OK",
    "A\n",
    "\x85",
]
NUMBERS = [
    0,
    1,
    -1,
    1.0,
    -0.0,
    1.5,
    1e22,
    1e308,
    -1e300,
    2**53 + 1,
    2**63,
    2**64,
    2**70,
    -(2**70),
    True,
    False,
]
JUNK = st.recursive(
    st.none()
    | st.sampled_from(NUMBERS)
    | st.sampled_from(TIMES)
    | st.sampled_from(WORDS)
    | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["id", "size", "text", "x", ""]), inner, max_size=2)
    ),
    max_leaves=3,
)
TEXTS = st.text(max_size=4) | st.sampled_from(WORDS)
IDS = st.text(st.characters(exclude_categories=["Cc", "Zl", "Zp", "Cs"]), min_size=1, max_size=5)


def fitting(name, schema):
    """Values that a schema accepts, with the keys it knows and others."""
    if "$ref" in schema:
        definition = schema["$ref"].removeprefix("#/$defs/")
        return IDS if definition == "id" else fitting(name, SCHEMAS[name]["$defs"][definition])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = schema.get("type", "null")
    return st.one_of(
        [of_kind(name, schema, kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]
    )


def of_kind(name, schema, kind):
    """Values of one JSON type that a schema accepts."""
    if kind == "object":
        return objects(name, schema)
    if kind == "array":
        return st.lists(fitting(name, schema["items"]), max_size=3)
    if kind == "string":
        texts = TEXTS.filter(lambda text: len(text) >= schema.get("minLength", 0))
        return st.sampled_from(TIMES[:6]) if schema.get("format") == "date-time" else texts
    return {
        "null": st.none(),
        "boolean": st.booleans(),
        "integer": st.integers() | st.sampled_from([2.0, 1e22, 2**80]),
    }[kind]


def objects(name, schema):
    """Objects that a schema accepts; keys that it does not know hold anything."""
    known = {key: fitting(name, each) for key, each in schema.get("properties", {}).items()}
    needed = {key: known.pop(key) for key in schema.get("required", ())}
    more = schema.get("additionalProperties")
    unknown = st.text(max_size=3).filter(lambda key: key not in schema.get("properties", {}))
    rest = st.dictionaries(unknown, fitting(name, more) if more else JUNK, max_size=2)
    return st.builds(
        lambda fixed, others: {**others, **fixed}, st.fixed_dictionaries(needed, optional=known), rest
    )


@st.composite
def damaged(draw, values):
    """One of `values` in which something, at whatever level, was replaced or left out."""
    value = draw(values)
    for _ in range(draw(st.integers(1, 2))):
        spots = list(places(value))
        *way, last = draw(st.sampled_from(spots)) if spots else (None,)
        if last is None:
            return draw(JUNK)
        inner = value
        for key in way:
            inner = inner[key]
        if draw(st.booleans()):
            inner[last] = draw(JUNK)
        else:
            del inner[last]
    return value


def places(value, at=()):
    """The way to every value inside another one."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, each in members:
        yield (*at, key)
        yield from places(each, (*at, key))


PARTS = {
    "task": (MANIFEST, "task", Task, tolerate_task, {}),
    "entry": (STATE, "entry", TaskState, tolerate_entry, {}),
    "manifest-head": (MANIFEST, "manifest", Manifest, tolerate_manifest, {"tasks": []}),
    "state-head": (STATE, "state", State, tolerate_state, {}),
}


def values_of(part):
    """Values that the part's schema accepts; what stands in `rest` comes later."""
    name, definition, _, _, rest = PARTS[part]
    schema = SCHEMAS[name]["$defs"][definition]
    own = {key: each for key, each in schema["properties"].items() if key not in rest}
    needed = [key for key in schema.get("required", ()) if key not in rest]
    return objects(name, {**schema, "properties": own, "required": needed})


def reading(part, raw):
    """What the reader hands to decoder and schema."""
    _, _, _, tolerate, rest = PARTS[part]
    value = tolerate(raw)[0] if isinstance(raw, dict) else raw
    if not isinstance(value, dict):
        return value
    value.pop("declared_status", None)
    return {**value, **rest}


def parsed(raw):
    """`raw` as it comes out of a file."""
    return parse(json.dumps(raw).encode())


@pytest.mark.parametrize("part", PARTS)
@given(data=st.data())
def test_what_the_schema_means_is_accepted_by_both(part, data):
    name, definition, kind, _, _ = PARTS[part]
    raw = parsed(data.draw(values_of(part)))
    value = reading(part, raw)
    assert errors(value, name, definition) == []
    assert convert(value, kind) is not None


@pytest.mark.parametrize("part", PARTS)
@given(data=st.data())
def test_both_accept_the_same_of_what_is_damaged(part, data):
    name, definition, kind, _, _ = PARTS[part]
    raw = parsed(data.draw(damaged(values_of(part))))
    value = reading(part, raw)
    assert (convert(value, kind) is not None) == (errors(value, name, definition) == [])


@pytest.mark.parametrize("part", PARTS)
@given(data=st.data())
def test_what_is_decoded_in_one_go_is_what_the_schema_accepts(part, data):
    name, definition, kind, _, rest = PARTS[part]
    raw = parsed(data.draw(damaged(values_of(part)) | JUNK))
    if isinstance(raw, dict):
        raw.pop("declared_status", None)
        raw |= rest
    if decode(msgspec.json.encode(raw), kind) is not None:
        assert errors(raw, name, definition) == []


@pytest.mark.parametrize("junk", [*NUMBERS, *TIMES, *WORDS, None, [], {}, [[]], [{}], {"": None}], ids=repr)
@pytest.mark.parametrize("part", PARTS)
def test_every_field_has_one_verdict_on_every_kind_of_value(part, junk):
    name, definition, kind, _, _ = PARTS[part]
    for key in SCHEMAS[name]["$defs"][definition]["properties"]:
        for wrong in (
            junk,
            [junk],
            {"id": junk},
            [{"id": junk}],
            {"size": junk},
            {"blocking": junk},
            {"exit_code": junk},
            {"covers": {"x": junk}},
        ):
            needed = {"task_id": "A"} if part == "task" else {}
            value = reading(part, parsed({**needed, key: wrong}))
            assert (convert(value, kind) is not None) == (errors(value, name, definition) == []), (key, wrong)


def test_the_schemas_know_every_field_that_is_read():
    for _, definition, kind, _, _ in PARTS.values():
        name = MANIFEST if kind in {Task, Manifest} else STATE
        known = set(SCHEMAS[name]["$defs"][definition]["properties"])
        read = {field.encode_name for field in msgspec.structs.fields(kind)}
        assert read - known == ({"declared_status"} if kind is Task else set())
        unread = {Manifest: {"metadata", "ingested"}, State: {"orphaned"}}
        assert known - read == unread.get(kind, set())
