"""The plugin for Claude Code, which this checkout is."""

import pytest

from tests.checkout import ROOT
from tests.integrations import claude_code, clients
from tests.integrations.once import once
from tests.integrations.story import (
    OUTSIDE,
    TASK,
    before_the_first_answer,
    defined,
    reminders,
    results,
)

pytestmark = pytest.mark.clients


@pytest.fixture
def played(tmp_path_factory):
    return once(tmp_path_factory, "claude-code-plugin", claude_code.play_with_plugin)


@pytest.mark.parametrize("manifest", [".", ".claude-plugin/plugin.json"], ids=["marketplace", "plugin"])
def test_it_is_valid(manifest, tmp_path):
    call = [claude_code.program(), "plugin", "validate", "--strict", ROOT / manifest]
    clients.run(call, tmp_path, claude_code.surroundings(tmp_path / "home"))


@pytest.mark.parametrize("kind", claude_code.KINDS)
def test_it_brings_what_it_holds(played, kind):
    place, pattern = claude_code.KINDS[kind]
    brought = {f"vtm:{name}" for name in defined(ROOT / place, pattern)}
    assert brought
    assert brought <= set(played.made["known"][kind])


def test_its_hooks_and_its_server_work(played):
    conversation = played.made["conversation"]
    assert f"Next Eligible: {TASK}" in before_the_first_answer(conversation)
    claimed, _, astray = results(conversation)
    assert not claimed.failed
    assert not astray.failed
    assert (played.folder / "project" / OUTSIDE).exists()
    assert OUTSIDE in astray.text.partition("hook additional context")[2]
    assert reminders(conversation)
