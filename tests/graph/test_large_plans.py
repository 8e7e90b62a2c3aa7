"""Plans of 100,000 tasks, whatever their shape, without recursion."""

import msgspec
import pytest

from tests.builders import backlog_of
from tests.graph.test_large import MANY, SHAPES, no_recursion
from vtm.graph.readiness import Readiness
from vtm.model.settings import Minutes
from vtm.queries.estimates import size_estimates
from vtm.queries.filters import Filters
from vtm.queries.plan import plan
from vtm.queries.planning import Mode, Question
from vtm.queries.waves import waves

pytestmark = pytest.mark.no_cover
ESTIMATES = size_estimates(backlog_of(), Minutes(), {})
SCOPES = {
    "a folder of its own": lambda number: [f"src/part_{number}/**"],
    "a file that all share": lambda number: ["src/all.py", f"src/part_{number}.py"],
    "the same folder": lambda number: ["src/**"],
    "files of its own anywhere": lambda number: [f"**/part_{number}.py"],
    "a pattern that overlaps with all others": lambda number: [f"src/**/part_{number}"],
}


LARGE = [
    *((shape, 20_000) for shape in SHAPES),
    pytest.param("layered", MANY, marks=pytest.mark.soak),
]


@pytest.mark.parametrize(("shape", "count"), LARGE)
def test_plans_are_made(shape, count):
    backlog = SHAPES[shape](count)
    readiness = Readiness(backlog)
    going = len(readiness.eligible) + len(readiness.waiting)
    with no_recursion():
        for mode in Mode:
            found = plan(backlog, readiness, Question(Filters(), mode, 3), ESTIMATES)
            assert sum(len(each.tasks) for each in found.groups) <= going
            assert len(found.unplanned) <= count - len(readiness.eligible)
        question = Question(Filters(), Mode.PARALLEL, 3, in_waves=True)
        assert msgspec.json.encode(waves(backlog, readiness, question, ESTIMATES))


@pytest.mark.parametrize("name", SCOPES)
def test_every_kind_of_scope_is_planned(name):
    entries = [
        {
            "task_id": f"T{number}",
            "parallel": True,
            "conflicts_with": [],
            "file_scope": SCOPES[name](number),
            "est": {"size": "SML"[number % 3]},
        }
        for number in range(2000)
    ]
    backlog = backlog_of(entries)
    answer = plan(backlog, Readiness(backlog), Question(Filters(), Mode.PARALLEL, 3), ESTIMATES)
    assert sum(len(each.tasks) for each in answer.groups) == 2000
    assert (answer.saving > 60) is ("own" in name)
