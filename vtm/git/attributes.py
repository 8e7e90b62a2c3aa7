"""Lines of `.gitattributes`."""

import re

_QUOTED = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\n": "\\n"}


def extended(data: bytes, wanted: dict[str, str]) -> bytes:
    """`.gitattributes` with `wanted`, which has an attribute for each path; lines that are there stay.

    What comes later counts, so that nothing that stands before keeps them from counting.

    Source: gitattributes(5).
    """
    lines = data.decode("utf-8", "surrogateescape").splitlines()
    missing = [
        f"{pattern(path)} {attribute}"
        for path, attribute in wanted.items()
        if not any(_gives(line, pattern(path), attribute) for line in lines)
    ]
    if not missing:
        return data
    end = b"\r\n" if b"\r\n" in data else b"\n"
    gap = end if data and not data.endswith(b"\n") else b""
    return data + gap + b"".join(each.encode("utf-8", "surrogateescape") + end for each in missing)


def pattern(path: str) -> str:
    """The pattern that fits this path, from the top level, and no other."""
    escaped = re.sub(r"([*?\[\\])", r"\\\1", path)
    anchored = escaped if "/" in path and path[0] not in "#!" else f"/{escaped}"
    if not re.search(r'[\s"]', anchored):
        return anchored
    return '"' + re.sub(r'[\\"\t\n]', lambda found: _QUOTED[found[0]], anchored) + '"'


def _gives(line: str, path: str, attribute: str) -> bool:
    rest = line.removeprefix(path)
    return line.startswith(path) and rest[:1].isspace() and attribute in rest.split()
