"""The documentation of each rule is complete, and its two examples are what it says they are."""

import re
from inspect import getdoc

import pytest
from ruamel.yaml import YAML

from tests.builders import case_of
from vtm.rules.registry import FAMILIES, module_name, rules

HEADS = ("Why", "Fails", "Passes", "Fix")
BY_CODE = [pytest.param(rule, id=rule.code) for rule in rules()]


def sections(rule):
    """The parts of a docstring, by their head."""
    text = getdoc(rule.check)
    found = re.split(rf"^({'|'.join(HEADS)}):", text, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def example(rule, head):
    return case_of(YAML(typ="safe").load(sections(rule)[head]))


@pytest.mark.parametrize("rule", BY_CODE)
def test_every_part_is_there_in_order(rule):
    assert tuple(sections(rule)) == HEADS
    assert all(part.strip() for part in sections(rule).values())
    assert rule.summary.endswith(".")


@pytest.mark.parametrize("rule", BY_CODE)
def test_the_failing_example_fails(rule):
    problems = list(rule.check(example(rule, "Fails")))
    assert problems
    if rule.per_task and not any(problem.severity for problem in problems):
        assert all(len(problem.tasks) == 1 for problem in problems)


@pytest.mark.parametrize("rule", BY_CODE)
def test_the_passing_example_passes(rule):
    assert list(rule.check(example(rule, "Passes"))) == []


@pytest.mark.parametrize("rule", BY_CODE)
def test_code_and_file_agree(rule):
    assert rule.code.startswith(tuple(f"{family}::" for family in FAMILIES))
    assert rule.check.__module__.rpartition(".")[2] == module_name(rule.code)
    assert rule.gates or rule.backlog
