"""Spec Kit: a `tasks.md`, a task on each line with a box; all other text is kept with the task behind it.

Source: templates/tasks-template.md of https://github.com/github/spec-kit.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

from msgspec.structs import replace

from vtm.exchange.carried import Carried, Values, carried, is_id
from vtm.exchange.format import Format, WrongFormatError
from vtm.exchange.reading import File, Reading
from vtm.model.status import Status
from vtm.model.task import Task, Texts

_EXPECTED = "a tasks.md of Spec Kit: lines such as `- [ ] T001 [P] [US1] Do it`"
_BOX = re.compile(r"[ \t]*[-*] \[([ xX])\][ \t]+(.*)")
_NAME = re.compile(r"(?:\S*[-_.:/])?T\d+[a-z]?")
_MARK = re.compile(r"\[(P|US\d+)\][ \t]*")
_HEADING = re.compile(r"##[ \t]+(\S.*)")
_PHASE = re.compile(r"phase (\w+)", re.IGNORECASE)
_NEEDS = re.compile(rf"\((?:depends on|after) ({_NAME.pattern}(?:(?:, | and |, and ){_NAME.pattern})*)\)")
_NEEDS_AT_END = re.compile(rf"{_NEEDS.pattern}\Z")
_LINE, _BEFORE, _AFTER = "vtm:line", "before", "after"


class _Line(NamedTuple):
    number: int
    text: str
    phase: str


def _read(files: Sequence[File]) -> Reading:
    found = Reading()
    data = files[0].data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        return found
    content = data.decode("utf-8", "surrogateescape")
    if not any(_BOX.fullmatch(line.rstrip("\r")) for line in content.split("\n")):
        raise WrongFormatError.because(files[0].name, "holds no line with a check box", _EXPECTED)
    before: list[str] = []
    for line, boxed in _lines(content):
        if not boxed or not _took(found, line, before):
            known = _utf8(line.text)
            whole = known == line.text or not boxed
            before.append(known if whole else f"<!-- {known.replace('--', '- -')} -->")
    rest = "\n".join(before)
    if found.tasks and rest:
        last = found.tasks[-1]
        found.tasks[-1] = last._replace(kept={**last.kept, _AFTER: rest})
    return found


def _utf8(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _lines(content: str) -> Iterator[tuple[_Line, bool]]:
    """Each line, with its phase, and whether it has a box; in comments and code none has."""
    fence, comment, phase = "", False, ""
    for number, text in enumerate(content.split("\n"), 1):
        hidden = bool(fence) or comment
        boxed = not hidden and bool(_BOX.fullmatch(text.rstrip("\r")))
        start = text.lstrip()[:3]
        if start in {"```", "~~~"} and not comment:
            fence = "" if fence == start else fence or start
        elif not fence and not boxed:
            comment = "<!--" in text.rpartition("-->")[2] or (comment and "-->" not in text)
            heading = _HEADING.fullmatch(text.rstrip())
            if heading and not hidden:
                named = _PHASE.match(heading[1])
                phase = _utf8(f"Phase {named[1]}" if named else heading[1])
        yield _Line(number, text, phase), boxed


def _took(found: Reading, line: _Line, before: list[str]) -> bool:
    """Note the task on a line; False where it is none."""
    if _utf8(line.text) != line.text:
        found.failed(line.number, "", "is not UTF-8")
        return False
    values = _values(line)
    if not is_id(values.get("task_id")):
        first = str(values["title"]).split(" ")[0][:40]
        found.failed(line.number, "", f"has no id such as T001, but {first or 'nothing'}")
        return False
    kept: dict[str, Any] = {_BEFORE: "\n".join(before)} if before else {}
    if _text(carried(values, {})) != line.text:
        kept[_LINE] = line.text
    known = len(found.tasks)
    found.took(line.number, "", carried(values, kept))
    if len(found.tasks) == known:
        return False
    before.clear()
    return True


def _values(line: _Line) -> Values:
    """What a line says of its task; without an id it says none."""
    box = _BOX.fullmatch(line.text.rstrip("\r"))
    done, rest = (box[1] in "xX", box[2]) if box else (False, line.text)
    values: Values = {"status": Status.COMPLETED if done else Status.PENDING, "phase": line.phase}
    name, _, title = rest.partition(" ")
    if not _NAME.fullmatch(name):
        return values | {"title": rest}
    title = title.strip()
    while mark := _MARK.match(title):
        values |= {"parallel": True} if mark[1] == "P" else {"slice": mark[1]}
        title = title[mark.end() :]
    words = _NEEDS_AT_END.sub("", title.rstrip()).rstrip()
    return values | {"task_id": name, "title": words, "depends_on_tasks": _needs(title)}


def _needs(title: str) -> Texts:
    found = [each for needs in _NEEDS.findall(title) for each in re.findall(_NAME.pattern, needs)]
    return tuple(dict.fromkeys(found))


def _text(task: Carried) -> str:
    """The line of a task."""
    declared = task.task
    marks = "[P] " if declared.parallel else ""
    marks += f"[{declared.slice}] " if re.fullmatch(r"US\d+", declared.slice) else ""
    title = " ".join(declared.title.split())
    told = set(_needs(title))
    if not told <= {*declared.depends_on_tasks}:
        title, told = " ".join(_NEEDS.sub("", title).split()), set()
    left = [each for each in declared.depends_on_tasks if each not in told]
    title += f" (depends on {', '.join(left)})" if left else ""
    box = "x" if task.state.status in {Status.COMPLETED, Status.ABANDONED} else " "
    return f"- [{box}] {declared.task_id} {marks}{title}"


def _same(task: Carried, line: str) -> bool:
    """Whether a line that was kept still says what is known of its task."""
    nothing: Values = {"slice": "", "parallel": None}
    values = nothing | _values(_Line(0, line, task.task.phase))
    return "task_id" in values and all(task.value(name) == each for name, each in values.items())


def _write(tasks: Sequence[Carried]) -> list[File]:
    lines: list[str] = []
    phase = ""
    for each in _numbered(tasks):
        kept, line = each.kept, each.kept.get(_LINE)
        before = kept.get(_BEFORE)
        if isinstance(before, str):
            lines.append(before)
        elif each.task.phase != phase and each.task.phase:
            lines += ["", f"## {' '.join(each.task.phase.split())}", ""]
        phase = each.task.phase
        lines.append(line if isinstance(line, str) and _same(each, line) else _text(each))
        if isinstance(kept.get(_AFTER), str):
            lines.append(kept[_AFTER])
    whole = any(_AFTER in each.kept for each in tasks[-1:])
    return [File("tasks.md", ("\n".join(lines) + ("" if whole else "\n")).encode())]


def _numbered(tasks: Sequence[Carried]) -> list[Carried]:
    """`tasks`, where an id cannot stand in a line the next free number in its place."""
    taken = {each.task.task_id for each in tasks}
    free = (name for name in (f"T{number:03}" for number in count(1)) if name not in taken)
    names = {
        name: name if _NAME.fullmatch(name) else next(free) for name in (each.task.task_id for each in tasks)
    }
    return [each._replace(task=_renamed(each.task, names)) for each in tasks]


def _renamed(task: Task, names: dict[str, str]) -> Task:
    needs = tuple(names.get(each, each) for each in task.depends_on_tasks)
    return replace(task, task_id=names[task.task_id], depends_on_tasks=needs)


FORMAT = Format(_EXPECTED, "line", _read, _write)
