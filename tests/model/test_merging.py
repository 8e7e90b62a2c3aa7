"""Merging two versions of the state: what both journals together give, or a conflict that is named."""

from datetime import UTC, datetime, timedelta
from itertools import chain
from random import Random

import msgspec
import pytest
from msgspec import UNSET
from msgspec.structs import replace

from tests.projects import task
from vtm.model.event import Details, Event, Kind
from vtm.model.folding import by_task, fold, in_order
from vtm.model.merging import UNKNOWN_HASH, Journals, merged
from vtm.model.standing import Standing, standing
from vtm.model.state import UNTOUCHED, Evidence, TaskState
from vtm.model.task import Task
from vtm.model.three_way import Sides
from vtm.model.transitions import TRANSITIONS, advance
from vtm.stores.exact_json import exact, written

TASKS = {
    each["task_id"]: msgspec.convert(each, Task)
    for each in (
        task(
            name,
            acceptance_criteria=[{"id": f"{name}-AC{n}", "text": "It works"} for n in (1, 2, 3)],
        )
        for name in ("A--T01", "A--T02", "A--T03")
    )
}
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)


class Side:
    """One branch: entries and journal, and the keys that somebody else wrote into entries."""

    def __init__(self, states=(), events=(), more=()):
        self.states = dict(states)
        self.events = list(events)
        self.more = {name: dict(each) for name, each in dict(more).items()}

    def copy(self):
        return Side(self.states, self.events, self.more)

    def go(self, random, now):
        """Let something legal happen to a task."""
        name = random.choice(list(TASKS))
        state = self.states.get(name, UNTOUCHED)
        kind, to = random.choice([(kind, to) for (at, kind), to in TRANSITIONS.items() if at is state.status])
        event = Event(
            id=f"{(now - EPOCH_START) // timedelta(microseconds=1):014x}{random.getrandbits(32):08x}",
            at=now,
            task=name,
            event=kind,
            from_=state.status,
            to=to,
            actor=random.choice(["ada", "bob"]),
            epoch=state.epoch + (kind in {Kind.START, Kind.TAKEOVER}),
            evidence=details(random, kind, name),
        )
        self.add(event)

    def add(self, event):
        state = self.states.get(event.task, UNTOUCHED)
        self.states[event.task] = advance(TASKS[event.task], state, event)
        self.events.append(event)

    @property
    def document(self):
        entries = {
            name: msgspec.json.decode(msgspec.json.encode(state)) | self.more.get(name, {})
            for name, state in self.states.items()
        }
        return {"manifest_hash": "abc", "last_updated": "2026-03-01T12:00:00Z", "tasks": entries}

    @property
    def journal(self):
        return {name: in_order(events) for name, events in by_task(self.events).items()}


def details(random, kind, name):
    criterion = random.choice(TASKS[name].acceptance_criteria).id
    word = f"word {random.getrandbits(16)}"
    return {
        Kind.START: Details(owner=word),
        Kind.TAKEOVER: Details(owner=word, previous="ada"),
        Kind.MEET: Details(criteria=(criterion,)),
        Kind.UNMEET: Details(criteria=(criterion,)),
        Kind.ATTEMPT: Details(text=word),
        Kind.BLOCK: Details(reason=word, tried=word),
        Kind.COMPLETE: Details(pr_number=random.randrange(9), result=Evidence(commit=f"{word}")),
        Kind.WAIVE: Details(dependency=random.choice(["B--T01", "B--T02"]), reason=word),
        Kind.NOTE: Details(text=word),
    }.get(kind, Details(reason=word))


def histories(random):
    """A base, and two branches that go on from it in turns."""
    now, base = START, Side()
    for _ in range(random.randrange(12)):
        now += timedelta(seconds=random.randrange(1, 5000))
        base.go(random, now)
    ours, theirs = base.copy(), base.copy()
    for _ in range(random.randrange(16)):
        now += timedelta(microseconds=random.randrange(1, 5_000_000))
        random.choice([ours, theirs]).go(random, now)
    for side, key in ((ours, "jira"), (theirs, "owner_group")):
        if random.random() < 0.5:
            side.more = {name: {key: random.randrange(3)} for name in side.states}
    return base, ours, theirs


def merge(base, ours, theirs):
    documents = Sides(base.document, ours.document, theirs.document)
    return merged(documents, Journals(ours.journal, theirs.journal))


def states(document):
    return {name: msgspec.convert(each, TaskState) for name, each in document["tasks"].items()}


def unordered(document):
    """A state without the order of what either side adds."""
    return {
        name: (replace(state, acs_remaining=()), sorted(state.acs_remaining), unknown(document, name))
        for name, state in states(document).items()
    }


def unknown(document, name):
    known = {each.name for each in msgspec.structs.fields(TaskState)}
    return {key: value for key, value in document["tasks"][name].items() if key not in known}


@pytest.mark.parametrize("hundred", range(10))
def test_the_result_is_what_both_journals_give(hundred):
    for seed in range(100 * hundred, 100 * hundred + 100):
        base, ours, theirs = histories(Random(seed))
        result = merge(base, ours, theirs)
        assert result.conflicts == [], seed
        union = by_task([*ours.events, *theirs.events])
        found = states(result.document)
        assert found.keys() == union.keys(), seed
        for name, state in found.items():
            assert replace(state, acs_remaining=()) == fold(union[name]).state, (seed, name)
            assert standing(state, in_order(union[name])) is Standing.SAME, (seed, name)
            left = {each.id for each in TASKS[name].acceptance_criteria} - set(state.acs_completed)
            assert set(state.acs_remaining) <= left, (seed, name)
            assert unknown(result.document, name) == ours.more.get(name, {}) | theirs.more.get(name, {}), seed
        assert exact(written(result.document)) == result.document, seed
        back = merge(base, theirs, ours)
        assert unordered(back.document) == unordered(result.document), seed
        for version in (base, ours, theirs):
            assert merge(base, version, version) == (version.document, []), seed
            assert merge(base, version, base) == (version.document, []), seed
            assert merge(base, base, version) == (version.document, []), seed


def test_the_histories_differ_enough():
    """Else nothing is tested: many tasks went on on both sides, and some ended differently."""
    sides = [histories(Random(seed))[1:] for seed in range(100)]
    both = [
        (ours.states[name], theirs.states[name])
        for ours, theirs in sides
        for name in TASKS
        if name in ours.states and name in theirs.states and ours.states[name] != theirs.states[name]
    ]
    assert len(both) > 80
    assert len([pair for pair in both if pair[0].status is not pair[1].status]) > 30


@pytest.mark.parametrize("hundred", range(5))
def test_a_snapshot_on_one_side_hides_nothing_of_the_other(hundred):
    """An import or undo sets a whole entry: the fold, or what both sides did and a conflict."""
    conflicts = 0
    for seed in range(100 * hundred, 100 * hundred + 100):
        random = Random(seed)
        base, ours, theirs = histories(random)
        now = START + timedelta(days=1)
        side = random.choice([ours, theirs])
        name = random.choice(list(TASKS))
        entry = replace(base.states.get(name, UNTOUCHED), last_event="", acs_remaining=())
        kind = random.choice([Kind.IMPORT, Kind.UNDO])
        before = side.states.get(name, UNTOUCHED).status
        side.add(Event(f"f{seed:021x}", now, name, kind, before, entry.status, "", 9, Details(entry=entry)))
        result = merge(base, ours, theirs)
        union = by_task([*ours.events, *theirs.events])
        named = {each.task for each in result.conflicts}
        assert named <= {name}, seed
        for task_id, state in states(result.document).items():
            same = replace(state, acs_remaining=()) == fold(union[task_id]).state
            assert same != (task_id in named), (seed, task_id)
        conflicts += bool(named)
    assert 0 < conflicts < 100


def at(minute):
    return START + timedelta(minutes=minute)


def test_two_imports_of_an_old_state_lose_nothing():
    """Either branch began its journal from the same state; the later import does not know of the note."""
    base = Side({"A--T01": TaskState(notes="old")})
    whole = Details(entry=TaskState(notes="old"))
    ours, theirs = Side(), Side()
    ours.add(Event("1a", at(1), "A--T01", Kind.IMPORT, "pending", "pending", evidence=whole))
    ours.add(Event("2a", at(2), "A--T01", Kind.NOTE, "pending", "pending", evidence=Details(text="new")))
    theirs.add(Event("3b", at(3), "A--T01", Kind.IMPORT, "pending", "pending", evidence=whole))
    result = merge(base, ours, theirs)
    assert states(result.document)["A--T01"].notes == "old\nnew"
    (conflict,) = result.conflicts
    assert (conflict.task, conflict.field) == ("A--T01", "notes")
    assert (conflict.base, conflict.ours, conflict.theirs) == ("old", "old\nnew", "old")


def test_a_drop_takes_the_entry_away():
    base = Side()
    base.add(Event("1", at(1), "A--T01", Kind.NOTE, "pending", "pending", evidence=Details(text="x")))
    ours, theirs = base.copy(), base.copy()
    theirs.add(Event("3", at(3), "A--T01", Kind.NOTE, "pending", "pending", evidence=Details(text="y")))
    ours.events.append(Event("4", at(4), "A--T01", Kind.DROP, "pending", "pending"))
    ours.states.clear()
    assert merge(base, ours, theirs).document["tasks"] == {}
    assert merge(base, theirs, ours) == merge(base, ours, theirs)


def test_after_a_drop_unknown_keys_come_back_with_the_entry():
    base = Side(more={"A--T01": {"jira": 7}})
    base.add(Event("1", at(1), "A--T01", Kind.NOTE, "pending", "pending", evidence=Details(text="x")))
    ours, theirs = base.copy(), base.copy()
    ours.events.append(Event("2", at(2), "A--T01", Kind.DROP, "pending", "pending"))
    ours.states.clear()
    theirs.add(Event("3", at(3), "A--T01", Kind.NOTE, "pending", "pending", evidence=Details(text="y")))
    entry = merge(base, ours, theirs).document["tasks"]["A--T01"]
    assert (entry["notes"], entry["jira"]) == ("y", 7)


# --- without journals, field by field

FIELDS = {  # name: field, base, ours, theirs, what is left, whether it is a conflict
    "ours": ("status", "pending", "blocked", "pending", "blocked", False),
    "theirs": ("status", "pending", "pending", "blocked", "blocked", False),
    "alike": ("status", "pending", "blocked", "blocked", "blocked", False),
    "status": ("status", "pending", "blocked", "completed", "blocked", True),
    "added": ("pr_number", UNSET, UNSET, 7, 7, False),
    "removed": ("pr_number", 7, UNSET, 7, UNSET, False),
    "absent-is-the-default": ("owner", "ada", UNSET, "", "", False),
    "pr": ("pr_number", 1, 2, 3, 2, True),
    "met-on-both": ("acs_completed", ["a"], ["a", "b"], ["a", "c"], ["a", "b", "c"], False),
    "met-nowhere-before": ("acs_completed", UNSET, ["b", "a"], ["c", "a"], ["b", "a", "c"], False),
    "removal-wins": ("acs_completed", ["a", "b"], ["b", "c"], ["a", "b", "d"], ["b", "c", "d"], False),
    "both-remove": ("acs_completed", ["a", "b"], ["b"], ["a"], [], False),
    "no-list": ("acs_completed", [], ["a"], "b", ["a"], True),
    "notes": ("notes", "1", "1\n2", "1\n3", "1\n2\n3", False),
    "notes-new": ("notes", UNSET, "2", "3", "2\n3", False),
    "notes-longer": ("notes", "1", "1\n2", "1\n2\n3", "1\n2\n3", False),
    "notes-rewritten": ("notes", "1", "2", "1\n3", "2\n1\n3", False),
    "waived": ("waived", {"X": "x"}, {"X": "x", "Y": "y"}, {"Z": "z"}, {"Y": "y", "Z": "z"}, False),
    "waived-twice": ("waived", {}, {"X": "1"}, {"X": "2", "Y": "y"}, {"X": "1", "Y": "y"}, True),
    "epoch": ("epoch", 1, 2, 4, 4, False),
    "attempts": ("attempts", [], [1], [2], [1], True),
    "evidence": ("evidence", None, {"exit_code": 0}, {"commit": "a"}, {"exit_code": 0}, True),
    "last-event": ("last_event", "1", "2", "3", "", False),
    "unknown": ("jira", 1, 2, 3, 2, True),
    "unknown-object": ("x", {"a": 1}, {"a": 1, "b": 2}, {"a": 3}, {"a": 3, "b": 2}, False),
    "unknown-deep": ("x", {"a": {"b": 1}}, {"a": {"b": 2}}, {"a": {"b": 3}}, {"a": {"b": 2}}, True),
    "true-is-not-1": ("x", 1, 1, True, True, False),
    "null-is-not-absent": ("x", UNSET, None, UNSET, None, False),
}
DEEP = {"waived-twice": "waived.X", "unknown-deep": "x.a.b"}


def state_of(field, value):
    entry = {"status": "in-progress"} | ({} if value is UNSET else {field: value})
    return {"tasks": {"A--T01": entry}}


@pytest.mark.parametrize("name", FIELDS)
def test_field(name):
    field, *values, left, conflict = FIELDS[name]
    result = merged(Sides(*(state_of(field, each) for each in values)), Journals())
    entry = result.document["tasks"]["A--T01"]
    assert entry.get(field, UNSET) == left
    assert type(entry.get(field, UNSET)) is type(left)
    assert [each.field for each in result.conflicts] == ([DEEP.get(name, field)] if conflict else [])
    if conflict and name not in DEEP:
        assert [result.conflicts[0].base, result.conflicts[0].ours, result.conflicts[0].theirs] == values


def test_criteria_that_are_left():
    entries = [
        {"acs_completed": done, "acs_remaining": left}
        for done, left in (([], ["a", "b", "c"]), (["a"], ["c", "b"]), (["b"], ["a", "c", "d"]))
    ]
    result = merged(Sides(*({"tasks": {"A--T01": each}} for each in entries)), Journals())
    assert result.document["tasks"]["A--T01"] == {"acs_completed": ["a", "b"], "acs_remaining": ["c", "d"]}


OLD, NEW, OTHER = {"notes": "old"}, {"notes": "new"}, {"notes": "other"}
ENTRIES = {  # name: base, ours, theirs, what is left, whether it is a conflict
    "added-by-ours": (UNSET, NEW, UNSET, NEW, False),
    "added-by-theirs": (UNSET, UNSET, NEW, NEW, False),
    "deleted-by-ours": (OLD, UNSET, OLD, UNSET, False),
    "deleted-by-theirs": (OLD, OLD, UNSET, UNSET, False),
    "deleted-by-both": (OLD, UNSET, UNSET, UNSET, False),
    "deleted-and-changed": (OLD, UNSET, NEW, UNSET, True),
    "changed-and-deleted": (OLD, NEW, UNSET, NEW, True),
    "no-object": (OLD, NEW, [], NEW, True),
    "no-object-before": ([], NEW, [], NEW, False),
    "added-by-both": (UNSET, {"owner": "a"}, {"pr_number": 1}, {"owner": "a", "pr_number": 1}, False),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_entry(name):
    *versions, left, conflict = ENTRIES[name]
    documents = [{"tasks": {} if each is UNSET else {"A--T01": each}} for each in versions]
    result = merged(Sides(*documents), Journals())
    assert result.document["tasks"].get("A--T01", UNSET) == left
    assert [(each.task, each.field) for each in result.conflicts] == [("A--T01", "")] * conflict


NOON, NOON_THERE, LATER = "2026-01-01T12:00:00Z", "2026-01-01T12:30:00+02:00", "2026-01-01T12:00:01Z"
HEADS = {  # name: key, base, ours, theirs, what is left, whether it is a conflict
    "hash-of-one": ("manifest_hash", "a", "a", "b", "b", False),
    "hash-of-both": ("manifest_hash", "a", "b", "c", UNKNOWN_HASH, False),
    "later": ("last_updated", UNSET, NOON, NOON_THERE, NOON, False),
    "later-theirs": ("last_updated", UNSET, NOON, LATER, LATER, False),
    "no-time": ("last_updated", UNSET, "soon", LATER, LATER, False),
    "no-times": ("last_updated", UNSET, "soon", "later", "soon", False),
    "unknown": ("x", 1, 2, 3, 2, True),
    "unknown-of-one": ("x", 1, 1, UNSET, UNSET, False),
    "tasks-of-one": ("tasks", UNSET, None, {"A--T01": {}}, {"A--T01": {}}, False),
}


@pytest.mark.parametrize("name", HEADS)
def test_beside_the_tasks(name):
    key, *versions, left, conflict = HEADS[name]
    result = merged(Sides(*({} if each is UNSET else {key: each} for each in versions)), Journals())
    assert result.document.get(key, UNSET) == left
    assert [(each.task, each.field) for each in result.conflicts] == [("", key)] * conflict


def test_order():
    """Ours as it is, then what theirs adds."""
    ours = {"x": 1, "tasks": {"C": {}, "A": {}}}
    theirs = {"tasks": {"A": {}, "B": {"notes": "x"}, "D": {}}, "y": 1}
    result = merged(Sides({}, ours, theirs), Journals()).document
    assert list(result) == ["x", "tasks", "y"]
    assert list(result["tasks"]) == ["C", "A", "B", "D"]


def noted(number, text):
    """A note on a task that was started once."""
    words = Details(text=text)
    return Event(str(number), at(number), "A--T01", Kind.NOTE, "in-progress", "in-progress", "", 1, words)


def started_twice():
    """A base in which a task was started, and two branches that note something."""
    base = Side()
    base.add(Event("1", at(1), "A--T01", Kind.START, "pending", "in-progress", epoch=1))
    ours, theirs = base.copy(), base.copy()
    ours.add(noted(2, "x"))
    theirs.add(noted(3, "y"))
    return base, ours, theirs


def test_an_entry_that_was_changed_by_hand_is_merged_field_by_field():
    """Its journal does not tell all; what comes of it shows the last event, and so counts as changed."""
    base, ours, theirs = started_twice()
    ours.states["A--T01"] = replace(ours.states["A--T01"], pr_number=7)
    result = merge(base, ours, theirs)
    state = states(result.document)["A--T01"]
    assert (result.conflicts, state.pr_number, state.notes, state.last_event) == ([], 7, "x\ny", "3")
    assert standing(state, in_order(chain(ours.events, theirs.events))) is Standing.EDITED


def test_a_value_keeps_the_form_in_which_it_was_written():
    base, ours, theirs = started_twice()
    documents = [each.document for each in (base, ours, theirs)]
    documents[1]["tasks"]["A--T01"]["started_at"] = "2026-03-01T14:01:00+02:00"
    result = merged(Sides(*documents), Journals(ours.journal, theirs.journal))
    assert result.conflicts == []
    assert result.document["tasks"]["A--T01"]["started_at"] == "2026-03-01T14:01:00+02:00"


def test_a_state_that_its_journal_is_ahead_of_follows_it():
    base, ours, theirs = started_twice()
    ours.states = dict(base.states)
    assert states(merge(base, ours, theirs).document)["A--T01"].notes == "x\ny"
