"""`vtm prescan`: what in design documents a worker will stumble on, and patterns that are wrong."""

import sys

import pytest

from tests.cli.test_commands import checked
from tests.projects import HOSTILE, put, task, write
from tests.repositories import vtm
from vtm.queries.fonts import families
from vtm.runners.pattern_worker import matched

DESIGN = "docs/design/shop.md"


def project(root, text, settings=""):
    write(root, [task("UI--T01", related_specs=[DESIGN])])
    put(root, DESIGN, text)
    if settings:
        put(root, "vtm.toml", settings)
    return root


def asked(root, *arguments):
    answer = vtm(root, "prescan", "UI--T01", "--json", *arguments)
    assert (answer.code, answer.err) == (0, "")
    return checked(answer)


def found(root):
    return [(each["pattern"], each["found"]) for each in asked(root)["obstacles"]]


FOUND = {
    "css": ("h1 { font-family: 'Mija', Arial, sans-serif; }", [("font", "Mija")]),
    "stack": ('font-family: "Mija Text", Inter', [("font", "Mija Text"), ("font", "Inter")]),
    "prose": ("**Font:** Mija Bold and Inter 400", [("font", "Mija"), ("font", "Inter")]),
    "quoted": ("use the font 'Mija' here", [("font", "Mija")]),
    "sentence": ("Font: see below", []),
    "everywhere": ("font-family: Helvetica, system-ui", []),
    "two in a line": (
        "Headline font: Mija. Body font-family: 'Inter', serif",
        [("font", "Mija"), ("font", "Inter")],
    ),
    "json": ('"fontFamily": "Mija"', [("font", "Mija")]),
    "key": ('"font": "Mija"', [("font", "Mija")]),
    "image": ("![Hero](img/hero.png)", [("asset", "img/hero.png")]),
    "image-there": ("![Hero](there.png) and `../design/there.png`", []),
    "from-root": ("`docs/design/there.png` /docs/design/there.png", []),
    "spaces": ("![x](there%20it%20is.svg)", []),
    "folder": ("![x](../design)", []),
    "outside": ("see ../../../../etc/x.png", [("asset", "../../../../etc/x.png")]),
    "any-case": ("uses LOGO.PNG.", [("asset", "LOGO.PNG")]),
    "anchor": ("![x](#here) ![y](there.png#x) ![z](there.png?v=1)", []),
    "address": ("<https://cdn.example.org/a.png>.", [("url", "https://cdn.example.org/a.png")]),
    "sentence-end": ("at http://example.org/x, or", [("url", "http://example.org/x")]),
    "local": ("http://localhost:8080/x http://www.w3.org/2000/svg", []),
    "nothing": ("# Shop\n", []),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found(name, tmp_path):
    text, expected = FOUND[name]
    root = project(tmp_path, text)
    put(root, "docs/design/there.png", "")
    put(root, "docs/design/there it is.svg", "")
    assert found(root) == expected


SUBSTITUTES = '[prescan.substitutes]\nmija = "Poppins"\n"img/hero.png" = "img/plain.png"\n'


def test_substitutes_and_places(tmp_path):
    text = "# Shop\n\nFont: Mija\n\ta ![Hero](img/hero.png)\r\nfont: Mija and Inter\n"
    root = project(tmp_path, text, SUBSTITUTES)
    data = asked(root)
    assert [
        (each["line"], each["column"], each["found"], each["substitute"]) for each in data["obstacles"]
    ] == [
        (3, 7, "Mija", "Poppins"),
        (4, 12, "img/hero.png", "img/plain.png"),
        (5, 7, "Mija", "Poppins"),
        (5, 16, "Inter", None),
    ]
    assert [(each["found"], each["substitute"]) for each in data["substitutions"]] == [
        ("Mija", "Poppins"),
        ("img/hero.png", "img/plain.png"),
    ]
    assert vtm(root, "prescan", "UI--T01").out == (
        f"{DESIGN}:3:7: font Mija: use Poppins\n"
        f"{DESIGN}:4:12: asset img/hero.png: use img/plain.png\n"
        f"{DESIGN}:5:7: font Mija: use Poppins\n"
        f"{DESIGN}:5:16: font Inter\n"
        "4 obstacles in 1 document\n"
    )


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", [("font", "Mija"), ("url", "http://x.org"), ("asset", "a.png")]),
        ("patterns.font = ''\npatterns.asset = ''", [("url", "http://x.org")]),
        (
            "patterns.todo = 'TBD'\npatterns.url = ''\npatterns.asset = ''",
            [("font", "Mija"), ("todo", "TBD")],
        ),
        ("patterns.url = 'x[.](org)'\npatterns.font = ''\npatterns.asset = ''", [("url", "org")]),
        ("patterns.font = '(?i)mija, '\npatterns.url = ''\npatterns.asset = ''", [("font", "Mija,")]),
        ("allow = ['mija', 'HTTP://X.*', '*.png']", []),
    ],
    ids=["none", "off", "more", "another", "own-font", "allowed"],
)
def test_settings(settings, expected, tmp_path):
    root = project(tmp_path, "Font: Mija, http://x.org a.png TBD", f"[prescan]\n{settings}\n")
    assert found(root) == expected


WRONG = {
    "no-pattern": ("(", "INVALID-SETTING", "not a regular expression: missing ), unterminated subpattern"),
    "no-group": ("(?P<x", "INVALID-SETTING", "not a regular expression: "),
    "too-large": ("a{99999999999999999999}", "INVALID-SETTING", "not a regular expression: "),
    "for-ever": ("(a+)+$", "PATTERN-TOO-SLOW", "takes more than a second"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_pattern_that_cannot_be_used_is_named(name, tmp_path):
    pattern, code, what = WRONG[name]
    root = project(tmp_path, "a" * 64 + "b", f"[prescan.patterns]\nmore = 'x'\nslow = '{pattern}'\n")
    answer = vtm(root, "prescan", "UI--T01", "--json")
    error = checked(answer)
    assert (answer.code, error["code"], error["location"]["line"]) == (2, code, 3)
    assert error["message"].startswith(f"vtm.toml: prescan.patterns.slow: {what}")


def test_a_setting_that_is_none(tmp_path):
    root = project(tmp_path, "", "[prescan]\npattern.font = 'x'\n")
    answer = vtm(root, "prescan", "UI--T01", "--json")
    assert (answer.code, answer.json["code"]) == (2, "UNKNOWN-SETTING")


def test_documents_that_cannot_be_looked_at(tmp_path):
    root = project(tmp_path, "")
    (root / DESIGN).write_bytes(b"\x00")
    data = asked(root)
    assert (data["documents"], data["not_scanned"]) == ([], [{"path": DESIGN, "reason": "is binary"}])
    assert vtm(root, "prescan", "UI--T01").out == f"{DESIGN} is binary\n0 obstacles in 0 documents\n"


@pytest.mark.parametrize("name", ["gone.md", "../x.md", "docs"])
def test_a_file_that_cannot_be_looked_at(name, tmp_path):
    answer = vtm(project(tmp_path / "shop", ""), "prescan", "UI--T01", name, "--json")
    assert (answer.code, answer.json["code"]) == (2, "UNREADABLE-FILE")


def test_another_file(tmp_path):
    root = project(tmp_path, "Font: Mija")
    put(root, "other.md", "Font: Inter")
    data = asked(root / "docs", "../other.md")
    assert (data["documents"], [each["found"] for each in data["obstacles"]]) == (["other.md"], ["Inter"])


def test_more_than_is_told(tmp_path):
    root = project(tmp_path, "TBD " * 1234, "[prescan]\npatterns.todo = 'TBD'\n")
    data = asked(root)
    assert (data["total"], data["returned"], data["truncated"]) == (1234, 1000, True)
    assert vtm(root, "prescan", "UI--T01").out.endswith("1234 obstacles in 1 document, 1000 shown\n")
    few = asked(root, "--budget", "200")
    assert (few["total"], few["truncated"]) == (1234, True)
    assert few["returned"] == len(few["obstacles"]) < 10


def test_hostile_text(tmp_path):
    root = project(
        tmp_path,
        f"font: '{HOSTILE.replace(chr(0), '')}' Mija\nTBD{HOSTILE}",
        "[prescan]\npatterns.x = 'TBD.*'\n",
    )
    answer = vtm(root, "prescan", "UI--T01")
    assert answer.code == 0
    assert all(char.isprintable() or char == "\n" for char in answer.out)


LARGE = {
    "images": "![" * 500_000,
    "paths": "a/" * 500_000,
    "dots": ("a" * 20 + ".") * 40_000,
    "addresses": "http://" * 150_000 + ".",
    "fonts": "font: " * 160_000,
    "quotes": "font '" * 160_000,
}


@pytest.mark.skipif(sys.platform == "win32", reason="there the clock counts")
@pytest.mark.parametrize("name", LARGE)
def test_what_is_looked_for_anyway_takes_no_time(name, tmp_path):
    """A worker that takes longer than a second ends, and that would be an error."""
    asked(project(tmp_path, LARGE[name]))


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        ("'Mija', Inter", ["Mija", "Inter"]),
        ("Mija Semibold Italic 700", ["Mija"]),
        ("*Mija*", ["Mija"]),
        ("\u201cMija Text\u201d or \u2018Inter\u2019", ["Mija Text", "Inter"]),
        ("IBM Plex Sans / Fira Code", ["IBM Plex Sans", "Fira Code"]),
        ("Bold", ["Bold"]),
        ("16px, bold, 'x", ["x"]),
        ("", []),
    ],
)
def test_families(listed, names):
    found = list(families(listed))
    assert [name for _, name in found] == names
    assert all(listed.startswith(name, at) for at, name in found)


def test_a_pattern_with_groups():
    assert matched("(x)?(y)?z", ["xz yz z"])["places"] == [(0, 0, "x"), (0, 3, "y"), (0, 6, "z")]
    assert matched("x*", ["ab"]) == {"places": [], "total": 0, "error": ""}
    assert matched("^b", ["a\nb"])["places"] == [(0, 2, "b")]
    assert matched("(", [])["error"]
