"""Hypothesis strategies: small graphs and backlogs in which everything that can be wrong is wrong often."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.builders import backlog_of

NAMES = [f"T{number}" for number in range(7)]
STRANGERS = ["X1", "X2", "", "\0"]
"""Ids that no task has; a dependency may be any text."""

RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For properties: how long an example takes is not what they are about."""

ids = st.sampled_from([*NAMES, *NAMES, *STRANGERS])


@st.composite
def graphs(draw, most=6):
    """Id to ids, each of which may be unknown, repeated or the node itself; not in alphabetical order."""
    nodes = draw(st.permutations(NAMES[: draw(st.integers(0, most))]))
    return {node: draw(st.lists(ids, max_size=3)) for node in nodes}


def task_entries(**fields):
    """A strategy for the fields of a task entry beside its id; `fields` adds strategies to it."""
    return st.fixed_dictionaries(
        {
            "depends_on_tasks": st.lists(ids, max_size=3),
            "risk": st.sampled_from(["High", "Medium", "Low"]),
            "provisional": st.booleans(),
        },
        optional={
            "declared_status": st.sampled_from(["pending", "pending", "completed", "abandoned"]),
            "phase": st.sampled_from(["Phase 1", "Phase 2", ""]),
            "slice": st.sampled_from(["Slice 1.1", "Slice 1.2"]),
            **fields,
        },
    )


STATUSES = ["pending", "pending", "pending", "in-progress", "blocked", "completed", "completed", "abandoned"]
moments = st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T12:30:00Z"])
waivers = st.dictionaries(ids, st.just("not needed"), max_size=4)


def state_entries(**fields):
    """A strategy for a state entry; `fields` adds strategies to it."""
    return st.fixed_dictionaries(
        {"status": st.sampled_from(STATUSES)},
        optional={"waived": waivers, "started_at": moments, "completed_at": moments, **fields},
    )


@st.composite
def backlogs(draw, most=7, task=None, state=None):
    """Backlogs with unknown ids, cycles, waivers and state of tasks that do not exist."""
    names = draw(st.permutations(NAMES[: draw(st.integers(0, most))]))
    fields = task_entries() if task is None else task
    tasks = [{"task_id": name, **draw(fields)} for name in names]
    return backlog_of(tasks, draw(st.dictionaries(ids, state or state_entries(), max_size=most)))
