"""Schemas and Python types say the same."""

import pytest
from jsonschema import Draft202012Validator
from msgspec.json import decode

from tests.schemas.generate import FOLDER, generated

ALL = sorted(FOLDER.glob("*.schema.json"))


@pytest.mark.parametrize("name", sorted(generated()))
def test_schema_follows_the_type(name):
    assert (FOLDER / name).read_text("utf-8") == generated()[name], "run `python -m tests.schemas.generate`"


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_schema_is_a_schema(path):
    Draft202012Validator.check_schema(decode(path.read_bytes()))


def test_every_schema_has_a_source():
    by_hand = {
        "virtual-task-manifest.schema.json",
        "task-state.schema.json",
        "task-frontmatter.schema.json",
    }
    assert {path.name for path in ALL} == by_hand | set(generated())
