"""Which ids can be the name of a file, and what the file of another one is called."""

import re

import pytest

from vtm.errors import WrongUsageError
from vtm.sources.task_names import any_file_of, file_of

GOOD = ["A--T01", "auth/reset", "a/b/c", "Überbau", "a b", "x.y", "CONSOLE", "a..b", "@x", "a" * 200]
BAD = [
    *(
        "",
        "/",
        "/etc/x",
        "a//b",
        "a/",
        "..",
        "../x",
        "a/../../x",
        ".",
        ".git/x",
        "a/.b",
        "~/..",
        "C:\\x",
        "a\\b",
    ),
    *(
        "a:b",
        "a\0b",
        "a\nb",
        "\x1b[31m",
        "\x9b",
        "\u2028",
        "\udcff",
        "a*",
        'a"',
        "a|b",
        " a",
        "a ",
        "a.",
        "a. /b",
    ),
    *("CON", "nul", "Com1.x", "lpt9/x", "a" * 201, "/".join(["ab"] * 300), "é" * 101),
]


@pytest.mark.parametrize("task_id", GOOD, ids=lambda each: repr(each)[:30])
def test_good(task_id):
    assert file_of("tasks", task_id) == any_file_of("tasks", task_id) == f"tasks/{task_id}.md"


@pytest.mark.parametrize("task_id", BAD, ids=lambda each: repr(each)[:30])
def test_bad(task_id):
    with pytest.raises(WrongUsageError, match="no file can be named after"):
        file_of("tasks", task_id)
    assert re.fullmatch(r"tasks/[A-Za-z0-9_-]{1,71}\.md", any_file_of("tasks", task_id))


def test_other_names_differ():
    assert len({any_file_of("tasks", each) for each in BAD}) == len(BAD)
