"""Unified differences, held against what git makes of them."""

import subprocess
from difflib import unified_diff as by_difflib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.random_backlogs import RELAXED
from vtm.model.unified_diff import unified_diff

LINES = st.lists(st.sampled_from(["a", "b", "{", "}", "", "c\r", "\u2028", "é", "x", "y"]), max_size=30)


def patched(name, before, diff):
    """The bytes of a file after git applied a difference to it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(before)
        (Path(folder) / "a.diff").write_bytes(diff.encode())
        subprocess.run(["git", "apply", "--whitespace=nowarn", "a.diff"], cwd=folder, check=True)
        return file.read_bytes()


@settings(RELAXED, max_examples=60)
@given(LINES, LINES)
def test_git_applies_it(old, new):
    before, after = "\n".join(old), "\n".join(new)
    diff = unified_diff("a b.json", before, after)
    assert bool(diff) == (before != after)
    if before and after and diff:
        assert patched("a b.json", before.encode(), diff) == after.encode()


NUMBERS = [f"line {number}" for number in range(60)]
SAME = {
    "one-line": [*NUMBERS[:9], "new", *NUMBERS[10:]],
    "two-hunks": ["new", *NUMBERS[1:40], *NUMBERS[41:]],
    "near-each-other": NUMBERS[:10] + NUMBERS[11:17] + ["new"] + NUMBERS[17:],
    "at-the-end": [*NUMBERS, "new"],
    "nothing": NUMBERS,
    "all": ["new"],
}


@pytest.mark.parametrize("name", SAME)
def test_it_is_that_of_difflib(name):
    before, after = (["{\n", *(f"{line}\n" for line in lines), "}\n"] for lines in (NUMBERS, SAME[name]))
    expected = "".join(by_difflib(before, after, "a/x", "b/x"))
    assert unified_diff("x", "".join(before), "".join(after)) == expected
