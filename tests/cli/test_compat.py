"""`vtm compat vtm-status` beyond the recorded answers of the script."""

from tests.repositories import vtm


def test_without_a_question_it_is_the_dashboard(tmp_path):
    vtm(tmp_path, "init")
    asked = vtm(tmp_path, "compat", "vtm-status", "--dashboard")
    assert vtm(tmp_path, "compat", "vtm-status") == asked
    assert asked.json["progress"] == {"completed": 0, "total": 2, "percentage": 0}
