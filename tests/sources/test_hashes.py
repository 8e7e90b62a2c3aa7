"""Both hashes of a manifest, held against `JSON.stringify(tasks, null, 2)` written in plain Python."""

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared_data import shared_data
from vtm.model.facts import ManifestHashes
from vtm.sources.decoder import BOM
from vtm.sources.hashes import manifest_hashes

TEXTS = st.text() | st.text(
    st.sampled_from('\x00\x07\b\t\n\x0b\f\r\x1b\x1f\x7f\x85"\\/é日😀\u2028\ufeff<>&'), max_size=6
)
KEYS = TEXTS.filter(lambda key: not key.isdecimal())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
EMPTY = {"list": [], "object": {}, "lists": [[], [[]]], "objects": {"a": {}, "b": [{}]}}


def stringify(value):
    """ECMA-262, JSON.stringify(value, null, 2), for values without fractions."""
    return json.dumps(value, indent=2, ensure_ascii=False).encode()


def digest(data):
    return sha256(data).hexdigest()


@given(JSON, st.sampled_from([None, 0, 1, "\t"]), st.booleans(), st.booleans())
def test_the_canonical_hash_does_not_depend_on_the_form_of_the_file(tasks, indent, ascii_only, mark):
    text = json.dumps({"x": 1.5, "tasks": tasks, "y": []}, indent=indent, ensure_ascii=ascii_only)
    data = BOM * mark + text.encode()
    assert manifest_hashes(data) == ManifestHashes(digest(data), digest(stringify(tasks)))


@pytest.mark.parametrize("tasks", EMPTY.values(), ids=EMPTY)
def test_what_is_empty_is_written_without_a_line_end(tasks):
    data = json.dumps({"tasks": tasks}).encode()
    assert manifest_hashes(data).canonical == digest(stringify(tasks))


NUMBERS = {
    "1.0": "1",
    "-0.0": "0",
    "2.50": "2.5",
    "1e2": "100",
    "-12.75e1": "-127.5",
    "123456789012345680000.0": "123456789012345680000",
    "1e20": "100000000000000000000",
    "1e21": "1e+21",
    "-1.5e300": "-1.5e+300",
    "0.000001": "0.000001",
    "0.00000123": "0.00000123",
    "1e-7": "1e-7",
    "5e-324": "5e-324",
    "0.1": "0.1",
    "1e999": "null",
    "-1e999": "null",
    "7": "7",
}


@pytest.mark.parametrize(("written", "canonical"), NUMBERS.items())
def test_numbers_are_written_as_javascript_writes_them(written, canonical):
    found = manifest_hashes(f'{{"tasks": [{written}]}}'.encode())
    assert found.canonical == digest(f"[\n  {canonical}\n]".encode())


WITHOUT = {
    "list": b"[]",
    "no-tasks": b'{"status": "OK"}',
    "not-json": b"tasks:",
    "cut": b'{"tasks": [',
    "empty": b"",
    "invalid-utf8": b'{"tasks": ["\xff"]}',
    "deep": b"[" * 100_000,
    "endless-number": b'{"tasks": [' + b"9" * 5000 + b"]}",
}


@pytest.mark.parametrize("data", WITHOUT.values(), ids=WITHOUT)
def test_without_tasks_there_is_only_the_hash_of_the_bytes(data):
    assert manifest_hashes(data) == ManifestHashes(digest(data))


def test_the_last_of_repeated_keys_counts_in_the_place_of_the_first():
    data = b'{"tasks": [1], "tasks": [{"a": 1, "b": 2, "a": 3}]}'
    assert manifest_hashes(data).canonical == digest(b'[\n  {\n    "a": 3,\n    "b": 2\n  }\n]')


SPELLINGS = {
    "own-is-the-start-of-canonical": ("052", "manifest", "canonical"),
    "recorded-is-raw": ("096", "state", "raw"),
    "recorded-is-raw-of-the-other": ("082", "state", "raw"),
}


@pytest.mark.parametrize(("pair", "holder", "spelling"), SPELLINGS.values(), ids=SPELLINGS)
def test_real_files_hold_the_hashes_that_are_computed(pair, holder, spelling):
    folder = shared_data("vtm-history") / pair / "docs" / "backlog"
    data = (folder / "virtual-task-manifest.json").read_bytes()
    file = data if holder == "manifest" else (folder / "task-state.json").read_bytes()
    recorded = json.loads(file)["manifest_hash"].removeprefix("sha256:")
    assert len(recorded) >= 11
    assert getattr(manifest_hashes(data), spelling).startswith(recorded)
