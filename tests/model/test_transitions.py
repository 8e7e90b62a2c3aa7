"""What may happen to a task in which status."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtm.model.event import Details, Event, Kind
from vtm.model.folding import fold, in_order
from vtm.model.state import UNTOUCHED, TaskState
from vtm.model.status import Status
from vtm.model.transitions import ANYWHERE, TRANSITIONS, IllegalTransitionError, advance, target

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
TYPED = {Kind.MEET: "ac", Kind.UNMEET: "ac --undo", Kind.TAKEOVER: "start --agent once its lease is over"}
REFUSED = sorted(set(product(Status, set(Kind) - ANYWHERE)) - set(TRANSITIONS))


def event(number, kind, now=Status.PENDING, to=Status.PENDING, epoch=0, **details):
    at = FIRST + timedelta(seconds=number)
    return Event(f"{number:04}", at, "A", kind, now, to, "ada", epoch, Details(**details))


@pytest.mark.parametrize(("now", "kind"), REFUSED)
def test_refused(now, kind):
    with pytest.raises(IllegalTransitionError) as caught:
        target("AUTH--T01", now, kind)
    error = caught.value
    assert (error.exit_code, error.code) == (4, "ILLEGAL-TRANSITION")
    assert f"cannot {kind} AUTH--T01: it is {now}" in error.message
    ends = {to for (_, each), to in TRANSITIONS.items() if each is kind}
    assert all(to in error.message for to in ends)
    legal = {TYPED.get(each, each) for status, each in TRANSITIONS if status is now}
    named = error.fix.partition(": ")[2].split(", ")
    assert (set(named), len(named)) == (legal, len(legal))


@pytest.mark.parametrize(("now", "kind"), REFUSED)
def test_no_event_gets_past_the_table(now, kind):
    with pytest.raises(IllegalTransitionError):
        advance(None, TaskState(status=now), event(1, kind, now, now))


@pytest.mark.parametrize(("now", "kind"), TRANSITIONS)
def test_allowed(now, kind):
    to = target("AUTH--T01", now, kind)
    after = advance(None, TaskState(status=now), event(1, kind, now, to, epoch=3))
    assert (after.status, after.epoch, after.last_event) == (to, 3, "0001")


def test_each_status_can_be_left_and_each_kind_has_its_place():
    left = {now for (now, _), to in TRANSITIONS.items() if to is not now}
    assert left == set(Status)
    assert {kind for _, kind in TRANSITIONS} == set(Kind) - ANYWHERE


def test_the_journals_own_kinds_are_legal_anywhere():
    for now, kind in product(Status, ANYWHERE - {Kind.DROP}):
        entry = TaskState(status=Status.BLOCKED, notes="as it was")
        after = advance(None, TaskState(status=now), event(1, kind, now, Status.BLOCKED, entry=entry))
        assert (after.status, after.notes) == (Status.BLOCKED, "as it was")
    assert advance(None, TaskState(notes="x"), event(1, Kind.DROP)) == UNTOUCHED


kinds = st.sampled_from(sorted(set(Kind) - ANYWHERE))


@st.composite
def histories(draw):
    """Events of one task, legal ones most of the time; some epochs and moments are the same."""
    now, epoch, found = Status.PENDING, 0, []
    for number in range(draw(st.integers(0, 12))):
        legal = [kind for status, kind in TRANSITIONS if status is now]
        kind = draw(st.sampled_from(legal) if draw(st.integers(0, 5)) else kinds)
        to = TRANSITIONS.get((now, kind), now)
        epoch += kind in {Kind.START, Kind.TAKEOVER}
        text = {"text": f"t{number}", "reason": "r", "criteria": (f"AC{number % 3}",)}
        found.append(event(number - number % 2, kind, now, to, epoch, **text))
        found[-1] = Event(f"{number:04}", *(getattr(found[-1], name) for name in Event.__struct_fields__[1:]))
        now = to
    return found


@given(histories(), st.randoms())
def test_the_order_of_lines_does_not_count(events, chance):
    shuffled = [*events, *events[::2]]
    chance.shuffle(shuffled)
    assert in_order(shuffled) == events
    assert fold(shuffled) == fold(events)


@given(histories(), st.randoms())
def test_a_union_of_two_branches_is_the_same_from_either_side(events, chance):
    """Both sides have what was there before they parted; git puts the lines of one behind the other's."""
    parted = chance.randrange(len(events) + 1)
    before, after = events[:parted], events[parted:]
    ours = [each for each in after if chance.random() < 0.5]
    theirs = [each for each in after if each not in ours]
    assert fold([*before, *ours, *theirs]) == fold([*before, *theirs, *ours])
    assert fold([*before, *ours, *before, *theirs]) == fold(events)


@given(histories())
def test_what_is_folded_is_what_was_advanced_to(events):
    state, jumps = UNTOUCHED, 0
    for each in events:
        try:
            state = advance(None, state, each)
        except IllegalTransitionError:
            jumps += 1
    folded = fold(events)
    if not jumps:
        assert (folded.state or UNTOUCHED, folded.jumps) == (state, ())
    else:
        assert len(folded.jumps) >= jumps or folded.jumps
