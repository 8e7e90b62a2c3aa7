"""The gates of whatever is recorded: loaded by name, because changes are made in loops."""

from vtm.model.facts import Action
from vtm.model.finding import CONFLICTS
from vtm.rules.runner import gate_rules, record_rules


def test_they_are_all_gates_of_recording():
    assert record_rules() == gate_rules(Action.RECORD)


def test_those_that_cannot_be_overridden_are_among_them():
    assert set(CONFLICTS) <= {rule.code for rule in record_rules()}
