"""`vtm aar` from the outside."""

import shutil

import pytest

from tests.cli.test_batch import done, shop_of
from tests.cli.test_commands import checked
from tests.cli.test_plan import free
from tests.projects import put
from tests.repositories import commit, repository, vtm

OPEN = "wip_limit = 0\n[git]\ngate = false\n"


def at(clock):
    return f"2026-03-10T{clock}:00Z"


def answer(root, *options, now="12:00"):
    return checked(vtm(root, "aar", *options, "--json", "--now", at(now)))


@pytest.fixture(scope="module")
def pattern(tmp_path_factory):
    """What each test gets a copy of."""
    root = repository(tmp_path_factory.mktemp("pattern"), commit_first=False)
    shop_of(root, free("A--T01"), free("A--T02"), settings=OPEN)
    commit(root)
    for clock, command in {
        "09:00": ("start", "A--T01"),
        "09:10": ("block", "A--T01", "--reason", "No\nkey\x1b[31m", "--tried", "all", "--suggest", "Ask"),
        "09:20": ("unblock", "A--T01"),
        "09:30": ("start", "A--T01"),
        "10:00": ("ac", "A--T01", "AC01"),
        "10:05": ("complete", "A--T01", "--run", "true", "--commit", "HEAD"),
        "11:00": ("start", "A--T02"),
    }.items():
        assert vtm(root, *command, "--now", at(clock)).code == 0, command
    return root


@pytest.fixture
def shop(tmp_path, pattern):
    """One task that was blocked and then completed, with its times."""
    return shutil.copytree(pattern, tmp_path / "shop")


def test_as_markdown(shop, snapshot):
    said = vtm(shop, "aar", "--now", at("12:00"))
    assert (said.code, said.err) == (0, "")
    assert said.out == snapshot
    assert vtm(shop, "aar", "--now", at("12:00")) == said


SINCE = {
    "a time": (["--since", at("10:05")], 2),
    "a time in another zone": (["--since", "2026-03-10T12:05:00+02:00"], 2),
    "a span": (["--since", "2h"], 3),
    "a long span": (["--since", "999999w"], 7),
    "ever": ([], 7),
    "later than all": (["--since", at("11:30")], 0),
    "the future": (["--since", "2027-01-01"], 0),
}


@pytest.mark.parametrize(("options", "expected"), SINCE.values(), ids=SINCE)
def test_only_later_transitions_count(options, expected, shop):
    found = answer(shop, *options)
    assert found["totals"]["events"] == expected
    assert [each["title"] for each in found["sections"]] == [
        *("What Went Right", "What Went Wrong", "What Could Be Better", "Action Items")
    ]
    if not expected:
        assert not any(each["facts"] for each in found["sections"])


def test_since_a_checkpoint_only_later_transitions_count(shop):
    commit(shop)
    done(shop, "checkpoint", "create", "night")
    assert answer(shop, "--since", "night")["totals"]["events"] == 0
    assert vtm(shop, "note", "A--T02", "half done", "--now", at("12:10")).code == 0
    found = answer(shop, "--since", "night", now="12:30")
    assert (found["totals"]["events"], found["since"]) == (1, "night")


def test_an_unknown_checkpoint(shop):
    commit(shop)
    done(shop, "checkpoint", "create", "night")
    said = vtm(shop, "aar", "--since", "nigth", "--json")
    assert (said.code, checked(said)["code"]) == (2, "UNKNOWN-CHECKPOINT")
    assert "night" in checked(said)["fix"]


def test_without_a_journal(tmp_path):
    root = shop_of(tmp_path, free("A--T01"))
    said = vtm(root, "aar", "--now", at("12:00"))
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[2] == "0 events."


def test_lines_that_are_no_events_are_told(shop):
    journal = shop / "docs/backlog/task-events.jsonl"
    journal.write_bytes(b"not json\n" + journal.read_bytes())
    assert answer(shop)["unreadable"] == [1]
    assert "Lines of the journal that are no events: 1." in vtm(shop, "aar").out


def test_no_backlog(tmp_path):
    assert vtm(tmp_path, "aar").code == 3


def test_settings_count(shop):
    put(shop, "vtm.toml", OPEN + "[estimate]\nM = 40\n")
    (found,) = answer(shop)["done"]
    assert (found["minutes"], found["estimate"]) == (35, 40)
