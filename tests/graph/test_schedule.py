"""When tasks start, if so many may run at the same time."""

from functools import cache
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtm.graph.compatibility import HeldScopes
from vtm.graph.jobs import Job, KeptOut
from vtm.graph.schedule import schedule


def job(name, *after, minutes=30, **more):
    return Job(name, minutes, after=after, **more)


def starts(jobs, places=3, conflicts=None, **options):
    """What starts when: `0 A B | 30 C`."""
    both = {}
    for one, two in conflicts or []:
        both.setdefault(one, set()).add(two)
        both.setdefault(two, set()).add(one)
    rounds = schedule(jobs, places, {name: frozenset(each) for name, each in both.items()}, **options)
    return " | ".join(" ".join([str(each.at), *each.names]) for each in rounds)


A, B, C, D = map(job, "ABCD")
LONE = job("L", alone=True)
SAME = {"scope": ["src/a"]}

ROWS = {
    "nothing": ([], {}, ""),
    "as many as there are places": ([A, B, C, D], {}, "0 A B C | 30 D"),
    "one place": ([A, B], {"places": 1}, "0 A | 30 B"),
    "a chain": ([A, job("B", "A")], {}, "0 A | 30 B"),
    "what has most behind it goes first": ([A, B, job("C", "B")], {"places": 1}, "0 B | 30 A | 60 C"),
    "then what is riskier": ([job("A", rank=2), job("B", rank=0)], {"places": 1}, "0 B | 30 A"),
    "what is riskier goes first if asked for, whatever lies behind": (
        [job("A", rank=1), job("B", rank=0), job("C", "A", rank=0), job("D", rank=1, minutes=60)],
        {"places": 1, "by_rank": True},
        "0 B | 30 A | 60 C | 90 D",
    ),
    "a place is taken as soon as it is free": (
        [job("A", minutes=60), job("B", minutes=15), C],
        {"places": 2},
        "0 A C | 30 B",
    ),
    "what depends on it starts as soon as it is over": (
        [job("A", minutes=15), B, job("C", "A", minutes=15)],
        {},
        "0 A B | 15 C",
    ),
    "a declared conflict": ([A, B, C], {"conflicts": ["AB"]}, "0 A C | 30 B"),
    "the same files": ([job("A", **SAME), job("B", **SAME), C], {}, "0 A C | 30 B"),
    "files in the folder of another": ([job("A", **SAME), job("B", scope=["**/b.py"])], {}, "0 A | 30 B"),
    "one that runs alone is last": ([A, B, LONE], {}, "0 A B | 30 L"),
    "one that runs alone is first": ([LONE, A, B], {}, "0 L | 30 A B"),
    "two that run alone": ([LONE, job("M", alone=True)], {}, "0 L | 30 M"),
    "before one that runs alone, what is over in time": (
        [
            job("A", minutes=60),
            job("B", minutes=60),
            job("L", alone=True, minutes=45),
            C,
            job("D", minutes=40),
        ],
        {},
        "0 A B D | 60 L | 105 C",
    ),
    "one that runs alone does not wait for ever": (
        [job("A", minutes=60), job("B", minutes=15), job("L", "B", alone=True), *map(job, "CDEF")],
        {"places": 2},
        "0 A B | 15 C | 60 L | 90 D E | 120 F",
    ),
    "an unknown name counts as over": ([job("A", "X")], {}, "0 A"),
    "a cycle is left out, and what is behind it": (
        [job("A", "B"), job("B", "A"), job("C", "A"), D],
        {},
        "0 D",
    ),
    "one that waits for itself": ([job("A", "A"), B], {}, "0 B"),
    "no time at all": ([job("A", minutes=0), job("B", "A", minutes=0), C], {}, "0 C A | 0 B"),
    "a gate is open when nothing holds it": ([job("G", minutes=0, gate=True), job("A", "G")], {}, "0 A"),
    "a gate holds": (
        [job("A", "G"), job("G", "B", "C", minutes=0, gate=True), job("B", minutes=15), C],
        {},
        "0 C B | 30 A",
    ),
    "a gate behind a gate": (
        [job("A", "G"), job("G", "H", minutes=0, gate=True), job("H", minutes=0, gate=True)],
        {},
        "0 A",
    ),
    "what runs has a place": ([A, B, C], {"running": [job("R", minutes=15)]}, "0 A B | 15 C"),
    "more runs than there are places": (
        [A],
        {"running": [job("R", minutes=15), job("S", minutes=60)], "places": 1},
        "60 A",
    ),
    "what runs is waited for": ([job("A", "R"), B], {"running": [job("R")]}, "0 B | 30 A"),
    "what runs holds its files": ([job("A", **SAME), B], {"running": [job("R", **SAME)]}, "0 B | 30 A"),
    "what runs alone": ([A], {"running": [job("R", alone=True)]}, "30 A"),
    "waves wait for each other": (
        [job("A", minutes=15), B, job("C", "A")],
        {"in_waves": True},
        "0 A B | 30 C",
    ),
    "a wave is filled beside what runs alone": ([A, LONE, B], {"in_waves": True}, "0 A B | 30 L"),
    "the first wave starts beside what runs": (
        [A, B, C, D],
        {"in_waves": True, "running": [job("R", minutes=45)]},
        "0 A B | 45 C D",
    ),
    "a wave for which there is no place waits for what runs": (
        [A],
        {"in_waves": True, "running": [job("R")], "places": 1},
        "30 A",
    ),
    "the second wave waits for what runs, too": (
        [job("A", minutes=0), job("B", "A")],
        {"in_waves": True, "running": [job("R")]},
        "0 A | 30 B",
    ),
}


@pytest.mark.parametrize(("jobs", "options", "expected"), ROWS.values(), ids=ROWS)
def test_starts(jobs, options, expected):
    assert starts(jobs, **options) == expected


def test_a_round_says_what_it_runs_beside_and_what_it_keeps_out():
    jobs = [job("A", minutes=60, scope=["src/**"]), job("B", minutes=15), C, job("D", scope=["src/d.py"])]
    first, second, *_ = schedule(jobs, 2, {"C": frozenset("A"), "A": frozenset("C")})
    assert (first.names, first.beside) == (["A", "B"], [])
    assert first.kept_out == [KeptOut("C", "A", ""), KeptOut("D", "", "src/**")]
    assert (second.at, second.names) == (60, ["C", "D"])


NAMES = "ABCDEF"
minutes = st.sampled_from([0, 15, 30, 60])


@st.composite
def graphs(draw, *, bare):
    """Jobs in a graph without cycles; unless `bare` some are alone, have scopes and conflicts, or run."""
    names = draw(st.permutations(NAMES[: draw(st.integers(0, len(NAMES)))]))
    jobs = []
    for at, name in enumerate(names):
        after = draw(st.lists(st.sampled_from(names[:at]), max_size=2)) if at else []
        made = Job(name, draw(minutes), draw(st.integers(0, 2)), after)
        if not bare:
            scope = draw(
                st.lists(st.sampled_from(["a", "a/b", "a/*", "c/*.py", "c/d.*", "**/e"]), max_size=2)
            )
            made = made._replace(alone=draw(st.sampled_from([True, False, False])), scope=scope)
        jobs.append(made)
    return draw(st.permutations(jobs))


def best_end(jobs, places):
    """When the best schedule is over: every way to start what is ready, and to leave it for later."""
    by_name = {each.name: each for each in jobs}

    @cache
    def left(done, running):
        ready = [
            each.name
            for each in jobs
            if done.issuperset(each.after) and each.name not in done | {name for name, _ in running}
        ]
        ways = []
        for count in range(min(len(ready), places - len(running)) + 1):
            for chosen in combinations(ready, count):
                going = running | {(name, by_name[name].minutes) for name in chosen}
                if going:
                    step = min(time for _, time in going)
                    over = {name for name, time in going if time == step}
                    rest = frozenset((name, time - step) for name, time in going if name not in over)
                    ways.append(step + left(done | over, rest))
        return min(ways, default=0)

    return left(frozenset(), frozenset())


def end_of(rounds, jobs):
    lasts = {each.name: each.minutes for each in jobs}
    return max((each.at + lasts[name] for each in rounds for name in each.names), default=0)


@given(graphs(bare=True), st.integers(1, 3))
def test_the_end_is_at_most_so_many_times_as_far_away_as_it_has_to_be(jobs, places):
    end = end_of(schedule(jobs, places, {}), jobs)
    best = best_end(jobs, places)
    assert best <= end <= (2 - 1 / places) * best


pairs = st.frozensets(st.sampled_from([frozenset(each) for each in combinations(NAMES, 2)]), max_size=4)


@given(graphs(bare=False), st.integers(1, 4), pairs, st.booleans(), st.data())
def test_nothing_runs_that_must_not(jobs, places, pairs, in_waves, data):
    conflicts = {
        name: frozenset().union(*(each - {name} for each in pairs if name in each)) for name in NAMES
    }
    roots = [each for each in jobs if not each.after]
    running = roots[: data.draw(st.integers(0, 2))]
    ready = [each for each in jobs if each not in running]
    rounds = schedule(ready, places, conflicts, running=running, in_waves=in_waves)
    begin = {name: each.at for each in rounds for name in each.names} | {each.name: 0 for each in running}
    end = {each.name: begin[each.name] + each.minutes for each in jobs}
    assert sorted(name for each in rounds for name in each.names) == sorted(each.name for each in ready)
    by_name = {each.name: each for each in jobs}
    for each in ready:
        assert all(end[name] <= begin[each.name] for name in each.after)
    for each in rounds:
        assert len(each.names) + len(each.beside) <= places
        for one, two in combinations([*each.names, *each.beside], 2):
            if one in each.beside and two in each.beside:
                continue
            assert two not in conflicts[one]
            assert not by_name[one].alone
            assert not by_name[two].alone
            held = HeldScopes()
            held.hold(by_name[one].scope)
            assert held.clash(by_name[two].scope) is None
    if in_waves:
        assert all(not each.beside for each in rounds[1:])
