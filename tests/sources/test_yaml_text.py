"""Values written as YAML are read back the same, whatever version of it a reader speaks."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from vtm.sources.yaml_text import inline, member

MISREAD = (
    *("yes", "no", "On", "y", "N", "null", "~", "", " ", "true", "nan", ".inf", "1", "1e5", "0x1f", "1:30"),
    *("0o7", "1_000", "2026-01-01", "- a", "? a", "# x", "a #b", "a: b", "a:", "@name", "`x`", "%x", "&a"),
    *("*a", "!x", "<<", "=", "|", ">", "{a", "[a", "a]", "a, b", '"', "'a", "a'", "it's", "---", "...", "\\"),
    *(
        "\x85",
        "\u2028",
        "\ufeff",
        "\ufffe",
        "\x00",
        "\x7f",
        "\t",
        "a\tb",
        "a\nb",
        "a\r\nb",
        " a",
        "a ",
        "\xa0",
    ),
    *("A--T01", "Überbau", "日本語", "😀", "x" * 3000),
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(MISREAD),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.sampled_from(MISREAD), inner, max_size=4)
    ),
    max_leaves=8,
)
READERS = {
    "1.1": lambda text: yaml.load(text, yaml.SafeLoader),
    "1.1-c": lambda text: yaml.load(text, yaml.CSafeLoader),
    "1.2": lambda text: YAML(typ="safe", pure=True).load(text),
}


def exact(value):
    """A value with its types, in its order."""
    if isinstance(value, dict):
        return [(str(key), exact(each)) for key, each in value.items()]
    if isinstance(value, list):
        return ["list", *map(exact, value)]
    kind = next((kind for kind in (bool, int, float, str) if isinstance(value, kind)), None)
    return kind, value


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize("text", MISREAD, ids=repr)
def test_text_stays_text(text, read):
    written = member("key", text) + member("list", [text]) + member("inner", {"k": {text: text}})
    assert read(written) == {"key": text, "list": [text], "inner": {"k": {text: text}}}


@given(st.dictionaries(st.text() | st.sampled_from(MISREAD), JSON, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_json_is_read_back(document):
    written = "".join(member(key, value) for key, value in document.items())
    for read in READERS.values():
        assert exact(read(written)) == exact(document)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Sign in with a password", "Sign in with a password"),
        ("auth/sign-in", "auth/sign-in"),
        ("low", "low"),
        ("It's here", "It's here"),
        ("src/**", '"src/**"'),
        ("a: b", '"a: b"'),
        (1e16, "1.0e+16"),
        (1.0, "1.0"),
        ([], "[]"),
        ({}, "{}"),
        ({"a": [1, None]}, "{a: [1, null]}"),
    ],
)
def test_what_needs_no_quotes_has_none(value, written):
    assert inline(value) == written
