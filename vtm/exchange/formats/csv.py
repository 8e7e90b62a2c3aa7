"""CSV: a header line names the fields, lists are separated by semicolons."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from vtm.exchange.carried import Carried
from vtm.exchange.cells import boxed, checks_of_cell, joined, number, one_of, said, texts_of, truth
from vtm.exchange.format import Format, WrongFormatError
from vtm.exchange.reading import File, Reading
from vtm.exchange.records import Field, read_record, write_record
from vtm.exchange.values import Statuses, as_it_is, iso, moment, risk, text
from vtm.model.status import Grade, Impact, Scope, Size, Status

_EXPECTED = (
    "CSV whose header line names at least `task_id` (or `id`) and `title`, with commas, semicolons or tabs"
)
_MORE = "more cells"
_NEEDED = {"task_id", "title"}
_ALIASES = {
    "id": "task_id",
    "name": "title",
    "depends_on": "depends_on_tasks",
    "dependencies": "depends_on_tasks",
    "criteria": "acceptance_criteria",
    "specs": "related_specs",
}
_HALF = re.compile("[\ud800-\udfff]")


def _fields() -> tuple[Field, ...]:
    named: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
        "risk": (risk, str),
        "size": (one_of(Size), str),
        **dict.fromkeys(("phase", "slice", "capability_id"), (text, as_it_is)),
        "depends_on_tasks": (texts_of, joined),
        "acceptance_criteria": (checks_of_cell, boxed),
        "description": (text, as_it_is),
        **dict.fromkeys(("related_specs", "related_adrs", "related_guides"), (texts_of, joined)),
        **dict.fromkeys(
            ("test_verification", "conflicts_with", "file_scope", "gap_codes"), (texts_of, joined)
        ),
        **dict.fromkeys(("provisional", "parallel"), (truth, said)),
        "parallelism_group": (text, as_it_is),
        **{
            name: (one_of(kind), str)
            for name, kind in (("grade", Grade), ("scope", Scope), ("impact", Impact))
        },
        "level": (text, as_it_is),
        **dict.fromkeys(("started_at", "completed_at"), (moment, iso)),
        **dict.fromkeys(("blocked_reason", "notes", "owner"), (text, as_it_is)),
        "pr_number": (number, str),
    }
    attributes = {"acceptance_criteria": "checks"}
    statuses = Statuses(
        {each.value: each for each in Status}
        | dict.fromkeys(("open", "todo", "to-do"), Status.PENDING)
        | dict.fromkeys(("done", "closed"), Status.COMPLETED)
        | dict.fromkeys(("cancelled", "canceled"), Status.ABANDONED)
    )
    return (
        Field("task_id", "task_id", text, as_it_is, always=True),
        Field("title", "title", text, as_it_is, always=True),
        statuses.field("status"),
        *(Field(key, attributes.get(key, key), *how) for key, how in named.items()),
    )


_FIELDS = _fields()
_KNOWN = {each.key for each in _FIELDS}


def _read(files: Sequence[File]) -> Reading:
    found = Reading()
    content = files[0].data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    if not content.strip():
        return found
    csv.field_size_limit(len(content) + 1)
    rows, header = _opened(content)
    if not _is_utf8(header):
        raise WrongFormatError.because(files[0].name, "has a header line that is not UTF-8", _EXPECTED)
    if not set(header) >= _NEEDED:
        raise WrongFormatError.because(files[0].name, "has no header line with task_id and title", _EXPECTED)
    twice = [each for each, count in Counter(header).items() if count > 1 and each]
    if twice:
        raise WrongFormatError.because(files[0].name, f"names {twice[0]} twice in its header", _EXPECTED)
    before = rows.line_num
    for row in rows:
        line, before = before + 1, rows.line_num
        if any(row):
            _take(found, line, header, row)
    return found


def _opened(content: str) -> tuple[Any, list[str]]:
    """The rows behind the header line, and its columns, with the delimiter with which they make sense."""
    head = content.split("\n", 1)[0]
    found: list[tuple[Any, list[str]]] = []
    for delimiter in sorted(",;\t", key=head.count, reverse=True):
        rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
        found.append((rows, [_column(each) for each in next(rows, [])]))
    return next((each for each in found if set(each[1]) >= _NEEDED), found[0])


def _is_utf8(cells: Sequence[str]) -> bool:
    return not any(_HALF.search(each) for each in cells)


def _column(name: str) -> str:
    plain = re.sub(r"[\s-]+", "_", name.strip()).casefold()
    known = _ALIASES.get(plain, plain)
    return known if known in _KNOWN else name.strip()


def _take(found: Reading, line: int, header: Sequence[str], row: Sequence[str]) -> None:
    if not _is_utf8(row):
        found.failed(line, "", "is not UTF-8")
        return
    cells = {key: cell for key, cell in zip(header, row, strict=False) if cell}
    doubts = []
    if len(row) > len(header):
        doubts.append(f"has {len(row)} cells, and the header names {len(header)}")
        beyond = joined(row[len(header) :])
        if beyond:
            cells[_MORE] = beyond
    task, more = read_record(cells, _FIELDS)
    found.took(line, "", task, [*doubts, *more])


def _write(tasks: Sequence[Carried]) -> list[File]:
    records = [write_record(each, _FIELDS) for each in tasks]
    used = dict.fromkeys(key for record in records for key in record)
    columns = [each.key for each in _FIELDS if each.key in used or each.always]
    columns += [key for key in used if key not in _KNOWN]
    rows: list[list[str]] = [
        columns,
        *([str(record.get(key) or "") for key in columns] for record in records),
    ]
    bare = any("\r" in cell for row in rows for cell in row)  # which is not quoted where it need not be
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL if bare else csv.QUOTE_MINIMAL)
    writer.writerows(rows)
    return [File("tasks.csv", out.getvalue().encode())]


FORMAT = Format(_EXPECTED, "line", _read, _write)
