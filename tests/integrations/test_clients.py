"""Real clients, with what `vtm init --agent` installs for them, and a model that plays a script."""

import pytest

from tests.integrations import claude_code, opencode
from tests.integrations.once import once
from tests.integrations.story import (
    CODE,
    CRITERIA,
    OUTSIDE,
    READ,
    TASK,
    before_the_first_answer,
    defined,
    receipts,
    reminders,
    results,
    state_of,
)
from vtm.integrations.mcp.tools import TOOLS

pytestmark = pytest.mark.clients
CLIENTS = {"claude-code": claude_code, "opencode": opencode}


@pytest.fixture(params=CLIENTS)
def client(request):
    return request.param


@pytest.fixture
def played(client, tmp_path_factory):
    return once(tmp_path_factory, client, CLIENTS[client].play)


@pytest.fixture
def conversation(played):
    return played.made["conversation"]


@pytest.fixture
def folder(played):
    return played.folder / "project"


@pytest.fixture
def tongue(client):
    return CLIENTS[client].TONGUE


def test_what_is_installed_is_known(client, played, folder):
    for kind, (place, pattern) in CLIENTS[client].KINDS.items():
        names = defined(folder / place, pattern)
        assert names
        assert names <= set(played.made["known"][kind])


def test_how_things_stand_reaches_the_model_first(conversation):
    assert f"Next Eligible: {TASK}" in before_the_first_answer(conversation)


def test_the_server_is_connected(conversation, tongue):
    offered = {tool["name"] for tool in conversation["tools"]}
    assert {f"{tongue.server}{name}" for name in TOOLS} <= offered


def test_a_read_makes_a_receipt(folder):
    assert receipts(folder) == {READ}


def test_an_edit_out_of_scope_is_refused(conversation, folder, tongue):
    astray, *others = [each for each in results(conversation) if each.tool == tongue.write]
    assert astray.failed
    assert OUTSIDE in astray.text
    assert not (folder / OUTSIDE).exists()
    assert not any(each.failed for each in others)
    assert (folder / CODE).exists()


def test_the_task_goes_from_claim_to_complete(conversation, folder, tongue):
    assert [each.tool for each in results(conversation) if each.failed] == [tongue.write]
    entry = state_of(folder)
    assert entry["status"] == "completed"
    assert entry["acs_completed"] == CRITERIA
    assert entry["epoch"] == 1


def test_who_stops_too_early_is_reminded_once(conversation):
    assert len(reminders(conversation)) == 1
