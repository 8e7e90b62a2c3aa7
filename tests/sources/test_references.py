"""What references lead to, in a real tree with everything in it that a tree can hold."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtm.model.facts import Resolved
from vtm.model.settings import Paths
from vtm.sources.references import References

ABSENT = "does not exist"
ABSOLUTE = "is an absolute path; write it relative to the root"
BACKSLASH = "holds a backslash; write / between folders"
BY_LINK = "leaves the repository by a symbolic link"
CONTROL = "holds a control character"
FOLDER = "is a directory"
LEAVES = "leaves the repository"
LOOP = "cannot be read: too many levels of symbolic links"
OTHER = "is not a regular file"

FILES = (
    "docs/adr/0002-sessions.md",
    "docs/adr/0010-a.md",
    "docs/adr/0010-b.md",
    "docs/adr/7.md",
    "docs/adr/12345-large.md",
    "docs/specs/a.md",
    "docs/specs/b #1.md",
    "docs/specs/ü 日本.md",
    "docs/specs/same.md",
    "tests/a.py",
    "tests/b (1).py",
    "tests/sub/c.py",
)


@pytest.fixture(scope="session")
def tree(tmp_path_factory):
    """A repository with links in it, and beside it what no reference may reach."""
    top = tmp_path_factory.mktemp("tree")
    root, outside = top / "root", top / "outside"
    for path in (*(root / each for each in FILES), outside / "secret.md", outside / "adr" / "0002-x.md"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", "utf-8")
    (root / "docs" / "adr" / "0003-folder.md").mkdir()
    links = {
        "docs/link.md": "specs/a.md",
        "docs/linked": "specs",
        "docs/up.md": "../tests/a.py",
        "docs/round.md": "../../root/tests/a.py",
        "docs/absolute.md": str(root / "tests" / "a.py"),
        "docs/out.md": "../../outside/secret.md",
        "docs/out-absolute.md": str(outside / "secret.md"),
        "docs/outward": "../../outside",
        "docs/dangling.md": "nothing.md",
        "docs/dangling-out.md": "../../outside/nothing.md",
        "docs/loop.md": "loop.md",
        "docs/ring-a": "ring-b",
        "docs/ring-b": "ring-a",
        "docs/adr/0004-out.md": "../../../outside/secret.md",
        "docs/adr/0005-in.md": "0002-sessions.md",
        "docs/adr-out": "../../outside/adr",
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
    os.mkfifo(root / "docs" / "pipe.md")
    return root


@pytest.fixture
def references(tree):
    return References(tree, Paths().adr)


DOCUMENTS = {
    "file": ("docs/specs/a.md", "docs/specs/a.md", ""),
    "spaces-around": ("  docs/specs/a.md \t", "docs/specs/a.md", ""),
    "unicode": ("docs/specs/ü 日本.md", "docs/specs/ü 日本.md", ""),
    "section": ("docs/specs/a.md#Section (2)", "docs/specs/a.md", ""),
    "section-behind-a-space": ("docs/specs/a.md # Section", "docs/specs/a.md", ""),
    "hash-in-the-name": ("docs/specs/b #1.md", "docs/specs/b #1.md", ""),
    "section-of-nothing": ("docs/none.md#x", "docs/none.md", ABSENT),
    "only-a-section": ("#x", "", "is empty"),
    "dot": ("./docs/./specs//a.md", "docs/specs/a.md", ""),
    "slash-behind": ("docs/specs/a.md/", "docs/specs/a.md", ""),
    "up-and-inside": ("docs/../docs/specs/../specs/a.md", "docs/specs/a.md", ""),
    "up-and-out": ("../outside/secret.md", "", LEAVES),
    "up-and-out-and-in": ("../root/docs/specs/a.md", "", LEAVES),
    "up-in-the-middle": ("docs/../../outside/secret.md", "", LEAVES),
    "up-with-a-section": ("../outside/secret.md#x", "", LEAVES),
    "up-below-a-link": ("docs/outward/../../tests/a.py", "tests/a.py", ""),
    "absent": ("docs/none.md", "docs/none.md", ABSENT),
    "absent-folder": ("none/none.md", "none/none.md", ABSENT),
    "below-a-file": ("docs/specs/a.md/b.md", "docs/specs/a.md/b.md", ABSENT),
    "other-case": ("DOCS/nowhere.md", "DOCS/nowhere.md", ABSENT),
    "folder": ("docs/specs", "docs/specs", FOLDER),
    "root": (".", "", FOLDER),
    "root-by-up": ("docs/..", "", FOLDER),
    "absolute": ("/etc/passwd", "", ABSOLUTE),
    "home": ("~/secret.md", "", ABSOLUTE),
    "home-of": ("~root/secret.md", "", ABSOLUTE),
    "drive": ("C:\\x\\a.md", "", ABSOLUTE),
    "drive-with-slash": ("c:/x/a.md", "", ABSOLUTE),
    "drive-relative": ("C:a.md", "", ABSOLUTE),
    "share": ("\\\\host\\share\\a.md", "", ABSOLUTE),
    "backslash": ("docs\\specs\\a.md", "", BACKSLASH),
    "backslash-out": ("docs\\..\\..\\outside\\secret.md", "", BACKSLASH),
    "address": ("https://example.org/a.md", "https:/example.org/a.md", ABSENT),
    "link": ("docs/link.md", "docs/link.md", ""),
    "link-up": ("docs/up.md", "docs/up.md", ""),
    "link-out-and-in": ("docs/round.md", "docs/round.md", ""),
    "link-absolute": ("docs/absolute.md", "docs/absolute.md", ""),
    "linked-folder": ("docs/linked/a.md", "docs/linked/a.md", ""),
    "link-out": ("docs/out.md", "docs/out.md", BY_LINK),
    "link-out-absolute": ("docs/out-absolute.md", "docs/out-absolute.md", BY_LINK),
    "linked-folder-out": ("docs/outward/secret.md", "docs/outward/secret.md", BY_LINK),
    "linked-folder-out-absent": ("docs/outward/none/none.md", "docs/outward/none/none.md", BY_LINK),
    "dangling": ("docs/dangling.md", "docs/dangling.md", ABSENT),
    "dangling-out": ("docs/dangling-out.md", "docs/dangling-out.md", BY_LINK),
    "loop": ("docs/loop.md", "docs/loop.md", LOOP),
    "loop-of-folders": ("docs/ring-a/x/a.md", "docs/ring-a/x/a.md", LOOP),
    "pipe": ("docs/pipe.md", "docs/pipe.md", OTHER),
    "empty": ("", "", "is empty"),
    "blank": (" \t\n", "", "is empty"),
    "nul": ("docs/a\0.md", "", CONTROL),
    "escape": ("docs/\x1b[31ma.md", "", CONTROL),
    "c1": ("docs/\x9b31ma.md", "", CONTROL),
    "line-end": ("docs/a.md\nb.md", "", CONTROL),
    "long": ("docs/" + "x/" * 2500, "", "is too long to be a path"),
    "long-name": (
        "docs/" + "x" * 300 + ".md",
        "docs/" + "x" * 300 + ".md",
        "cannot be read: file name too long",
    ),
    "adr": ("ADR-0002", "docs/adr/0002-sessions.md", ""),
    "adr-title": ("ADR-0002: Sessions", "docs/adr/0002-sessions.md", ""),
    "adr-title-with-slash": ("ADR-0002: In/out (a + b, c/d)", "docs/adr/0002-sessions.md", ""),
    "adr-title-that-leads-out": ("ADR-0002: ../../outside/secret.md", "docs/adr/0002-sessions.md", ""),
    "adr-note": ("ADR-0002 (Sessions)", "docs/adr/0002-sessions.md", ""),
    "adr-section": ("ADR-0002#decision", "docs/adr/0002-sessions.md", ""),
    "adr-short": ("ADR-2", "docs/adr/0002-sessions.md", ""),
    "adr-long": ("ADR-000002", "docs/adr/0002-sessions.md", ""),
    "adr-lower-case": (" adr-0002 ", "docs/adr/0002-sessions.md", ""),
    "adr-without-title": ("ADR-7", "docs/adr/7.md", ""),
    "adr-not-padded": ("ADR-0007", "", "does not exist (looked for docs/adr/0007-*.md or docs/adr/0007.md)"),
    "adr-first-of-two": ("ADR-10", "docs/adr/0010-a.md", ""),
    "adr-five-digits": ("ADR-12345", "docs/adr/12345-large.md", ""),
    "adr-absent": ("ADR-0099: No", "", "does not exist (looked for docs/adr/0099-*.md or docs/adr/0099.md)"),
    "adr-zero": ("ADR-0", "", "does not exist (looked for docs/adr/0-*.md or docs/adr/0.md)"),
    "adr-folder": ("ADR-3", "docs/adr/0003-folder.md", FOLDER),
    "adr-link-out": ("ADR-4", "docs/adr/0004-out.md", BY_LINK),
    "adr-link": ("ADR-5", "docs/adr/0005-in.md", ""),
    "adr-as-path": ("docs/adr/0002-sessions.md", "docs/adr/0002-sessions.md", ""),
    "adr-as-file-name": ("ADR-0002.md", "ADR-0002.md", ABSENT),
    "adr-without-number": ("ADR-", "ADR-", ABSENT),
    "adr-other-digits": ("ADR-\u0662", "ADR-\u0662", ABSENT),
    "adr-endless": ("ADR-" + "9" * 5000, "", "is too long to be a path"),
}


@pytest.mark.parametrize(("reference", "path", "problem"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_is_found_or_the_reason_is_told(references, reference, path, problem):
    assert references.document(reference) == Resolved(path, problem)


TESTS = {
    "file": ("tests/a.py", "tests/a.py", ""),
    "note": ("tests/a.py (unit tests)", "tests/a.py", ""),
    "note-behind-a-tab": ("tests/a.py\t(unit) ", "tests/a.py", ""),
    "note-in-note": ("tests/a.py (unit (fast), AC-1)", "tests/a.py", ""),
    "empty-note": ("tests/a.py ()", "tests/a.py", ""),
    "name": ("tests/a.py::test_x", "tests/a.py", ""),
    "class-and-name": ("tests/a.py::TestX::test_y[a (b)-../c]", "tests/a.py", ""),
    "name-and-note": ("tests/a.py::test_x (unit)", "tests/a.py", ""),
    "parentheses-in-the-name": ("tests/b (1).py", "tests/b (1).py", ""),
    "parentheses-in-the-name-and-note": ("tests/b (1).py (unit)", "tests/b (1).py", ""),
    "parentheses-without-space": ("tests/a.py(unit)", "tests/a.py(unit)", ABSENT),
    "unbalanced": ("tests/a.py unit)", "tests/a.py unit)", ABSENT),
    "only-a-note": ("(unit)", "(unit)", ABSENT),
    "folder": ("tests/sub", "tests/sub", ""),
    "folder-slash": ("tests/sub/ (all)", "tests/sub", ""),
    "root": (".", "", ""),
    "absent": ("tests/none.py (later)", "tests/none.py", ABSENT),
    "absent-name": ("tests/none.py::test_x", "tests/none.py", ABSENT),
    "out": ("../outside/secret.md (x)", "", LEAVES),
    "out-by-name": ("../outside/secret.md::x", "", LEAVES),
    "link-out": ("docs/outward", "docs/outward", BY_LINK),
    "link": ("docs/up.md (linked)", "docs/up.md", ""),
    "loop": ("docs/loop.md", "docs/loop.md", LOOP),
    "pipe": ("docs/pipe.md", "docs/pipe.md", OTHER),
    "no-adr": ("ADR-0002", "ADR-0002", ABSENT),
    "one-letter": ("a::test_x", "a", ABSENT),
    "only-a-name": ("::test_x", "", "is empty"),
    "empty": ("", "", "is empty"),
    "control": ("tests/a.py\x07 (x)", "", CONTROL),
    "long": ("tests/" + "x" * 5000 + " (x)", "", "is too long to be a path"),
    "long-note": ("tests/a.py (" + "x" * 4000 + ")", "tests/a.py", ""),
    "many-spaces": ("tests/none.py" + " " * 100_000 + "x)", "", "is too long to be a path"),
}


@pytest.mark.parametrize(("reference", "path", "problem"), TESTS.values(), ids=TESTS)
def test_a_test_is_found_or_the_reason_is_told(references, reference, path, problem):
    assert references.test(reference) == Resolved(path, problem)


GLOBS = {
    "one": (("docs/adr/{number}-*.md",), "docs/adr/0002-sessions.md"),
    "dots-and-slashes": (("./docs//adr/{number}-*.md",), "docs/adr/0002-sessions.md"),
    "folders": (("d*/a??/{number}-*.md",), "docs/adr/0002-sessions.md"),
    "folders-among-files": (("*/*/{number}-*",), "docs/adr/0002-sessions.md"),
    "second": (("none/{number}.md", "docs/adr/{number}-*"), "docs/adr/0002-sessions.md"),
    "number-of-a-folder": (("docs/adr/{number}-sessions.md/x",), ""),
    "none": ((), ""),
    "empty": (("",), ""),
    "absolute": (("/etc/{number}*",), ""),
    "out": (("../outside/adr/{number}-*.md",), ""),
    "out-in-the-middle": (("docs/../../outside/adr/{number}-*.md",), ""),
    "out-by-link": (("docs/adr-out/{number}-*.md",), ""),
    "out-by-found-link": (("docs/adr-*/{number}-*.md",), ""),
    "pipe-as-folder": (("docs/pipe.md/{number}.md",), ""),
}


@pytest.mark.parametrize(("globs", "path"), GLOBS.values(), ids=GLOBS)
def test_globs_find_the_file_of_a_decision_inside_the_root(tree, globs, path):
    found = References(tree, globs).document("ADR-2")
    assert found.path == path
    assert bool(found.problem) == (not path)


LEADING_OUT = [
    *(row[0] for row in DOCUMENTS.values() if row[2] in {LEAVES, BY_LINK, ABSOLUTE, BACKSLASH}),
    *(row[0] for row in TESTS.values() if row[2] in {LEAVES, BY_LINK}),
]


@pytest.fixture
def looked_at(monkeypatch):
    """Every file that is opened, listed or asked about, its links followed where the call follows them."""
    seen = []

    def spied(name):
        real = getattr(os, name)

        def spy(path, *arguments, **options):
            at = Path(path)
            follows = options.get("follow_symlinks", True)
            seen.append(Path(os.path.realpath(at)) if follows else Path(os.path.realpath(at.parent), at.name))
            return real(path, *arguments, **options)

        monkeypatch.setattr(os, name, spy)

    for name in ("open", "access", "scandir", "listdir", "stat"):
        spied(name)
    return seen


@pytest.mark.parametrize(
    "globs", [Paths().adr, *(GLOBS[name][0] for name in GLOBS if "out" in name)], ids=str
)
def test_nothing_outside_the_root_is_looked_at(tree, looked_at, globs):
    references = References(tree, globs)
    looked_at.clear()
    for each in [*LEADING_OUT, "ADR-2", "ADR-4", "docs/specs/a.md"]:
        references.document(each)
        references.test(each)
    assert tree / "docs/specs/a.md" in looked_at
    assert [each for each in looked_at if not each.is_relative_to(tree)] == []


def test_a_root_that_is_a_link_is_a_root(tree, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(tree)
    references = References(link, Paths().adr)
    assert references.document("docs/up.md") == Resolved("docs/up.md")
    assert references.document("docs/out.md").problem == BY_LINK
    assert references.document("ADR-2") == Resolved("docs/adr/0002-sessions.md")


@pytest.mark.usefixtures("bound_by_permissions")
def test_what_may_not_be_read_is_told(tmp_path):
    for name in ("file.md", "folder/a.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")
    (tmp_path / "file.md").chmod(0)
    (tmp_path / "folder").chmod(0)
    try:
        references = References(tmp_path, ("folder/{number}.md",))
        assert references.document("file.md").problem == "cannot be read: permission denied"
        assert references.document("folder/a.md").problem == "cannot be read: permission denied"
        assert references.document("ADR-1").problem.startswith(ABSENT)
    finally:
        (tmp_path / "folder").chmod(0o700)


def test_a_file_that_the_system_keeps_from_us_is_told(references, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert references.document("docs/specs/a.md").problem == "cannot be read: permission denied"


PIECES = st.sampled_from(
    [
        "docs",
        "specs",
        "a.md",
        "..",
        ".",
        "",
        "outward",
        "ring-a",
        "adr",
        "~",
        "tests",
        "a.py",
        "#x",
        "::t",
        " (n)",
        "ADR-2",
        "C:",
        "\\",
        "\x00",
        "secret.md",
    ]
)


@given(st.lists(PIECES, max_size=8).map("/".join) | st.text(max_size=30))
def test_any_reference_has_an_answer_inside_the_root(tree, reference):
    references = References(tree, Paths().adr)
    for found in (references.document(reference), references.test(reference)):
        assert not {"..", ".", ""} & set(found.path.split("/") if found.path else ())
        if not found.problem:
            assert (tree / found.path).resolve().is_relative_to(tree)
            assert (tree / found.path).exists()
