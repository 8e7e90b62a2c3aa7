"""Shows a run at a terminal while it goes on."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from signal import SIG_BLOCK, SIG_SETMASK, SIGINT, pthread_sigmask
from threading import Lock
from types import TracebackType
from typing import Self, TextIO, cast

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from vtm.queries.run_event import RunEvent, RunStep
from vtm.rendering.live.board import LASTING, Board, line_of
from vtm.rendering.live.picture import picture, safe

_A_SECOND = 4
"""How often the picture is drawn anew, so that the time goes on."""


class _Unchanging(Console):
    """A console that leaves the terminal as it is, but for what is written on it.

    There is nothing to restore then, not even after the process was killed.
    """

    def show_cursor(self, show: bool = True) -> bool:
        """Leave the cursor visible."""
        del show
        return False


class _Lasting:
    """A stream that may be gone: what is written to it then is lost, and that is all."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.encoding = stream.encoding

    def write(self, text: str) -> int:
        """Write as far as anybody is there to read."""
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Hand on what was written."""
        with suppress(OSError, ValueError):
            self._stream.flush()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._stream.isatty()


class LiveView:
    """A run at a terminal: what has come of it as lines, and below them a picture of who is at work.

    As long as it is entered it draws on the terminal. Where the terminal cannot move its cursor there are
    only lines. A terminal that is gone is no reason for a run to end.
    """

    def __init__(self, stream: TextIO, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Draw on `stream`, by this clock."""
        self._board, self._now, self._lock = Board(), now, Lock()
        self._console = _Unchanging(
            file=cast("TextIO", _Lasting(stream)),
            force_jupyter=False,
            highlight=False,
            markup=False,
            emoji=False,
        )
        self._live = Live(
            console=self._console,
            get_renderable=self._picture,
            refresh_per_second=_A_SECOND,
            transient=True,
            redirect_stdout=False,
        )

    def __enter__(self) -> Self:
        if not self._console.is_dumb_terminal:
            before = pthread_sigmask(
                SIG_BLOCK, {SIGINT}
            )  # else its thread takes Ctrl-C from who waits for it
            try:
                self._live.start()
            finally:
                pthread_sigmask(SIG_SETMASK, before)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def tell(self, event: RunEvent) -> None:
        """Show what has happened; it may be called from any thread."""
        with self._lock:
            self._board.take(event)
        if event.event in LASTING or (self._console.is_dumb_terminal and event.event is not RunStep.SAID):
            self._console.print(Text(safe(line_of(event))), soft_wrap=True)

    def _picture(self) -> Group:
        with self._lock:
            return picture(self._board, self._now(), self._console.width, self._console.height)
