"""The templates of prompts: those that ship with vtm, and those a project has in their place or besides."""

from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from stat import S_ISREG

from vtm.errors import VtmError, WrongUsageError
from vtm.model.naming import nearest
from vtm.queries.prompt import PromptTemplate
from vtm.templates.failure import TemplateFailureError

SUFFIX = ".md.j2"
PART = "_"
"""What the names of files begin with that are only included by others."""
LARGEST = 256 * 1024
"""Bytes of a template."""
_BUILT_IN = Path(__file__).parent / "prompts"
_SHOWN = "vtm/templates/prompts"


class Library:
    """Templates by name; those in `folder`, relative to `root`, win. Nothing outside `root` is read.

    Names are looked up among the files that are there, so that no name leads to another place.
    """

    def __init__(self, root: Path, folder: str) -> None:
        self._root = root
        self._folder = folder

    @cached_property
    def _own(self) -> dict[str, str]:
        """The project's files of templates, each with what is wrong with it."""
        try:
            names = sorted(each.name for each in (self._root / self._folder).iterdir())
        except OSError:
            return {}
        return {name: self._problem(name) for name in names if name.endswith(SUFFIX) and name != SUFFIX}

    @property
    def templates(self) -> list[PromptTemplate]:
        """All that can be asked for, by name."""
        files = sorted({*self._own, *_built_in()})
        return [self._template(each) for each in files if not each.startswith(PART)]

    def named(self, name: str) -> PromptTemplate:
        """The template with this name.

        Raises:
            WrongUsageError: There is none.
            TemplateFailureError: It cannot be read.
        """
        file = name + SUFFIX
        if name.startswith(PART) or file not in {*self._own, *_built_in()}:
            raise _unknown(name, [each.name for each in self.templates])
        found = self._template(file)
        if found.problem:
            raise TemplateFailureError(f"it {found.problem}", found.path, 1)
        return found

    def is_trusted(self, template: PromptTemplate) -> bool:
        """Whether all that it may consist of ships with vtm."""
        return template.built_in and not any(each.startswith(PART) for each in self._own)

    def sources(self) -> dict[str, str]:
        """All files that can be read, with their sources."""
        found = {file: shipped(file) or "" for file in _built_in()}
        readable = [file for file, problem in self._own.items() if not problem]
        return found | {file: self._path(file).read_text("utf-8") for file in readable}

    def path(self, file: str) -> str:
        """Where the file of a template is, as it is shown."""
        return f"{self._folder}/{file}" if file in self._own else f"{_SHOWN}/{file}"

    def _template(self, file: str) -> PromptTemplate:
        problem = self._own.get(file, "")
        return PromptTemplate(file.removesuffix(SUFFIX), self.path(file), file not in self._own, problem)

    def _path(self, file: str) -> Path:
        return self._root / self._folder / file

    def _problem(self, file: str) -> str:
        """Why a file of the project cannot be used; empty: it can."""
        path = self._path(file)
        if not file.isprintable():
            return "has a name that cannot be printed"
        try:
            if not path.resolve().is_relative_to(self._root.resolve()):
                return "leaves the project by a symbolic link"
            status = path.stat()
            if not S_ISREG(status.st_mode):
                return "is not a regular file"
            if status.st_size > LARGEST:
                return f"is larger than {LARGEST // 1024} KiB"
            path.read_text("utf-8")
        except UnicodeDecodeError:
            return "is not valid UTF-8"
        except (OSError, RuntimeError) as error:  # the latter: symbolic links that go round in circles
            return f"cannot be read: {str(getattr(error, 'strerror', None) or error).lower()}"
        return ""


def shipped(file: str) -> str | None:
    """The source of a file that ships with vtm; None: there is no such one."""
    return (_BUILT_IN / file).read_text("utf-8") if file in _built_in() else None


@cache
def _built_in() -> frozenset[str]:
    return frozenset(each.name for each in _BUILT_IN.iterdir() if each.name.endswith(SUFFIX))


def _unknown(name: str, known: Sequence[str]) -> VtmError:
    near = nearest(name, known)
    fix = f"did you mean {' or '.join(near)}?" if near else "`vtm prompt --list` shows all of them"
    return WrongUsageError(f"there is no template {name}", code="UNKNOWN-TEMPLATE", fix=fix)
