"""Renders the templates of a library: those that ship with vtm here, any other in a process of its own."""

from collections.abc import Mapping
from functools import cache, cached_property
from math import inf
from types import TracebackType
from typing import Any, Protocol, Self

from vtm.queries.prompt import PromptTemplate
from vtm.templates.library import SUFFIX, Library, shipped
from vtm.templates.sandbox import Sandbox, rendered


class _Process(Protocol):
    """`vtm.templates.apart.Apart`, which is imported only where it is needed."""

    def rendered(self, file: str, values: Mapping[str, Any]) -> str: ...

    def end(self) -> None: ...


@cache
def _for_shipped() -> Sandbox:
    """One for all libraries: to compile a template takes 15 ms, and each is needed again and again."""
    return Sandbox(shipped)


class Renderer:
    """Renders any number of templates; what it starts ends with it."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if "_apart" in self.__dict__:
            self._apart.end()

    @property
    def _here(self) -> Sandbox:
        return _for_shipped()

    @cached_property
    def _apart(self) -> _Process:
        from vtm.templates.apart import Apart  # noqa: PLC0415  subprocess: 4 ms, only for foreign templates

        sources = self.library.sources()
        return Apart(sources, {file: self.library.path(file) for file in sources})

    def text(self, template: PromptTemplate, values: Mapping[str, Any]) -> str:
        """What a template makes of `values`.

        Raises:
            TemplateFailureError: It cannot be rendered; the error names file and line.
        """
        file = template.name + SUFFIX
        if self.library.is_trusted(template):
            return rendered(self._here, file, values, self.library.path, inf)
        return self._apart.rendered(file, values)
