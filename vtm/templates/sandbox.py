"""Renders templates that may be anybody's: nothing is in reach but the values that are handed in."""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import (
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    Undefined,
)
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from vtm.model.fence import fenced, visible
from vtm.model.plain import one_line
from vtm.templates.failure import Spot, TemplateFailureError, spot_of_error
from vtm.templates.sections import section

MOST_CHARACTERS = 10_000_000
"""Of what a template writes that does not ship with vtm."""
_LARGEST = 10**12
_FAILURES = (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError)
"""What an expression in a template can raise."""
_EXHAUSTED = {MemoryError: "it needs too much memory", RecursionError: "it calls itself too deeply"}


class Sandbox(ImmutableSandboxedEnvironment):
    """Templates by name, and no way out: no files, no attributes of Python, no chance, no environment.

    `load` gives the source of a template; None: there is no such template.
    """

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, load: Callable[[str], str | None]) -> None:
        super().__init__(
            loader=FunctionLoader(load),
            undefined=StrictUndefined,
            finalize=_written,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.globals = {name: self.globals[name] for name in ("range", "namespace")} | {"section": section}
        del self.filters["random"]
        self.filters |= {"fenced": fenced, "visible": visible, "line": one_line}

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers; what could make a text or a number without bound is refused."""
        if not all(isinstance(each, int | float) and abs(each) < _LARGEST for each in (left, right)):
            raise SecurityError(f"{operator} is only for numbers below {_LARGEST:,}")
        if operator == "**" and abs(right) > 64:
            raise SecurityError("the exponent is too large")
        return super().call_binop(context, operator, left, right)


def rendered(
    sandbox: Sandbox,
    name: str,
    values: Mapping[str, Any],
    path: Callable[[str], str],
    most: float = MOST_CHARACTERS,
) -> str:
    """What the template `name` makes of `values`, in at most `most` characters.

    `path` gives the file of a template.

    Raises:
        TemplateFailureError: It cannot be rendered; the error names file and line.
    """
    try:
        return _within_bounds(sandbox, name, values, path, most)
    except TemplateSyntaxError as error:
        raise TemplateFailureError(f"{error.message}", path(error.name or name), error.lineno) from None
    except tuple(_EXHAUSTED) as error:
        raise _failure(_EXHAUSTED[type(error)], spot_of_error(error), name, path) from None
    except _FAILURES as error:
        raise _failure(_message(error), spot_of_error(error), name, path) from None


def _within_bounds(
    sandbox: Sandbox, name: str, values: Mapping[str, Any], path: Callable[[str], str], most: float
) -> str:
    template = sandbox.get_template(name)
    pieces, room = [], most
    running: Any = template.root_render_func(template.new_context(dict(values)))
    for piece in running:
        pieces.append(piece)
        room -= len(piece)
        if room < 0:
            line = template.get_corresponding_lineno(running.gi_frame.f_lineno)
            what = f"it writes more than {most:,} characters"
            raise TemplateFailureError(what, path(name), line, hopeless=True)
    return "".join(pieces)


def _failure(message: str, spot: Spot | None, name: str, path: Callable[[str], str]) -> TemplateFailureError:
    where = spot or Spot(name, 1)
    return TemplateFailureError(message, path(where.name), where.line)


def _message(error: Exception) -> str:
    if isinstance(error, TemplateNotFound):
        return f"there is no template {error.name} to include"
    return str(error) or type(error).__name__


def _written(value: object) -> object:
    """What `{{ value }}` may write: text and numbers; anything else would be written as Python writes it."""
    if isinstance(value, str | int | float | Undefined):
        return value
    raise SecurityError(f"{type(value).__name__} cannot be written; write what is in it, or use join")
