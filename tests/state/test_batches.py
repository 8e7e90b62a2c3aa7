"""Batches in the database: a task is held once, whoever writes and however many do."""

import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

import pytest

from vtm.discovery import DATABASE
from vtm.errors import ConflictError, ExternalError
from vtm.model.batch import LockedBatch, Place
from vtm.stores.batches import SqliteBatches
from vtm.stores.runtime import SqliteRuntime

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def batch(name, **more):
    return LockedBatch(name, 4, 3, NOW, **more)


@pytest.fixture
def store(tmp_path):
    return SqliteBatches(tmp_path)


def test_what_was_never_written_is_not_there(store, tmp_path):
    assert (store.all(), store.places(), store.of_task("A")) == ([], [], None)
    assert not (tmp_path / DATABASE).exists()


def test_a_batch_comes_back_as_it_was_kept(store, tmp_path):
    store.add(batch("B1"), ["C", "A", "B"])
    other = SqliteBatches(tmp_path)
    assert other.all() == [batch("B1")]
    assert other.places("B1") == [Place("B1", name, True) for name in "CAB"]
    assert (other.places("B2"), other.of_task("A")) == ([], Place("B1", "A", True))


def test_a_task_is_in_one_unfinished_batch(store):
    store.add(batch("B1"), ["A", "B"])
    with pytest.raises(ConflictError):
        store.add(batch("B2"), ["C", "B"])
    assert store.all() == [batch("B1")]
    assert store.of_task("C") is None
    store.finish("B1", [], NOW)
    store.add(batch("B2"), ["C", "B"])
    assert store.of_task("B") == Place("B2", "B", True)
    assert store.of_task("A") == Place("B1", "A", False)


def test_an_id_is_taken_once(store):
    store.add(batch("B1"), ["A"])
    with pytest.raises(ConflictError):
        store.add(batch("B1"), ["B"])
    assert store.places() == [Place("B1", "A", True)]


def test_finishing_takes_out_and_releases(store):
    store.add(batch("B1"), ["A", "B"])
    store.finish("B1", ["B"], NOW)
    store.finish("B1", [], NOW + timedelta(hours=1))
    assert store.all() == [batch("B1", finished_at=NOW)]
    assert store.places() == [Place("B1", "A", False)]


def test_an_older_database_gets_the_tables(store, tmp_path):
    SqliteRuntime(tmp_path).keep([], NOW)
    store.add(batch("B1"), ["A"])
    assert store.places() == [Place("B1", "A", True)]


def test_a_damaged_row_is_said_and_the_database_set_aside(store, tmp_path):
    store.add(batch("B1"), ["A"])
    with sqlite3.connect(tmp_path / DATABASE) as database:
        database.execute("UPDATE batch SET locked_at = 'yesterday'")
    database.close()
    with pytest.raises(ExternalError, match="cannot be used"):
        store.all()
    assert SqliteBatches(tmp_path).all() == []


def _lock(folder, number, gate):
    store = SqliteBatches(folder)
    gate.wait()
    try:
        store.add(batch(f"B{number}"), [f"T{number}", "A"])
    except ConflictError:
        sys.exit(1)


def test_of_many_processes_one_holds_a_task(tmp_path):
    context = get_context("spawn")
    gate = context.Barrier(4)
    started = [context.Process(target=_lock, args=(tmp_path, number, gate)) for number in range(4)]
    for each in started:
        each.start()
    for each in started:
        each.join()
    assert sorted(each.exitcode for each in started) == [0, 1, 1, 1]
    store = SqliteBatches(tmp_path)
    (won,) = store.all()
    assert [each.task for each in store.places()] == [f"T{won.id[1:]}", "A"]
