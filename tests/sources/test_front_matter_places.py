"""Where what a task file says is."""

import pytest

from vtm.sources.front_matter_places import locate_in_file

TEXT = """---
id: 😀 # c
"name" : x
depends_on: [a, 😀, c]
related_specs:
  - s
  # c
  - "t"
est: {size: S}
status: todo
risk: low
---
# Body
- [ ] no
## Acceptance Criteria
- [ ] a
  * [x] b
"""

PLACES = {
    # name: text, pointer, line, column
    "file": (TEXT, (), 1, 1),
    "id": (TEXT, ("task_id",), 2, 1),
    "name": (TEXT, ("title",), 3, 1),
    "dependencies": (TEXT, ("depends_on_tasks",), 4, 1),
    "dependency": (TEXT, ("depends_on_tasks", 2), 4, 20),
    "dependency that is not there": (TEXT, ("depends_on_tasks", 3), 4, 1),
    "item": (TEXT, ("related_specs", 1), 8, 5),
    "nested": (TEXT, ("est", "size"), 9, 7),
    "nested that is not there": (TEXT, ("est", "unit", 0), 9, 1),
    "status": (TEXT, ("declared_status",), 10, 1),
    "risk": (TEXT, ("risk",), 11, 1),
    "grade": (TEXT, ("grade",), 11, 1),
    "below text": (TEXT, ("risk", 0), 11, 1),
    "not there": (TEXT, ("scope",), 1, 1),
    "criteria": (TEXT, ("acceptance_criteria",), 16, 3),
    "criterion": (TEXT, ("acceptance_criteria", 1), 17, 5),
    "criterion's text": (TEXT, ("acceptance_criteria", 1, "text"), 17, 5),
    "criterion that is not there": (TEXT, ("acceptance_criteria", 2), 16, 3),
    "no criteria": ("---\nid: a\n---\n", ("acceptance_criteria", 0), 1, 1),
    "other names": ("---\ntitle: a\nname: b\ndependsOn: [c]\n---\n", ("depends_on_tasks", 0), 4, 13),
    "a manifest's name": ("---\ndepends_on_tasks: [c]\n---\n", ("depends_on_tasks", 0), 2, 20),
    "size": ("---\nsize: S\n---\n", ("est", "size"), 2, 1),
    "name of the file": ("---\nstatus: a\n---\n", ("status",), 2, 1),
    "title first": ("---\nname: b\ntitle: a\n---\n", ("title",), 3, 1),
    "no front matter": ("# a\n", ("task_id",), 1, 1),
    "byte order mark": ("\ufeff---\nid: a\n---\n", (), 1, 1),
    "byte order mark, key": ("\ufeff\n---\nid: a\n---\n", ("task_id",), 3, 1),
    "blank lines": ("\n\n---\nid: a\n---\n", (), 3, 1),
    "crlf": ("---\r\nid: a\r\nrisk: é\r\n---\r\n- [ ] b", ("acceptance_criteria", 0), 5, 3),
    "repeated": ("---\nid: a\nid: b\n---\n", ("task_id",), 3, 1),
    "list on top": ("---\n- id: a\n---\n", ("task_id",), 1, 1),
    "empty": ("---\n---\n", ("task_id",), 1, 1),
    "invalid": ("---\nx: [a\n 'status' : b\nid: c\n---\n", ("declared_status",), 3, 2),
    "invalid, item": ("---\nx: [a\ndependencies: [b]\n---\n", ("depends_on_tasks", 0), 3, 1),
    "invalid, not there": ("---\nx: [a\nstatuses: b\n---\n", ("declared_status",), 1, 1),
    "invalid, criterion": ("---\nx: [a\n---\n- [ ] b", ("acceptance_criteria", 0), 4, 3),
}


@pytest.mark.parametrize(("text", "pointer", "line", "column"), PLACES.values(), ids=PLACES)
def test_place(text, pointer, line, column):
    assert locate_in_file(text.encode(), [pointer]) == {pointer: (line, column)}


def test_places_of_a_file_that_is_not_utf8():
    data = b"---\nt: \xff\xff\nid: \xe9\n---\n- [ ] \xff\n"
    found = locate_in_file(data, [("task_id",), ("title",), ("acceptance_criteria", 0)])
    assert found == {("task_id",): (3, 1), ("title",): (1, 1), ("acceptance_criteria", 0): (5, 3)}


SPELLINGS = {
    "own-name": ("depends_on_tasks: [a, b]\n", 1, (2, 23)),
    "string": ("dependencies: a\n", 0, (2, 15)),
    "null-before": ("depends_on: [~, a]\n", 0, (2, 17)),
    "null-below": ("depends_on:\n  -\n  - a\n", 0, (4, 5)),
    "second-key": ("depends_on: [a]\ndependencies: [b]\n", 1, (3, 16)),
    "second-key-repeats": ("dependsOn: [a]\ndependencies: [a, b]\n", 1, (3, 19)),
    "null-key-first": ("depends_on:\ndependencies: [b]\n", 0, (3, 16)),
    "more-than-there-are": ("depends_on: [a]\n", 7, (2, 1)),
    "mapping": ("depends_on: {a: b}\n", 0, (2, 13)),
    "broken": ("depends_on: [a, b]\nx: [\n", 1, (2, 1)),
}


@pytest.mark.parametrize(("front", "index", "expected"), SPELLINGS.values(), ids=SPELLINGS)
def test_place_of_a_dependency_in_whatever_spelling(front, index, expected):
    pointer = ("depends_on_tasks", index)
    assert locate_in_file(f"---\n{front}---\n".encode(), [pointer]) == {pointer: expected}


def test_place_of_a_size():
    pointer = ("est", "size")
    assert locate_in_file(b"---\nid: A\nsize: XL\n---\n", [pointer]) == {pointer: (3, 1)}
