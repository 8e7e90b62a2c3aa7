"""The journal: one line per accepted transition."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import msgspec

from vtm.model.durations import STARTS, Moment
from vtm.model.event import Event, Kind
from vtm.model.folding import by_task, in_order

_decoder = msgspec.json.Decoder(Event)
_encoder = msgspec.json.Encoder()
_moments = msgspec.json.Decoder(Moment)


class BadLine(NamedTuple):
    """A line, from 1, that is no event; `problem` completes the sentence."""

    line: int
    problem: str


class Journal:
    """What is in a journal file.

    A last line that is not finished, and the lines before it that were written in the same step, do not
    count: whoever wrote them was never told that they were accepted.

    Attributes:
        data: All bytes of the file; empty where there is none.
        sound: How many of them count.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.sound, self._last = _sound(data)

    @property
    def torn(self) -> bytes:
        """What was not finished; empty: nothing."""
        return self.data[self.sound :]

    @property
    def last(self) -> Sequence[Event]:
        """The events of the last step, in the order they were written; empty where there is none."""
        return self._last

    @cached_property
    def read(self) -> tuple[list[Event], list[BadLine]]:
        """All events, in the order of the file, and the lines that are none."""
        events, bad = [], []
        for number, line in enumerate(self.data[: self.sound].split(b"\n")[:-1], 1):
            found = _event(line)
            if isinstance(found, Event):
                events.append(found)
            elif line.strip():
                bad.append(BadLine(number, found))
        return events, bad

    def of(self, task_id: str) -> list[Event]:
        """The events of a task in the order in which they count; other lines are not decoded."""
        try:
            mark = b'"task":' + _encoder.encode(task_id)
        except UnicodeEncodeError:  # half a character came as an argument, and no line can hold it
            return []
        found = (_event(line) for line in _lines_with(mark, self.data[: self.sound]))
        return in_order(each for each in found if isinstance(each, Event) and each.task == task_id)

    def moments(self) -> list[Moment]:
        """When tasks were taken up and completed, in the order of the file; nothing else is decoded."""
        found = []
        for kind in (*STARTS, Kind.COMPLETE):
            for line in _lines_with(b'"event":' + _encoder.encode(kind), self.data[: self.sound]):
                try:
                    found.append(_moments.decode(line))
                except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                    continue  # `vtm log` and `vtm doctor` tell of it
        return [each for each in found if each.event in {*STARTS, Kind.COMPLETE}]

    def by_task(self) -> dict[str, list[Event]]:
        """The events of all tasks, as `of` gives them."""
        return {task: in_order(events) for task, events in by_task(self.read[0]).items()}


def encoded(events: Sequence[Event]) -> bytes:
    """The lines of `events`, which are one step: all of them count, or none."""
    last = len(events) - 1
    numbered = (msgspec.structs.replace(event, more=last - at) for at, event in enumerate(events))
    return b"".join(_encoder.encode(event) + b"\n" for event in numbered)


def _sound(data: bytes) -> tuple[int, list[Event]]:
    """How many bytes count, and the events of the last step in them."""
    end = data.rfind(b"\n") + 1
    step: list[Event] = []
    for start, line in _backwards(data, end):
        found = _event(line)
        if not isinstance(found, Event):
            break
        if not step and found.more:
            end = start
        elif not step or found.more == step[0].more + 1:
            step.insert(0, found)
        else:
            break
    return end, step


def _backwards(data: bytes, end: int) -> Iterator[tuple[int, bytes]]:
    """Where each line before `end` starts, and the line, the last one first."""
    while end > 0:
        start = data.rfind(b"\n", 0, end - 1) + 1
        yield start, data[start : end - 1]
        end = start


def _lines_with(mark: bytes, data: bytes) -> Iterator[bytes]:
    at = data.find(mark)
    while at >= 0:
        start, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
        yield data[start:end]
        at = data.find(mark, end)


def _event(line: bytes) -> Event | str:
    try:
        return _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return str(error)
