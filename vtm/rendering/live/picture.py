"""Draws a run as it stands."""

from datetime import datetime

from rich.console import Group
from rich.table import Table
from rich.text import Text

from vtm.model.plain import one_line
from vtm.rendering.live.board import Agent, Board

_LONGEST = 500
"""Characters of a line that any terminal could show."""
_WITH_LINES, _WITH_STEPS = 50, 30
"""From how many columns on there is room for what agents say, and for what is done about their tasks."""
_OTHER_LINES = 4
_HELD = 3


def picture(board: Board, now: datetime, width: int, height: int) -> Group:
    """The numbers, one line for each agent, and the first of what is held, in `height` lines."""
    rows = list(board.agents.values())
    room = max(1, height - _OTHER_LINES - min(_HELD, len(board.held)))
    left = [_line(f"and {len(rows) - room} more", "dim")] if len(rows) > room else []
    held = [_line(f"held  {task}  {why}", "yellow") for task, why in list(board.held.items())[:_HELD]]
    return Group(_line(board.summary(), "bold"), _table(rows[:room], now, width), *left, *held)


def safe(text: str) -> str:
    """`text` as a terminal may be given it, and no longer than any shows."""
    return one_line(text[:_LONGEST])


def _line(text: str, style: str) -> Text:
    return Text(safe(text), style, no_wrap=True, overflow="ellipsis")


def _table(agents: list[Agent], now: datetime, width: int) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    shown = ["task", *["step"] * (width >= _WITH_STEPS), "time", *["said"] * (width >= _WITH_LINES)]
    for name in shown:
        widest = max(12, width // 3) if name == "task" else None
        table.add_column(no_wrap=True, overflow="ellipsis", max_width=widest)
    for agent in agents:
        cells = {
            "task": Text(safe(agent.task), "cyan"),
            "step": Text(agent.step),
            "time": Text(_time((now - agent.since).total_seconds()), justify="right"),
            "said": Text(safe(agent.last_line), "dim"),
        }
        table.add_row(*(cells[name] for name in shown))
    return table


def _time(seconds: float) -> str:
    """How long something takes so far: `1:05`, `2:10:00`."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
