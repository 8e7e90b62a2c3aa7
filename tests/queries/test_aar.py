"""`vtm aar`: numbers computed by hand for a recorded journal, and sentences that say nothing else."""

import json
import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.extensions.single_file import SingleFileAmberSnapshotExtension

from tests.asking import task
from tests.builders import backlog_of
from tests.projects import HOSTILE, HOSTILE_ID
from vtm.model.event import Details, Event, Kind
from vtm.model.settings import Settings
from vtm.model.status import Status
from vtm.model.transitions import TRANSITIONS
from vtm.queries.aar import Period, after_action
from vtm.queries.aar_walks import Span, wip
from vtm.rendering.render import Terminal, as_text

SETTINGS = Settings(stale_after="2h")
DAY = datetime(2026, 3, 10, tzinfo=UTC)
NOON = DAY.replace(hour=12)
P, R, B, C, A = (
    Status.PENDING,
    Status.IN_PROGRESS,
    Status.BLOCKED,
    Status.COMPLETED,
    Status.ABANDONED,
)
SIZES = {"A": "M", "B": "S", "C": "L", "D": "M", "E": "M", "F": "M", "G": "M"}
BACKLOG = backlog_of([task(name, est={"size": size}) for name, size in SIZES.items()])


def at(clock):
    hour, minute = map(int, clock.split(":"))
    return DAY.replace(hour=hour, minute=minute)


def recorded(*lines):
    """A journal of lines `clock task kind before after`, each perhaps with details."""
    events, epochs = [], {}
    for number, line in enumerate(lines):
        words, details = line if isinstance(line, tuple) else (line, {})
        clock, name, kind = words.split()
        kind = Kind(kind)
        epochs[name] = epochs.get(name, 0) + (kind in {Kind.START, Kind.TAKEOVER})
        before = next((each.to for each in reversed(events) if each.task == name), P)
        after = TRANSITIONS[before, kind]
        given_ = Details(**details)
        events.append(
            Event(f"{number:04}", at(clock), name, kind, before, after, "ada", epochs[name], given_)
        )
    return events


JOURNAL = recorded(
    "9:00 A start",
    "9:05 C start",
    "9:10 B start",
    ("9:20 B attempt", {"text": "test_b: red"}),
    "9:25 A complete",
    "9:26 A merge",
    ("9:30 B attempt", {"text": "test_b: red again"}),
    ("9:30 D start", {"allowed": ("BLOCKED::WIP-LIMIT",), "reason": "agreed"}),
    ("9:40 D block", {"reason": "No key", "tried": "all", "suggestion": "Ask"}),
    "10:00 B complete",
    "10:00 E start",
    ("10:05 B reopen", {"codes": ("MERGE-CONFLICT",), "reason": "src/b.py"}),
    "10:10 B start",
    "10:10 D unblock",
    ("10:15 E block", {"codes": ("AGENT-FAILED",), "reason": "exit 3", "suggestion": "Look at it"}),
    "10:20 D start",
    ("10:20 F abandon", {"reason": "not needed"}),
    "10:30 B complete",
    ("10:40 C takeover", {"owner": "bob", "previous": "ada"}),
    ("10:50 D complete", {"allowed": ("WARN::SCOPE-ESCAPE::D",), "reason": "a shared file"}),
    "11:00 C complete",
    "11:00 G start",
)


def review(events=JOURNAL, since=None, now=NOON, backlog=BACKLOG, settings=SETTINGS):
    seen = [each.id for each in events if since and each.at < since]
    return after_action(backlog, events, Period("", since, seen, now), settings)


def plain(found):
    return msgspec.json.decode(msgspec.json.encode(found))


def test_durations_against_estimates():
    taken = {each.task_id: (each.size, each.minutes, each.estimate) for each in review().done}
    assert taken == {
        "A": ("M", 25, 30),
        "B": ("S", 20, 15),  # the second time; the first was handed back
        "D": ("M", 30, 30),
        "C": ("L", 20, 60),  # since it was taken over
    }
    sizes = [(each.size, each.measured, each.median, each.estimate) for each in review().sizes]
    assert sizes == [("S", 1, 20, 15), ("M", 2, 27.5, 30), ("L", 1, 20, 60)]


def test_retries():
    assert [msgspec.structs.astuple(each) for each in review().retried] == [
        ("C", 0, 0, 1, 0, ()),
        ("B", 2, 1, 0, 1, ("test_b: red", "test_b: red again")),
        ("D", 0, 1, 0, 0, ()),
    ]


def test_blockers_and_how_they_ended():
    assert [msgspec.structs.astuple(each) for each in review().blockers] == [
        ("D", at("9:40"), "No key", "all", "Ask", (), "resolved", at("10:10"), 30),
        ("E", at("10:15"), "exit 3", "", "Look at it", ("AGENT-FAILED",), "open", None, 105),
    ]


def test_tasks_that_were_given_back():
    events = recorded(
        "9:00 A start",
        ("9:10 A release", {"reason": "session A:1 was aborted by ada"}),
        "9:20 A start",
        "9:25 B start",
        ("9:30 A takeover", {"owner": "bob", "previous": "ada"}),
        "9:50 A release",
        "9:55 B complete",
    )
    found = review(events)
    assert [msgspec.structs.astuple(each) for each in found.given_back] == [
        ("A", at("9:10"), 10, "session A:1 was aborted by ada"),
        ("A", at("9:50"), 30, ""),
    ]
    assert found.totals.given_back == 2
    assert [each.at for each in review(events, at("9:25")).given_back] == [at("9:50")]
    assert "- `A` was given back after 10 min." in as_text(found, Terminal()).splitlines()


def test_conflicts_escapes_and_what_was_passed_over():
    found = review()
    assert [msgspec.structs.astuple(each) for each in found.conflicts] == [
        ("B", at("10:05"), "MERGE-CONFLICT", "src/b.py", at("10:30"))
    ]
    escape = ("D", at("10:50"), "complete", ("WARN::SCOPE-ESCAPE::D",), "a shared file")
    assert [msgspec.structs.astuple(each) for each in found.escapes] == [escape]
    over = ("D", at("9:30"), "start", ("BLOCKED::WIP-LIMIT",), "agreed")
    assert [msgspec.structs.astuple(each) for each in found.overrides] == [over, escape]


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("block", {"codes": ("SCOPE-ESCAPE",)}),
        ("block", {"codes": ("WARN::SCOPE-ESCAPE::A",)}),
        ("complete", {"allowed": ("WARN::SCOPE-ESCAPE::A",)}),
    ],
    ids=["by the engine", "with its family", "passed over"],
)
def test_scope_escapes(kind, details):
    (found,) = review(recorded("9:00 A start", (f"9:10 A {kind}", details))).escapes
    assert (found.task_id, found.event, found.codes) == ("A", kind, (*details.values(),)[0])


def test_time_without_any_event():
    assert [msgspec.structs.astuple(each) for each in review().silences] == [
        ("C", at("9:05"), at("10:40"), 95, "lease", False),
        ("G", at("11:00"), NOON, 60, "lease", True),
    ]
    (*_, last) = review(now=at("14:00")).silences
    assert (last.minutes, last.beyond) == (180, "stale_after")


def test_work_in_progress_over_time():
    found = review().wip
    steps = [(f"{each.at.hour}:{each.at.minute:02}", each.count) for each in found.steps]
    assert steps == [
        *(("9:00", 1), ("9:05", 2), ("9:10", 3), ("9:25", 2), ("9:30", 3), ("9:40", 2)),
        *(("10:10", 3), ("10:15", 2), ("10:20", 3), ("10:30", 2), ("10:50", 1)),
    ]
    assert (found.max, found.limit) == (3, 3)
    assert found.mean == round((25 + 50 + 20 + 115 + 10 + 30 + 15 + 60) / 180, 2) == 1.81


def test_sums():
    assert plain(review().totals) == {
        "events": 22,
        "completed": 4,
        "measured": 4,
        "in_estimate": 3,
        "over_estimate": 1,
        "minutes": 95,
        "estimate": 135,
        "at_once": 1,
        "merged": 1,
        "abandoned": 1,
        "attempts": 2,
        "restarts": 2,
        "takeovers": 1,
        "reopened": 1,
        "blockers": 2,
        "resolved": 1,
        "open": 1,
        "given_back": 0,
        "conflicts": 1,
        "escapes": 1,
        "overrides": 2,
        "silent_minutes": 155,
    }


def test_since_a_moment_only_later_transitions_count():
    found = review(since=at("10:00"))
    assert (found.start, found.end) == (at("10:00"), NOON)
    assert (found.totals.events, found.totals.completed, found.totals.attempts) == (13, 3, 0)
    assert [each.task_id for each in found.blockers] == ["D", "E"]  # one ended in it, one began
    assert [(each.task_id, each.since) for each in found.silences] == [("C", at("10:00")), ("G", at("11:00"))]
    assert (found.wip.steps[0].count, found.wip.mean) == (2, round((60 + 20 + 30 + 15 + 60) / 120, 2))


def test_what_is_seen_does_not_count_whatever_its_time():
    seen = [each.id for each in JOURNAL if each.task != "G"]
    found = after_action(BACKLOG, JOURNAL, Period("night", at("9:00"), seen, NOON), SETTINGS)
    assert (found.totals.events, found.since) == (1, "night")
    assert found.done == found.blockers == found.retried == []


@pytest.mark.parametrize("events", [[], JOURNAL], ids=["no journal", "nothing later"])
def test_a_period_without_events_has_empty_sections(events):
    found = review(events, since=NOON)
    assert [(each.title, each.facts) for each in found.sections] == [
        ("What Went Right", []),
        ("What Went Wrong", []),
        ("What Could Be Better", []),
        ("Action Items", []),
    ]
    assert (found.start, found.end, found.totals.events) == (None, None, 0)
    assert found.silences == found.blockers == []


def test_the_end_is_when_the_last_thing_happened_unless_something_lasts():
    done = recorded("9:00 A start", "9:25 A complete")
    assert review(done).end == at("9:25")
    assert review(done[:1]).end == NOON


def test_a_task_that_nobody_declares_any_more():
    (found,) = review(recorded("9:00 Z start", "9:25 Z complete")).done
    assert (found.size, found.minutes, found.estimate) == ("", 25, None)


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (["9:30 A unblock"], "unblocked"),
        (["9:30 A unblock", "9:40 A start", "9:50 A complete"], "resolved"),
        (["9:30 A reset"], "reset"),
        (["9:30 A abandon"], "abandoned"),
        ([], "open"),
    ],
    ids=["unblocked", "resolved", "reset", "abandoned", "open"],
)
def test_ends_of_a_block(lines, end):
    (found,) = review(recorded("9:00 A start", ("9:10 A block", {"reason": "x"}), *lines)).blockers
    assert (found.end, found.minutes) == (end, 170 if end == "open" else 20)


def test_work_that_was_handed_back_and_not_done_again_is_to_be_done():
    red = {"codes": ("MERGE-TESTS-RED",), "reason": "1 failed"}
    found = review(recorded("9:00 A start", "9:25 A complete", ("9:30 A reopen", red)))
    assert found.conflicts[0].completed_at is None
    (fact,) = found.sections[3].facts
    assert fact.text == "`A` was handed back (`MERGE-TESTS-RED`) and is not completed again."


def test_reopened_for_another_reason_is_no_conflict():
    assert review(recorded("9:00 A start", "9:25 A complete", "9:30 A reopen")).conflicts == []


# --- sentences


def value(document, pointer):
    for part in pointer.split("/")[1:]:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def shown(found):
    if isinstance(found, list):
        return ", ".join(found)
    return str(int(found)) if isinstance(found, float) and found.is_integer() else str(found)


def assert_traceable(found):
    """Each value in a sentence is at its source, and nothing else in it is a number or a name."""
    document = plain(found)
    facts = [fact for section in document["sections"] for fact in section["facts"]]
    assert len({fact["id"] for fact in facts}) == len(facts)
    for fact in facts:
        values = [shown(value(document, each)) for each in fact["sources"]]
        assert values
        spans = re.findall(r"(`+)(.*?)\1(?!`)", fact["text"])
        numbers = re.findall(r"\d+(?:\.\d+)?", re.sub(r"(`+)(.*?)\1(?!`)", "", fact["text"]))
        said = sorted([*(text.strip() for _, text in spans), *numbers])
        assert said == sorted(values)
        assert all(value(document, each) for each in fact["quotes"])
    return facts


def test_each_sentence_can_be_traced_to_numbers():
    facts = assert_traceable(review())
    assert {fact["id"].rstrip("-0123456789") for fact in facts} == {
        *("completed", "merged", "at-once", "in-estimate", "resolved"),
        *("over-estimate", "failed", "blocked", "conflict", "escape", "abandoned"),
        *("size", "again", "silent", "override", "wip"),
        *("unblock", "look-after"),
    }


def test_text(snapshot):
    said = as_text(review(), Terminal())
    assert said == snapshot.use_extension(SingleFileAmberSnapshotExtension)


def test_many_of_a_kind_are_told_by_their_number():
    lines = [line for n in range(30) for line in (f"9:00 T{n} start", f"9:10 T{n} attempt")]
    found = review(recorded(*lines))
    assert len([each for each in found.sections[1].facts if each.id.startswith("failed")]) == 10
    assert found.totals.attempts == 30


def test_long_texts_are_cut_and_the_numbers_have_all_of_them():
    text = "\n".join(["x" * 1000] * 50)
    found = review(recorded("9:00 A start", ("9:10 A block", {"reason": text})))
    rows = [each.strip() for each in as_text(found, Terminal()).splitlines()]
    assert [each for each in rows if each.startswith(("x", "…"))] == ["x" * 200 + "…"] * 12 + [
        "… 38 more lines"
    ]
    assert found.blockers[0].reason == text


def test_hostile_texts_are_quoted_and_visible():
    name, text = HOSTILE_ID, f"{HOSTILE}\n```\n# Not a heading\n- no item\n````"
    lines = [
        f"9:00 {name} start",
        (f"9:10 {name} attempt", {"text": text}),
        (f"9:20 {name} block", {"reason": text, "suggestion": text, "codes": (text,)}),
        f"9:30 {name} unblock",
        (f"9:40 {name} start", {"allowed": (text,), "reason": text}),
        f"9:50 {name} complete",
        (f"9:55 {name} reopen", {"codes": ("MERGE-CONFLICT",), "reason": text}),
    ]
    found = review([msgspec.structs.replace(each, task=name) for each in recorded(*_with(lines, name, "H"))])
    written = as_text(found, Terminal())
    assert written.replace("\n", "").isprintable()
    assert [line for line in written.splitlines() if line.startswith("#")] == [
        "# After-action review",
        *(f"## {section.title}" for section in found.sections),
    ]


def _with(lines, name, short):
    return [
        line.replace(name, short) if isinstance(line, str) else (line[0].replace(name, short), line[1])
        for line in lines
    ]


# --- properties

MINUTES = st.integers(-20, 80)
SPANS = st.lists(
    st.tuples(MINUTES, st.one_of(st.none(), st.integers(0, 60))).map(
        lambda each: (each[0], None if each[1] is None else each[0] + each[1])
    ),
    max_size=12,
)


def minute(number):
    return DAY + timedelta(minutes=number)


@given(SPANS, st.integers(1, 60))
def test_work_in_progress_is_what_counting_each_minute_gives(pairs, length):
    spans = [Span("A", minute(a), None if b is None else minute(b), ()) for a, b in pairs]
    found = wip(spans, minute(0), minute(length), 3)
    counts = [sum(a <= now < (length if b is None else b) for a, b in pairs) for now in range(length)]
    told = dict.fromkeys(range(length), 0)
    for step in found.steps:
        told |= dict.fromkeys(range(int((step.at - DAY).total_seconds() // 60), length), step.count)
    assert list(told.values()) == counts
    assert found.max == max(counts)
    assert found.mean == round(sum(counts) / length, 2)
    times = [step.at for step in found.steps]
    assert times == sorted(set(times))
    assert all(one.count != two.count for one, two in zip(found.steps, found.steps[1:], strict=False))
    assert wip(spans[::-1], minute(0), minute(length), 3) == found


@st.composite
def journals(draw):
    """Legal events of a few tasks, one a minute."""
    standing, epochs, events = dict.fromkeys("ABC", P), dict.fromkeys("ABC", 0), []
    for number in range(draw(st.integers(0, 40))):
        name = draw(st.sampled_from("ABC"))
        kind = draw(st.sampled_from([each for status, each in TRANSITIONS if status is standing[name]]))
        after = TRANSITIONS[standing[name], kind]
        epochs[name] += kind in {Kind.START, Kind.TAKEOVER}
        details = Details(reason="x", text="y", codes=draw(st.sampled_from([(), ("MERGE-CONFLICT",)])))
        before, when = standing[name], minute(number * 7)
        events.append(Event(f"{number:04}", when, name, kind, before, after, "ada", epochs[name], details))
        standing[name] = after
    return events


@given(journals(), st.integers(0, 300), st.randoms())
def test_any_journal(events, since, random):
    found = review(events, since=minute(since), now=minute(400))
    assert_traceable(found)
    counted = [each for each in events if each.at >= minute(since)]
    assert found.totals.events == len(counted)
    assert found.totals.attempts == sum(each.event is Kind.ATTEMPT for each in counted)
    assert found.wip.max <= 3
    shuffled = random.sample(events, len(events))
    other = review(shuffled, since=minute(since), now=minute(400))
    assert json.loads(msgspec.json.encode(other))["totals"] == plain(found)["totals"]
    assert other.wip == found.wip
