"""`vtm waves` from the outside."""

import pytest

from tests.cli.test_commands import checked
from tests.cli.test_plan import THREE, free, project
from tests.repositories import vtm


def test_waves_for_a_person(tmp_path, snapshot):
    tasks = [free("A"), free("B", "A", est={"size": "S"}), free("C", "A"), free("D", "B", "C"), free("R")]
    project(tmp_path, *tasks, state={"R": {"status": "in-progress"}})
    assert vtm(tmp_path, "waves").out == snapshot


SIZES = {
    "never more than wip_limit": ("", [], 3),
    "the setting": ("wip_limit = 0", [], 4),
    "set otherwise": ("wip_limit = 0\n[parallel]\nwave = 2", [], 2),
    "asked for": ("wip_limit = 0", ["--size", "5"], 5),
    "never more than the most": ("wip_limit = 0", ["--max", "2"], 2),
    "as many as the most": ("wip_limit = 0", ["--max", "12", "--size", "12"], 12),
}


@pytest.mark.parametrize(("settings", "options", "expected"), SIZES.values(), ids=SIZES)
def test_how_many_in_a_wave(settings, options, expected, tmp_path):
    project(tmp_path, *THREE, settings=settings)
    answer = checked(vtm(tmp_path, "waves", "--json", *options))
    assert answer["size"] == expected
    assert len(answer["waves"][0]["tasks"]) == min(expected, 5)


TOO_LARGE = {
    "more than the most": ("wip_limit = 0", ["--size", "5", "--max", "4"], "--max allows, which is 4"),
    "more than is set": ("wip_limit = 0", ["--size", "11"], "which is 10, as [parallel] wave_max is set"),
    "more than wip_limit": ("", ["--size", "4"], "wip_limit allows, which is 3"),
}


@pytest.mark.parametrize(("settings", "options", "message"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_wave_that_is_too_large_is_wrong_usage(settings, options, message, tmp_path):
    project(tmp_path, *THREE, settings=settings)
    answer = vtm(tmp_path, "waves", "--json", *options)
    assert answer.code == 2
    assert message in checked(answer)["message"]


def test_an_unknown_slice_is_wrong_usage(tmp_path):
    project(tmp_path, *THREE)
    assert vtm(tmp_path, "waves", "--slice", "9").code == 2
