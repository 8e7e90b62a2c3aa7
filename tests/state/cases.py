"""Projects at the edge of a change, each with the change."""

import json

from tests.projects import STATE, criteria, put, task
from tests.repositories import vtm
from tests.state.projects import FORMS, JOURNAL, two


def without_journal(root, form):
    """A project that was written by hand: the first change imports what is there."""
    entries = {"ALL--T01": {"status": "in-progress", "notes": "by hand"}, "ALL--T02": {"status": "pending"}}
    FORMS[form](root, [task(each, acceptance_criteria=criteria(each, "a", "b")) for each in entries])
    put(root, STATE, json.dumps({"tasks": entries}))
    if form != "manifest":  # what a file says counts: it was written by hand, too
        assert vtm(root, "next", "--json").code == 0
    return put(root, "vtm.toml", "wip_limit = 0\n").parent


def torn(root, form):
    """A project whose last writer died in the middle of a line."""
    two(root, form)
    with (root / JOURNAL).open("ab") as file:
        file.write(b'{"id":"torn","at":')
    return root


def claimed(root, form):
    """A project with a lease."""
    assert vtm(two(root, form), "start", "ALL--T02", "--agent", "ada").code == 0
    return root


CASES = {
    "first change": (without_journal, ("note", "ALL--T01", "said")),
    "no state": (lambda root, form: FORMS[form](root, [task("ALL--T01")]), ("note", "ALL--T01", "said")),
    "note": (two, ("note", "ALL--T01", "said")),
    "torn journal": (torn, ("note", "ALL--T01", "said")),
    "first claim": (two, ("next", "--claim", "--agent", "ada")),
    "lease prolonged": (claimed, ("ac", "ALL--T02", "AC01", "--epoch", "1")),
    "lease ended": (claimed, ("release", "ALL--T02", "--epoch", "1")),
}
