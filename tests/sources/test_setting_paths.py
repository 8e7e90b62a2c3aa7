"""Paths in vtm.toml lie below the root: a project that was cloned names no file elsewhere."""

import pytest

from vtm.errors import WrongUsageError
from vtm.sources.settings import load_settings

OUTSIDE = ["/etc/passwd", "../x.json", "a/../../x.json", "C:/x.json", "a\\..\\x.json", ""]


@pytest.fixture
def load(tmp_path):
    def load(text):
        path = tmp_path / "vtm.toml"
        path.write_text(text, "utf-8")
        return load_settings(path).settings

    return load


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize("key", ["manifest", "state"])
def test_a_path_that_is_not_below_the_root_is_refused(load, key, path):
    with pytest.raises(WrongUsageError, match="is not a path below the root") as caught:
        load(f"wip_limit = 1\n[paths]\n{key} = {path!r}\n")
    assert (caught.value.code, caught.value.line) == ("INVALID-SETTING", 3)


def test_so_is_one_of_several(load):
    with pytest.raises(WrongUsageError, match=r"paths\.adr"):
        load('[paths]\nadr = ["docs/{number}.md", "../{number}.md"]\n')


@pytest.mark.parametrize("path", ["plan.json", "./plan.json", "a/b..c/plan.json"])
def test_any_path_below_it_will_do(load, path):
    assert load(f"[paths]\nmanifest = {path!r}\n").paths.manifest == path


@pytest.mark.parametrize("text", ['[prd]\npath = ""\n', '[paths]\nprd = ""\n'])
def test_the_prd_may_be_left_open(load, text):
    assert load(text).prd_path == ""
