"""Whether two file scopes can cover the same path."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtm.graph.overlap import overlaps
from vtm.graph.scopes import covers, fits

ROWS = {
    "the same file": ("src/a.py", "src/a.py", True),
    "a folder and a file in it": ("src/a", "src/a/b/c.py", True),
    "a file and the folder it lies in": ("src/a/b/c.py", "src/a", True),
    "a name is no prefix": ("src/a", "src/ab", False),
    "a star stays inside a segment": ("src/*.py", "src/a/b.py", False),
    "a star is a folder too": ("src/*", "src/a/b.py", True),
    "stars at both ends": ("src/a*", "src/*b", True),
    "different endings": ("src/*.py", "src/*.ts", False),
    "two stars span folders": ("src/**/t.py", "src/a/b/t.py", True),
    "two stars on both sides": ("**/a/*.py", "src/**/b.py", True),
    "files of different names anywhere": ("src/**/a.py", "src/**/b.py", False),
    "files of different kinds anywhere": ("src/**/*.py", "**/*.md", False),
    "files of a kind, and a file of another": ("src/**/*.test.ts", "src/lib/x.ts", False),
    "files of a kind, and one of them": ("src/**/*.test.ts", "src/lib/x.test.ts", True),
    "a folder that is called like a file": ("src/a.js", "src/a.js/b.py", True),
    "a folder that is called like a file, by a pattern": ("src/*.js", "src/a.js/b.py", True),
    "a folder that can be anywhere": ("src/**/a", "src/**/b.py", True),
    "folders that can be anywhere": ("src/**/a", "src/**/b", True),
    "a file whose name is an ending": ("src/.env", "src/**/a", True),
    "what lies below meets two stars": ("src/a", "**/b", True),
    "different beginnings": ("src/**", "tests/**", False),
    "a set and one of it": ("src/[ab].py", "src/b.py", True),
    "sets that share a letter": ("src/[a-c].py", "src/[c-e].py", True),
    "sets that share none": ("src/[a-c].py", "src/[d-f].py", False),
    "a set and its complement": ("src/[ab].py", "src/[!ab].py", False),
    "two complements": ("src/[!a].py", "src/[!b].py", True),
    "a set without letters": ("src/[b-a].py", "src/?.py", False),
    "a set that is the name of a folder": ("app/[id]/page.tsx", "app/[[]id]/*", True),
    "a bracket that is never closed": ("src/[a", "src/[*", True),
    "one character and two": ("src/?", "src/??", False),
    "a dot alone is no name": ("src/.*", "src/?", False),
    "the root": (".", "src/a.py", True),
    "nothing at all is the root": ("", "src/a.py", True),
    "letters have a case": ("SRC/a", "src/a", False),
    "characters outside of the basic plane": ("[\U0001f600-\U0001f610]", "\U0001f605", True),
    "the last character there is": ("[\U0010fffe-\U0010ffff]x", "[!a]x", True),
}


@pytest.mark.parametrize(("one", "two", "expected"), ROWS.values(), ids=ROWS.keys())
def test_overlaps(one, two, expected):
    assert overlaps([one], [two]) is expected
    assert overlaps([two], [one]) is expected


def test_one_pair_of_globs_is_enough():
    assert overlaps(["docs/**", "src/a.py"], ["tests/**", "src/*.py"])


def test_no_globs_overlap_with_nothing():
    assert not overlaps([], ["**"])
    assert not overlaps(["**"], [])


LETTERS = ["a", "b", ".", "-", "["]
NAMES = [
    "".join(each) for length in range(1, 5) for each in product(LETTERS, repeat=length) if each != (".",)
]
PARTS = ["a", "b", ".", "?", "*", "[ab]", "[!a]", "[!a.]", "[b-a]", "[-.]", "["]
segment = (
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).map("".join).filter(lambda each: each != ".")
)


@given(segment, segment)
def test_segments_overlap_where_some_name_fits_both(one, two):
    names = [*NAMES, one, two]
    assert overlaps([one], [two]) is any(fits(one, each) and fits(two, each) for each in names)


FOLDERS = ["a", "b", "c", "ab", "bb"]
PATHS = ["/".join(each) for length in range(1, 5) for each in product(FOLDERS, repeat=length)]
fixed = st.sampled_from(["a", "b", "ab", "*", "a*", "?b", "[!a]"])
spans = st.sampled_from(["**/", ""])
glob = st.lists(st.builds("".join, st.tuples(spans, fixed)), max_size=2).map("/".join)
globs = st.builds("{}/{}".format, glob, st.sampled_from(["**", ""]))


@given(globs, globs)
def test_globs_overlap_where_both_cover_some_path(one, two):
    assert overlaps([one], [two]) is any(covers([one], each) and covers([two], each) for each in PATHS)


parents = st.lists(st.sampled_from(["a", "b", "*", "**"]), max_size=2)
endings = st.sampled_from(["a.py", "b.py", "*.py", "*.md", "b", "*", "**"])
files = st.builds(lambda above, name: "/".join([*above, name]), parents, endings)
FILES = [
    "/".join([*above, name])
    for depth in range(6)
    for above in product("ab", repeat=depth)
    for name in ["a.py", "b.py", "c.py", "a.md", "a", "b"]
]


@given(files, files)
def test_what_is_called_like_a_file_is_no_folder(one, two):
    assert overlaps([one], [two]) is any(covers([one], each) and covers([two], each) for each in FILES)


def test_long_patterns_are_decided_at_once():
    assert overlaps(["*a" * 2000 + "*"], ["*b" * 2000])
    assert not overlaps(["*a" * 2000 + "x"], ["*b" * 2000])
    assert overlaps(["**/a/" * 500], ["**/b/" * 500])
