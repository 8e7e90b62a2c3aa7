"""Files that lie beside another until they take its place are known by their names."""

import pytest

from vtm.model.own_path import in_place_of, is_own
from vtm.model.settings import Paths
from vtm.stores.durable import replacement

NAMES = {
    "docs/.task-state.json.041qzszv.tmp": "docs/task-state.json",
    ".a.md.a_b_c_d_": "a.md",
    "docs/task-state.json": "docs/task-state.json",
    "docs/.task-state.json.tmp": "docs/.task-state.json.tmp",
    ".hidden": ".hidden",
}


@pytest.mark.parametrize(("path", "meant"), NAMES.items())
def test_names(path, meant):
    assert in_place_of(path) == meant


def test_what_is_written(tmp_path):
    with replacement(tmp_path / "state.json", b"{}"):
        (path,) = tmp_path.iterdir()
        assert in_place_of(path.as_posix()) == (tmp_path / "state.json").as_posix()


OWN = {
    "docs/backlog/task-state.json": True,
    "docs/backlog/.task-events.jsonl.0123abcd.tmp": True,
    ".vtm/baseline.json": True,
    "tasks/a/.one.md.0123abcd.tmp": True,
    "tasks/a/one.md": False,
    "src/.task-state.json.0123abcd.tmp": False,
    "src/.login.py.0123abcd.tmp": False,
}


@pytest.mark.parametrize("folder", ["", ".", "shop/web"])
@pytest.mark.parametrize(("path", "own"), OWN.items())
def test_own(path, own, folder):
    below = "" if folder in {"", "."} else f"{folder}/"
    assert is_own(below + path, folder, Paths()) is own
    assert not is_own(f"other/{path}", folder, Paths())
