"""Which tasks a question is about, however phase, slice and risk are spelled."""

import pytest

from tests.asking import HIGH, LOW, names, task
from tests.builders import backlog_of
from vtm.model.status import Risk
from vtm.queries.filters import Filters, place_name

SAME = {
    "phase": ["Phase 1", "phase 1", "PHASE_1", "phase-1", "Phase1", "1", " 1 ", "Phase  1"],
    "slice": ["Slice 1.2", "slice_1.2", "slice_1_2", "SLICE-1_2", "1.2", "1_2", "slice1.2"],
}
OTHER = {
    "phase": ["2", "Phase 11", "1.0", "Slice 1", "Phase", "Phase One", "phase", ""],
    "slice": ["1.20", "11.2", "Phase 1.2", "1", "12", "slice", ""],
}


@pytest.mark.parametrize(("word", "spelling"), [(word, each) for word, all_ in SAME.items() for each in all_])
def test_spellings_of_one_place(word, spelling):
    assert place_name(spelling, word) == place_name(SAME[word][0], word)


@pytest.mark.parametrize(
    ("word", "spelling"), [(word, each) for word, all_ in OTHER.items() for each in all_]
)
def test_other_places(word, spelling):
    assert place_name(spelling, word) != place_name(SAME[word][0], word)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Phase One", "one", True),
        ("phase_one", "Phase One", True),
        ("Phaseout", "out", False),
        ("Phaseout", "phaseout", True),
        ("MPPP", "mppp", True),
        ("Phase one_two", "one.two", False),
    ],
)
def test_places_with_a_name(left, right, same):
    assert (place_name(left, "phase") == place_name(right, "phase")) is same


TASKS = [
    task("A", phase="Phase 1", slice="Slice 1.1", capability_id="AUTH", **HIGH),
    task("B", phase="Phase 1", slice="Slice 1.2", capability_id="MAIL_OUT"),
    task("C", phase="Phase 2", slice="Slice 1.1", capability_id="AUTH", **LOW),
    task("D"),
]
KEPT = {
    "anything": (Filters(), "ABCD"),
    "phase": (Filters(phase="phase_1"), "AB"),
    "slice": (Filters(slice="1.1"), "AC"),
    "phase-and-slice": (Filters(phase="1", slice="Slice 1.1"), "A"),
    "risk": (Filters(risk=Risk.MEDIUM), "BD"),
    "capability": (Filters(capability="mail_out"), "B"),
    "capability-whole": (Filters(capability="MAIL"), ""),
    "nothing-fits": (Filters(phase="1", risk=Risk.LOW), ""),
    "the-word-alone-is-no-phase": (Filters(phase="Phase"), ""),
}


@pytest.mark.parametrize(("filters", "kept"), KEPT.values(), ids=KEPT)
def test_kept(filters, kept):
    assert "".join(names(filters.keep(backlog_of(TASKS).tasks))) == kept
