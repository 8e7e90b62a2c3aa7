"""Reads the documents that tasks refer to, as far as they are text of a size that somebody reads."""

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace

from vtm.model.document import Document
from vtm.sources.files import read_bytes
from vtm.sources.references import References

LARGEST = 2 << 20
"""Bytes of the largest document that is shown."""
_LINE_END = re.compile(r"\r\n?|\n")


def read_documents(references: References, named: Sequence[str]) -> list[Document]:
    """What references lead to, in their order; each file once, however many lead to it."""
    found: dict[str, Document] = {}
    for reference in dict.fromkeys(named):
        resolved = references.document(reference)
        path = resolved.path or reference
        _, mark, anchor = reference.rpartition("#")
        named_here = mark and anchor.strip() and not reference.strip().endswith(path)
        anchors = (anchor.strip().casefold(),) if named_here else ()
        if path in found:
            found[path] = replace(found[path], anchors=(*found[path].anchors, *anchors))
            continue
        document = (
            Document(path, problem=resolved.problem)
            if resolved.problem
            else read_document(references.root, path)
        )
        found[path] = replace(document, anchors=anchors)
    return list(found.values())


def read_document(root: Path, path: str) -> Document:
    """The document at `path` below `root`; what keeps it from being shown is its `problem`."""
    try:
        size = (root / path).stat().st_size
    except (OSError, ValueError):
        size = 0  # to read it tells what is wrong
    if size > LARGEST:
        return Document(path, size, problem=f"is larger than {LARGEST >> 20} MB")
    data = read_bytes(root / path, path)
    if not isinstance(data, bytes):
        what = getattr(data, "message", f"{path} does not exist")
        return Document(path, size, problem=what.removeprefix(path).strip())
    return _decoded(path, data)


def _decoded(path: str, data: bytes) -> Document:
    size, digest = len(data), sha256(data).hexdigest()
    if b"\0" in data:
        return Document(path, size, digest, problem="is binary")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Document(path, size, digest, problem=f"is not UTF-8 text (byte {error.start})")
    lines = _LINE_END.split(text)
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    return Document(path, size, digest, tuple(lines))
