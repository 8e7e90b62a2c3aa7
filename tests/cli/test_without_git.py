"""Questions are answered where git cannot be asked; what must be sure of git is not."""

import pytest

from tests.repositories import repository, vtm


@pytest.fixture
def project(tmp_path, monkeypatch):
    repository(tmp_path)
    vtm(tmp_path, "init")
    monkeypatch.setenv("PATH", "/nonexistent")
    return tmp_path


@pytest.mark.parametrize("question", ["why", "show"])
def test_a_question_is_answered_and_says_what_is_missing(project, question):
    answer = vtm(project, question, "FIRST_STEPS--T01", "--json")
    assert (answer.code, answer.json["task_id"]) == (0, "FIRST_STEPS--T01")


def test_why_says_that_git_was_not_asked(project):
    answer = vtm(project, "why", "FIRST_STEPS--T02")
    assert answer.code == 0
    assert "it waits for FIRST_STEPS--T01" in answer.out
    assert "git cannot be run" in answer.err
    assert "answered without git" in answer.err


@pytest.mark.parametrize("arguments", [["preflight"], ["next", "--startable"]], ids=" ".join)
def test_a_gate_is_not(project, arguments):
    assert vtm(project, *arguments).code == 5
