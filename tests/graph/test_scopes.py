"""Which paths the globs of a file scope cover."""

import pytest

from vtm.graph.scopes import covers

ROWS = {
    "a folder covers what lies below it": ("src/a", "src/a/x.py", True),
    "a folder covers itself": ("src/a", "src/a", True),
    "a name is no prefix": ("src/a", "src/ab", False),
    "what is above is not covered": ("src/a/b", "src/a", False),
    "a star stays inside a segment": ("*.py", "a/b.py", False),
    "a star that matches a folder": ("src/*", "src/a/b.py", True),
    "two stars are no segment": ("src/**/t.py", "src/t.py", True),
    "two stars are many segments": ("src/**/t.py", "src/a/b/t.py", True),
    "two stars at the end": ("src/**", "src/a/b", True),
    "two stars cover the folder itself": ("src/**", "src", True),
    "two stars twice": ("**/a/**/b", "x/a/y/z/b", True),
    "two stars twice, in the wrong order": ("**/a/**/b", "x/b/y/a", False),
    "one character": ("src/?.py", "src/ab.py", False),
    "a set": ("src/[ab].py", "src/b.py", True),
    "a set of others": ("src/[!ab].py", "src/b.py", False),
    "a dot at the start says nothing": ("./src/*.py", "src/a.py", True),
    "letters have a case": ("SRC/*", "src/a", False),
}


@pytest.mark.parametrize(("glob", "path", "expected"), ROWS.values(), ids=ROWS.keys())
def test_covers(glob, path, expected):
    assert covers([glob], path) is expected


def test_no_globs_cover_nothing():
    assert not covers([], "src/a")
