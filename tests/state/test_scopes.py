"""No two agents hold scopes that overlap: the gate of whatever takes a task up."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cli.processes import call
from tests.cli.test_commands import checked
from tests.projects import put, task, write
from tests.repositories import vtm

A, B = "A--T01", "B--T01"
LATER = ("--now", "2100-01-01T00:00:00Z")


def project(root, one=(), other=(), **more):
    """Two tasks with these scopes; the first is held by ada."""
    put(root, "vtm.toml", "wip_limit = 0\n")
    write(root, [task(A, file_scope=list(one), **more), task(B, file_scope=list(other))], {})
    return root


def start(root, name, *options):
    return vtm(root, "start", name, "--json", *options)


def ada(root, *options):
    answer = start(root, A, "--agent", "ada", *options)
    assert answer.code == 0, answer.out
    return answer.json


def held(answer):
    """Whether a start was refused for this reason alone."""
    found = [each["code"] for each in checked(answer).get("findings", ()) if each["blocking"]]
    return answer.code == 1 and found == [f"BLOCKED::SCOPE-HELD::{B}"]


PAIRS = {
    "the same": (["src/a/**"], ["src/a/**"], {}, True),
    "one below the other": (["src/a/**"], ["src/a/x.py"], {}, True),
    "one above the other": (["src/a/x.py"], ["docs/**", "src/*/*.py"], {}, True),
    "apart": (["src/a/**"], ["src/b/**"], {}, False),
    "alike": (["src/a"], ["src/ab"], {}, False),
    "none": ([], [], {}, False),
    "one has none": (["src/**"], [], {}, False),
    "declared": ([], [], {"conflicts_with": [B]}, True),
    "hostile": (["\x1b[31m/**"], ["\x1b[31m/../**"], {}, True),
}


@pytest.mark.parametrize(("one", "other", "more", "expected"), PAIRS.values(), ids=PAIRS)
def test_which_scopes(tmp_path, one, other, more, expected):
    project(tmp_path, one, other, **more)
    ada(tmp_path)
    assert held(start(tmp_path, B, "--agent", "bob")) is expected


def test_who_holds_what_is_said(tmp_path):
    project(tmp_path, ["src/a/**"], ["src/a/x.py"])
    until = ada(tmp_path, "--ttl", "1h", "--now", "2026-03-01T12:00:00Z")["expires_at"]
    answer = start(tmp_path, B, "--agent", "bob", "--now", "2026-03-01T12:30:00Z")
    (found,) = (each for each in answer.json["findings"] if each["blocking"])
    assert found["message"] == f"ada holds {A} until {until}, and src/a/** overlaps with src/a/x.py"


class TestWhoMayPass:
    """The scope goes with the lease, and with nothing else."""

    @pytest.fixture
    def root(self, tmp_path):
        """ada holds what the other task needs too."""
        project(tmp_path, ["src/**"], ["src/**"])
        self.epoch = ada(tmp_path, "--session", "s1")["epoch"]
        return tmp_path

    def test_a_person(self, root):
        assert start(root, B).code == 0

    def test_who_holds_it(self, root):
        assert start(root, B, "--agent", "ada", "--session", "s1").code == 0

    def test_the_same_agent_in_another_session(self, root):
        assert held(start(root, B, "--agent", "ada", "--session", "s2"))

    def test_who_asks_again(self, root):
        assert start(root, A, "--agent", "ada", "--session", "s1").json["epoch"] == self.epoch

    def test_once_it_is_released(self, root):
        assert vtm(root, "release", A, "--epoch", str(self.epoch)).code == 0
        assert start(root, B, "--agent", "bob").code == 0

    def test_once_it_is_over(self, root):
        assert start(root, B, "--agent", "bob", *LATER).code == 0

    def test_whoever_takes_it_over(self, root):
        assert start(root, A, "--agent", "bob", *LATER).json["event"] == "takeover"

    def test_whoever_has_a_reason(self, root):
        allowed = ("--allow", "BLOCKED::SCOPE-HELD", "--reason", "we talked")
        assert start(root, B, "--agent", "bob", *allowed).code == 0

    def test_next_passes_over_it(self, root):
        looked = vtm(root, "next", "--startable", "--json")
        claimed = vtm(root, "next", "--claim", "--agent", "bob", "--json")
        for answer in (looked, claimed):
            assert (answer.code, answer.json["skipped"]) == (
                *(1, [{"task_id": B, "codes": [f"BLOCKED::SCOPE-HELD::{B}"]}]),
            )


def test_a_task_that_somebody_works_at_without_a_lease_holds_nothing(tmp_path):
    project(tmp_path, ["src/**"], ["src/**"])
    assert start(tmp_path, A).code == 0
    assert start(tmp_path, B, "--agent", "bob").code == 0


def test_of_two_that_start_at_once_one_wins(tmp_path):
    names = [f"T--T{number:02}" for number in range(6)]
    put(tmp_path, "vtm.toml", "wip_limit = 0\n")
    write(tmp_path, [task(name, file_scope=["src/**"]) for name in names], {})
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda name: call(tmp_path, "start", name, "--agent", name, "--json"), names))
    assert sorted(each.returncode for each in done) == [0, 1, 1, 1, 1, 1]
    assert all(b"BLOCKED::SCOPE-HELD" in each.stdout for each in done if each.returncode)
