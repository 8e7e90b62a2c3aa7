"""Random commands, against a model of what they are to do."""

from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.projects import criteria, put, task
from tests.repositories import vtm
from tests.state.projects import FORMS, JOURNAL, assert_sound, files
from tests.task_files import edit_by_hand

A, B = "A--T01", "B--T01"
PENDING, RUNNING, BLOCKED, DONE, GONE = "pending", "in-progress", "blocked", "completed", "abandoned"
FIRST = datetime(2027, 1, 1, tzinfo=UTC)
REASON = ("--reason", "because")


class Entry(NamedTuple):
    """What the state is to say of a task."""

    status: str = PENDING
    acs: tuple = ()
    notes: tuple = ()
    epoch: int = 0
    owner: str = ""
    failed: int = 0
    waived: tuple = ()

    def noted(self, *lines):
        return self._replace(notes=self.notes + lines)


def _waived(entry):
    return entry._replace(waived=(A,))


FRESH = {"owner": "", "failed": 0}
EFFECTS = {
    ("ac", "AC01"): ({RUNNING}, lambda e: e._replace(acs=tuple(dict.fromkeys((*e.acs, "AC01"))))),
    ("ac", "AC02"): ({RUNNING}, lambda e: e._replace(acs=tuple(dict.fromkeys((*e.acs, "AC02"))))),
    ("ac", "AC01", "--undo"): ({RUNNING}, lambda e: e._replace(acs=tuple({*e.acs} - {"AC01"}))),
    ("note", "hm"): ({PENDING, RUNNING, BLOCKED, DONE, GONE}, lambda e: e.noted("hm")),
    ("attempt", "--failed", "x"): ({RUNNING}, lambda e: e._replace(failed=e.failed + 1)),
    ("release",): ({RUNNING}, lambda e: e._replace(status=PENDING, owner="")),
    ("block", *REASON, "--tried", "t", "--suggest", "s"): (
        {PENDING, RUNNING},
        lambda e: e._replace(status=BLOCKED, owner="").noted("Tried: t", "Suggested: s"),
    ),
    ("unblock",): ({BLOCKED}, lambda e: e._replace(status=PENDING, **FRESH)),
    ("complete", "--tests-passed", "3"): ({RUNNING}, lambda e: e._replace(status=DONE)),
    ("abandon", *REASON): (
        {PENDING, RUNNING, BLOCKED},
        lambda e: e._replace(status=GONE, owner="").noted("Abandoned: because"),
    ),
    ("reopen", *REASON): (
        {DONE, GONE},
        lambda e: e._replace(status=PENDING, **FRESH).noted("Reopened: because"),
    ),
    ("reset", *REASON): (
        {RUNNING, BLOCKED},
        lambda e: e._replace(status=PENDING, acs=(), **FRESH).noted("Reset: because"),
    ),
    ("waive", A, *REASON): ({PENDING, RUNNING, BLOCKED}, _waived),
}
STOPPED_BY_ATTEMPTS = {"ac", "attempt", "release", "complete"}
GATES = {("complete", "--tests-passed", "3")}


class Backlog(RuleBasedStateMachine):
    """Two tasks, the second of which depends on the first.

    Attributes:
        past: For each task its entries, from the first on.
        lease: When the lease of a task that the database knows was renewed, as a day; None: it was ended.
    heard: The day on which the holder of a task was last heard of.
        taken_over: Tasks to which nothing happened since: to undo that brings no old epoch back.
        edited: Tasks that somebody edited since, with what the state has of them. That is in `past`, too.
    """

    form = "manifest"

    @initialize()
    def begin(self):
        self.folder = TemporaryDirectory()
        put(self.folder.name, "vtm.toml", "wip_limit = 0\n")
        tasks = [task(A), task(B, needs=[A])]
        for each in tasks:
            each["acceptance_criteria"] = criteria(each["task_id"], "one", "two")
            put(self.folder.name, each["test_verification"][0], "")
        self.root = FORMS[self.form](self.folder.name, tasks)
        self.edited, self.taken_over = {}, set()
        self.day, self.steps = 0, 0
        self.past = {A: [Entry()], B: [Entry()]}
        self.lease, self.heard = {A: None, B: None}, {A: None, B: None}

    def teardown(self):
        self.folder.cleanup()

    def is_held(self, name):
        entry = self.past[name][-1]
        since = self.lease[name] if self.lease[name] is not None else self.heard[name]
        return entry.status == RUNNING and bool(entry.owner) and since == self.day

    def needs_met(self, name):
        return name == A or self.past[A][-1].status == DONE or A in self.past[B][-1].waived

    def ask(self, name, command, codes, after=None):
        """Run a command; `codes` are its exit codes if it is to be refused, else the entry is `after`."""
        self.steps += 1
        now = FIRST + timedelta(days=self.day, seconds=self.steps)
        before = files(self.root)
        answer = vtm(self.root, *command, "--json", "--now", now.isoformat())
        assert answer.code in (codes or {0}), (answer, self.past[name][-1], self.day, self.lease, self.heard)
        if codes:
            assert files(self.root) == before
        else:
            self.edited.pop(name, None)
            self.taken_over.discard(name)
            self.past[name].append(after)
            self.assert_shown(name, answer.json["state"])
        if (self.root / JOURNAL).exists():
            assert_sound(self.root, self.edited)

    def assert_shown(self, name, shown):
        expected = self.past[name][-1]
        acs = tuple(each.removeprefix(f"{name}-") for each in shown["acs_completed"])
        found = Entry(
            shown["status"],
            acs,
            tuple(shown["notes"].splitlines()),
            shown["epoch"],
            shown["owner"],
            len(shown["attempts"]),
            tuple(shown["waived"]),
        )
        assert found == expected

    @rule()
    def another_day(self):
        """Every lease runs out."""
        self.day += 1

    @rule(name=st.sampled_from([A, B]), agent=st.sampled_from(["", "ada", "bob"]))
    def start(self, name, agent):
        entry = self.past[name][-1]
        over = entry.status == RUNNING and bool(entry.owner) and not self.is_held(name) and bool(agent)
        if self.is_held(name):
            codes = {4}
        elif entry.failed >= 3 or not self.needs_met(name):
            codes = {1, 4}
        else:
            codes = set() if entry.status == PENDING or over else {4}
        command = ["start", name, *(["--agent", agent] if agent else [])]
        after = entry._replace(status=RUNNING, epoch=entry.epoch + 1, owner=agent)
        self.ask(name, command, codes, after)
        if not codes:
            self.lease[name] = self.day if agent else None
            self.heard[name] = self.day
            self.taken_over |= {name} if over else set()

    @rule(
        name=st.sampled_from([A, B]),
        what=st.sampled_from(sorted(EFFECTS)),
        epoch=st.sampled_from(["none", "current", "current", "stale"]),
    )
    def change(self, name, what, epoch):
        legal, effect = EFFECTS[what]
        entry = self.past[name][-1]
        number = {"none": None, "current": entry.epoch, "stale": entry.epoch + 1}[epoch]
        codes = set()
        if what[0] == "waive" and (name == A or self.needs_met(name)):
            codes = {2}
        elif (number is None and self.is_held(name)) or epoch == "stale":
            codes = {4}
        elif entry.failed >= 3 and what[0] in STOPPED_BY_ATTEMPTS:
            codes = {1}
        elif entry.status not in legal:
            codes = {4}
        elif what in GATES and (len(entry.acs) < 2 or not self.needs_met(name)):
            codes = {1}
        options = [] if number is None else ["--epoch", str(number)]
        after = effect(entry)
        self.ask(name, [what[0], name, *what[1:], *options], codes, after)
        if codes:
            return
        known = entry.status == RUNNING and bool(entry.owner)
        if number is not None and entry.owner:
            self.heard[name] = self.day
        if after.status != RUNNING:
            self.lease[name] = None
        elif number is not None and known:
            self.lease[name] = self.day

    @rule(name=st.sampled_from([A, B]), pick=st.integers(0, 99))
    def go_on(self, name, pick):
        """What is possible in the status at hand, most of the time by who may do so."""
        entry = self.past[name][-1]
        if entry.status == PENDING and pick % 3:
            self.start(name, ["", "ada", "bob"][pick % 3])
        else:
            possible = [what for what in sorted(EFFECTS) if entry.status in EFFECTS[what][0]]
            self.change(name, possible[pick % len(possible)], "current")

    @rule(picks=st.lists(st.integers(0, 99), min_size=2, max_size=8))
    def work(self, picks):
        """Several changes of the task that others depend on."""
        for pick in picks:
            self.go_on(A, pick)

    @precondition(lambda self: self.past[A][1:] or self.past[B][1:])
    @rule(name=st.sampled_from([A, B]), epoch=st.booleans())
    def undo(self, name, epoch):
        past = self.past[name]
        entry = past[-1]
        held = self.is_held(name) and not epoch
        codes = {4} if held or len(past) == 1 or name in self.edited else set()
        options = ["--epoch", str(entry.epoch)] if epoch else []
        epoch_then = entry.epoch + (name in self.taken_over)
        after = past[-2]._replace(epoch=epoch_then) if len(past) > 1 else None
        self.ask(name, ["undo", name, *options], codes, after)
        if not codes:
            self.heard[name] = self.day
            if after.status != RUNNING:
                self.lease[name] = None

    @rule(name=st.sampled_from([A, B]))
    def look(self, name):
        """What is asked for shows what was answered."""
        shown = vtm(self.root, "show", name, "--json").json
        assert shown["status"] == self.past[name][-1].status


class BacklogOfFiles(Backlog):
    """The same of tasks that have files of their own, which people edit meanwhile."""

    form = "files"

    @rule(
        name=st.sampled_from([A, B]),
        status=st.sampled_from(["", PENDING, BLOCKED, DONE, GONE]),
        box=st.sampled_from([None, 0, 1]),
    )
    def edit(self, name, status, box):
        """Nothing is written of that, but whoever asks is told."""
        edit_by_hand(self.root, name, status or None, box)
        entry = self.past[name][-1]
        known = self.edited.pop(name, None)
        if known is None:
            known = entry
        else:
            self.past[name].pop()
        ticked = {*entry.acs} ^ (set() if box is None else {f"AC{box + 1:02}"})
        acs = [*(each for each in known.acs if each in ticked), *sorted(ticked - {*known.acs})]
        new = entry._replace(status=status or entry.status, acs=tuple(acs))
        if new != known:
            self.edited[name] = known
            self.past[name].append(new)
        self.look(name)


@pytest.mark.parametrize(
    ("machine", "examples"),
    [
        (Backlog, 12),
        (BacklogOfFiles, 12),
        pytest.param(Backlog, 40, marks=[pytest.mark.soak, pytest.mark.no_cover]),
        pytest.param(BacklogOfFiles, 20, marks=[pytest.mark.soak, pytest.mark.no_cover]),
    ],
)
def test_random_commands(machine, examples):
    run_state_machine_as_test(machine, settings=settings(max_examples=examples, stateful_step_count=30))
