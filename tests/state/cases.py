"""Projects at the edge of a change, each with the change."""

from tests.projects import criteria, put, task, write
from tests.repositories import vtm
from tests.state.projects import JOURNAL, two


def without_journal(root):
    """A project that was written by hand: the first change imports what is there."""
    entries = {"ALL--T01": {"status": "in-progress", "notes": "by hand"}, "ALL--T02": {"status": "pending"}}
    write(root, [task(each, acceptance_criteria=criteria(each, "a", "b")) for each in entries], entries)
    return put(root, "vtm.toml", "wip_limit = 0\n").parent


def torn(root):
    """A project whose last writer died in the middle of a line."""
    two(root)
    with (root / JOURNAL).open("ab") as file:
        file.write(b'{"id":"torn","at":')
    return root


def claimed(root):
    """A project with a lease."""
    assert vtm(two(root), "start", "ALL--T02", "--agent", "ada").code == 0
    return root


CASES = {
    "first change": (without_journal, ("note", "ALL--T01", "said")),
    "no state": (lambda root: write(root, [task("ALL--T01")]), ("note", "ALL--T01", "said")),
    "note": (two, ("note", "ALL--T01", "said")),
    "torn journal": (torn, ("note", "ALL--T01", "said")),
    "first claim": (two, ("next", "--claim", "--agent", "ada")),
    "lease prolonged": (claimed, ("ac", "ALL--T02", "AC01", "--epoch", "1")),
    "lease ended": (claimed, ("release", "ALL--T02", "--epoch", "1")),
}
