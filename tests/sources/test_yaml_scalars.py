"""Text as YAML: every reader takes it for that text."""

import warnings

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.sources.test_any_task_file import ANYTHING, WORDS
from vtm.sources.yaml_nodes import Node, compose
from vtm.sources.yaml_scalars import means, written

READERS = {
    "1.1": yaml.safe_load,
    "1.2": lambda text: YAML(typ="safe", pure=True).load(text),
    "text": lambda text: yaml.load(text, yaml.BaseLoader),
}


@pytest.mark.parametrize("version", READERS)
@pytest.mark.parametrize("flow", [False, True], ids=["block", "flow"])
@given(
    ANYTHING | WORDS | st.from_regex(r"[-+0-9.:_eEoxTZ~nN]{1,6}", fullmatch=True),
    st.sampled_from(["", "'", '"']),
)
@example("y", "")
@example("NO", "")
@example("2026-03-10", "")
@example("\ufeff", "'")
def test_text_is_read_as_text(version, flow, text, style):
    scalar = written(text, style, flow=flow)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = READERS[version](f"[{scalar}, x]" if flow else f"k: {scalar}\n")
    assert found == ([text, "x"] if flow else {"k": text})


MEANINGS = {
    "null": ("~", None, True),
    "null word": ("Null", None, True),
    "no null": ("'~'", None, False),
    "truth": ("TRUE", True, True),
    "other truth": ("false", True, False),
    "no truth": ("yes", True, False),
    "text": ("yes", "yes", True),
    "quoted": ('"1"', "1", True),
    "number": ("1", "1", False),
    "date": ("2026-03-10", "2026-03-10", True),
    "tagged": ("!!str a", "a", False),
    "list": ("[a]", "a", False),
}


@pytest.mark.parametrize(("text", "value", "expected"), MEANINGS.values(), ids=MEANINGS)
def test_meaning(text, value, expected):
    node = compose(text.encode(), 0, len(text))
    assert isinstance(node, Node)
    assert means(node, value) is expected
