"""What holds for every format: nothing is lost, nothing is left out of the report, nothing breaks it."""

import json
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.exchange.samples import COUNTS, SAMPLES
from tests.projects import HOSTILE
from vtm.errors import ExitCode
from vtm.exchange.carried import Check, carried
from vtm.exchange.format import WrongFormatError, format_names, gap_code, kept_key, load_format
from vtm.exchange.reading import File, Outcome
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.sources.decoder import convert, parse

FORMATS = format_names()
formats = pytest.mark.parametrize("name", FORMATS)


def read(name, files):
    return load_format(name).read(files)


def again(name, tasks):
    """The same tasks once they were written and read."""
    form = load_format(name)
    return form.read(form.write(tasks))


def through_a_manifest(name, tasks):
    """The same tasks once they were declared in a manifest and read from there."""
    gap, key = gap_code(name), kept_key(name)
    found = []
    for each in tasks:
        entry = parse(json.dumps(each.with_gap(gap).entry(key)).encode())
        task = convert(entry, Task)
        found.append(each._replace(task=task, kept=entry.get(key, {})).without_gap(gap))
    return found


def counts(reading):
    found = Counter(unit.outcome for unit in reading.units)
    return tuple(found[outcome] for outcome in Outcome)


def test_every_format_has_a_sample():
    assert set(FORMATS) == set(SAMPLES) == set(COUNTS)


@formats
def test_sample(name):
    reading = read(name, SAMPLES[name])
    assert counts(reading) == COUNTS[name], reading.units
    assert sum(COUNTS[name]) == len(reading.units)
    assert [unit.task_id for unit in reading.units if unit.task_id] == [
        each.task.task_id for each in reading.tasks
    ]
    assert all(unit.reason for unit in reading.units if unit.outcome is not Outcome.READ)


@formats
def test_import_export_import_is_a_fixed_point(name):
    first = read(name, SAMPLES[name]).tasks
    declared = through_a_manifest(name, first)
    assert declared == first
    second = again(name, declared)
    assert second.tasks == first
    assert load_format(name).write(second.tasks) == load_format(name).write(first)


SPELLED_ANEW = {
    "vtm-cli": {"total_tasks", "99"},  # a wrong sum, which is worked out
    "csv": {"ID", "Name", "Depends", "On", "Status"},  # names of columns
    "backlog-md": {"Tasks", "task"},  # the file that is no task, and an id in other letters
}


@formats
def test_nothing_is_lost(name):
    """Every word of the sample is in what is written."""
    written = b"\n".join(file.data for file in load_format(name).write(read(name, SAMPLES[name]).tasks))
    given = b"\n".join(file.data for file in SAMPLES[name])
    found = set(re.findall(rb"\w+", given)) - set(re.findall(rb"\w+", written))
    assert {each.decode() for each in found} - SPELLED_ANEW.get(name, set()) - {"null"} == set()


@formats
def test_a_change_in_vtm_is_written_and_the_rest_stays(name):
    tasks = read(name, SAMPLES[name]).tasks
    first = next(at for at, each in enumerate(tasks) if each.state.status is not Status.COMPLETED)
    state = replace(tasks[first].state, status=Status.COMPLETED, blocked_reason="")
    tasks[first] = tasks[first]._replace(task=replace(tasks[first].task, title="Anew"), state=state)
    found = {each.task.task_id: each for each in again(name, tasks).tasks}
    assert list(found) == [each.task.task_id for each in tasks]
    for each in tasks:
        other = found[each.task.task_id]
        assert (other.task, other.state.status) == (each.task, each.state.status)
        assert {k: v for k, v in other.kept.items() if k[:4] != "vtm:"} == {
            k: v for k, v in each.kept.items() if k[:4] != "vtm:"
        }


EMPTY = {"nothing": b"", "blank": b" \n\n", "bom": b"\xef\xbb\xbf"}


@pytest.mark.parametrize("data", EMPTY.values(), ids=EMPTY)
@formats
def test_empty_input_holds_no_task(name, data):
    reading = read(name, [File("x.md", data)])
    assert reading.tasks == []
    assert all(unit.outcome is Outcome.UNREADABLE for unit in reading.units)


WRONG = {
    "prose": b"Once upon a time\nthere was a file\n",
    "binary": bytes(range(256)) * 4,
    "nul": b"\0" * 1000,
    "number": b"7",
    "list-of-numbers": b"[1, 2, 3]",
    "object": b'{"a": 1}',
    "html": b"<html><body>x</body></html>",
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG)
@formats
def test_another_format_is_told_with_what_was_expected(name, data):
    if load_format(name).folders:
        reading = read(name, [File("x.md", data)])
        assert (reading.tasks, len(reading.units)) == ([], 1)
        return
    with pytest.raises(WrongFormatError) as failed:
        read(name, [File("x", data)])
    assert failed.value.exit_code is ExitCode.UNREADABLE
    assert failed.value.fix == f"expected is {load_format(name).expected}"


@pytest.mark.parametrize("other", FORMATS)
@formats
def test_a_sample_of_another_format_is_not_taken(name, other):
    if name == other:
        return
    try:
        reading = read(name, SAMPLES[other])
    except WrongFormatError:
        return
    assert load_format(name).folders or (name, other) == ("spec-kit", "backlog-md")
    assert reading.tasks == []


HARSH = {
    "long": "x" * 1_000_000,
    "deep": "[" * 100_000,
    "deep-object": '{"a":' * 100_000,
    "nul": "\0\0",
    "hostile": HOSTILE,
    "half": "\\ud800",
    "quotes": "\"'`\\",
    "flow": "- " * 50_000,
    "huge": "9" * 5_000,
    "spaces": " " * 300_000,
    "heading": "\n## x" + " " * 300_000 + "y\n",
    "list": "\n- [ ] T9 a" + "\n  b" * 10_000 + "\n",
    "backslashes": "\\" * 100_001,
}


@pytest.mark.parametrize("text", HARSH.values(), ids=HARSH)
@formats
def test_harsh_text_at_any_place_breaks_nothing(name, text):
    for file in SAMPLES[name][:2]:
        data = file.data
        for at in range(0, len(data), max(1, len(data) // 6)):
            changed = [file._replace(data=data[:at] + text.encode() + data[at:])]
            check_whatever(name, changed)


def check_whatever(name, files):
    """Read anything: it is refused as a whole, or each unit is in the report and what was read stays so."""
    try:
        reading = read(name, files)
    except WrongFormatError:
        return
    assert sum(counts(reading)) == len(reading.units)
    assert len(reading.tasks) == sum(bool(unit.task_id) for unit in reading.units)
    declared = through_a_manifest(name, reading.tasks)
    assert declared == reading.tasks
    assert again(name, declared).tasks == reading.tasks


@formats
@given(data=st.data())
def test_any_damage_breaks_nothing(name, data):
    file = data.draw(st.sampled_from(SAMPLES[name]))
    at = data.draw(st.integers(0, len(file.data)))
    until = data.draw(st.integers(at, min(len(file.data), at + 20)))
    piece = data.draw(
        st.binary(max_size=4) | st.sampled_from([b'"', b"\\", b"{", b"}", b"\n", b":", b"- ", b"\r"])
    )
    check_whatever(name, [file._replace(data=file.data[:at] + piece + file.data[until:])])


LINES = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=20)
NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=6)


@st.composite
def some_tasks(draw):
    """Tasks as vtm may have them, of whatever origin."""
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    return [
        carried(
            {
                "task_id": each,
                "title": draw(LINES),
                "description": draw(LINES),
                "status": draw(st.sampled_from(Status)),
                "depends_on_tasks": tuple(draw(st.lists(st.sampled_from(names), max_size=2, unique=True))),
                "checks": tuple(map(Check, draw(st.lists(LINES, max_size=2)), [True, False])),
                "notes": draw(LINES),
            },
            {},
        )
        for each in names
    ]


@formats
@given(tasks=some_tasks())
def test_any_tasks_can_be_written(name, tasks):
    form = load_format(name)
    files = form.write(tasks)
    assert len({file.name for file in files}) == len(files) == (len(tasks) if form.folders else 1)
    for file in files:
        assert ".." not in file.name.split("/")
        assert not file.name.startswith("/")
    once = form.read(files).tasks
    assert again(name, once).tasks == once


UUID = b"00000000-0000-0000-0000-000000000004"


@formats
def test_ids_with_control_characters_are_refused(name):
    tasks = [carried({"task_id": "T001", "title": "x"}, {}), carried({"task_id": "T002", "title": "y"}, {})]
    files = SAMPLES[name] if name.startswith("task") else load_format(name).write(tasks)
    bad = [
        file._replace(
            data=file.data.replace(b"T002", b"T\x7f002").replace(b'"2"', b'"\x7f2"').replace(UUID, b"\x7f")
        )
        for file in files
    ]
    reading = read(name, bad)
    assert all(each.task.task_id.isprintable() for each in reading.tasks)
    assert any(not unit.task_id and "id" in unit.reason for unit in reading.units)
