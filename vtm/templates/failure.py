"""What goes wrong in a template, and where."""

from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import NamedTuple

from vtm.errors import VtmError

_FIX = "correct the template; `vtm prompt --check` tries all of them"


class TemplateFailureError(VtmError):
    """A template cannot be rendered.

    Attributes:
        hopeless: Whether another try would fail as well, and take long.
    """

    def __init__(self, message: str, path: str, line: int, *, hopeless: bool = False) -> None:
        super().__init__(message, code="TEMPLATE-FAILED", path=path, line=line, fix=_FIX)
        self.hopeless = hopeless


class Spot(NamedTuple):
    """A line of a template."""

    name: str
    line: int


def spot_of_error(error: BaseException) -> Spot | None:
    """Where in a template `error` was raised; None: in none."""
    return _innermost(_of_traceback(error.__traceback__))


def spot_of_frame(frame: FrameType | None) -> Spot | None:
    """Where in a template a thread is at work; None: in none."""
    return _innermost(reversed(list(_of_frames(frame))))


def _of_traceback(trace: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _of_frames(frame: FrameType | None) -> Iterator[tuple[FrameType, int]]:
    while frame is not None:
        yield frame, frame.f_lineno
        frame = frame.f_back


def _innermost(frames: Iterator[tuple[FrameType, int]]) -> Spot | None:
    """The last of `frames`, outermost first, that is code of a template."""
    spot = None
    for frame, line in frames:
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            spot = Spot(template.name, template.get_corresponding_lineno(line))
    return spot
