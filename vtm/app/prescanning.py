"""Looks through the documents of a task for what would stop a worker."""

import posixpath
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from vtm.app.app import App
from vtm.app.contexts import related_documents
from vtm.app.places import name_in
from vtm.errors import WrongUsageError
from vtm.model.document import Document
from vtm.model.task import Task
from vtm.queries.prescan import Match, Prescanned, patterns_of, prescanned
from vtm.runners.patterns import Matches, find
from vtm.sources.documents import read_document
from vtm.sources.references import References
from vtm.sources.setting_paths import NAME


def prescan(app: App, task: Task, files: Sequence[Path] = ()) -> Prescanned:
    """What is found in the documents of a task, or in these files.

    Raises:
        WrongUsageError: A file is outside the project or no text; or a pattern of the settings is no regular
            expression, or takes too long.
        ExternalError: No process can be started to look for them.
    """
    documents = [_named(app, each) for each in files] or related_documents(app, task)
    texts = ["" if each.problem else each.text(each.all) for each in documents]
    settings = app.settings.prescan
    found = find(patterns_of(settings), texts)
    for name, matches in found.items():
        if matches.error:
            raise _no_pattern(app, name, matches)
    places = [Match(name, *place) for name, matches in found.items() for place in matches.places]
    untold = sum(each.total - len(each.places) for each in found.values())
    references = References(app.project.work, ())

    def exists(document: str, path: str) -> bool:
        return _leads_to_a_file(references, document, path)

    return prescanned(task, documents, places, untold, settings, exists)


def _named(app: App, file: Path) -> Document:
    path = name_in(app.project.work, file)
    document = (
        read_document(app.project.work, path) if path else Document("", problem="is outside the project")
    )
    if document.problem:
        raise WrongUsageError(
            f"{path or file.as_posix()} {document.problem}",
            code="UNREADABLE-FILE",
            fix="name a text file of the caller's worktree",
        )
    return document


def _leads_to_a_file(references: References, document: str, path: str) -> bool:
    """Whether a path in a document, relative to it or to the root, is there; addresses are not looked up."""
    plain = unquote(path.partition("#")[0].partition("?")[0])
    if not plain or ":" in plain or plain.startswith("//"):
        return True
    below = posixpath.dirname(document)
    readings = [plain.lstrip("/")] if plain.startswith("/") else [posixpath.join(below, plain), plain]
    return any(not references.test(each).problem for each in readings)


def _no_pattern(app: App, name: str, matches: Matches) -> WrongUsageError:
    key = f"prescan.patterns.{name}"
    lines: Mapping[str, int] = app.setting_lines
    what = matches.error if matches.slow else f"not a regular expression: {matches.error}"
    return WrongUsageError(
        f"{NAME}: {key}: {what}",
        code="PATTERN-TOO-SLOW" if matches.slow else "INVALID-SETTING",
        path=NAME,
        line=lines.get(key, 0),
        column=1 if key in lines else 0,
        fix="write it without one repetition inside another" if matches.slow else "correct the pattern",
    )
