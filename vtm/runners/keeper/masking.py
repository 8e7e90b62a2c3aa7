"""Masks secrets in a stream of bytes, wherever reading cuts it."""

import re
from collections.abc import Iterator, Sequence

_HELD = 65536
"""Most bytes that are held back because a secret may go on in them."""
_STEP = 512
"""How often a secret is looked for at once where it is repeated."""
_SHAPES = {
    b"_": (b"ghp_", b"gho_", b"ghs_", b"github_pat_"),
    b"-": (b"sk-ant-", b"xoxb-", b"xoxp-"),
    b"AKIA": (b"AKIA",),
}
"""How tokens of well-known services begin, by a part of that which is found fast."""
_TOKEN = re.compile(rb"\b(?:gh[pos]_|github_pat_|sk-ant-|xox[bp]-|AKIA(?=[0-9A-Z]{16}\b))[\w-]{16,}")


def without_tokens(data: bytes) -> bytes:
    """Data in which what has the shape of a well-known service's token is masked."""
    return _TOKEN.sub(b"***TOKEN***", data) if _may_have_tokens(data) else data


def _may_have_tokens(data: bytes) -> bool:
    return any(part in data and any(each in data for each in shapes) for part, shapes in _SHAPES.items())


class Masker:
    """Takes a stream piece by piece and gives it back with `***NAME***` in the place of secrets.

    Only the end of a piece that may be the beginning of a secret is held back. The work grows with the stream
    and with the number of secrets, not with the number of pieces.
    """

    def __init__(self, secrets: Sequence[tuple[bytes, bytes]]) -> None:
        """Take the secrets: name and value, which is not empty."""
        self._secrets = sorted(secrets, key=lambda each: -len(each[1]))
        self._longest = max((len(value) for _, value in secrets), default=0)
        self._held = b""

    def feed(self, piece: bytes) -> bytes:
        """What is certain after this piece."""
        data = self._held + piece
        spans = self._spans(data)
        cut = certain = self._certain(data)
        for start, end, _ in spans:
            if start < certain < end:
                cut = start if len(data) - start <= _HELD else end
        self._held = data[cut:]
        return _masked(data[:cut], [each for each in spans if each[1] <= cut])

    def end(self) -> bytes:
        """What was held back; the stream is over."""
        data, self._held = self._held, b""
        return _masked(data, self._spans(data))

    def _spans(self, data: bytes) -> list[tuple[int, int, bytes]]:
        """Where secrets are: start, end and name; those that touch are one."""
        found = sorted(_places(data, self._secrets), key=lambda each: (each[0], -each[1]))
        spans: list[tuple[int, int, bytes]] = []
        for start, end, name in found:
            if spans and start < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]), spans[-1][2])
            else:
                spans.append((start, end, name))
        return spans

    def _certain(self, data: bytes) -> int:
        """How many bytes cannot be the beginning of a secret that is not over."""
        cut = len(data)
        for _, value in self._secrets:
            at = data.find(value[:1], max(0, len(data) - len(value) + 1))
            while -1 < at < cut:
                if value.startswith(data[at:]):
                    cut = at
                at = data.find(value[:1], at + 1)
        return cut


def _places(data: bytes, secrets: Sequence[tuple[bytes, bytes]]) -> Iterator[tuple[int, int, bytes]]:
    for name, value in secrets:
        at = data.find(value)
        while at != -1:
            end = _run(data, at + len(value), value)
            yield at, end, name
            at = data.find(value, end - len(value) + 1)


def _run(data: bytes, end: int, value: bytes) -> int:
    """Where a secret that ends at `end` ends for the last time, when it goes on and on into itself."""
    period = (value + value).find(value, 1)
    if period == len(value):  # it cannot; then one behind it is another one
        return end
    for unit in (value[:period] * _STEP, value[:period]):
        while data.startswith(unit, end):
            end += len(unit)
    return end


def _masked(data: bytes, spans: Sequence[tuple[int, int, bytes]]) -> bytes:
    if not spans:
        return data
    parts, at = [], 0
    for start, end, name in spans:
        parts += [data[at:start], b"***", name, b"***"]
        at = end
    return b"".join([*parts, data[at:]])
