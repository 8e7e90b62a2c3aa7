"""What in the documents of a task a worker will stumble on."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from vtm.model.document import Document
from vtm.model.settings import Prescan
from vtm.model.task import Task
from vtm.queries.fonts import EVERYWHERE, families

ASSET, FONT, URL = "asset", "font", "url"
_FORMS = "png|jpe?g|gif|svg|webp|avif|ico|bmp|woff2?|ttf|otf|eot|mp4|webm|mov|mp3|ogg|wav|pdf|lottie"
_FONT = r"\b(?:font(?:[ -]?family)?s?|typefaces?)\b[\"'`*_]*[ \t]*[:=]"
PATTERNS: Mapping[str, str] = {
    FONT: rf"(?i){_FONT}[ \t]*[*_]*((?:(?!{_FONT})[^\n;{{}}<>|]){{1,200}})"
    r"|\b(?:font|typeface)[ \t]+([\"'`\u2018\u201c][^\"'`\u2019\u201d\n]{1,80})",
    ASSET: r"!\[[^\[\]\n]{0,500}\]\([ \t]*<?([^\s()<>\"']{1,500})"
    r"|(?<![\w/:.@~%-])((?:\.{0,2}/)?[\w@.~%-]{1,255}(?:/[\w@.~%-]{1,255}){0,40}\.(?i:" + _FORMS + r"))\b",
    URL: r"(?i)\b((?:https?|ftp):/{2}[^\s<>\"'`)\]}|\\]{1,2000}[^\s<>\"'`)\]}|\\.,;:!?])",
}
"""What is looked for where no setting says otherwise; a group is what was found."""
_ALLOWED = ("http://localhost*", "http://127.0.0.1*", "http*://www.w3.org/*")


class Obstacle(Struct, frozen=True):
    """Something that a document asks for and that may not be there.

    Attributes:
        pattern: The name of the pattern that found it.
        line: From 1; so is `column`, in characters.
        substitute: What to use in its place; null where the settings have nothing.
    """

    pattern: str
    found: str
    path: str
    line: int
    column: int
    substitute: str | None


class Substitution(Struct, frozen=True):
    """What a worker is to use in place of something, wherever it was found."""

    pattern: str
    found: str
    substitute: str


class NotScanned(Struct, frozen=True):
    """A document that was not looked at, and why."""

    path: str
    reason: str


class Prescanned(Struct, frozen=True, tag_field="schema", tag="vtm.prescan/1"):
    """All that was found in the documents of a task, in the order of documents and lines.

    Attributes:
        documents: Paths of those that were looked at.
        not_scanned: Those that cannot be read, or are no text.
        total: How many places there are. Of each pattern the first 1000 are told; the rest are only counted.
        substitutions: Each once, for the prompt.
    """

    task_id: str
    documents: Sequence[str]
    not_scanned: Sequence[NotScanned]
    total: int
    returned: int
    truncated: bool
    obstacles: Sequence[Obstacle]
    substitutions: Sequence[Substitution]


class Match(Struct, frozen=True):
    """What a pattern found in a document, and at which offset."""

    pattern: str
    document: int
    offset: int
    found: str


def patterns_of(settings: Prescan) -> dict[str, str]:
    """What is looked for, by name."""
    return {name: pattern for name, pattern in {**PATTERNS, **settings.patterns}.items() if pattern}


def prescanned(
    task: Task,
    documents: Sequence[Document],
    matches: Sequence[Match],
    untold: int,
    settings: Prescan,
    exists: Callable[[str, str], bool],
) -> Prescanned:
    """The obstacles among `matches`, beside which there are `untold` more.

    `exists` tells whether a path that a document names leads to a file: the path of the document, then that.
    """
    substitutes = {found.casefold(): instead for found, instead in settings.substitutes.items()}
    allowed = [each.casefold() for each in (*_ALLOWED, *settings.allow)]
    starts = [_starts(each) for each in documents]
    found = [
        Obstacle(
            name, text, documents[at].path, *_place(starts[at], offset), substitutes.get(text.casefold())
        )
        for name, at, offset, text in sorted(_items(matches, settings), key=lambda one: (one[1:3], one[0]))
        if not any(fnmatchcase(text.casefold(), glob) for glob in allowed)
        and not (name == ASSET and exists(documents[at].path, text))
    ]
    return Prescanned(
        task.task_id,
        [each.path for each in documents if not each.problem],
        [NotScanned(each.path, each.problem) for each in documents if each.problem],
        len(found) + untold,
        len(found),
        bool(untold),
        found,
        list(dict.fromkeys(_substitution(each) for each in found if each.substitute is not None)),
    )


def _items(matches: Sequence[Match], settings: Prescan) -> Iterator[tuple[str, int, int, str]]:
    """Each match; a list of fonts is one for each font in it that is not everywhere.

    What a project's own pattern for fonts finds is one font.
    """
    for match in matches:
        if match.pattern != FONT or FONT in settings.patterns:
            yield match.pattern, match.document, match.offset, match.found.strip()
            continue
        for at, family in families(match.found):
            if family.casefold() not in EVERYWHERE:
                yield match.pattern, match.document, match.offset + at, family


def _substitution(found: Obstacle) -> Substitution:
    return Substitution(found.pattern, found.found, found.substitute or "")


def _starts(document: Document) -> list[int]:
    """The offset at which each line starts."""
    starts = [0]
    for line in document.lines:
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _place(starts: Sequence[int], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
