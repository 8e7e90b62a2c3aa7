"""The store of sessions."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from vtm.model.session import Session, SessionStatus, folder_name, session_id
from vtm.stores.sessions import SqliteSessions

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def session(task="A--T01", attempt=1, **more):
    given = {"runner": "command", "started_at": NOW, "heard_at": NOW, **more}
    return Session(session_id(task, attempt), task, 1, attempt, **given)


def test_nothing_is_made_to_be_asked(tmp_path):
    assert SqliteSessions(tmp_path / "vtm").all() == []
    assert not (tmp_path / "vtm").exists()


def test_a_session_is_kept_as_it_is(tmp_path):
    one = session(
        worktree="/w", branch="feat/A--T01", parent="B--T01:1", settled=True, ended_at=NOW, exit_code=3
    )
    store = SqliteSessions(tmp_path)
    assert store.add(one)
    assert SqliteSessions(tmp_path).named(one.id) == one
    assert store.of_task("A--T01") == [one]


def test_one_attempt_is_one_session(tmp_path):
    store = SqliteSessions(tmp_path)
    assert [store.add(session(runner="claude")), store.add(session())] == [True, False]
    assert [each.runner for each in store.all()] == ["claude"]


def test_life_and_end(tmp_path):
    store, later = SqliteSessions(tmp_path), NOW + timedelta(seconds=5)
    one = session()
    store.add(one)
    store.started(one.id, 42, NOW)
    store.heard(one.id, later)
    store.heard(one.id, NOW)
    assert store.named(one.id) == replace(one, pid=42, heard_at=later)
    assert store.ended(one.id, SessionStatus.FAILED, later, exit_code=137, reason="killed")
    assert not store.ended(one.id, SessionStatus.COMPLETED, later, exit_code=0, reason="")
    store.settle(one.id)
    found = store.named(one.id)
    assert (found.status, found.exit_code, found.reason, found.settled) == ("failed", 137, "killed", True)


def test_folders_differ_where_ids_do():
    names = [folder_name(each) for each in ("A:1", "A-1", "../A:1", "\u202e\0", "x" * 500)]
    assert len(set(names)) == len(names)
    assert all("/" not in name and not name.startswith(".") and len(name) < 100 for name in names)
