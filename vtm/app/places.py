"""Where things are: lines and columns of findings, names of files."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from vtm.model.finding import Finding, Location, Pointer
from vtm.sources.files import read_bytes
from vtm.sources.positions import Position, locate

_FILES = ".md"
"""What task files end in."""


def place(root: Path, findings: Sequence[Finding]) -> list[Finding]:
    """`findings` with the lines and columns that their pointers lead to; each file is scanned once."""
    wanted: dict[str, set[Pointer]] = {}
    for finding in findings:
        if not finding.location.line and (finding.location.pointer or finding.location.path.endswith(_FILES)):
            wanted.setdefault(finding.location.path, set()).add(finding.location.pointer)
    places = {}
    for path, pointers in wanted.items():
        data = read_bytes(root / path, path)
        if isinstance(data, bytes):
            places[path] = _located(path, data, pointers)
    return [_with_place(finding, places) for finding in findings]


def _located(path: str, data: bytes, pointers: set[Pointer]) -> dict[Pointer, Position]:
    if not path.endswith(_FILES):
        return locate(data, pointers)
    from vtm.sources.front_matter_places import locate_in_file  # noqa: PLC0415  ruamel.yaml: 60 ms

    return locate_in_file(data, pointers)


def _with_place(finding: Finding, places: dict[str, dict[Pointer, Position]]) -> Finding:
    where = finding.location
    found = places.get(where.path, {}).get(where.pointer)
    if found is None or where.line:
        return finding
    return msgspec.structs.replace(
        finding, location=Location(where.path, found[0], found[1], pointer=where.pointer)
    )


def name_in(folder: Path, path: Path) -> str:
    """The file `path` as seen from `folder`; empty where it lies outside."""
    try:
        return path.resolve().relative_to(folder).as_posix()
    except (ValueError, RuntimeError):  # the latter: symbolic links that go round in circles
        return ""
