"""Whatever the backlog is like, a plan breaks nothing and its numbers agree."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.asking import names
from tests.random_backlogs import NAMES, backlogs, ids, task_entries
from tests.random_backlogs import RELAXED as ANY_TIME
from tests.shared_data import shared_data
from vtm.app.app import App
from vtm.graph.compatibility import may_share
from vtm.graph.readiness import Readiness
from vtm.model.settings import Minutes
from vtm.model.status import Risk, Status
from vtm.queries.estimates import size_estimates
from vtm.queries.filters import Filters
from vtm.queries.next_task import NextTask, next_task
from vtm.queries.plan import plan
from vtm.queries.plannable import Hindrance
from vtm.queries.planning import Mode, Question
from vtm.queries.waves import waves

RELAXED = settings(ANY_TIME, max_examples=60)
scope = st.lists(st.sampled_from(["a", "a/b", "a/*.py", "c/**", "c/d", "**/e"]), max_size=2)
size = st.sampled_from([{"size": "S"}, {"size": "M"}, {"size": "L"}])
declared = {"conflicts_with": st.lists(ids, max_size=2), "file_scope": scope, "est": size}
complete = task_entries(**declared).flatmap(
    lambda entry: st.booleans().map(lambda parallel: {"conflicts_with": [], "parallel": parallel, **entry})
)
sparse = task_entries(**declared, parallel=st.booleans())
filters = st.builds(
    Filters,
    slice=st.sampled_from(["", "", "1.1"]),
    risk=st.sampled_from([None, None, Risk.MEDIUM]),
)
questions = st.builds(Question, filters, st.sampled_from(Mode), st.integers(1, 4))
tasks = backlogs(task=complete) | backlogs(task=sparse)


def asked(query, backlog, question):
    return query(backlog, Readiness(backlog), question, size_estimates(backlog, Minutes(S=0), {}))


def safe_together(backlog, names):
    """No two of them are against each other."""
    for one, two in combinations([backlog[name] for name in names], 2):
        assert may_share(backlog, one, two)


@RELAXED
@given(tasks, questions)
def test_no_group_breaks_anything(backlog, question):
    answer = asked(plan, backlog, question)
    over = {name for name in NAMES if name in backlog and backlog.status(name) is Status.COMPLETED}
    ends = {each.task_id: each.minutes for each in answer.running}
    starts = dict.fromkeys(ends, 0)
    for group in answer.groups:
        for task in group.tasks:
            needed = {*backlog[task.task_id].depends_on_tasks} - over
            needed -= backlog.state_of(backlog[task.task_id]).waived.keys()
            assert all(ends[name] <= group.start for name in needed)
        together = [*names(group.tasks), *group.beside]
        assert all(ends[name] >= group.start for name in group.beside)
        if group.tasks[1:] or {*group.beside} - {each.task_id for each in answer.running}:
            safe_together(backlog, names(group.tasks))
        for task in group.tasks:
            for other in group.beside:
                safe_together(backlog, [task.task_id, other])
        assert group.type == ("parallel" if len(together) > 1 else "serial")
        starts |= {task.task_id: group.start for task in group.tasks}
        ends |= {task.task_id: group.start + task.minutes for task in group.tasks}
        assert len(together) <= answer.max
    if answer.mode is Mode.SEQUENTIAL and not answer.running:
        assert all(group.type == "serial" for group in answer.groups)


@RELAXED
@given(tasks, questions)
def test_every_selected_task_is_planned_once_or_has_a_reason(backlog, question):
    readiness = Readiness(backlog)
    answer = asked(plan, backlog, question)
    planned = [name for group in answer.groups for name in names(group.tasks)]
    selected = question.filters.keep(backlog.tasks)
    left = [each for each in selected if readiness.statuses[each.task_id] in {Status.PENDING, Status.BLOCKED}]
    assert sorted(planned + names(answer.unplanned)) == sorted(names(left))
    stuck = [each.task_id for each in answer.unplanned if each.hindrance is Hindrance.STUCK]
    assert stuck == [name for name in names(left) if name in names(readiness.stuck)]
    assert all(each.reason for each in answer.unplanned)
    assert {*names(readiness.eligible)} & {*names(left)} <= {*planned}
    first = {*names(answer.groups[0].tasks)} if answer.groups and not answer.running else set()
    assert first <= {*names(readiness.eligible)}


@RELAXED
@given(tasks, filters)
def test_one_after_another_begins_with_what_is_next(backlog, chosen):
    answer = asked(plan, backlog, Question(chosen, Mode.SEQUENTIAL, 1))
    following = next_task(Readiness(backlog), chosen, lambda _: [], startable=False)
    if isinstance(following, NextTask):
        assert names(answer.groups[0].tasks) == [following.task_id]
    elif not answer.running:
        assert answer.groups == []


@RELAXED
@given(tasks, questions)
def test_numbers_agree(backlog, question):
    for answer in (asked(plan, backlog, question), asked(waves, backlog, question._replace(in_waves=True))):
        parts = getattr(answer, "groups", None) or getattr(answer, "waves", ())
        every = [task.minutes for part in parts for task in part.tasks]
        assert all(part.minutes == max(task.minutes for task in part.tasks) for part in parts)
        assert answer.minutes == max((part.start + part.minutes for part in parts), default=0)
        running = sum(each.minutes for each in answer.running)
        assert answer.serial_minutes == (sum(every) + running if parts else 0)
        assert 0 <= answer.minutes <= answer.serial_minutes
        saved = 100 * (answer.serial_minutes - answer.minutes) / (answer.serial_minutes or 1)
        assert answer.saving == round(saved, 1)
        assert [part.start for part in parts] == sorted(part.start for part in parts)
        assert answer.total == answer.returned == len(parts) + len(answer.unplanned)


@RELAXED
@given(tasks, questions)
def test_no_wave_breaks_anything(backlog, question):
    answer = asked(waves, backlog, question._replace(mode=Mode.PARALLEL, in_waves=True))
    over, end = {*names(answer.running)}, max((each.minutes for each in answer.running), default=0)
    for wave in answer.waves:
        assert len(wave.tasks) + len(wave.beside) <= answer.size
        assert {*wave.waits_for} <= over - {*wave.beside}
        assert wave.start == (0 if wave.beside else end)
        assert {*wave.beside} <= ({*names(answer.running)} if wave.wave == 1 else set())
        safe_together(backlog, names(wave.tasks))
        for task in wave.tasks:
            for other in wave.beside:
                safe_together(backlog, [task.task_id, other])
        over |= {*names(wave.tasks)}
        end = max(end, wave.start + wave.minutes)


def test_real_backlogs_are_planned_without_breaking_anything():
    planned = 0
    for folder in sorted(shared_data("vtm-history").iterdir()):
        if not folder.is_dir():
            continue
        backlog = App.at(folder).backlog
        answer = asked(plan, backlog, Question(Filters(), Mode.PARALLEL, 3))
        for group in answer.groups:
            safe_together(backlog, [*names(group.tasks), *group.beside])
        assert answer.minutes <= answer.serial_minutes
        planned += answer.mode is Mode.PARALLEL and len(answer.groups) > 0
    assert planned > 5
