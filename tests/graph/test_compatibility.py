"""Which tasks may run at the same time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.asking import task
from tests.builders import backlog_of
from tests.graph.test_overlap import globs
from vtm.graph.compatibility import HeldScopes, declared_conflicts, may_share, runs_alone
from vtm.graph.overlap import overlaps

PAIRS = {
    "nothing between them": ([task("A"), task("B")], True),
    "a conflict that the first one names": ([task("A", conflicts_with=["B"]), task("B")], False),
    "a conflict that the second one names": ([task("A"), task("B", conflicts_with=["A"])], False),
    "a conflict with somebody else": ([task("A", conflicts_with=["C"]), task("B")], True),
    "a dependency": ([task("A"), task("B", "A")], False),
    "a dependency the other way round": ([task("A", "B"), task("B")], False),
    "a dependency by way of another task": ([task("A"), task("B", "C"), task("C", "A")], False),
    "the same dependency": ([task("A", "C"), task("B", "C"), task("C")], True),
    "a cycle": ([task("A", "B"), task("B", "A")], False),
    "a High task": ([task("A", risk="High"), task("B")], False),
    "one that is not parallel": ([task("A"), task("B", parallel=False)], False),
    "both parallel": ([task("A", parallel=True), task("B", parallel=True)], True),
    "the same file": ([task("A", file_scope=["src/a"]), task("B", file_scope=["**/a"])], False),
    "files beside each other": ([task("A", file_scope=["src/a"]), task("B", file_scope=["src/ab"])], True),
    "no files that are known": ([task("A", file_scope=["**"]), task("B")], True),
}


@pytest.mark.parametrize(("tasks", "expected"), PAIRS.values(), ids=PAIRS)
def test_may_share(tasks, expected):
    backlog = backlog_of(tasks)
    one, two = backlog["A"], backlog["B"]
    assert may_share(backlog, one, two) is may_share(backlog, two, one) is expected


def test_a_dependency_that_is_over_joins_nothing():
    tasks = [task("A"), task("B", "C"), task("C", "A"), task("D", "A")]
    backlog = backlog_of(tasks, {"C": {"status": "completed"}, "D": {"waived": {"A": "it can wait"}}})
    assert may_share(backlog, backlog["A"], backlog["B"])
    assert may_share(backlog, backlog["A"], backlog["D"])


def test_conflicts_hold_whoever_names_them():
    tasks = backlog_of([task("A", conflicts_with=["B", "X"]), task("B"), task("C", conflicts_with=["B"])])
    assert declared_conflicts(tasks.tasks) == {"A": {"B", "X"}, "B": {"A", "C"}, "C": {"B"}, "X": {"A"}}


def test_who_runs_alone():
    tasks = backlog_of([task("A", risk="High", parallel=True), task("B", parallel=False), task("C")]).tasks
    assert [runs_alone(each) for each in tasks] == [True, True, False]


scopes = st.lists(globs, max_size=3)


@given(st.lists(scopes, max_size=6), st.sets(st.integers(0, 5)), scopes)
def test_held_scopes_clash_where_one_of_them_overlaps(held, given_back, asked):
    holding = HeldScopes()
    for scope in held:
        holding.hold(scope)
    kept = [scope for at, scope in enumerate(held) if at not in given_back]
    free = [each for at in given_back if at < len(held) for each in holding.release(held[at])]
    clash = holding.clash(asked)
    assert (clash is not None) is any(overlaps(scope, asked) for scope in kept)
    assert clash is None or (clash in holding and overlaps([clash], asked))
    left = {each for scope in kept for each in scope}
    assert set(free) == {each for at, scope in enumerate(held) if at in given_back for each in scope} - left


def test_a_scope_is_held_as_often_as_it_was_taken():
    holding = HeldScopes()
    holding.hold(["src/a"])
    holding.hold(["src/a"])
    assert (holding.release(["src/a"]), holding.clash(["src/a/b.py"])) == ([], "src/a")
    assert (holding.release(["src/a"]), holding.clash(["src/a/b.py"])) == (["src/a"], None)


def layers(count):
    """Scopes as a layered project has them: a folder for each area, and files of each task in it."""
    return [
        [f"src/area_{number // 20}/part_{number}/**", f"tests/area_{number // 20}/test_{number}_*.py"]
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [100, 1000, 10_000])
def test_comparisons_grow_with_the_number_of_tasks(count):
    holding = HeldScopes()
    for scope in layers(count):
        assert holding.clash(scope) is None
        holding.hold(scope)
    assert holding.compared <= 10 * count
