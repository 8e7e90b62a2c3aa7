"""Colours for text at a terminal, put on after it was made safe."""

import re

import click

_COLOURS = {
    re.compile(r"\b(?:BLOCKED|GAP)::[A-Z-]+(?:::\S+)?"): "red",
    re.compile(r"\bWARN::[A-Z-]+(?:::\S+)?"): "yellow",
    re.compile(r"^###? .*$"): "cyan",
    re.compile(r"█+"): "green",
}


def coloured(line: str) -> str:
    """`line` with codes, headings and bars in colour."""
    for pattern, colour in _COLOURS.items():
        line = pattern.sub(click.style(r"\g<0>", fg=colour), line)
    return line
