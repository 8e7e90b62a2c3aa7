"""The schemas that ship with vtm, by name."""

import json

import pytest

from tests.schemas.generate import FOLDER
from vtm.errors import ExitCode, WrongUsageError
from vtm.sources.schemas import schema_named, schema_titles

NAMES = sorted(path.name.removesuffix(".schema.json") for path in FOLDER.glob("*.schema.json"))


def test_every_schema_has_a_title():
    titles = schema_titles()
    assert list(titles) == NAMES
    assert all(titles.values())


@pytest.mark.parametrize("spelling", ["{}", "vtm.{}", "vtm.{}/1", "{}/1", "{}.schema.json"])
def test_a_schema_is_found_however_it_is_named(spelling):
    for name in NAMES:
        found = schema_named(spelling.format(name))
        assert found == json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8"))


UNKNOWN = {
    "near": ("nexxt", "did you mean next"),
    "case": ("Next", "did you mean next"),
    "far": ("qqqqqqqqqq", "`vtm schema` lists them"),
    "empty": ("", "`vtm schema` lists them"),
    "path": ("../pyproject", "`vtm schema` lists them"),
    "absolute": ("/etc/passwd", "`vtm schema` lists them"),
}


@pytest.mark.parametrize(("name", "fix"), UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_schema_is_wrong_usage_and_the_nearest_are_offered(name, fix):
    with pytest.raises(WrongUsageError) as raised:
        schema_named(name)
    assert (raised.value.message, raised.value.exit_code) == (f"there is no schema {name}", ExitCode.USAGE)
    assert raised.value.fix.startswith(fix)
