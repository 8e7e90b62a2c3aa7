"""A budget cuts whole items off the end of lists, and says so."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.asking import finding
from tests.random_backlogs import RELAXED, backlogs
from vtm.graph.readiness import Readiness
from vtm.queries.blocked import blocked_tasks
from vtm.queries.budget import CHARACTERS, within
from vtm.queries.validation import validation

LISTS = ("blocked", "waiting", "stuck")


def size(answer):
    return len(msgspec.json.encode(answer).decode())


@RELAXED
@given(backlogs(), st.integers(1, 600))
def test_what_is_left_fits_and_is_as_much_as_fits(backlog, tokens):
    answer = blocked_tasks(backlog, Readiness(backlog))
    cut = within(answer, tokens, LISTS)
    everything = [(name, each) for name in LISTS for each in getattr(answer, name)]
    kept = [(name, each) for name in LISTS for each in getattr(cut, name)]
    assert kept == everything[: len(kept)]
    assert (cut.total, cut.returned) == (answer.total, len(kept))
    assert cut.truncated is (len(kept) < len(everything) or size(answer) > tokens * CHARACTERS)
    if kept:
        assert size(cut) <= tokens * CHARACTERS
    if len(kept) < len(everything):
        assert size(cut) + size(everything[len(kept)][1]) + 8 > tokens * CHARACTERS


def test_an_answer_that_fits_stays_as_it_is():
    answer = validation([finding("GAP::A")])
    assert within(answer, size(answer), ("findings",)) is answer


def test_a_character_is_one_whatever_it_takes_in_bytes():
    answer = validation([finding("GAP::A", message="ü" * 400)])
    assert CHARACTERS == 4
    assert within(answer, size(answer) // CHARACTERS + 1, ("findings",)) is answer
    assert within(answer, 100, ("findings",)).returned == 0
